"""Supply: the offers of a snapshot that take part in a match, and the stand-ins beside them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.model import UNLIMITED as ANY
from graph.periods import Period, count_per
from graph.snapshot import Snapshot
from graph.taxonomy import default_reach_m
from matcher.fitting import Kinds
from matcher.instance import ELSEWHERE, OFFER, Bools, Floats, Ints, Supply, Texts
from matcher.places import AreaTree, Parties, Sites
from matcher.problem import UNLIMITED
from matcher.rules import OFFERED_STATES, Measure, Rules
from matcher.schedules import Schedules


def is_offered(snapshot: Snapshot, rules: Rules, parties: Parties) -> Bools:
    """Which offers are open on a day of the round, as their provider is (where it is on record)."""
    first, last = rules.period.first, rules.period.last
    status = snapshot.column("offers", "status")
    offered = np.fromiter((value in OFFERED_STATES for value in status), dtype=bool, count=len(status))
    provider = parties.rows_of(snapshot.column("offers", "unit"))
    known = provider >= 0
    offered[known] &= parties.is_valid(first, last)[provider[known]]
    return offered & snapshot.valid("offers", first, last)


def read_limits(values: Floats) -> Ints:
    """Limits from a column of a list: `UNLIMITED` where it says 不限 (any), or nothing."""
    has_none = np.isnan(values) | (values == ANY)
    return np.where(has_none, UNLIMITED, np.nan_to_num(values)).astype(np.int64)


def round_capacity(snapshot: Snapshot, rows: Ints, period: Period) -> tuple[Ints, Bools]:
    """Places of offers over the whole round, and where that is assumed.

    A capacity counts once for each calendar period that the round and the validity both touch; an unknown
    one is taken as 1 in the round, and 不限 (any) is `UNLIMITED`.
    """
    capacity = snapshot.column("offers", "capacity")[rows]
    unknown = np.isnan(capacity)
    times = count_in_round(snapshot, rows, period)
    places = np.where(capacity == ANY, UNLIMITED, np.nan_to_num(capacity).astype(np.int64) * times)
    return np.where(unknown, 1, places), unknown


def count_in_round(snapshot: Snapshot, rows: Ints, period: Period) -> Ints:
    """How often the capacities of offers count in a round: once for each calendar period that both touch."""
    per = snapshot.column("offers", "per")[rows]
    starts = snapshot.column("offers", "valid_from")[rows].astype("datetime64[D]")
    ends = snapshot.column("offers", "valid_to")[rows].astype("datetime64[D]")
    counts: dict[tuple[object, ...], int] = {}
    times = np.ones(len(rows), dtype=np.int64)
    for row, key in enumerate(zip(per, starts.tolist(), ends.tolist(), strict=True)):
        if key not in counts:
            counts[key] = count_per(key[0], period.overlap(key[1], key[2]))
        times[row] = counts[key]
    return times


def read_supply(
    snapshot: Snapshot,
    rules: Rules,
    measure: Measure,
    tree: AreaTree,
    parties: Parties,
    schedules: Schedules,
    kinds: Kinds,
    *,
    promised: Ints,
    with_elsewhere: bool,
    providers: Collection[str],
) -> tuple[Supply, Texts]:
    """Gather the offers of one measure, and those of another measure behind them where asked.

    Parameters
    ----------
    promised : ndarray of int64
        Rows of offers that promises name; they are kept even if closed.
    providers : collection of str
        Further parties that provide something.

    Returns
    -------
    supply : Supply
    unit_ids : ndarray of object
        Every provider, sorted.
    """
    offered = is_offered(snapshot, rules, parties)
    of_measure = snapshot.column("offers", "measure") == measure
    named = np.zeros(len(offered), dtype=bool)
    named[promised] = True
    main = np.flatnonzero((offered & of_measure) | named)
    elsewhere = np.flatnonzero(offered & ~of_measure & ~named) if with_elsewhere else main[:0]
    rows = np.concatenate([main, elsewhere])
    provider = snapshot.column("offers", "unit")[rows]
    unit_ids = np.array(sorted({*provider.tolist(), *providers}), dtype=object)
    position = {unit: row for row, unit in enumerate(unit_ids.tolist())}
    party_sites = parties.sites.take(parties.rows_of(provider))
    capacity, unknown = round_capacity(snapshot, rows, rules.period)
    first_day, last_day = schedules.days(
        snapshot.column("offers", "valid_from")[rows], snapshot.column("offers", "valid_to")[rows]
    )
    category = snapshot.column("offers", "category")[rows]
    reach_all, reach_m, reach_areas, assumed, unknown_m = _read_reach(snapshot, rows, tree, party_sites)
    supply = Supply(
        ids=snapshot.ids("offers")[rows],
        kind=np.repeat([OFFER, ELSEWHERE], [len(main), len(elsewhere)]),
        table_row=rows,
        unit=np.array([position[unit] for unit in provider.tolist()], dtype=np.int64),
        capacity=capacity,
        capacity_assumed=unknown,
        reach_assumed=assumed,
        is_open=offered[rows],
        of_measure=of_measure[rows],
        category=category,
        fit_class=kinds.number(
            category,
            snapshot.column("offers", "list_category")[rows],
            snapshot.column("offers", "tags")[rows],
        ),
        min_people=snapshot.column("offers", "min_people")[rows],
        max_people=snapshot.column("offers", "max_people")[rows],
        reach_all=reach_all,
        reach_m=reach_m,
        reach_areas=reach_areas,
        unknown_m=unknown_m,
        first_day=first_day,
        last_day=last_day,
        times=schedules.number(snapshot.column("offers", "times")[rows]),
        sites=_offer_sites(snapshot, rows, party_sites),
    )
    return supply, unit_ids


def _offer_sites(snapshot: Snapshot, rows: Ints, party_sites: Sites) -> Sites:
    """An offer's own point, else its provider's; areas are the provider's."""
    lon, lat = (snapshot.column("offers", name)[rows] for name in ("lon", "lat"))
    own = ~np.isnan(lon) & ~np.isnan(lat)
    estimate = snapshot.column("offers", "precision")[rows] == "area"
    return Sites(
        np.where(own, lon, party_sites.lon),
        np.where(own, lat, party_sites.lat),
        np.where(own, estimate, party_sites.estimate),
        party_sites.area,
        party_sites.subdistrict,
    )


