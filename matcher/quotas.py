"""Places guaranteed to groups of needs: brought to them one way after another, each the shortest there is."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.errors import LinliError
from graph.wording import word
from matcher.arrays import IntArray
from matcher.problem import CandidateGraph
from matcher.solution import Solution
from matcher.ways import Groups, Ways

MOST_GROUPS = 1000
"""So many groups at most, so that levels of all priorities together fit into 64 bits."""


class QuotaError(LinliError, ValueError):
    """No assignment gives every group what is asked for it.

    Attributes
    ----------
    group : int
        Row of a group that falls short.
    asked, possible : int
        Places asked for it, and those it gets where all groups before it have what is asked for them.
    limiting : int64 array
        Rows of the groups that are in each other's way: all they could be given is given to them.
    largest_share : Fraction or None
        The largest share that all groups can have at once, where a share was asked for; see `largest_share`.
    """

    def __init__(self, group: int, asked: int, possible: int, limiting: IntArray) -> None:
        super().__init__(**word("quota_out_of_reach", group=group, possible=possible, asked=asked))
        self.group, self.asked, self.possible, self.limiting = group, asked, possible, limiting
        self.largest_share: Fraction | None = None


def make_groups(graph: CandidateGraph, group: ArrayLike, parent: ArrayLike | None = None) -> Groups:
    """Read groups of needs.

    Parameters
    ----------
    graph : CandidateGraph
    group : integer array (needs)
        The (smallest) group of each need; -1: none.
    parent : integer array (groups), optional
        The group that each group lies in; -1: none. By default all lie apart.

    Raises
    ------
    ValueError
        Rows outside the groups, more than `MOST_GROUPS`, or groups that lie within themselves.
    """
    of_need = np.asarray(group).astype(np.int64)
    count = int(of_need.max(initial=-1)) + 1
    above = np.full(count, -1) if parent is None else np.asarray(parent).astype(np.int64)
    if of_need.shape != (graph.need_count,):
        raise ValueError(f"group has shape {of_need.shape}, expected {graph.need_count} entries")
    if len(above) > MOST_GROUPS or (parent is None and count > MOST_GROUPS):
        raise ValueError(f"there are {len(above)} groups, expected {MOST_GROUPS} at most")
    for name, rows in (("group", of_need), ("parent", above)):
        wrong = np.flatnonzero((rows < -1) | (rows >= len(above)))
        if len(wrong):
            raise ValueError(
                f"{name}[{wrong[0]}] is {rows[wrong[0]]}, expected a row of {len(above)} groups or -1"
            )
    walked = above.copy()
    for _ in range(len(above)):
        walked = np.where(walked >= 0, above[walked], -1)
    if (walked >= 0).any():
        raise ValueError(f"parent: group {int(np.flatnonzero(walked >= 0)[0])} lies within itself")
    return Groups(of_need, above)


class Quotas:
    """Raises what groups are guaranteed, from an optimum without any guarantee."""

    def __init__(self, graph: CandidateGraph, solution: Solution, groups: Groups) -> None:
        base = 4 * (len(groups.parent) + 1) + 2
        levels = (0, *(base**power for power in range(5)))
        self.ways = Ways(graph, solution, place_level=levels, groups=groups)
        self._first, self._end = self.ways.first_group_pair, self.ways.first_group_pair + len(groups.parent)
        self._groups = groups
        locked = np.zeros(graph.need_count, np.int64)
        np.add.at(locked, graph.edge_need, graph.edge_locked)
        self._locked = groups.count(locked)
        self._inside = groups.count(solution.served - locked)

    @property
    def served(self) -> IntArray:
        """Places of each group, promises included."""
        return self._inside + self._locked

    def keep(self) -> tuple[tuple[IntArray, IntArray, IntArray], IntArray]:
        """A state to come back to."""
        return self.ways.keep(), self._inside.copy()

    def put_back(self, kept: tuple[tuple[IntArray, IntArray, IntArray], IntArray]) -> None:
        """Come back to a state kept before."""
        self.ways.put_back(kept[0])
        self._inside = kept[1].copy()

    def raise_to(self, least: IntArray) -> None:
        """Give each group at least so many places (promises included), none less than asked for before."""
        self._least = least - self._locked
        self._shut(np.arange(len(least)))
        for group in range(len(least)):
            while self._inside[group] < self._least[group]:
                self._bring(group)

    def _shut(self, groups: NDArray[np.integer]) -> None:
        """Let groups hand back what they have beyond their guarantee, and no more."""
        free = np.maximum(self._inside[groups] - np.maximum(self._least[groups], 0), 0)
        self.ways.room[2 * (self._first + groups) + 1] = free

    def _bring(self, group: int) -> None:
        """Bring places to a group by the shortest way."""
        ways, parent = self.ways, int(self._groups.parent[group])
        end = ways.hub if parent < 0 else ways.first_group + parent
        found = ways.run(ways.first_group + group, np.array([end]))
        if not found.reached[0]:
            reached = ways.reached() - ways.first_group
            limiting = np.sort(reached[reached >= 0])
            raise QuotaError(
                group,
                int(self._least[group] + self._locked[group]),
                int(self._inside[group] + self._locked[group]),
                limiting,
            )
        arcs = ways.trace(end)
        ways.reprice(end)
        places = min(int(ways.room[arcs].min()), int(self._least[group] - self._inside[group]))
        ways.room[arcs] -= places
        ways.room[arcs ^ 1] += places
        self._inside[group] += places
        of_groups = arcs[(arcs >> 1 >= self._first) & (arcs >> 1 < self._end)]
        rows = (of_groups >> 1) - self._first
        self._inside[rows] += np.where(of_groups & 1, -places, places)
        self._shut(np.append(rows, group))
