"""What parties could do for each other if they were paired: places that fit, counted party by party.

Counted are needs and offers that fit in kind, people and time and were not refused, whatever the distance: a
pairing is an agreement to come. Prices tell which of them could add a place. An offer whose price has level
0 has room, or frees a place by somebody moving on; a need is *scarce* if none of its offers is like that.
Only a new pair of a scarce need with such an offer can add a place (duality of maximum flow and minimum
cut), so that the scarce places bound the gain where needs may be split and no project competes for a unit's
total.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from matcher.fitting import NONE, suits
from matcher.instance import OFFER, Bools, Floats, Instance, Ints
from matcher.problem import UNLIMITED
from matcher.promises import is_listed
from matcher.remainder import take_promises_off
from matcher.search import meet
from matcher.solution import Solution

_CHUNK_PAIRS = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What a solved match says of its rows.

    Attributes
    ----------
    lacks, served, scarce : ndarray of int64
        Places of each need row that are unserved, that are served, and that are scarce; of projects 0.
    only_unit : ndarray of int64
        For a served need that all its offers of one unit alone could serve, that unit's row; else -1.
    gives_room : ndarray of bool
        Offers of which one place more, or one freed, would cost nobody a place (all where there are no
        prices).
    room : ndarray of int64
        Places that each unit's offers of this kind have in all, promises aside.
    """

    lacks: Ints
    served: Ints
    scarce: Ints
    only_unit: Ints
    gives_room: Bools
    room: Ints


def read_state(instance: Instance, solution: Solution) -> State:
    """Read off a solution what tallies count."""
    graph, project = instance.graph, instance.demand.is_project
    served = np.where(project, 0, solution.served)
    lacks = np.where(project, 0, np.maximum(graph.need_quantity - solution.served, 0))
    edges = np.flatnonzero(instance.pairs.feasible)
    need, unit = graph.edge_need[edges], instance.supply.unit[graph.edge_offer[edges]]
    least, most = np.full(graph.need_count, graph.unit_count), np.full(graph.need_count, -1)
    np.minimum.at(least, need, unit)
    np.maximum.at(most, need, unit)
    only = np.where((served > 0) & (least == most), least, -1)
    gives = np.ones(graph.offer_count, dtype=bool)
    if solution.prices is not None:
        of_unit = graph.offer_unit >= 0
        level = solution.prices.offer_level.copy()
        level[of_unit] += solution.prices.unit_level[graph.offer_unit[of_unit]]
        gives = level == 0
    net = take_promises_off(graph)
    has_way = np.zeros(graph.need_count, dtype=bool)
    if solution.prices is not None:
        has_way[need[gives[graph.edge_offer[edges]]]] = True
    # Stand-ins for promises and for projects serve no further needs.
    counted = gives & (instance.supply.kind[: graph.offer_count] == OFFER)
    room = np.zeros(graph.unit_count, dtype=np.int64)
    np.add.at(
        room,
        instance.supply.unit[: graph.offer_count][counted],
        np.minimum(net.offer_capacity[counted], UNLIMITED),
    )
    scarce = np.where(project | has_way, 0, net.need_quantity)
    return State(lacks, served, scarce, only, gives, np.minimum(room, net.unit_capacity))


