"""Groups put together again: strays go to a group they hang with, then sizes are evened along borders."""

from __future__ import annotations

from collections import deque

import numpy as np

from matcher.grouping.pieces import Bools, count_parts, split_parts
from matcher.instance import Floats, Ints


def repair(linked: Bools, affinity: Floats, group: Ints, count: int, limits: tuple[int, int]) -> Ints:
    """Make every group hang together, its size within the limits where a way to that is found.

    Parameters
    ----------
    linked : ndarray of bool, shape (parties, parties)
        Who hangs together directly; in one piece as a whole.
    affinity : ndarray of float, shape (parties, parties)
    group : ndarray of int64
        No group is empty.
    count : int
    limits : tuple of int
        Least and most parties of a group.

    Returns
    -------
    ndarray of int64
        Groups that hang together each. Each change of sizes brings them nearer to the limits.
    """
    group = _gather_strays(linked, affinity, group, count)
    blocked: set[tuple[int, int]] = set()
    while (way := _find_way(linked, group, count, limits, blocked)) is not None:
        changed = group.copy()
        for here, there in way:
            party = _find_mover(linked, affinity, changed, here, there)
            if party is None:
                blocked.add((here, there))
                break
            changed[party] = there
        else:
            group = changed
            blocked.clear()
    return group


def count_off(sizes: Ints, limits: tuple[int, int]) -> int:
    """By how many parties sizes go beyond the limits, all together."""
    least, most = limits
    return int(np.maximum(sizes - most, 0).sum() + np.maximum(least - sizes, 0).sum())


def _gather_strays(linked: Bools, affinity: Floats, group: Ints, count: int) -> Ints:
    """Each group keeps its largest part; the rest join the smallest group that they hang with, one by one."""
    settled = np.full_like(group, -1)
    for number in range(count):
        settled[split_parts(linked, np.flatnonzero(group == number))[0]] = number
    own = np.eye(count, dtype=bool)
    member = np.zeros((len(group), count), dtype=bool)
    member[settled >= 0] = own[settled[settled >= 0]]
    near = linked.astype(np.float32) @ member > 0
    sizes = np.bincount(settled[settled >= 0], minlength=count)
    while (strays := np.flatnonzero(settled < 0)).size:
        waiting = np.where(near[strays].any(axis=0), sizes, np.iinfo(np.int64).max)
        number = int(np.argmin(waiting))
        able = strays[near[strays, number]]
        party = int(able[np.argmax(affinity[np.ix_(able, np.flatnonzero(settled == number))].sum(axis=1))])
        settled[party] = number
        sizes[number] += 1
        near[:, number] |= linked[party]
    return settled


def _find_way(
    linked: Bools, group: Ints, count: int, limits: tuple[int, int], blocked: set[tuple[int, int]]
) -> list[tuple[int, int]] | None:
    """Steps from group to neighbouring group by which one party each takes sizes nearer to the limits.

    From a group that has too many, or else to one that has too few; None: there is no such way.
    """
    least, most = limits
    sizes = np.bincount(group, minlength=count)
    has_more, has_less = sizes > most, sizes < least
    if not (has_more.any() or has_less.any()):
        return None
    member = np.eye(count, dtype=np.float32)[group]
    touching = (member.T @ linked.astype(np.float32) @ member) > 0
    # Whoever has too many gives to any that isn't full, whoever has too few takes of any that has to spare.
    tries = ((has_more, sizes < most), (sizes > least, has_less))
    for gives, takes in tries:
        before = {int(number): -1 for number in np.flatnonzero(gives)}
        waiting = deque(before)
        while waiting:
            here = waiting.popleft()
            if takes[here] and before[here] >= 0:
                way = []
                while before[here] >= 0:
                    way.append((before[here], here))
                    here = before[here]
                return way[::-1]
            for there in np.flatnonzero(touching[here]).tolist():
                if there not in before and (here, there) not in blocked:
                    before[there] = here
                    waiting.append(there)
    return None


def _find_mover(linked: Bools, affinity: Floats, group: Ints, here: int, there: int) -> int | None:
    """Who may go over to a neighbouring group without breaking the own one; of several who likes it best."""
    members, others = np.flatnonzero(group == here), np.flatnonzero(group == there)
    if len(members) < 2:
        return None
    able = members[linked[np.ix_(members, others)].any(axis=1)]
    liking = affinity[np.ix_(able, others)].sum(axis=1) - affinity[np.ix_(able, members)].sum(axis=1)
    for party in able[np.argsort(-liking, kind="stable")].tolist():
        if count_parts(linked, members[members != party]) <= 1:
            return int(party)
    return None
