"""Catchments: the access of a town's needs, by any of the measures of `matcher.access`.

Demand points are the needs of a match, their demand the places wanted; sites are its offers. A pair counts
where the offer may serve the need: category, tags, people, measure, times and reach are the match's own, so
that access and assignment speak of the same alliance.

Ways are told as parts of the catchment: 0 at the door, 1 at its end. By default each offer's own reach is its
catchment. An offer that reaches everybody (remote, or any distance) is as near as any; a way nobody knows,
and one beyond the metres of an offer that goes to whole areas, is as long as the catchment.

An offer counts for no more places than are wanted of it: what nobody asks for is no access, and without this
one large offer for a single need would lift the mean above all others. Promised places count like any other;
unit totals don't.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from graph.snapshot import Snapshot
from graph.wording import word
from matcher.access import balanced_fca, enhanced_two_step_fca, raam, three_step_fca, two_step_fca
from matcher.arrays import RowArray, sum_by_row
from matcher.candidates import build_instance
from matcher.instance import Bools, Floats, Instance, Ints
from matcher.matrices import MatrixError, read_positive, read_zones
from matcher.rules import ACCESS_MEASURES, AccessMeasure, Rules

Zones = tuple[tuple[float, float], ...]

ZONES: Final[Zones] = ((1 / 3, 1.0), (2 / 3, 0.68), (1.0, 0.22))
"""The weights of Luo and Qi (2009) for their three zones of ten minutes, here thirds of the catchment."""

TAU: Final = 1.0
"""People would go as far as the catchment reaches to avoid a crowd of the average size."""

_FULL: Final = 1.0
_CHUNK: Final = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """The access of needs by one measure.

    Attributes
    ----------
    instance : Instance
    measure : str
    catchment_m : float or None
        None: the reach of each offer.
    zones : tuple of (float, float)
        Upper bound, as a part of the catchment, and weight of each zone; empty where the measure has none.
    tau : float or None
        Of RAAM, in catchments.
    value : float64 array
        One for each need row of the instance: NaN for projects and where no offer is in the catchment, 0.0
        where some are but none has places. Places to be had for each place wanted by 2SFCA, E2SFCA and
        3SFCA; by BFCA the need's part of the level of service; by RAAM what a person bears.
    gap : float or None
        The Wardrop gap of RAAM: what all bear beyond the best open to each, as a part of what they bear.
    assumed_offers : int
        Offers in some catchment whose capacity nobody stated, counted as 1.
    """

    instance: Instance
    measure: AccessMeasure
    catchment_m: float | None
    zones: Zones
    tau: float | None
    value: Floats
    gap: float | None
    assumed_offers: int

    @property
    def is_cost(self) -> bool:
        """Whether less is better."""
        return self.measure == "RAAM"

    def find_mean(self, rows: Ints) -> float | None:
        """The mean over the places wanted by some need rows; None where none of them has a value.

        Needs out of all catchments don't count, as nothing is known of them; nor does, of a cost, the mark
        of those whose sites have no places.
        """
        some = rows[~np.isnan(self.value[rows])]
        if self.is_cost:
            some = some[self.value[some] > 0]
        wanted = self.instance.graph.need_quantity[some]
        total = int(wanted.sum())
        return float((self.value[some] * wanted).sum() / total) if total else None


def measure_access(
    about: Snapshot | Instance,
    rules: Rules | None = None,
    *,
    measure: AccessMeasure | None = None,
    catchment_m: float | None = None,
    zones: Zones = ZONES,
    tau: float = TAU,
) -> Access:
    """Measure what access each need of a town has, whoever it is then matched with.

    Parameters
    ----------
    about : Snapshot or Instance
        A snapshot's needs are those counted in places.
    rules : Rules, optional
        Of a snapshot: the round, and who fits; by default this calendar year.
    measure : {"2SFCA", "E2SFCA", "3SFCA", "BFCA", "RAAM"}, optional
        By default that of the rules.
    catchment_m : float, optional
        The same catchment for all, in metres, above 0; by default the reach of each offer. An offer's reach
        still limits whom it serves.
    zones : tuple of (float, float)
        Upper bounds, as parts of the catchment, and weights; of E2SFCA, 3SFCA and BFCA.
    tau : float
        Of RAAM: the way that people would take upon themselves to avoid a crowd of the average size, in
        catchments.

    Raises
    ------
    MatrixError
        Settings that make no sense, also those that the measure has no use for; or something else than a
        snapshot or an instance.
    TooManyPairsError, CostRangeError
        As `match` does.

    See Also
    --------
    matcher.access : the measures themselves.
    """
    if measure is not None and measure not in ACCESS_MEASURES:
        raise MatrixError(**word("not_among", name="measure", value=measure, choices=ACCESS_MEASURES))
    if catchment_m is not None:
        catchment_m = read_positive("catchment_m", catchment_m)
    tau, ends = read_positive("tau", tau), read_zones(zones)
    zones = tuple(zip(*(some.tolist() for some in ends), strict=True))
    instance = _instance_of(about, rules)
    chosen = instance.rules.access_measure if measure is None else measure
    graph = instance.graph
    rows = np.flatnonzero(~instance.demand.is_project)
    counts = ~instance.demand.is_project[graph.edge_need]
    counts &= instance.pairs.feasible
    # By need, then offer: as a matrix has its entries.
    edges = graph.edge_order if counts.all() else graph.edge_order[counts[graph.edge_order]]
    part = np.empty(len(edges))
    for some in _chunks(len(edges)):
        part[some] = find_ways(instance, edges[some], catchment_m)
    if part.max(initial=0.0) > _FULL:
        edges, part = edges[part <= _FULL], part[part <= _FULL]
    wanted = np.zeros(graph.offer_count, np.int64)
    for some in _chunks(len(edges)):
        asked = graph.need_quantity[graph.edge_need[edges[some]]]
        wanted += sum_by_row(graph.edge_offer[edges[some]], asked, graph.offer_count)
    supply = np.minimum(graph.offer_capacity, wanted)
    starts = np.append(0, np.cumsum(_count_rows(graph.edge_need, edges, graph.need_count)[rows]))
    ways = _matrix(starts, graph.edge_offer[edges], part, (len(rows), graph.offer_count))
    del edges, part
    value = np.full(graph.need_count, np.nan)
    value[rows], gap = _run(chosen, graph.need_quantity[rows], supply, ways, zones, tau)
    capacity_assumed = instance.supply.capacity_assumed[: graph.offer_count]
    return Access(
        instance, chosen, catchment_m, zones if chosen in ("E2SFCA", "3SFCA", "BFCA") else (),
        tau if chosen == "RAAM" else None, value, gap, int((capacity_assumed & (wanted > 0)).sum()),
    )  # fmt: skip


def _instance_of(about: object, rules: object) -> Instance:
    """The needs and offers measured; refuses what is neither a snapshot nor an instance."""
    if isinstance(about, Instance):
        return about
    if not isinstance(about, Snapshot):
        raise MatrixError(**word("not_a_snapshot", kind=type(about).__name__))
    if not isinstance(rules, Rules | None):
        raise MatrixError(**word("not_rules", kind=type(rules).__name__))
    return build_instance(about, rules or Rules.default(), "places")


def find_ways(instance: Instance, edges: NDArray[np.integer], catchment_m: float | None = None) -> Floats:
    """Give the way of each of some edges as a part of the catchment; above 1 beyond it."""
    supply, offer = instance.supply, instance.graph.edge_offer[edges]
    metres, usual = instance.pairs.distance_m[edges], supply.unknown_m[offer]
    metres = np.where(np.isnan(metres), usual, metres)
    everyone: Bools = supply.reach_all[offer]
    if catchment_m is None:
        # Who is served beyond the metres is served by area, and no farther than the catchment's end.
        part = np.minimum(np.divide(metres, usual, out=np.zeros(len(edges)), where=usual > 0), _FULL)
    else:
        part = metres / catchment_m
    return np.where(everyone, 0.0, part)


def _chunks(size: int) -> Iterator[slice]:
    """Give stretches of so many rows, so that what is worked out on the way stays small."""
    return (slice(first, first + _CHUNK) for first in range(0, size, _CHUNK))


def _count_rows(need: RowArray, edges: RowArray, size: int) -> Ints:
    """Count the edges of each need."""
    counts = np.zeros(size, np.int64)
    for some in _chunks(len(edges)):
        counts += np.bincount(need[edges[some]], minlength=size)
    return counts


def _matrix(starts: Ints, offer: RowArray, part: Floats, shape: tuple[int, int]) -> Any:
    from scipy.sparse import csr_array

    matrix = csr_array((part, offer, starts), shape=shape)
    matrix.has_canonical_format = True
    return matrix


def _run(
    measure: AccessMeasure,
    wanted: Ints,
    supply: Ints,
    ways: Any,
    zones: Zones,
    tau: float,
) -> tuple[Floats, float | None]:
    if measure == "2SFCA":
        return two_step_fca(wanted, supply, ways, catchment=_FULL), None
    if measure == "RAAM":
        return raam(wanted, supply, ways, tau=tau, return_gap=True)
    run = {"E2SFCA": enhanced_two_step_fca, "3SFCA": three_step_fca, "BFCA": balanced_fca}[measure]
    return run(wanted, supply, ways, zones=zones), None
