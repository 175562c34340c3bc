"""Alliance design: parties in even, connected groups (街区, branches) that are of use to each other.

Two parties in one group count by their *affinity*: how near they are, ``1 / (1 + km)``, and what one needs
that the other offers, both ways, each from 0 to 1 and weighted. The sum within groups is made large while
sizes stay even and every group hangs together by steps of no more than some metres. That is a balanced
partition of a graph, hard to solve exactly; party by party the best single move or swap is made while one
helps (Kernighan & Lin 1970), from several beginnings, and a bound says how far from the best the outcome can
be at most. Memory and work of a round grow with the square of the parties: some thousands can be grouped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from graph.measures.groups import find_groups
from matcher.instance import Floats, Instance, Ints
from matcher.partners.score import need_each_other
from matcher.partners.standing import Standing
from matcher.partners.tally import read_state
from matcher.solution import Solution

Bools = NDArray[np.bool_]

TODAY: Final = ("alliance", "branch", "area")
"""What today's groups can be."""

_STARTS = 8
_PAIRS_OF_STARTS = 8 * 600**2
"""So many pairs of parties are looked at in all beginnings together, two of them at least."""
_TRIES = 20
"""So many changes of a party are tried at most, the best first, until one breaks no group apart."""
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Parties in groups, and how good that is.

    Attributes
    ----------
    parties : tuple of str
    group : ndarray of int64
        Number of each party's group.
    affinity, bound : float
        Sum over all pairs in one group; no grouping with these sizes has more than the bound.
    sizes : tuple of int
        By group.
    connected : bool
        Every group hangs together.
    complement : float
        Mean share of what a party needs that the rest of its group offers (parties that need something).
    distance_m : float
        Mean metres between two of one group, of those whose places are known; NaN where none is.
    """

    parties: tuple[str, ...]
    group: Ints
    affinity: float
    bound: float
    sizes: tuple[int, ...]
    connected: bool
    complement: float
    distance_m: float

    def to_dict(self) -> dict[str, int]:
        """Group by party."""
        return dict(zip(self.parties, self.group.tolist(), strict=True))


class Design:
    """Groups the parties of a match.

    Parameters
    ----------
    instance : Instance
    solution : Solution
        Of its graph.
    parties : sequence of str, optional
        By default all that could be paired: units, neighbourhoods, and whoever needs or offers something.
    near, complement : float
        Weights of both parts of the affinity.
    step_m : float
        Two parties hang together directly if no farther apart; whoever has no known place hangs with all.

    Raises
    ------
    ValueError
        If a party is named twice, or a weight or step is below zero.
    """

    def __init__(
        self,
        instance: Instance,
        solution: Solution,
        parties: Sequence[str] | None = None,
        *,
        near: float = 1.0,
        complement: float = 1.0,
        step_m: float = 2000.0,
    ) -> None:
        if min(near, complement, step_m) < 0:
            raise ValueError("weights and the step may not be below 0")
        standing = Standing(instance)
        self.parties = tuple(standing.candidates() if parties is None else parties)
        if len(set(self.parties)) < len(self.parties):
            raise ValueError("a party is named twice")
        # What the row takes of the column, of all that it needs.
        self._taken, fitting, self._metres = need_each_other(
            standing, read_state(instance, solution), self.parties
        )
        # By itself nobody counts.
        np.fill_diagonal(self._taken, 0)
        self._affinity: Floats = near * np.nan_to_num(1 / (1 + self._metres / 1000)) + complement * fitting
        np.fill_diagonal(self._affinity, 0)
        self._linked: Bools = np.isnan(self._metres) | (self._metres <= step_m)

    def group(self, count: int, *, slack: int = 1, seed: int = 0) -> Grouping:
        """Group the parties.

        Parameters
        ----------
        count : int
            How many groups.
        slack : int
            Sizes differ from an even share by this at most.
        seed : int
            For the beginnings.

        Returns
        -------
        Grouping
            The best of several local optima. It may not be connected where the parties themselves aren't, or
            no beginning led to groups that are; it says so.

        Raises
        ------
        ValueError
            If there are fewer parties than groups, or fewer groups than 1.
        """
        size = len(self.parties)
        if not 1 <= count <= size:
            raise ValueError(f"{size} parties can't be put into {count} groups")
        least, most = max(size // count - slack, 1), -(-size // count) + slack
        random = np.random.default_rng(seed)
        linked = None if self._linked.all() else self._linked
        found = [
            _climb(
                self._affinity, linked, _begin(self._affinity, linked, count, random), count, (least, most)
            )
            for _ in range(min(_STARTS, max(_PAIRS_OF_STARTS // size**2, 2)))
        ]
        best = max(found, key=lambda group: (self._holds(group, count), self._sum(group)))
        return self.judge(dict(zip(self.parties, best.tolist(), strict=True)), most=most)

    def judge(self, groups: Mapping[str, int | str], *, most: int | None = None) -> Grouping:
        """Say how good a grouping is, today's for example; parties that it leaves out are each alone."""
        keys = [groups.get(party, f"alone:{party}") for party in self.parties]
        number = {key: at for at, key in enumerate(dict.fromkeys(keys))}
        group = np.array([number[key] for key in keys], dtype=np.int64)
        sizes = np.bincount(group, minlength=len(number))
        same = (group[:, None] == group[None, :]) & ~np.eye(len(group), dtype=bool)
        largest = int(sizes.max(initial=1)) if most is None else most
        others = min(max(largest - 1, 0), len(group))
        best = (
            np.partition(self._affinity, len(group) - others, axis=1)[:, len(group) - others :]
            if others
            else 0
        )
        metres = self._metres[same & ~np.isnan(self._metres)]
        return Grouping(
            self.parties,
            group,
            self._sum(group),
            float(np.sum(best) / 2),
            tuple(sizes.tolist()),
            self._holds(group, len(number)),
            self._complement(same),
            float(metres.mean()) if len(metres) else float("nan"),
        )

    def _sum(self, group: Ints) -> float:
        return float(self._affinity[group[:, None] == group[None, :]].sum() / 2)

    def _holds(self, group: Ints, count: int) -> bool:
        return all(_is_connected(self._linked, np.flatnonzero(group == number)) for number in range(count))

    def _complement(self, same: Bools) -> float:
        """Mean share of what each party could take of anybody that its own group has; at most all of it."""
        anywhere = self._taken.max(axis=1, initial=0)
        here = np.where(same, self._taken, 0).max(axis=1, initial=0)
        needs = anywhere > 0
        return float((here[needs] / anywhere[needs]).mean()) if needs.any() else 0.0


