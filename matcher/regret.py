"""What it would cost, exactly, to have one more place on a pair; and who would have to move for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.arrays import IntArray
from matcher.intervals import split_freely
from matcher.problem import CandidateGraph
from matcher.solution import Solution
from matcher.ways import Ways


@dataclass(frozen=True, slots=True)
class Move:
    """One place of a need that goes from one offer to another; -1: it was, or is then, unserved."""

    need: int
    from_offer: int
    to_offer: int


@dataclass(frozen=True, slots=True)
class Regret:
    """By how much the best assignment with a place more on one pair is worse than the best one.

    Attributes
    ----------
    more, less : int
        Priority of the place that is then served more, and of the one served less; 0: none. Both 0 where as
        many of each priority are served.
    cost : int
        By how much that assignment costs more; below zero only where a place less is served.
    moves : tuple of Move
        How to get from the one to the other, one place each; begins with the pair's need.
    is_exact : bool
        False where the graph has whole needs: these are counted as if they could be split.
    """

    more: int
    less: int
    cost: int
    moves: tuple[Move, ...]
    is_exact: bool


class Regrets:
    """Forces pairs into an optimum, one at a time; each takes one search.

    Parameters
    ----------
    graph : CandidateGraph
    solution : Solution
        Its optimum.

    Raises
    ------
    ValueError
        The solution isn't optimal or has no prices that prove it.
    """

    def __init__(self, graph: CandidateGraph, solution: Solution) -> None:
        split, optimum = split_freely(graph, solution)
        self._ways, self._flow = Ways(split, optimum), optimum.flow
        self._is_exact = split is graph
        self._graph = split
        self._order = split.edge_order

    def find(self, edge: int) -> Regret | None:
        """Give the regret of one place more on an edge row, of one at all where it is in use already.

        Returns
        -------
        Regret or None
            None where no assignment can give the pair a place beyond promises.
        """
        graph, ways = self._graph, self._ways
        need, offer = int(graph.edge_need[edge]), ways.first_offer + int(graph.edge_offer[edge])
        if self._flow[edge] > graph.edge_locked[edge]:
            return Regret(0, 0, 0, (), self._is_exact)
        own = ways.net.edge_capacity
        if own is not None and own[edge] == 0:
            return None
        length = ways.run(offer, np.array([need]))
        if not length.reached[0]:
            return None
        more, less = ways.name_exchange(length.level)
        cost = int(length.cost[0] + graph.edge_cost[edge])
        moves = self._name_moves(edge, ways.trace(need))
        return Regret(int(more[0]), int(less[0]), cost, moves, self._is_exact)

    def _name_moves(self, edge: int, arcs: IntArray) -> tuple[Move, ...]:
        graph = self._graph
        taken = {int(graph.edge_need[edge]): int(graph.edge_offer[edge])}
        given: dict[int, int] = {}
        # Pairs of arcs come first in the network, in the graph's order of edges.
        for arc in arcs[arcs >> 1 < graph.edge_count].tolist():
            row = int(self._order[arc >> 1])
            (given if arc & 1 else taken)[int(graph.edge_need[row])] = int(graph.edge_offer[row])
        needs = dict.fromkeys([*taken, *given])
        return tuple(Move(need, given.get(need, -1), taken.get(need, -1)) for need in needs)


def regret(graph: CandidateGraph, solution: Solution, need: int, offer: int) -> Regret | None:
    """Give the exact regret of putting a place of a need on an offer, by one forced search.

    Parameters
    ----------
    graph : CandidateGraph
    solution : Solution
        Its optimum.
    need, offer : int
        Rows of a pair of the graph.

    Returns
    -------
    Regret or None
        None where no assignment can give the pair a place beyond promises.

    Raises
    ------
    KeyError
        The graph has no such pair.
    ValueError
        The solution isn't optimal or has no prices that prove it.
    """
    rows = np.flatnonzero((graph.edge_need == need) & (graph.edge_offer == offer))
    if not len(rows):
        raise KeyError(f"the graph has no pair of need {need} and offer {offer}")
    return Regrets(graph, solution).find(int(rows[0]))
