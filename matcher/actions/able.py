"""Units that could offer a category they don't offer now, as far as the lists show."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Final

import numpy as np

from graph.model import Unit
from graph.taxonomy import is_within
from matcher.instance import OFFER, Instance
from matcher.rules import PROMISED_STATES

_ALIKE: Final = 0.5
"""A kind of unit is able where so large a part of its units has an offer, and two at least."""


class AbleUnits:
    """Looks for units by what they, and others of their kind, have done.

    Parameters
    ----------
    instance : Instance
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    def find(self, category: str) -> list[Unit]:
        """Units without an open offer of the category that are able to.

        They had one, or promised such a thing, or are of a kind many of whose units (`_ALIKE`) have one.
        """
        mine, before = self._offering_of(category), self._earlier(category)
        kinds = Counter(unit.kind for unit in self._units if unit.kind)
        having = Counter(unit.kind for unit in self._units if unit.kind and unit.id in mine)
        able = {kind for kind, count in having.items() if count >= 2 and count >= _ALIKE * kinds[kind]}
        return [u for u in self._units if u.id not in mine and (u.kind in able or u.id in before)]

    def _earlier(self, category: str) -> set[str]:
        """Units with an offer of the category that isn't open now, or a promise of such a thing."""
        snapshot, top = self._instance.snapshot, category.split(".", maxsplit=1)[0]
        found = set()
        offered = (snapshot.column("offers", column) for column in ("unit", "category"))
        for unit, name in zip(*offered, strict=True):
            if is_within(str(name), top):
                found.add(str(unit))
        asked = {
            table: dict(zip(snapshot.ids(table), snapshot.column(table, "category"), strict=True))
            for table in ("needs", "projects")
        }
        columns = (snapshot.column("claims", name) for name in ("target", "target_table", "by", "status"))
        for target, table, by, status in zip(*columns, strict=True):
            name = asked.get(table, {}).get(target)
            if status in PROMISED_STATES and name and is_within(str(name), top):
                found.add(str(by))
        return found

    def _offering_of(self, category: str) -> set[str]:
        top = category.split(".", maxsplit=1)[0]
        supply = self._instance.supply
        rows = np.flatnonzero((supply.kind == OFFER) & supply.is_open & supply.of_measure)
        return {
            str(self._instance.unit_ids[supply.unit[row]])
            for row in rows.tolist()
            if is_within(str(supply.category[row]), top)
        }

    @cached_property
    def _offering(self) -> set[str]:
        supply = self._instance.supply
        rows = np.flatnonzero((supply.kind == OFFER) & supply.is_open)
        return {str(unit) for unit in self._instance.unit_ids[supply.unit[rows]].tolist()}

    def is_known(self, unit: str) -> bool:
        """Whether a unit offers something, or is a member of an alliance."""
        return unit in self._members or unit in self._offering

    @cached_property
    def _units(self) -> list[Unit]:
        snapshot, period = self._instance.snapshot, self._instance.rules.period
        rows = np.flatnonzero(snapshot.valid("units", period.first, period.last)).tolist()
        return [unit for unit in snapshot.records("units", rows) if isinstance(unit, Unit)]

    @cached_property
    def _members(self) -> set[str]:
        """Units that are members of an alliance, themselves or through a branch."""
        snapshot, period = self._instance.snapshot, self._instance.rules.period
        parties = set(
            snapshot.column("members", "party")[snapshot.valid("members", period.first, period.last)].tolist()
        )
        valid = snapshot.valid("branches", period.first, period.last)
        rows = zip(snapshot.ids("branches")[valid], snapshot.column("branches", "units")[valid], strict=True)
        return parties | {unit for branch, units in rows if branch in parties for unit in units}
