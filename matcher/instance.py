"""Everything that one match needs, gathered from a snapshot once and never changed.

Rows: a *need row* is a row of the graph's needs (needs first, then projects, each sorted by id). An
*offer row* is a row of `Supply`: first the offers of the instance's measure, sorted by id; then the
stand-ins of the graph (one for each unit that may take projects, one for each unit that promised
something without an offer that fits); after them, outside the graph, offers of another measure, which
only show that their unit may take a project.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from graph.snapshot import Snapshot
from matcher.places import AreaTree, Sites
from matcher.problem import CandidateGraph
from matcher.rules import Measure, Rules
from matcher.schedules import Schedules

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Texts = NDArray[np.object_]

OFFER: Final = 0
PROJECTS: Final = 1
PROMISES: Final = 2
ELSEWHERE: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """What is asked for, one row for each need row of the graph.

    Attributes
    ----------
    ids : ndarray of object
        Ids of needs and projects, as their tables have them.
    table_row : ndarray of int64
        Row in the table `needs`, or `projects` where `is_project`.
    is_project, whole : ndarray of bool
    quantity, priority : ndarray of int64
        Places (or units) wanted; 1 is the most urgent.
    people : ndarray of float64
        NaN where nobody said.
    category, area_id, party : ndarray of object
        Category (None: any, projects only), id of the smallest area known (None: unknown), party (None).
    fit_class : ndarray of int64
        Row of `Instance.fits`: equal category, heading where it counts, and tags.
    first_day, last_day : ndarray of int64
        Days of the round on which the row is valid, counted from the round's first.
    times : ndarray of int64
        Index into `Schedules.texts`.
    sites : Sites
    """

    ids: Texts
    table_row: Ints
    is_project: Bools
    whole: Bools
    quantity: Ints
    priority: Ints
    people: Floats
    category: Texts
    area_id: Texts
    party: Texts
    fit_class: Ints
    first_day: Ints
    last_day: Ints
    times: Ints
    sites: Sites

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class Supply:
    """What is offered, one row for each offer row (see the module's description).

    Attributes
    ----------
    ids : ndarray of object
        Offers' ids; stand-ins have `projects:UNIT` or `promises:UNIT`.
    kind : ndarray of int64
        `OFFER`, `PROJECTS`, `PROMISES` or `ELSEWHERE`; the graph's rows come before those `ELSEWHERE`.
    table_row : ndarray of int64
        Row in the table `offers`; -1 for stand-ins.
    unit : ndarray of int64
        Row in `Instance.unit_ids`.
    capacity : ndarray of int64
        Places over the whole round, before promises and what claims reserve; unknown ones are solved as 1.
    capacity_assumed, reach_assumed : ndarray of bool
        Nobody stated it.
    is_open : ndarray of bool
        Open, and valid on a day of the round, as its provider is; others are kept only for the promises
        that name them.
    of_measure : ndarray of bool
        Counted in the instance's measure; any other may only let its unit take a project.
    category : ndarray of object
    fit_class : ndarray of int64
        Column of `Instance.fits`.
    min_people, max_people : ndarray of float64
        NaN where no limit was stated.
    reach_all : ndarray of bool
        Remote, or any distance.
    reach_m : ndarray of float64
        Metres, stated or by default; NaN where areas alone (or nothing) limit it.
    reach_areas : ndarray of int64, shape (offer rows, most areas of one)
        Rows of the table `areas`, the sub-district where that is assumed; filled up with -1.
    unknown_m : ndarray of float64
        What a distance nobody knows costs: the reach, else the category's default metres; NaN for stand-ins,
        which take the need's category.
    first_day, last_day, times : ndarray of int64
        As in `Demand`.
    sites : Sites
        The offer's own point, else the provider's; areas are always the provider's.
    """

    ids: Texts
    kind: Ints
    table_row: Ints
    unit: Ints
    capacity: Ints
    capacity_assumed: Bools
    reach_assumed: Bools
    is_open: Bools
    of_measure: Bools
    category: Texts
    fit_class: Ints
    min_people: Floats
    max_people: Floats
    reach_all: Bools
    reach_m: Floats
    reach_areas: Ints
    unknown_m: Floats
    first_day: Ints
    last_day: Ints
    times: Ints
    sites: Sites

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Facts of the graph's edges, in the graph's order of edges.

    Attributes
    ----------
    distance_m : ndarray of float64
        Great-circle metres; NaN where nobody knows.
    estimate : ndarray of bool
        The distance is known, but from a point that only stands for an area.
    broad : ndarray of bool
        The offer's category lies below the need's.
    assumed : ndarray of bool
        Rests on an assumed capacity or an assumed reach.
    feasible : ndarray of bool
        False for pairs that are in the graph only because they were promised.
    offer_row : ndarray of int32
        The offer behind the edge: the edge's own, or the one by which a unit may take a project at
        its least cost; -1 where a promise has none.
    """

    distance_m: Floats
    estimate: Bools
    broad: Bools
    assumed: Bools
    feasible: Bools
    offer_row: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Promises:
    """What claims settle before anything is solved.

    Attributes
    ----------
    refused_need, refused_offer : ndarray of int64
        Pairs that were declined, as need rows and offer rows, sorted; for a project every offer of the unit.
    reserved : ndarray of int64
        Places of each graph offer that claims hold beside the needs of this match.
    unit_reserved : ndarray of int64
        The same for each unit.
    overpromised : tuple of dict
        JSON values: `warning`, `kind` (need, project, offer, unit), `id`, `places` promised, `available`.
    outside : tuple of dict
        Promises for which the unit has no offer that fits: `claim`, `need`, `unit`, `places`.
    """

    refused_need: Ints
    refused_offer: Ints
    reserved: Ints
    unit_reserved: Ints
    overpromised: tuple[dict[str, Any], ...] = ()
    outside: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """Everything that one match of one measure needs.

    Attributes
    ----------
    snapshot, rules, measure : Snapshot, Rules, str
        `places`, or `yuan` for money.
    graph : CandidateGraph
        What `solve` takes, projects and promises included, labelled with ids.
    demand, supply, pairs : Demand, Supply, Pairs
        Facts of its needs, offers and edges.
    unit_ids : ndarray of object
        The parties that offer, one for each unit row of the graph.
    fits : ndarray of int8, shape (need classes, offer classes)
        2 where categories fit exactly and tags suffice, 1 broadly, 0 not at all.
    promises : Promises
    schedules : Schedules
        Answers whether two rows share 30 minutes.
    areas : AreaTree
        The nesting of areas.

    See Also
    --------
    matcher.steps.steps : which offers a need loses at each step of the contract.
    """

    snapshot: Snapshot
    rules: Rules
    measure: Measure
    graph: CandidateGraph
    demand: Demand
    supply: Supply
    pairs: Pairs
    unit_ids: Texts
    fits: NDArray[np.int8]
    promises: Promises
    schedules: Schedules
    areas: AreaTree
