"""Why places are unserved: one reason for each, the first of the contract's list that holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from graph.taxonomy import REASONS
from matcher.instance import Bools, Floats, Instance, Ints, Texts
from matcher.shortages import Shortages, find_shortages, no_shortages
from matcher.sieve import STAGES, Sieve
from matcher.solution import Solution

NO_CAPACITY: Final = REASONS.index("no_capacity")
HELD_BY_RULE: Final = REASONS.index("held_by_rule")

WHOLE: Final = "whole"
"""The one rule that can hold places back so far: a need that may not be split."""

_REASON_OF_STAGE: Final = {
    "category": "no_capable_unit",
    "people": "no_capable_unit",
    "tags": "no_capable_unit",
    "party": "no_capable_unit",
    "place": "unknown_place",
    "reach": "out_of_reach",
    "time": "wrong_time",
    "refused": "refused",
}


@dataclass(frozen=True, slots=True, eq=False)
class Reasons:
    """Why the places of each need row are unserved; arrays are as long as the graph has needs.

    Attributes
    ----------
    unserved : ndarray of int64
        Places wanted and not served; never below zero.
    reason : ndarray of int64
        Index into `REASONS` of the first reason that holds for some unserved place; -1 where all is served.
    held : ndarray of int64
        Places held by a rule (`WHOLE`); all others have the row's one other reason.
    missing : ndarray of object
        For `no_capable_unit` what no offer has, of those that have all before it: `category`, `measure`,
        `people`, `tags` or `party` (another party's); None elsewhere.
    offer : ndarray of int64
        The nearest offer that passed all steps before the one that failed (for `refused`, all but refusal);
        -1 where there is none.
    distance_m : ndarray of float64
        Of that offer; NaN where nobody knows.
    assumed : ndarray of bool
        An offer was only lost because its reach, which nobody stated, is taken to be too short.
    of_needs, of_projects : Shortages
        Certificates, needs and projects each for themselves.
    """

    unserved: Ints
    reason: Ints
    held: Ints
    missing: Texts
    offer: Ints
    distance_m: Floats
    assumed: Bools
    of_needs: Shortages
    of_projects: Shortages

    def by_reason(self, need: int) -> Iterator[tuple[str, int]]:
        """Reasons of a row's unserved places with their numbers, in the contract's order."""
        rest = int(self.unserved[need] - self.held[need])
        if rest:
            yield REASONS[self.reason[need]], rest
        if self.held[need]:
            yield REASONS[HELD_BY_RULE], int(self.held[need])


def find_reasons(instance: Instance, solution: Solution, *, needs: Ints | None = None) -> Reasons:
    """Give every unserved place of an assignment its reason.

    Parameters
    ----------
    instance : Instance
    solution : Solution
        Of the instance's graph; optimal ones leave nothing unserved that could be served.
    needs : ndarray of int64, optional
        Need rows to look at; all others are left out, as if all of them were served.
    """
    graph, is_project = instance.graph, instance.demand.is_project
    unserved = np.maximum(graph.need_quantity - solution.served, 0)
    if needs is not None:
        unserved[np.setdiff1d(np.arange(len(unserved)), needs)] = 0
    reachable = np.zeros(len(unserved), dtype=bool)
    reachable[graph.edge_need[instance.pairs.feasible]] = True
    short = reachable & (unserved > 0)
    of_needs, of_projects = (
        find_shortages(instance, solution, projects=kind)
        if (short & (is_project == kind)).any()
        else no_shortages(instance)
        for kind in (False, True)
    )
    held = np.where(short, of_needs.held_by_whole + of_projects.held_by_whole, 0)
    reason = np.full(len(unserved), -1)
    reason[short] = np.where(unserved > held, NO_CAPACITY, HELD_BY_RULE)[short]
    missing = np.full(len(unserved), None, dtype=object)
    offer, distance_m = np.full(len(unserved), -1), np.full(len(unserved), np.nan)
    assumed = np.zeros(len(unserved), dtype=bool)
    lost = np.flatnonzero(~reachable & (unserved > 0))
    if len(lost):
        sieve = Sieve(instance)
        sifted = sieve.sift_needs(lost)
        names = np.array([REASONS.index(_REASON_OF_STAGE[stage]) for stage in STAGES])
        reason[lost] = names[sifted.stage]
        offer[lost], distance_m[lost], assumed[lost] = sifted.other, sifted.distance_m, sifted.assumed
        missing[lost] = _missing(sieve, lost, sifted.stage)
    return Reasons(unserved, reason, held, missing, offer, distance_m, assumed, of_needs, of_projects)


def _missing(sieve: Sieve, needs: Ints, stage: Ints) -> Texts:
    """What rows without a capable unit lack, None for the others."""
    instance = sieve.instance
    names = np.array([*STAGES[: STAGES.index("place")], None], dtype=object)
    missing = names[np.minimum(stage, STAGES.index("place"))]
    without = np.flatnonzero(missing == "category")
    kind = instance.demand.fit_class[needs[without]] * 2 + instance.demand.is_project[needs[without]]
    for some in np.unique(kind).tolist():
        rows = without[kind == some]
        if sieve.is_offered_elsewhere(int(needs[rows[0]])):
            missing[rows] = "measure"
    return np.asarray(missing, dtype=object)
