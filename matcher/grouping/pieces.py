"""Parts that groups fall into: who hangs together with whom."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from matcher.instance import Floats, Ints

Bools = NDArray[np.bool_]


class Pieces:
    """Into how many parts each group falls, and whether it would fall into more."""

    def __init__(self, linked: Bools, group: Ints, count: int) -> None:
        self._linked = linked
        self._parts = [0] * count
        self.count(group, range(count))

    def count(self, group: Ints, numbers: Iterable[int]) -> None:
        """Count the parts of some groups anew."""
        for number in numbers:
            self._parts[number] = count_parts(self._linked, np.flatnonzero(group == number))

    def keep(self, group: Ints, number: int, leaver: int | None, comer: int | None) -> bool:
        """Whether a group falls into no more parts when one leaves it and another comes, if any."""
        rest = np.flatnonzero(group == number)
        near = 0
        if leaver is not None:
            rest = rest[rest != leaver]
            near = int(self._linked[leaver, rest].sum())
        is_tied = comer is None or bool(self._linked[comer, rest].any())
        # Who hangs with nobody takes a part away; who comes and hangs with nobody makes one.
        if leaver is not None and near == 0:
            return True
        if not is_tied:
            return len(rest) == 0
        if near <= 1:
            return True
        there = rest if comer is None else np.append(rest, comer)
        return count_parts(self._linked, there) <= self._parts[number]


def count_parts(linked: Bools, members: Ints) -> int:
    """Into how many parts a group falls."""
    near = linked[np.ix_(members, members)]
    left = np.ones(len(members), dtype=bool)
    parts = 0
    while left.any():
        parts += 1
        reached = np.zeros(len(members), dtype=bool)
        reached[int(np.argmax(left))] = True
        while reached.any():
            left &= ~reached
            reached = near[reached].any(axis=0) & left
    return parts


def split_parts(linked: Bools, members: Ints) -> list[Ints]:
    """The parts that a group falls into, the largest first, of equals that with the first member."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    if not len(members):
        return []
    _, label = connected_components(csr_array(linked[np.ix_(members, members)]), directed=False)
    parts = [members[label == number] for number in range(int(label.max()) + 1)]
    return sorted(parts, key=lambda part: (-len(part), int(part[0])))


def join_parts(linked: Bools, metres: Floats) -> tuple[Bools, int, float]:
    """Links with those added that join the parts into one whole, each the shortest left (Prim 1957).

    Who has no known place hangs with all, so that between two parts every distance is known.

    Returns
    -------
    linked : ndarray of bool, shape (parties, parties)
    parts : int
        Before.
    step_m : float
        The longest link added, 0 where none was: by steps of that length all hang together.
    """
    parts = split_parts(linked, np.arange(len(linked)))
    if len(parts) <= 1:
        return linked, len(parts), 0.0
    part_of = np.empty(len(linked), dtype=np.int64)
    for number, part in enumerate(parts):
        part_of[part] = number
    joined, step_m, came = linked.copy(), 0.0, 0
    near = np.full(len(linked), np.inf)
    source = np.zeros(len(linked), dtype=np.int64)
    outside = np.ones(len(linked), dtype=bool)
    for _ in parts[1:]:
        new = parts[came]
        outside[new] = False
        least = np.argmin(metres[new], axis=0)
        reached = metres[new][least, np.arange(len(linked))]
        closer = reached < near
        near[closer], source[closer] = reached[closer], new[least][closer]
        at = int(np.argmin(np.where(outside, near, np.inf)))
        joined[at, source[at]] = joined[source[at], at] = True
        step_m, came = max(step_m, float(near[at])), int(part_of[at])
    return joined, len(parts), step_m
