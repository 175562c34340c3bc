"""Names and facts of the records that results speak of, looked up in a snapshot many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from graph.model import PARTY_TABLES

if TYPE_CHECKING:
    from graph.snapshot import Snapshot


class Naming:
    """What the targets, offers and parties of some rows of `linli assignments` are called.

    Parameters
    ----------
    snapshot : Snapshot
    rows : iterable of mapping
        Rows with `need` or `project`, `offer` and `unit`.
    """

    def __init__(self, snapshot: Snapshot, rows: Iterable[Mapping[str, Any]]) -> None:
        self._records: dict[tuple[str, str], Any] = {}
        listed = list(rows)
        wanted = {
            "needs": {row["need"] for row in listed if row.get("need")},
            "projects": {row["project"] for row in listed if row.get("project")},
            "offers": {row["offer"] for row in listed if row.get("offer")},
        }
        units = {row["unit"] for row in listed}
        for table, ids in {**wanted, **dict.fromkeys(PARTY_TABLES, units)}.items():
            found = snapshot.rows_of(table, sorted(ids))
            for record in snapshot.records(table, found[found >= 0].tolist()):
                self._records[table, record.id] = record
        self._areas = {record.id: record for record in snapshot.records("areas")}

    def target(self, row: Mapping[str, Any]) -> Any:
        """The need or project of a row."""
        is_need = bool(row.get("need"))
        return self._records["needs" if is_need else "projects", row["need"] if is_need else row["project"]]

    def party(self, party: str) -> Any:
        """A party's record, None for one that is no record."""
        return next((found for table in PARTY_TABLES if (found := self._records.get((table, party)))), None)

    def party_name(self, party: str) -> str:
        """A party's name, its id where it has none."""
        return str(getattr(self.party(party), "name", "") or party)

    def area(self, target: Any) -> Any:
        """The area of a need or project: its own, else its party's where that is an area; None if unknown."""
        return self._areas.get(target.area or "") or self._areas.get(getattr(target, "party", None) or "")

    def title(self, target: Any, offer: str | None = None) -> str:
        """What a need or project is called: its title, else the offer's, else its category, else its id."""
        own = getattr(target, "title", "") or getattr(target, "name", "")
        given = self._records.get(("offers", offer)) if offer else None
        return str(own or getattr(given, "title", "") or category_name(target) or target.id)


def category_name(target: Any, language: str = "zh") -> str | None:
    """The name of a need's or project's category, or the list's own heading."""
    from graph.taxonomy import OTHER, words

    if target.category in (None, OTHER) and target.list_category:
        return str(target.list_category)
    entry = words()["categories"].get(target.category or "")
    return str(entry[language]) if entry else target.category
