"""A record's page: what it gives and takes, what it is tied to, what happened to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from api.services.records import record_json
from graph.model import NAMING, PARTY_TABLES, TABLES, UNLIMITED
from graph.periods import Period
from matcher.supply import count_in_round, round_capacity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.snapshot import Snapshot
    from graph.store import Round

Json = dict[str, Any]

_MOST: Final = 200
"""So many of each kind are shown."""


class Cards:
    """Makes the pages of records of one snapshot, with the assignments of one round beside them.

    Parameters
    ----------
    snapshot : Snapshot
    period : Period
        The days for which capacities are counted.
    round_ : Round, optional
        Whose assignments are shown; none where nothing was matched yet.
    """

    def __init__(self, snapshot: Snapshot, period: Period, round_: Round | None) -> None:
        self._snapshot = snapshot
        self._period = period
        self._rows: list[Json] = list(round_.results["assignments"]) if round_ is not None else []
        self._used: dict[str, int] = {}
        self._served: dict[tuple[str, str], int] = {}
        for row in self._rows:
            if row["offer"] is not None:
                self._used[row["offer"]] = self._used.get(row["offer"], 0) + row["places"]
            key = ("needs", row["need"]) if "need" in row else ("projects", row["project"])
            self._served[key] = self._served.get(key, 0) + row["places"]

    def card(self, table: str, record_id: str) -> Json:
        """A record's page without its history.

        Raises
        ------
        KeyError
            If there is no such record.
        """
        record = self._snapshot.record(table, record_id)
        if record is None:
            raise KeyError(record_id)
        fields = record_json(table, record)
        is_party = table in PARTY_TABLES
        parties = [record_id, *self._branches_in(table, record_id)]
        offers = self._offers(table, record_id)
        needs = self._needs(table, record_id, fields)
        return {
            "table": table,
            "record": fields,
            "name": self.name(table, record_id),
            "names": self._names(fields),
            "gives": [self._gives(item) for item in offers],
            "takes": [self._takes(*item) for item in needs],
            "pairings": self._holding("pairings", "parties", parties) if is_party else [],
            "branches": self._branches(table, record_id),
            "alliances": self._alliances(parties) if is_party else [],
            "claims": self._claims(table, record_id),
            "services": self._services(table, record_id),
            "assignments": self._assignments(table, record_id, {item["id"] for item in offers}, needs),
        }

    def name(self, table: str, record_id: str) -> str:
        """What a record is called; its id where it has no name."""
        row = int(self._snapshot.rows_of(table, [record_id])[0])
        field = NAMING.get(table, ("", ()))[0]
        return (str(self._snapshot.column(table, field)[row]) if row >= 0 and field else "") or record_id

    def party_name(self, party: str) -> str:
        """Name of a party of whatever table."""
        for table in PARTY_TABLES:
            if int(self._snapshot.rows_of(table, [party])[0]) >= 0:
                return self.name(table, party)
        return party

    def _names(self, fields: Mapping[str, Any]) -> dict[str, str]:
        """Names of the parties that a record's fields refer to."""
        found: dict[str, str] = {}
        for field in ("area", "parent", "unit", "party", "by", "chair", "body", "alliance"):
            if fields.get(field):
                found[fields[field]] = self.party_name(fields[field])
        for field in ("parties", "units", "reach_areas"):
            found.update({item: self.party_name(item) for item in fields.get(field) or ()})
        return found

    def _find(self, table: str, chosen: NDArray[np.bool_]) -> list[Json]:
        rows = np.flatnonzero(chosen)[:_MOST]
        return [record_json(table, record) for record in self._snapshot.records(table, rows.tolist())]

    def _equal(self, table: str, field: str, value: str) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self._snapshot.column(table, field) == value
        return found

    def _holding(self, table: str, field: str, values: list[str]) -> list[Json]:
        wanted = set(values)
        column = self._snapshot.column(table, field)
        found = self._find(
            table, np.fromiter((not wanted.isdisjoint(item) for item in column), bool, len(column))
        )
        return [{**item, "party_names": [self.party_name(party) for party in item[field]]} for item in found]

    def _branches_in(self, table: str, record_id: str) -> list[str]:
        if table != "areas":
            return []
        return [
            str(item) for item in self._snapshot.ids("branches")[self._equal("branches", "area", record_id)]
        ]

    def _offers(self, table: str, record_id: str) -> list[Json]:
        if table == "offers":
            return self._find("offers", self._equal("offers", "id", record_id))
        return self._find("offers", self._equal("offers", "unit", record_id)) if table in PARTY_TABLES else []

    def _needs(self, table: str, record_id: str, fields: Mapping[str, Any]) -> list[tuple[str, Json]]:
        if table in ("needs", "projects"):
            return [(table, dict(fields))]
        if table not in PARTY_TABLES:
            return []
        found = [("needs", item) for item in self._find("needs", self._equal("needs", "party", record_id))]
        if table == "areas":
            known = {item["id"] for _, item in found}
            here = self._find("needs", self._equal("needs", "area", record_id))
            found += [("needs", item) for item in here if item["id"] not in known]
            projects = self._find("projects", self._equal("projects", "area", record_id))
            found += [("projects", item) for item in projects]
        return found[:_MOST]

    def _gives(self, offer: Json) -> Json:
        row = self._snapshot.rows_of("offers", [offer["id"]])
        capacity, is_assumed = round_capacity(self._snapshot, row, self._period)
        known = None if bool(is_assumed[0]) else int(capacity[0])
        unlimited = offer["capacity"] == UNLIMITED
        return {
            **offer,
            "unlimited": unlimited,
            "round_capacity": None if unlimited else known,
            "counts": int(count_in_round(self._snapshot, row, self._period)[0]),
            "used": self._used.get(offer["id"], 0),
        }

    def _takes(self, table: str, item: Json) -> Json:
        return {"table": table, **item, "served": self._served.get((table, item["id"]), 0)}

    def _branches(self, table: str, record_id: str) -> list[Json]:
        if table == "units":
            return self._holding_branches(record_id)
        field = {"areas": "area", "branches": "parent"}.get(table)
        return self._find("branches", self._equal("branches", field, record_id)) if field else []

    def _holding_branches(self, unit: str) -> list[Json]:
        column = self._snapshot.column("branches", "units")
        return self._find("branches", np.fromiter((unit in item for item in column), bool, len(column)))

    def _alliances(self, parties: list[str]) -> list[Json]:
        members = self._snapshot.column("members", "party")
        found = self._find("members", np.isin(members.astype(str), parties))
        return [{**item, "alliance_name": self.name("alliances", item["alliance"])} for item in found]

    def _claims(self, table: str, record_id: str) -> list[Json]:
        chosen = self._equal("claims", "by", record_id) | self._equal("claims", "offer", record_id)
        if table in ("needs", "projects", "offers"):
            chosen |= self._equal("claims", "target", record_id) & self._equal(
                "claims", "target_table", table
            )
        if table == "claims":
            chosen = self._equal("claims", "id", record_id)
        found = self._find("claims", chosen)
        return [
            {
                **item,
                "by_name": self.party_name(item["by"]),
                "target_name": self.name(item["target_table"], item["target"]),
            }
            for item in found
            if item["target_table"] in TABLES
        ]

    def _services(self, table: str, record_id: str) -> list[Json]:
        field = {"units": "unit", "areas": "area", "alliances": "body", "claims": "claim"}.get(table)
        return self._find("services", self._equal("services", field, record_id)) if field else []

    def _assignments(
        self, table: str, record_id: str, offers: set[str], needs: list[tuple[str, Json]]
    ) -> list[Json]:
        """The round's rows that concern a record, with names."""
        wanted = {(kind, item["id"]) for kind, item in needs}
        concerns: Callable[[Json], bool]
        if table in ("units", "branches", "stations", "alliances"):

            def concerns(row: Json) -> bool:
                return row["unit"] == record_id or _target(row) in wanted

        else:

            def concerns(row: Json) -> bool:
                return (row["offer"] in offers and table == "offers") or _target(row) in wanted

        found = [row for row in self._rows if concerns(row)][:_MOST]
        return [
            {**row, "title": self.name(*_target(row)), "unit_name": self.party_name(row["unit"])}
            for row in found
        ]


def _target(row: Mapping[str, Any]) -> tuple[str, str]:
    return ("needs", row["need"]) if "need" in row else ("projects", row["project"])
