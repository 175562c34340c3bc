"""Alliance design: parties in even, connected groups (街区, branches) that are of use to each other.

Two parties in one group count by their *affinity*: how near they are, ``1 / (1 + km)``, and what one needs
that the other offers, both ways, each from 0 to 1 and weighted. The sum within groups is made large while
sizes stay even and every group hangs together by steps of no more than some metres. That is a balanced
partition of a graph, hard to solve exactly; party by party the best single move or swap is made while one
helps (Kernighan & Lin 1970), from several beginnings, and a bound says how far from the best the outcome can
be at most. Hanging together comes before even sizes: a beginning is repaired first
(`matcher.grouping.repair`), and no change breaks a group apart. Memory and work of a round grow with the
square of the parties: some thousands can be grouped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from matcher.grouping.pieces import Bools, count_parts, join_parts
from matcher.grouping.repair import count_off, repair
from matcher.grouping.search import begin, climb
from matcher.instance import Floats, Instance, Ints
from matcher.partners.score import need_each_other
from matcher.partners.standing import Standing
from matcher.partners.tally import read_state
from matcher.solution import Solution

_STARTS: Final = 8
_REPAIRS: Final = 2
"""So many times sizes are evened at most: other groups may leave another way to it."""
_PAIRS_OF_STARTS: Final = 8 * 600**2
"""So many pairs of parties are looked at in all beginnings together, two of them at least."""


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
    limits : tuple of int, or None
        Least and most parties of a group that were asked for; None for a grouping that was given.
    parts : int
        Into how many parts the parties themselves fall by the step.
    whole_step_m : float
        The longest step needed for all to hang together, 0 where the one asked for is enough.
    """

    parties: tuple[str, ...]
    group: Ints
    affinity: float
    bound: float
    sizes: tuple[int, ...]
    connected: bool
    complement: float
    distance_m: float
    limits: tuple[int, int] | None = None
    parts: int = 1
    whole_step_m: float = 0.0

    @property
    def off(self) -> int:
        """By how many parties the sizes go beyond the limits, all together."""
        return 0 if self.limits is None else count_off(np.array(self.sizes), self.limits)

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
        # Across gaps that are wider than the step the nearest hang together, else no group could go on there.
        self._joined, self._parts, self._whole_step_m = join_parts(self._linked, self._metres)

    def group(self, count: int, *, slack: int = 1, seed: int = 0) -> Grouping:
        """Group the parties.

        Parameters
        ----------
        count : int
            How many groups.
        slack : int
            Sizes differ from an even share by this at most, where groups that hang together can be so even;
            where no way to that is found, `off` is above 0.
        seed : int
            For the beginnings.

        Returns
        -------
        Grouping
            The best of several local optima. Every group hangs together if the parties do; if they fall apart
            by the step (`parts`), groups reach across the narrowest gaps.

        Raises
        ------
        ValueError
            If there are fewer parties than groups, or fewer groups than 1.
        """
        size = len(self.parties)
        if not 1 <= count <= size:
            raise ValueError(f"{size} parties can't be put into {count} groups")
        limits = max(size // count - slack, 1), -(-size // count) + slack
        random = np.random.default_rng(seed)
        found = [self._search(count, limits, random) for _ in range(self._starts())]

        def rank(group: Ints) -> tuple[bool, int, float]:
            return self._holds(group, count), -_off(group, count, limits), self._sum(group)

        best = max(found, key=rank)
        groups = dict(zip(self.parties, best.tolist(), strict=True))
        judged = self.judge(groups, most=limits[1])
        return replace(judged, limits=limits, parts=self._parts, whole_step_m=self._whole_step_m)

    def _starts(self) -> int:
        return min(_STARTS, max(_PAIRS_OF_STARTS // len(self.parties) ** 2, 2))

    def _search(self, count: int, limits: tuple[int, int], random: np.random.Generator) -> Ints:
        """One local optimum, from a beginning of its own."""
        linked = None if self._linked.all() else self._linked
        group = begin(self._affinity, linked, count, random)
        if linked is None:
            return climb(self._affinity, None, group, count, limits)
        for _ in range(_REPAIRS):
            group = repair(self._joined, self._affinity, group, count, limits)
            group = climb(self._affinity, linked, group, count, limits)
            if not _off(group, count, limits):
                break
        return group

    def judge(self, groups: Mapping[str, int | str], *, most: int | None = None) -> Grouping:
        """Say how good a grouping is, today's for example; parties that it leaves out are each alone."""
        keys = [groups.get(party, f"alone:{party}") for party in self.parties]
        number = {key: at for at, key in enumerate(dict.fromkeys(keys))}
        group = np.array([number[key] for key in keys], dtype=np.int64)
        sizes = np.bincount(group, minlength=len(number))
        same = (group[:, None] == group[None, :]) & ~np.eye(len(group), dtype=bool)
        largest = max(int(sizes.max(initial=1)), most or 0)
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
        return all(count_parts(self._linked, np.flatnonzero(group == number)) <= 1 for number in range(count))

    def _complement(self, same: Bools) -> float:
        """Mean share of what each party could take of anybody that its own group has; at most all of it."""
        anywhere = self._taken.max(axis=1, initial=0)
        here = np.where(same, self._taken, 0).max(axis=1, initial=0)
        needs = anywhere > 0
        return float((here[needs] / anywhere[needs]).mean()) if needs.any() else 0.0


def _off(group: Ints, count: int, limits: tuple[int, int]) -> int:
    return count_off(np.bincount(group, minlength=count), limits)