def _begin(affinity: Floats, linked: Bools | None, count: int, random: np.random.Generator) -> Ints:
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


def _climb(affinity: Floats, linked: Bools | None, group: Ints, count: int, limits: tuple[int, int]) -> Ints:
    """Give each party in turn the move or swap that helps most, until nobody has one.

    No group comes to lie in more parts than it does; `linked` is None where every group is whole.
    """
    group = group.copy()
    rows = np.arange(len(group))
    liking = affinity @ np.eye(count)[group]
    own = liking[rows, group]
    sizes = np.bincount(group, minlength=count)
    pieces = None if linked is None else _Pieces(linked, group, count)
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


def _take_best(pieces: _Pieces | None, group: Ints, party: int, gains: Floats) -> dict[int, int]:
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


class _Pieces:
    """Into how many parts each group falls, and whether it would fall into more."""

    def __init__(self, linked: Bools, group: Ints, count: int) -> None:
        self._linked = linked
        self._parts = [0] * count
        self.count(group, range(count))

    def count(self, group: Ints, numbers: Iterable[int]) -> None:
        """Count the parts of some groups anew."""
        for number in numbers:
            self._parts[number] = _count_parts(self._linked, np.flatnonzero(group == number))

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
        return _count_parts(self._linked, there) <= self._parts[number]


def _count_parts(linked: Bools, members: Ints) -> int:
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


def _is_connected(linked: Bools, members: Ints) -> bool:
    return _count_parts(linked, members) <= 1


def groups_of(instance: Instance, by: str = "alliance", *, without: str | None = None) -> dict[str, str]:
    """Today's groups of the parties that could be paired.

    Parameters
    ----------
    instance : Instance
    by : str
        `alliance`, the smallest of several; `branch`, the one of a unit that ties most units, else that of an
        area; `area` that it lies in.
    without : str, optional
        An alliance that counts as none, because all belong to it.

    Raises
    ------
    ValueError
        If there is no such grouping.
    """
    if by not in TODAY:
        raise ValueError(f"there is no grouping “{by}”, but {', '.join(TODAY)}")
    if by == "branch":
        found = _branches(instance)
        return {party: found[party] for party in Standing(instance).candidates() if party in found}
    parties = Standing(instance).candidates()
    groups = find_groups(instance.snapshot, parties, "alliance" if by == "alliance" else "area")
    members = np.bincount(groups.codes, minlength=len(groups.names))
    chosen = {}
    for party, (start, end) in zip(parties, pairwise(groups.starts.tolist()), strict=True):
        codes = [code for code in groups.codes[start:end].tolist() if groups.names[code] != without]
        if codes:
            chosen[party] = groups.names[min(codes, key=lambda code: (members[code], groups.names[code]))]
    return chosen


def _branches(instance: Instance) -> dict[str, str]:
    """A branch of each unit and area: the one that ties most units."""
    snapshot = instance.snapshot
    columns = [snapshot.ids("branches"), *(snapshot.column("branches", name) for name in ("units", "area"))]
    ranked = sorted(zip(*columns, strict=True), key=lambda row: (-len(row[1]), row[0]))
    found: dict[str, str] = {}
    for branch, units, area in ranked:
        for party in [*units] or ([area] if area else []):
            found.setdefault(party, branch)
    return found


def continue_groups(grouping: Grouping, today: Mapping[str, str]) -> dict[int, str]:
    """Which of today's groups each new one continues: the pairs in which most parties stay (Kuhn 1955).

    A new group that shares nobody with a group left over continues none.
    """
    from scipy.optimize import linear_sum_assignment

    names = sorted(set(today.values()))
    column = {name: number for number, name in enumerate(names)}
    shared = np.zeros((len(grouping.sizes), len(names)), np.int64)
    for party, number in grouping.to_dict().items():
        if party in today:
            shared[number, column[today[party]]] += 1
    pairs = zip(*linear_sum_assignment(-shared), strict=True)
    return {int(number): names[at] for number, at in pairs if shared[number, at]}
