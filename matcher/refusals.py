"""Who refused what, and with which reason."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np

from matcher.instance import Instance
from matcher.promises import claims_between

Json = dict[str, Any]


class Refusals:
    """The declined claims of an instance's round, by need row and unit.

    Parameters
    ----------
    instance : Instance
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    def list(self, needs: Iterable[int]) -> list[Json]:
        """Units whose offers were refused for some need rows: `unit`, and `why` as far as claims say so."""
        instance = self._instance
        found: dict[tuple[str, str], None] = {}
        listed = instance.promises.refused_need
        for need in needs:
            start, end = np.searchsorted(listed, [need, need + 1])
            for offer in instance.promises.refused_offer[start:end].tolist():
                unit = instance.unit_ids[instance.supply.unit[offer]]
                found[unit, self.why(need, offer)] = None
        return [{"unit": unit, "why": why} for unit, why in sorted(found)]

    def why(self, need: int, offer: int) -> str:
        """The reason that the claim behind a refused pair gives; empty where it gives none."""
        demand, supply = self._instance.demand, self._instance.supply
        table, name = "projects" if demand.is_project[need] else "needs", demand.ids[need]
        keys = (
            (table, name, "offer", supply.ids[offer]),
            (table, name, "unit", self._instance.unit_ids[supply.unit[offer]]),
            ("offers", supply.ids[offer], "unit", demand.party[need]),
        )
        return next((self._whys[key] for key in keys if key in self._whys), "")

    @cached_property
    def _whys(self) -> dict[tuple[str, str, str, str | None], str]:
        """Reasons of declined claims by target, and by the offer they name or the party that made them."""
        period = self._instance.rules.period
        whys: dict[tuple[str, str, str, str | None], str] = {}
        for claim in claims_between(self._instance.snapshot, period.first, period.last):
            if claim.status != "declined":
                continue
            names_offer = bool(claim.offer) and claim.target_table == "needs"
            key = ("offer", claim.offer) if names_offer else ("unit", claim.by)
            whys.setdefault((claim.target_table, claim.target, *key), claim.why)
        return whys
