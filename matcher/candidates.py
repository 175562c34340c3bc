"""From a snapshot to the matching problem: who could serve whom, at what cost, and what is settled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.snapshot import Snapshot
from matcher.arrays import freeze
from matcher.costs import Ties, pair_costs
from matcher.demand import read_demand
from matcher.edges import Edges, Gathered, Narrow
from matcher.fitting import BROAD, NONE, Kinds, fit_table, suits
from matcher.instance import (
    ELSEWHERE,
    OFFER,
    PROJECTS,
    PROMISES,
    Bools,
    Demand,
    Instance,
    Ints,
    Pairs,
    Promises,
    Supply,
    Texts,
)
from matcher.keeping import spread_load
from matcher.locks import Locks, overpromised, place_locks
from matcher.places import AreaTree, Parties
from matcher.problem import UNLIMITED, CandidateGraph
from matcher.projects import max_claims, split_projects
from matcher.promises import (
    Reserved,
    Rows,
    Settled,
    is_listed,
    promised_places,
    read_claims,
    refused_pairs,
    reserve,
)
from matcher.reach import judge_reach
from matcher.rules import Measure, Rules
from matcher.schedules import Schedules
from matcher.search import Search, refuse_too_many
from matcher.supply import add_stand_ins, read_limits, read_supply


def candidates(snapshot: Snapshot, rules: Rules | None = None) -> CandidateGraph:
    """Give the matching problem of a snapshot: needs and projects, counted in places.

    Parameters
    ----------
    snapshot : Snapshot
    rules : Rules, optional
        By default this calendar year, broad fits allowed.

    Returns
    -------
    CandidateGraph
        Labelled with ids: `need_ids` (needs, then projects, each sorted by id; a project that shares its id
        with a need as `project:ID`), `offer_ids` (offers sorted by id, then stand-ins) and `unit_ids`.

    Raises
    ------
    TooManyPairsError
        If there are more pairs than `Rules.max_pairs`, or than the machine has memory for.
    """
    return build_instance(snapshot, rules or Rules.default()).graph


def build_instance(snapshot: Snapshot, rules: Rules, measure: Measure = "places") -> Instance:
    """Gather everything that a match of one measure needs."""
    return spread_load(_Builder(snapshot, rules, measure).build())


@dataclass(slots=True, init=False)
class _Builder:
    """Steps from a snapshot to an instance, and what they hand on."""

    snapshot: Snapshot
    rules: Rules
    measure: Measure
    tree: AreaTree
    parties: Parties
    schedules: Schedules
    demand: Demand
    supply: Supply
    unit_ids: Texts
    fits: np.ndarray
    ties: Ties
    promised: list[Settled]
    declined: list[Settled]

    def __init__(self, snapshot: Snapshot, rules: Rules, measure: Measure) -> None:
        self.snapshot, self.rules, self.measure = snapshot, rules, measure
        self.tree = AreaTree(snapshot)
        self.parties = Parties(snapshot, self.tree)
        self.schedules = Schedules(rules.period)
        self.promised, self.declined = read_claims(snapshot, rules)
        self._read_rows()
        self.ties = Ties(snapshot, rules, self.demand, self.unit_ids)

    def _read_rows(self) -> None:
        common = self.snapshot, self.rules, self.measure, self.tree, self.parties, self.schedules
        wanted, offered = Kinds(), Kinds()
        self.demand = read_demand(*common, wanted)
        taking = set(self.demand.ids[~self.demand.is_project].tolist())
        in_projects = set(self.demand.ids[self.demand.is_project].tolist())
        named, providers = [], set[str]()
        for item in self.promised:
            if item.target in {"needs": taking, "projects": in_projects}.get(item.table, ()):
                providers.add(item.by)
                named += [item.offer] if item.offer and item.table == "needs" else []
        rows = self.snapshot.rows_of("offers", named)
        self.supply, self.unit_ids = read_supply(
            *common,
            offered,
            promised=rows[rows >= 0],
            with_elsewhere=bool(self.demand.is_project.any()),
            providers=providers,
        )
        self.fits = fit_table(wanted.kinds, offered.kinds, allow_broad=self.rules.fit == "broad")

    def build(self) -> Instance:
        rows = Rows(self.demand, self.supply, self.unit_ids)
        refused = refused_pairs(self.declined, rows, self.demand)
        found, of_projects = self._find(refused)
        places = promised_places(self.promised, rows, self.demand)
        locks = place_locks(
            self.promised, places, rows, found.edges(), self.supply, self._fitting, self._price
        )
        held = reserve(self.snapshot, self.promised, rows, self.supply, self.measure, len(self.unit_ids))
        main = int((self.supply.kind == OFFER).sum())
        projects_of = np.union1d(of_projects.offer, [unit for _, unit in locks.projects]).astype(np.int64)
        loose_of = np.unique(np.array([unit for _, unit in locks.loose], dtype=np.int64))
        self._stand_in(projects_of, loose_of, locks)
        shift = len(projects_of) + len(loose_of)

        def moved(offer: NDArray[np.integer]) -> Ints:
            return np.where(offer >= main, offer + shift, offer).astype(np.int64)

        of_projects = of_projects.with_behind(moved(of_projects.behind))
        of_projects = of_projects.with_offers(main + np.searchsorted(projects_of, of_projects.offer))
        locked = dict(locks.offers)
        for need, unit in locks.projects:
            locked[need, main + int(np.searchsorted(projects_of, unit))] = 1
        for (need, unit), count in locks.loose.items():
            locked[need, main + len(projects_of) + int(np.searchsorted(loose_of, unit))] = count
        reserved = np.zeros(len(self.supply), dtype=np.int64)
        reserved[moved(np.arange(len(held.offer)))] = held.offer
        reserved[main : main + len(projects_of)] = held.unit_projects[projects_of]
        # Rows of projects come after those of needs, so that together pairs are sorted too.
        found.add(of_projects)
        return self._assemble(
            found.edges(),
            locked,
            Reserved(reserved, held.unit, held.unit_projects),
            (refused[0], moved(refused[1])),
            locks,
        )

    def _find(self, refused: tuple[Ints, Ints]) -> tuple[Gathered, Edges]:
        """Feasible pairs of needs with their costs, sorted by need and offer, and those of projects.

        See `split_projects` for the latter.
        """
        search = Search(self.demand, self.supply, self.fits, self.unit_ids, self.tree, self.schedules)
        nothing = np.empty(0, dtype=np.int64)
        none = self._edges(nothing, nothing, np.empty(0))
        of_needs, of_projects = Gathered(none), Gathered(none)
        near = everyone = 0
        for need, offer, metres in search.pairs():
            free = ~is_listed(need, offer, *refused, len(self.supply))
            found = self._edges(*(column if free.all() else column[free] for column in (need, offer, metres)))
            of_all = int(np.count_nonzero(self.supply.reach_all[found.offer]))
            near, everyone = near + len(found) - of_all, everyone + of_all
            refuse_too_many(near, everyone, self.rules)
            for gathered, part in zip(
                (of_needs, of_projects), split_projects(found, self.demand, self.supply), strict=True
            ):
                gathered.add(part)
        return of_needs, of_projects.edges()

    def _edges(self, need: Ints, offer: Ints, metres: np.ndarray) -> Edges:
        broad = np.zeros(len(need), dtype=bool)
        real = np.flatnonzero(self.supply.fit_class[offer] >= 0)
        kinds = self.demand.fit_class[need[real]], self.supply.fit_class[offer[real]]
        broad[real] = self.fits[kinds] == BROAD
        cost = pair_costs(self.demand, self.supply, self.ties, self.rules, need, offer, metres, broad)
        narrow: Narrow = offer.astype(np.int32)
        return Edges(need.astype(np.int32), narrow, cost, metres, broad, narrow)

    def _price(self, need: Ints, offer: Ints) -> Edges:
        return self._edges(
            need, offer, judge_reach(self.demand, self.supply, self.tree, need, offer).distance_m
        )

    def _fitting(self, need: int, offers: Ints) -> Ints:
        """Which of some offers fit a need in kind, for another party."""
        able = self.fits[self.demand.fit_class[need]][self.supply.fit_class[offers]] != NONE
        offers = offers[able & self.supply.is_open[offers] & self.supply.of_measure[offers]]
        needs = np.full(len(offers), need)
        return offers[suits(self.demand, self.supply, needs, offers, self.unit_ids)]

    def _stand_in(self, projects_of: Ints, loose_of: Ints, locks: Locks) -> None:
        limits = max_claims(self.snapshot, projects_of, self.unit_ids)
        given = np.zeros(len(self.unit_ids), dtype=np.int64)
        for (_, unit), count in locks.loose.items():
            given[unit] += count
        for kind, units, capacity in ((PROJECTS, projects_of, limits), (PROMISES, loose_of, given[loose_of])):
            self.supply = add_stand_ins(self.supply, kind, units, self.unit_ids, capacity, self.parties)

    def _assemble(
        self,
        feasible: Edges,
        locked_on: dict[tuple[int, int], int],
        held: Reserved,
        refused: tuple[Ints, Ints],
        locks: Locks,
    ) -> Instance:
        edges, is_feasible, locked = self._with_locks(feasible, locked_on)
        del feasible
        demand, supply = self.demand, self.supply
        count = int((supply.kind != ELSEWHERE).sum())
        unit_capacity = self._unit_capacity()
        # What is closed needs no copy.
        for column in edges.columns().values():
            freeze(column)
        graph = CandidateGraph(
            demand.quantity,
            demand.priority,
            np.clip(supply.capacity - held.offer, 0, UNLIMITED)[:count],
            edges.need,
            edges.offer,
            edges.cost,
            offer_unit=supply.unit[:count],
            unit_capacity=np.clip(unit_capacity - held.unit, 0, UNLIMITED),
            edge_capacity=self._pair_capacity(edges, is_feasible, locked),
            edge_locked=locked if locked_on else None,
            need_whole=demand.whole,
            need_ids=self._need_labels(),
            offer_ids=supply.ids[:count],
            unit_ids=self.unit_ids,
        )
        too_much = overpromised(
            demand, supply, self.unit_ids, edges, locked, held.offer, held.unit, unit_capacity
        )
        return Instance(
            snapshot=self.snapshot,
            rules=self.rules,
            measure=self.measure,
            graph=graph,
            demand=demand,
            supply=supply,
            pairs=self._pairs(edges, is_feasible),
            unit_ids=self.unit_ids,
            fits=self.fits,
            promises=Promises(*refused, held.offer[:count], held.unit, too_much, tuple(locks.outside)),
            schedules=self.schedules,
            areas=self.tree,
        )

    def _with_locks(
        self, feasible: Edges, locked_on: dict[tuple[int, int], int]
    ) -> tuple[Edges, Bools, Ints]:
        """Feasible and promised pairs, sorted; which of them are feasible; promised places."""
        offers = max(len(self.supply), 1)
        if not locked_on:
            count = len(feasible)
            return feasible, np.ones(count, dtype=bool), np.broadcast_to(np.int64(0), count)
        pairs = sorted(locked_on)
        need, offer = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        wanted, key = need * offers + offer, feasible.key(offers)
        at = np.searchsorted(key, wanted)
        beyond = np.append(key, -1)[at] != wanted
        del key
        edges, is_feasible = feasible, np.ones(len(feasible), dtype=bool)
        if beyond.any():
            edges = feasible.insert(at[beyond], self._price(need[beyond], offer[beyond]))
            is_feasible = np.insert(is_feasible, at[beyond], False)
        locked = np.zeros(len(edges), dtype=np.int64)
        locked[np.searchsorted(edges.key(offers), wanted)] = [locked_on[pair] for pair in pairs]
        freeze(locked)
        return edges, is_feasible, locked

    def _pair_capacity(self, edges: Edges, feasible: Bools, locked: Ints) -> Ints | None:
        """Pairs of projects carry one place, those only promised what is promised; None: no limits."""
        has_projects = bool(self.demand.is_project.any())
        if not has_projects and feasible.all():
            return None
        capacity = np.full(len(edges), UNLIMITED)
        if has_projects:
            capacity[self.demand.is_project[edges.need]] = 1
        capacity[~feasible] = locked[~feasible]
        freeze(capacity)
        return capacity if (capacity != UNLIMITED).any() else None

    def _pairs(self, edges: Edges, feasible: Bools) -> Pairs:
        demand, supply = self.demand, self.supply
        behind = edges.behind
        if not feasible.all():
            behind = np.where(feasible | (supply.table_row >= 0)[edges.offer], behind, np.int32(-1))
        estimate = demand.sites.estimate[edges.need]
        estimate |= supply.sites.estimate[behind]
        estimate &= ~np.isnan(edges.metres)
        assumed = supply.reach_assumed[behind]
        assumed |= supply.capacity_assumed[edges.offer]
        assumed &= feasible
        return Pairs(
            distance_m=edges.metres,
            estimate=estimate,
            broad=edges.broad,
            assumed=assumed,
            feasible=feasible,
            offer_row=behind,
        )

    def _unit_capacity(self) -> Ints:
        """Totals of units over the round; none for money, and none where nobody said."""
        if self.measure != "places":
            return np.full(len(self.unit_ids), UNLIMITED, dtype=np.int64)
        rows = self.snapshot.rows_of("units", self.unit_ids)
        totals = np.append(self.snapshot.column("units", "capacity"), np.nan)[rows]
        return read_limits(totals)

    def _need_labels(self) -> Texts:
        ids = self.demand.ids.copy()
        projects = self.demand.is_project
        needs = set(ids[~projects].tolist())
        ids[projects] = [f"project:{item}" if item in needs else item for item in ids[projects].tolist()]
        return ids
