"""The loop that exchanges sites until all rows are covered, as machine code."""

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import BoolArray, IntArray


@compiled
def cover_by_exchange(  # noqa: C901 (one loop: it is the hottest)
    starts: IntArray,
    site: IntArray,
    by_site: IntArray,
    row_of: IntArray,
    locked: BoolArray,
    chosen: BoolArray,
    weight: IntArray,
    turns: int,
    seed: int,
) -> bool:
    """Exchange one chosen site after another until every row is covered; whether that came to be.

    What is missed least goes, of those that cover some row not covered the one that gains most comes; rows
    weigh more the longer they are not covered, so that the search leaves where it is stuck (row weighting, as
    Gao, Weise and Li 2015 do for the fewest sites). `chosen` and `weight` are changed; no locked site goes.
    """
    np.random.seed(seed)
    rows, sites = len(starts) - 1, len(locked)
    times, holder = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    loss, gain, stamp = np.zeros(sites, np.int64), np.zeros(sites, np.int64), np.zeros(sites, np.int64)
    bare, place, left = np.empty(rows, np.int64), np.full(rows, -1, np.int64), 0
    for j in range(sites):
        if chosen[j]:
            for k in range(by_site[j], by_site[j + 1]):
                times[row_of[k]] += 1
                # The sum of those that hold a row is the holder itself where it has one.
                holder[row_of[k]] += j
    for i in range(rows):
        if times[i] == 0:
            bare[left], place[i] = i, left
            left += 1
            for q in range(starts[i], starts[i + 1]):
                gain[site[q]] += weight[i]
        elif times[i] == 1:
            loss[holder[i]] += weight[i]
    newest = -1
    for turn in range(1, turns + 1):
        if left == 0:
            break
        gone = -1
        for j in range(sites):
            if chosen[j] and not locked[j] and j != newest:
                older = gone >= 0 and loss[j] == loss[gone] and stamp[j] < stamp[gone]
                if gone < 0 or loss[j] < loss[gone] or older:
                    gone = j
        if gone < 0:
            break
        chosen[gone], stamp[gone], loss[gone] = False, turn, 0
        for k in range(by_site[gone], by_site[gone + 1]):
            i = row_of[k]
            times[i] -= 1
            holder[i] -= gone
            if times[i] == 0:
                bare[left], place[i] = i, left
                left += 1
                for q in range(starts[i], starts[i + 1]):
                    gain[site[q]] += weight[i]
            elif times[i] == 1:
                loss[holder[i]] += weight[i]
        i = bare[np.random.randint(left)]
        newest = gone
        for q in range(starts[i], starts[i + 1]):
            j = site[q]
            older = gain[j] == gain[newest] and stamp[j] < stamp[newest]
            if j != gone and (newest == gone or gain[j] > gain[newest] or older):
                newest = j
        chosen[newest], stamp[newest], loss[newest] = True, turn, 0
        for k in range(by_site[newest], by_site[newest + 1]):
            i = row_of[k]
            if times[i] == 0:
                loss[newest] += weight[i]
                left -= 1
                moved = bare[left]
                bare[place[i]], place[moved], place[i] = moved, place[i], -1
                for q in range(starts[i], starts[i + 1]):
                    gain[site[q]] -= weight[i]
            elif times[i] == 1:
                loss[holder[i]] -= weight[i]
            times[i] += 1
            holder[i] += newest
        for k in range(left):
            i = bare[k]
            weight[i] += 1
            for q in range(starts[i], starts[i + 1]):
                gain[site[q]] += 1
    return left == 0