def fitting_pairs(instance: Instance, needs: Ints, offers: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of need rows and offer rows that fit in all but place, in portions; projects take no part."""
    demand, supply = instance.demand, instance.supply
    needs = needs[~demand.is_project[needs]]
    offers = offers[(supply.kind[offers] == OFFER) & supply.is_open[offers] & supply.of_measure[offers]]
    order = np.argsort(demand.fit_class[needs], kind="stable")
    needs = needs[order]
    cuts = np.flatnonzero(np.diff(demand.fit_class[needs])) + 1
    listed = instance.promises.refused_need, instance.promises.refused_offer
    for alike in np.split(needs, cuts) if len(needs) else ():
        able = offers[instance.fits[demand.fit_class[alike[0]]][supply.fit_class[offers]] != NONE]
        for some in np.array_split(alike, len(alike) * len(able) // _CHUNK_PAIRS + 1):
            need, offer = np.repeat(some, len(able)), np.tile(able, len(some))
            good = suits(demand, supply, need, offer, instance.unit_ids)
            good &= ~is_listed(need, offer, *listed, len(supply))
            need, offer = need[good], offer[good]
            good = meet(demand, supply, instance.schedules, need, offer)
            yield need[good], offer[good]


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """What the offers of some parties could do for the needs of others, by asking and by giving party.

    Attributes
    ----------
    fits, could_gain, backed : ndarray of float64, shape (asking parties, giving parties)
        Places asked for that an offer fits; scarce ones among them, as far as the giving party has places for
        them and the match lacks any; served ones that hang on one other unit alone.
    """

    fits: Floats
    could_gain: Floats
    backed: Floats


def count_places(
    instance: Instance, state: State, asking: list[frozenset[str]], giving: list[frozenset[str]]
) -> Tally:
    """Count what giving parties could do for asking ones, each given by its sides (see `Standing.side`)."""
    shape = len(asking), len(giving)
    of_need, of_unit = _need_sides(instance, asking), _unit_sides(instance, giving)
    needs = np.unique(of_need.indices).astype(np.int64)
    units = np.zeros(len(instance.unit_ids), dtype=bool)
    units[of_unit.indices] = True
    offers = np.flatnonzero(units[instance.supply.unit])
    sums = [np.zeros(shape) for _ in range(3)]
    for need, offer in _in_bulk(fitting_pairs(instance, needs, offers)):
        unit = instance.supply.unit[offer]
        only = state.only_unit[need]
        chosen = (
            (np.ones(len(need), dtype=bool), instance.graph.need_quantity),
            ((state.scarce[need] > 0) & state.gives_room[offer], state.scarce),
            ((only >= 0) & (only != unit), state.served),
        )
        for total, (some, places) in zip(sums, chosen, strict=True):
            total += _spread(need[some], unit[some], places, of_need, of_unit)
    most = np.minimum(of_unit @ state.room.astype(np.float64), state.lacks.sum())
    return Tally(sums[0], np.minimum(sums[1], most[np.newaxis, :]), sums[2])


def _in_bulk(portions: Iterator[tuple[Ints, Ints]]) -> Iterator[tuple[Ints, Ints]]:
    """Small portions of pairs put together; a need's pairs are always in one."""
    kept: list[tuple[Ints, Ints]] = []
    for portion in portions:
        kept.append(portion)
        if sum(len(need) for need, _ in kept) >= _CHUNK_PAIRS:
            yield np.concatenate([need for need, _ in kept]), np.concatenate([offer for _, offer in kept])
            kept = []
    if kept:
        yield np.concatenate([need for need, _ in kept]), np.concatenate([offer for _, offer in kept])


def _spread(
    need: Ints, unit: Ints, places: Ints, of_need: csr_array, of_unit: csr_array
) -> NDArray[np.float64]:
    """Places of needs that a giving party can serve by any of its offers, each counted once, by party."""
    rows, at = np.unique(need, return_inverse=True)
    pairs = coo_array((np.ones(len(at)), (at, unit)), shape=(len(rows), of_unit.shape[1])).tocsr()
    can = (pairs @ of_unit.T).tocsr()
    can.data[:] = 1.0
    weighted = of_need[:, rows] * places[rows][np.newaxis, :]
    return np.asarray((csr_array(weighted) @ can).toarray())


def _need_sides(instance: Instance, sides: list[frozenset[str]]) -> csr_array:
    """Which need rows belong to which party: by the need's own party, or by the area it lies in."""
    demand = instance.demand
    rows_of: dict[str, list[int]] = {}
    for row in np.flatnonzero(~demand.is_project).tolist():
        for name in {demand.party[row], demand.area_id[row]} - {None}:
            rows_of.setdefault(name, []).append(row)
    return _matrix(sides, rows_of, len(demand))


def _unit_sides(instance: Instance, sides: list[frozenset[str]]) -> csr_array:
    rows_of = {unit: [row] for row, unit in enumerate(instance.unit_ids.tolist())}
    return _matrix(sides, rows_of, len(instance.unit_ids))


def _matrix(sides: list[frozenset[str]], rows_of: dict[str, list[int]], width: int) -> csr_array:
    found = [sorted({row for name in side for row in rows_of.get(name, ())}) for side in sides]
    starts = np.zeros(len(sides) + 1, dtype=np.int64)
    np.cumsum([len(rows) for rows in found], out=starts[1:])
    rows = np.array([row for mine in found for row in mine], dtype=np.int64)
    return csr_array((np.ones(len(rows)), rows, starts), shape=(len(sides), width))


def places_of(instance: Instance, places: Ints, sides: list[frozenset[str]]) -> Floats:
    """Places of each party's needs, by need row summed over its sides."""
    return np.asarray(_need_sides(instance, sides) @ places.astype(np.float64))
