"""A live match that follows the lists: whatever changed in them is told to it as events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import IntArray, sum_by_row
from matcher.live.change import LiveError
from matcher.live.differences import Difference, Rows, TooDifferentError, find_rows
from matcher.live.match import LiveMatch
from matcher.problem import CandidateGraph
from matcher.solution import Status, find_value
from matcher.whole import keep_whole

_KINDS = ("needs", "offers", "units")


@dataclass(frozen=True, slots=True)
class Followed:
    """How a follower came to the newest graph.

    Attributes
    ----------
    way : {"events", "solved"}
        By events, or solved from the beginning because no events lead there, or too many.
    events : int
    needs_moved : int
        Needs that an event gave another place, or took theirs; 0 where it was solved.
    """

    way: Literal["events", "solved"]
    events: int
    needs_moved: int


class Follower:
    """Keeps the optimum of a graph whose rows have ids while its records change.

    Needs that may not be split are followed as if they might be; see `assignment`.

    Parameters
    ----------
    graph : CandidateGraph
        With `need_ids`, `offer_ids`, `unit_ids`.

    Raises
    ------
    LiveError
        The graph can't be kept live; see `LiveMatch`.
    """

    def __init__(self, graph: CandidateGraph) -> None:
        self._rows, self._live = Rows.of(graph), LiveMatch(_loosen(graph))
        self._known: CandidateGraph | None = None

    def follow(self, graph: CandidateGraph, *, most: int = 1000) -> Followed:
        """Come to another state of the same lists.

        Parameters
        ----------
        graph : CandidateGraph
            With ids; the same id is the same record.
        most : int
            Where more events would lead there, it is solved from the beginning.

        Raises
        ------
        LiveError
            The graph has no ids; the follower stays where it was.
        """
        try:
            difference = Difference(self._now(), self._rows, graph)
            events = list(islice(difference.events(), most + 1))
        except TooDifferentError:
            return self._start(graph)
        if len(events) > most:
            return self._start(graph)
        moved: set[int] = set()
        if events:
            self._known = None
        try:
            for event in events:
                moved |= {move.need for move in self._live.apply(event).moves}
        except (LiveError, ValueError):
            # Some events may be done already, so that only the beginning is left.
            return self._start(graph)
        self._rows = difference.rows
        return Followed("events", len(events), len(moved))

    def _start(self, graph: CandidateGraph) -> Followed:
        self._live, self._rows = LiveMatch(_loosen(graph)), Rows.of(graph)
        self._known = None
        return Followed("solved", 0, 0)

    def _now(self) -> CandidateGraph:
        """The live match's graph, read once between events."""
        if self._known is None:
            self._known = self._live.graph()
        return self._known

    def flow(self, graph: CandidateGraph) -> IntArray:
        """Places per pair of the graph that was followed last, promised ones included."""
        wanted = Rows.of(graph)
        need, offer = find_rows(wanted.needs, self._rows.needs), find_rows(wanted.offers, self._rows.offers)
        now, flow = self._now(), self._live.flow()
        width = max(now.offer_count, 1)
        key = now.edge_need.astype(np.int64) * width + now.edge_offer
        at = np.searchsorted(key, need[graph.edge_need] * width + offer[graph.edge_offer])
        found: IntArray = flow[at]
        return found

    def assignment(self, graph: CandidateGraph) -> tuple[IntArray, Status]:
        """Places per pair of the graph that was followed last, with no part of a need that may not be split.

        Where the optimum of splitting them serves some in part, what hangs together with these is searched
        from there, as in `solve`; all else stays.

        Returns
        -------
        flow : int64 array (edges)
            Promised places included.
        status : {"optimal", "bounded"}
        """
        flow = self.flow(graph)
        if not self.splits(graph, flow):
            return flow, "optimal"
        split = flow - graph.edge_locked
        whole, is_best = keep_whole(graph, split)
        is_best = is_best or find_value(graph, whole) == find_value(graph, split)
        return whole + graph.edge_locked, "optimal" if is_best else "bounded"

    @staticmethod
    def splits(graph: CandidateGraph, flow: IntArray) -> bool:
        """Whether a flow serves a need in part that may not be split: a bound then, else the optimum."""
        net = flow - graph.edge_locked
        served, promised = (
            sum_by_row(graph.edge_need, places, graph.need_count) for places in (net, graph.edge_locked)
        )
        in_part = (served > 0) & (served < graph.need_quantity - promised)
        return bool((graph.need_whole & in_part).any())

    def state(self) -> dict[str, NDArray[Any]]:
        """Give all there is as plain arrays, for `from_state`."""
        rows = {f"rows_{name}": getattr(self._rows, name).astype(str) for name in _KINDS}
        return self._live.state() | rows

    @classmethod
    def from_state(cls, state: dict[str, NDArray[Any]]) -> Follower:
        """Go on from what `state` gave.

        Raises
        ------
        LiveError
            The state doesn't hold together.
        """
        follower = cls.__new__(cls)
        follower._live = LiveMatch.from_state(state)
        needs, offers, units = (state[f"rows_{name}"].astype(object) for name in _KINDS)
        follower._rows = Rows(needs, offers, units)
        follower._known = None
        return follower


def _loosen(graph: CandidateGraph) -> CandidateGraph:
    return replace(graph, need_whole=np.zeros(graph.need_count, bool)) if graph.need_whole.any() else graph
