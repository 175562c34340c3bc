"""Why pairs were chosen, held against plain loops over each need's pairs."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given

from graph.periods import Period
from graph.snapshot import Snapshot
from matcher.choices import KINDS, find_choices, split_costs
from matcher.market import Market
from matcher.match import match
from matcher.rules import Rules
from tests.towns import FIRST, LAST, few, towns

RULES = Rules(period=Period(FIRST, LAST))


class Pairs:
    """The pairs of one need as plain numbers."""

    def __init__(self, market, need):
        view, instance = market.look(need), market.instance
        offers = instance.graph.edge_offer[view.edges]
        self.edges = view.edges.tolist()
        self.flow, self.locked, self.cost = view.flow.tolist(), view.locked.tolist(), view.cost.tolist()
        self.room = view.room.tolist()
        self.able = [at for at in range(len(self.edges)) if view.feasible[at]]
        self.metres = instance.pairs.distance_m[view.edges].tolist()
        self.unit = instance.supply.unit[offers].tolist()
        self.unpaired = split_costs(instance, view.edges).unpaired.tolist()
        self.extra = list(zip(view.extra.level.tolist(), view.extra.cost.tolist(), strict=True))

    def far(self, at):
        return (math.isnan(self.metres[at]), self.metres[at] if not math.isnan(self.metres[at]) else 0, at)

    def first(self, rows, key):
        return self.edges[min(rows, key=key)] if rows else -1

    def kind(self, at):
        if self.locked[at] == self.flow[at]:
            return "promised"
        if len(self.able) == 1:
            return "only"
        nearer = [i for i in self.able if self.metres[i] < self.metres[at] and self.room[i] > 0]
        if not math.isnan(self.metres[at]) and not nearer:
            return "nearest_with_room"
        if nearer and self.unpaired[at] == 0 and all(self.unpaired[i] > 0 for i in nearer):
            return "pairing"
        cheapest = self.cost[at] == min(self.cost[i] for i in self.able)
        return "cheapest_overall" if cheapest else "not_nearest"

    def runner_up(self, at):
        others = [i for i in self.able if self.unit[i] != self.unit[at] and not self.flow[i]]
        return self.first(others, lambda i: (*self.extra[i], *self.far(i)))


@few
@given(towns(offers=14, pairings=6))
def test_choices_are_what_loops_over_the_pairs_find(records):
    made = match(Snapshot.from_records(records), RULES)
    for part in (made.places, made.money):
        if part is None:
            continue
        market = Market(part)
        needs = np.flatnonzero(part.solution.served > 0)
        choices = find_choices(market, needs)
        assert choices.edges.tolist() == np.flatnonzero(part.solution.flow > 0).tolist()
        for row, edge in enumerate(choices.edges.tolist()):
            pairs = Pairs(market, int(part.instance.graph.edge_need[edge]))
            at = pairs.edges.index(edge)
            assert KINDS[choices.kind[row]] == pairs.kind(at)
            assert choices.runner_up[row] == pairs.runner_up(at)
            assert choices.nearest[row] == pairs.first(pairs.able, pairs.far)


@few
@given(towns())
def test_the_terms_of_a_cost_add_up_to_it(records):
    instance = match(Snapshot.from_records(records), RULES).places.instance
    edges = np.arange(instance.graph.edge_count)
    terms = split_costs(instance, edges)
    total = terms.metres + terms.other_subdistrict + terms.broad + terms.unpaired
    assert (total == instance.graph.edge_cost).all()
    assert set(terms.unpaired[instance.pairs.feasible].tolist()) <= {0, RULES.unpaired_m}
