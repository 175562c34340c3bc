"""Loops of the measures as machine code: brokerage, degree-preserving chance, and what removals leave."""

from __future__ import annotations

import numpy as np

from graph.backend.csr import IntArray, RowArray
from graph.compiled import compiled

ROLES = ("coordinator", "itinerant", "gatekeeper", "liaison")


@compiled
def shares_group(starts: IntArray, codes: IntArray, one: int, other: int) -> bool:
    """Whether two rows have a group in common; the groups of each row rise."""
    left, right = starts[one], starts[other]
    while left < starts[one + 1] and right < starts[other + 1]:
        if codes[left] == codes[right]:
            return True
        if codes[left] < codes[right]:
            left += 1
        else:
            right += 1
    return False


@compiled
def count_roles(starts: RowArray, heads: RowArray, group_starts: IntArray, group_codes: IntArray) -> IntArray:
    """For each row the pairs of its neighbours that it alone ties, by role (Gould & Fernandez 1989).

    A pair counts if its two are not tied themselves and all three have a group: all in one group
    (coordinator), the two in one and the row in another (itinerant), the row in one with either (gatekeeper
    or representative, which are the same where ties have no direction), all apart (liaison).
    """
    count = len(starts) - 1
    found = np.zeros((count, 4), np.int64)
    tied = np.full(count, -1, np.int64)
    for row in range(count):
        if group_starts[row] == group_starts[row + 1]:
            continue
        for at in range(starts[row], starts[row + 1]):
            one = heads[at]
            if one == row or group_starts[one] == group_starts[one + 1]:
                continue
            for further in range(starts[one], starts[one + 1]):
                tied[heads[further]] = at
            with_one = shares_group(group_starts, group_codes, row, one)
            for later in range(at + 1, starts[row + 1]):
                other = heads[later]
                if other == row or tied[other] == at or group_starts[other] == group_starts[other + 1]:
                    continue
                with_other = shares_group(group_starts, group_codes, row, other)
                if shares_group(group_starts, group_codes, one, other):
                    role = 0 if with_one and with_other else 1
                else:
                    role = 2 if with_one or with_other else 3
                found[row, role] += 1
    return found


@compiled
def count_sides(
    tails: RowArray, heads: RowArray, group_starts: IntArray, group_codes: IntArray, sides: IntArray
) -> int:
    """How many ties lie inside a group; of each group those inside it and those that leave it go to `sides`.

    `sides` has two columns and a row for each group. A tie is inside every group that its ends share, and
    leaves those that only one of them belongs to.
    """
    sides[:] = 0
    total = 0
    for tie in range(len(tails)):
        left, right = group_starts[tails[tie]], group_starts[heads[tie]]
        left_end, right_end = group_starts[tails[tie] + 1], group_starts[heads[tie] + 1]
        is_inside = False
        while left < left_end or right < right_end:
            if right == right_end or (left < left_end and group_codes[left] < group_codes[right]):
                sides[group_codes[left], 1] += 1
                left += 1
            elif left == left_end or group_codes[right] < group_codes[left]:
                sides[group_codes[right], 1] += 1
                right += 1
            else:
                sides[group_codes[left], 0] += 1
                is_inside = True
                left += 1
                right += 1
        total += is_inside
    return total


@compiled
def draw_inside(
    tails: RowArray,
    heads: RowArray,
    group_starts: IntArray,
    group_codes: IntArray,
    size: int,
    swaps: int,
    samples: int,
    seed: int,
    groups: int,
) -> tuple[IntArray, IntArray]:
    """Ties inside groups when chance ties the same rows, each as often as it is tied (Maslov & Sneppen 2002).

    Given are those of each sample, and of each sample and group what `count_sides` counts. Between two
    samples lie `swaps` attempts to let two ties exchange their ends; one that would make a self-tie or a
    second tie between two rows changes nothing, so that every such graph is equally likely in the long run.
    `size` is how many rows there are.
    """
    np.random.seed(seed)
    ends = np.stack((tails, heads))
    starts, near, places = _list_ties(ends, size)
    ties = len(tails)
    found = np.empty(samples, np.int64)
    sides = np.empty((samples, groups, 2), np.int64)
    for sample in range(samples):
        for _ in range(swaps):
            one = np.random.randint(ties)
            other = np.random.randint(ties)
            side = np.random.randint(2)
            a, b = ends[0, one], ends[1, one]
            c, d = ends[side, other], ends[1 - side, other]
            if a in (c, d) or b in (c, d):
                continue
            if _is_tied(starts, near, a, d) or _is_tied(starts, near, c, b):
                continue
            # a-b and c-d become a-d and c-b: b and d change their ties, and their places in the lists.
            near[places[0, one]], near[places[1, one]] = d, c
            near[places[side, other]], near[places[1 - side, other]] = b, a
            at_b, at_d = places[1, one], places[1 - side, other]
            ends[1, one], places[1, one] = d, at_d
            ends[1 - side, other], places[1 - side, other] = b, at_b
        found[sample] = count_sides(ends[0], ends[1], group_starts, group_codes, sides[sample])
    return found, sides


@compiled
def _list_ties(ends: RowArray, size: int) -> tuple[IntArray, IntArray, IntArray]:
    """The neighbours of each row, one row after another, and where in them each end of a tie stands."""
    starts = np.zeros(size + 1, np.int64)
    for side in range(2):
        for row in ends[side]:
            starts[row + 1] += 1
    starts = np.cumsum(starts)
    free = starts.copy()
    near = np.empty(2 * ends.shape[1], np.int64)
    places = np.empty(ends.shape, np.int64)
    for side in range(2):
        for tie in range(ends.shape[1]):
            row = ends[side, tie]
            near[free[row]] = ends[1 - side, tie]
            places[side, tie] = free[row]
            free[row] += 1
    return starts, near, places


@compiled
def _is_tied(starts: IntArray, near: IntArray, one: int, other: int) -> bool:
    """Whether two rows are tied, looked up with the one that has fewer ties."""
    if starts[one + 1] - starts[one] > starts[other + 1] - starts[other]:
        one, other = other, one
    at = starts[one]
    while at < starts[one + 1] and near[at] != other:
        at += 1
    return bool(at < starts[one + 1])


@compiled
def largest_parts(starts: RowArray, heads: RowArray, order: IntArray) -> IntArray:
    """Size of the largest connected part after the first 0, 1, 2, ... rows of an order were taken away.

    Runs backwards: rows come back one by one and join the parts of their neighbours.
    """
    count = len(order)
    found = np.zeros(count + 1, np.int64)
    above = np.arange(count)
    size = np.ones(count, np.int64)
    is_back = np.zeros(count, np.bool_)
    largest = 0
    for step in range(count - 1, -1, -1):
        row = order[step]
        is_back[row] = True
        root = row
        for at in range(starts[row], starts[row + 1]):
            other = heads[at]
            if not is_back[other]:
                continue
            while above[other] != other:
                above[other] = above[above[other]]
                other = above[other]
            if other == root:
                continue
            if size[other] > size[root]:
                root, other = other, root
            above[other] = root
            size[root] += size[other]
        largest = max(largest, size[root])
        found[step] = largest
    return found
