"""Plain, slow answers to tiny matching problems, by trying everything; shares no code with the matcher."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from matcher import CandidateGraph


@dataclass(frozen=True)
class Best:
    """The best figures of all allowed assignments: promises included."""

    served_by_priority: dict[int, int]
    cost: int
    most_places: int


def list_assignments(graph: CandidateGraph) -> Iterator[list[int]]:
    """Every list of places per edge, beyond promises, that keeps all rules but those of whole needs."""
    edges = range(graph.edge_count)
    locked = [int(x) for x in graph.edge_locked]
    need = [max(0, int(q) - sum(locked[e] for e in edges if graph.edge_need[e] == n))
            for n, q in enumerate(graph.need_quantity)]  # fmt: skip
    offer_locked = [
        sum(locked[e] for e in edges if graph.edge_offer[e] == o) for o in range(graph.offer_count)
    ]
    offer = [max(0, int(c) - offer_locked[o]) for o, c in enumerate(graph.offer_capacity)]
    unit = [
        max(0, int(c) - sum(offer_locked[o] for o in range(graph.offer_count) if graph.offer_unit[o] == u))
        for u, c in enumerate(graph.unit_capacity)
    ]
    own = [10**9] * len(locked) if graph.edge_capacity is None else graph.edge_capacity.tolist()
    pair = [max(0, int(c) - k) for c, k in zip(own, locked, strict=True)]
    flow = [0] * len(locked)

    def go_on(edge: int) -> Iterator[list[int]]:
        if edge == len(locked):
            yield list(flow)
            return
        n, o = int(graph.edge_need[edge]), int(graph.edge_offer[edge])
        u = int(graph.offer_unit[o])
        most = min(need[n], offer[o], pair[edge], *([unit[u]] if u >= 0 else []))
        for places in range(most + 1):
            flow[edge] = places
            need[n] -= places
            offer[o] -= places
            if u >= 0:
                unit[u] -= places
            yield from go_on(edge + 1)
            need[n] += places
            offer[o] += places
            if u >= 0:
                unit[u] += places
        flow[edge] = 0

    return go_on(0)


def keeps_whole_needs(graph: CandidateGraph, flow: list[int]) -> bool:
    """True if each whole need gets all that its promises leave, or nothing more."""
    for n in range(graph.need_count):
        if graph.need_whole[n]:
            rows = [e for e in range(graph.edge_count) if graph.edge_need[e] == n]
            used = sum(flow[e] for e in rows)
            if used and used != max(
                0, int(graph.need_quantity[n]) - sum(int(graph.edge_locked[e]) for e in rows)
            ):
                return False
    return True


def count_figures(graph: CandidateGraph, flow: list[int]) -> tuple[dict[int, int], int]:
    """Places by priority and cost, with promises."""
    full = [f + int(k) for f, k in zip(flow, graph.edge_locked, strict=True)]
    by_priority = dict.fromkeys(range(1, 6), 0)
    for e, places in enumerate(full):
        by_priority[int(graph.need_priority[graph.edge_need[e]])] += places
    cost = sum(int(c) * places for c, places in zip(graph.edge_cost, full, strict=True))
    if graph.unit_load_cost is not None:
        for u, load in enumerate(graph.unit_load_cost.tolist()):
            places = sum(p for e, p in enumerate(full) if graph.offer_unit[graph.edge_offer[e]] == u)
            cost += sum(load[min(k, len(load) - 1)] for k in range(places))
    return by_priority, cost


def find_best(graph: CandidateGraph) -> Best:
    """The lexicographic best: most places of priority 1, then 2, ...; then the least cost."""
    best: tuple[tuple[int, ...], int] | None = None
    most = 0
    for flow in list_assignments(graph):
        by_priority, cost = count_figures(graph, flow)
        most = max(most, sum(by_priority.values()))
        if keeps_whole_needs(graph, flow):
            value = (tuple(-by_priority[p] for p in range(1, 6)), cost)
            best = value if best is None else min(best, value)
    assert best is not None
    return Best({p: -places for p, places in enumerate(best[0], 1)}, best[1], most)


def walk_nearest_first(graph: CandidateGraph) -> list[int]:
    """The by-hand rule as plain loops: places per edge, promises included."""
    edges = range(graph.edge_count)
    locked = [int(x) for x in graph.edge_locked]

    def left(total: int, flow: list[int], mine: list[int]) -> int:
        return max(0, total - sum(locked[e] for e in mine)) - sum(flow[e] for e in mine)

    flow = [0] * len(locked)
    for n in sorted(range(graph.need_count), key=lambda n: (graph.need_priority[n], n)):
        of_need = [e for e in edges if graph.edge_need[e] == n]
        before = list(flow)
        for e in sorted(of_need, key=lambda e: (graph.edge_cost[e], graph.edge_offer[e])):
            o = int(graph.edge_offer[e])
            u = int(graph.offer_unit[o])
            room = [
                left(int(graph.need_quantity[n]), flow, of_need),
                left(int(graph.offer_capacity[o]), flow, [x for x in edges if graph.edge_offer[x] == o]),
            ]
            if u >= 0:
                of_unit = [x for x in edges if graph.offer_unit[graph.edge_offer[x]] == u]
                room.append(left(int(graph.unit_capacity[u]), flow, of_unit))
            if graph.edge_capacity is not None:
                room.append(left(int(graph.edge_capacity[e]), flow, [e]))
            flow[e] += min(room)
        if graph.need_whole[n] and left(int(graph.need_quantity[n]), flow, of_need):
            flow = before
    return [f + k for f, k in zip(flow, locked, strict=True)]


def list_subsets(rows: int) -> Iterator[tuple[int, ...]]:
    """All subsets of the first rows."""
    return itertools.chain.from_iterable(itertools.combinations(range(rows), k) for k in range(rows + 1))
