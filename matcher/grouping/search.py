"""The search for good groups: a beginning, then party by party the best move or swap while one helps."""

from __future__ import annotations

from typing import Final

import numpy as np

from matcher.grouping.pieces import Bools, Pieces
from matcher.instance import Floats, Ints

_TRIES: Final = 20
"""So many changes of a party are tried at most, the best first, until one breaks no group apart."""
_EPSILON = 1e-9


def begin(affinity: Floats, linked: Bools | None, count: int, random: np.random.Generator) -> Ints:
    """A beginning: groups filled in turn, each taking whom it likes best of those left that hang with it.

    Where nobody does, of all that are left; `linked` is None where all hang together.
    """
    size = len(affinity)
    group = np.full(size, -1, dtype=np.int64)
    first = random.choice(size, count, replace=False)
    group[first] = np.arange(count)
    liking = affinity[first].copy()
    liking[:, first] = -np.inf
    near = np.ones_like(liking, dtype=bool) if linked is None else linked[first].copy()
    for turn in range(size - count):
        at = turn % count
        taken = int(np.argmax(np.where(near[at], liking[at], -np.inf)))
        if liking[at, taken] == -np.inf or not near[at, taken]:
            taken = int(np.argmax(liking[at]))
        group[taken] = at
        liking[at] += affinity[taken]
        if linked is not None:
            near[at] |= linked[taken]
        liking[:, taken] = -np.inf
    return group


def climb(affinity: Floats, linked: Bools | None, group: Ints, count: int, limits: tuple[int, int]) -> Ints:
    """Give each party in turn the move or swap that helps most, until nobody has one.

    No group comes to lie in more parts than it does; `linked` is None where every group is whole.
    """
    group = group.copy()
    rows = np.arange(len(group))
    liking = affinity @ np.eye(count)[group]
    own = liking[rows, group]
    sizes = np.bincount(group, minlength=count)
    pieces = None if linked is None else Pieces(linked, group, count)
    waiting = len(group)
    party = 0
    while waiting:
        here = int(group[party])
        move = liking[party] - own[party]
        move[sizes >= limits[1]] = -np.inf
        move[:] = -np.inf if sizes[here] <= limits[0] else move
        move[here] = -np.inf
        swap = liking[party][group] - own[party] + liking[:, here] - own - 2 * affinity[party]
        swap[group == here] = -np.inf
        changed = _take_best(pieces, group, party, np.concatenate([move, swap]))
        waiting -= 1
        for other, new in changed.items():
            old = int(group[other])
            liking[:, old] -= affinity[other]
            liking[:, new] += affinity[other]
            sizes[old] -= 1
            sizes[new] += 1
        if changed:
            touched = {*changed.values(), *group[list(changed)].tolist()}
            group[list(changed)] = list(changed.values())
            own = liking[rows, group]
            if pieces is not None:
                pieces.count(group, touched)
            waiting = len(group)
        party = (party + 1) % len(group)
    return group


def _take_best(pieces: Pieces | None, group: Ints, party: int, gains: Floats) -> dict[int, int]:
    """The best change of a party that helps and breaks no group apart: who goes where; empty: there is none.

    Gains are those of moves to each group, then those of swaps with each party.
    """
    count = len(gains) - len(group)
    helping = np.flatnonzero(gains > _EPSILON)
    for at in helping[np.argsort(-gains[helping], kind="stable")][:_TRIES].tolist():
        other = None if at < count else at - count
        here, there = int(group[party]), at if other is None else int(group[other])
        if pieces is None or (
            pieces.keep(group, here, party, other) and pieces.keep(group, there, other, party)
        ):
            return {party: there} if other is None else {party: there, other: here}
    return {}
