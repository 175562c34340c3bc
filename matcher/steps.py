"""Why an offer may not serve a need: the steps of the contract, for one need and all offers at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.fitting import BROAD, NONE, suits
from matcher.instance import OFFER, Bools, Floats, Instance, Ints
from matcher.promises import is_listed
from matcher.reach import judge_reach
from matcher.search import meet


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """What each step says about each offer, on its own; all arrays are as long as `offers`.

    Attributes
    ----------
    offers : ndarray of int64
        Offer rows looked at: every real offer (no stand-ins), for a project those of any measure.
    fit : ndarray of bool
        Open in the round, another party's, and fitting in category, measure, people and tags.
    broad : ndarray of bool
        The category fits only broadly.
    place_known : ndarray of bool
        The reach can be judged: it needs no place, or both places are known well enough.
    reach : ndarray of bool
    time : ndarray of bool
        Both share 30 minutes on a day of the round on which both are valid.
    free : ndarray of bool
        The pair was not declined.
    distance_m : ndarray of float64
        NaN where nobody knows.
    """

    offers: Ints
    fit: Bools
    broad: Bools
    place_known: Bools
    reach: Bools
    time: Bools
    free: Bools
    distance_m: Floats

    def left(self) -> dict[str, Bools]:
        """Offers left after each step, by the reason that holds where none is left."""
        after: dict[str, Bools] = {}
        rest = np.ones(self.offers.size, dtype=bool)
        for reason, passes in (
            ("no_capable_unit", self.fit),
            ("unknown_place", self.place_known),
            ("out_of_reach", self.reach),
            ("wrong_time", self.time),
            ("refused", self.free),
        ):
            rest = rest & passes
            after[reason] = rest
        return after

    def reason(self) -> str | None:
        """The first reason that leaves no offer, or None if some offer may serve the need."""
        return next((reason for reason, rest in self.left().items() if not rest.any()), None)


def steps(instance: Instance, need: int) -> Steps:
    """Judge every offer for one need row (a need's or a project's)."""
    demand, supply = instance.demand, instance.supply
    of_project = bool(demand.is_project[need])
    real = supply.table_row >= 0
    offers = np.flatnonzero(real if of_project else real & (supply.kind == OFFER))
    needs = np.full(len(offers), need)
    kinds = instance.fits[demand.fit_class[need]][supply.fit_class[offers]]
    fit = (kinds != NONE) & supply.is_open[offers]
    if not of_project:
        fit &= supply.of_measure[offers]
    fit &= suits(demand, supply, needs, offers, instance.unit_ids)
    reach = judge_reach(demand, supply, instance.areas, needs, offers)
    listed = instance.promises.refused_need, instance.promises.refused_offer
    return Steps(
        offers=offers,
        fit=fit,
        broad=kinds == BROAD,
        place_known=reach.known,
        reach=reach.reached,
        time=meet(demand, supply, instance.schedules, needs, offers),
        free=~is_listed(needs, offers, *listed, len(supply)),
        distance_m=reach.distance_m,
    )