def _read_reach(
    snapshot: Snapshot, rows: Ints, tree: AreaTree, party_sites: Sites
) -> tuple[Bools, Floats, Ints, Bools, Floats]:
    """How far each offer reaches; where nobody said so, its provider's sub-district or default metres."""
    reach_all = snapshot.column("offers", "reach_any")[rows] | (
        snapshot.column("offers", "mode")[rows] == "remote"
    )
    reach_m = snapshot.column("offers", "reach_m")[rows].copy()
    names = snapshot.column("offers", "reach_areas")[rows]
    stated_areas = np.fromiter((len(item) > 0 for item in names), dtype=bool, count=len(names))
    default = {category: default_reach_m(category) for category in set(snapshot.column("offers", "category"))}
    default_m = np.array(
        [default[item] for item in snapshot.column("offers", "category")[rows]], dtype=np.float64
    )
    unknown_m = np.where(np.isnan(reach_m), default_m, reach_m)
    assumed = ~reach_all & np.isnan(reach_m) & ~stated_areas
    by_area = assumed & (party_sites.subdistrict >= 0)
    by_metres = assumed & ~by_area
    reach_m[by_metres] = default_m[by_metres]
    width = max((len(item) for item in names), default=0)
    areas = np.full((len(rows), max(width, 1)), -1, dtype=np.int64)
    for row in np.flatnonzero(stated_areas).tolist():
        areas[row, : len(names[row])] = tree.rows_of(names[row])
    areas[by_area, 0] = party_sites.subdistrict[by_area]
    return reach_all, reach_m, areas, assumed, unknown_m


def add_stand_ins(
    supply: Supply, kind: int, units: Ints, unit_ids: Texts, capacity: Ints, parties: Parties
) -> Supply:
    """Put stand-ins for units between the offers of the graph and those outside it."""
    at = int(np.searchsorted(supply.kind == ELSEWHERE, True)) if len(supply) else 0
    count = len(units)
    label = {1: "projects", 2: "promises"}[kind]
    nowhere = np.full(count, np.nan)
    flags = np.zeros(count, dtype=bool)
    values: dict[str, NDArray[Any]] = {
        "ids": np.array([f"{label}:{unit_ids[unit]}" for unit in units.tolist()], dtype=object),
        "kind": np.full(count, kind),
        "unit": units,
        "capacity": capacity,
        "category": np.full(count, None, dtype=object),
        "reach_areas": np.full((count, supply.reach_areas.shape[1]), -1, dtype=np.int64),
    }
    theirs = parties.sites.take(parties.rows_of(unit_ids[units]))
    for name in ("lon", "lat", "estimate", "area", "subdistrict"):
        values[f"sites.{name}"] = getattr(theirs, name)

    def put(name: str, old: NDArray[Any]) -> NDArray[Any]:
        default = flags if old.dtype == bool else nowhere if old.dtype == np.float64 else np.full(count, -1)
        new = values.get(name, default)
        return np.concatenate([old[:at], new, old[at:]])

    columns = {name: put(name, getattr(supply, name)) for name in Supply.__slots__ if name != "sites"}
    places = {name: put(f"sites.{name}", getattr(supply.sites, name)) for name in Sites.__slots__}
    return Supply(**columns, sites=Sites(**places))
