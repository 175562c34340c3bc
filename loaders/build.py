"""From checked rows to records: ids derived or kept unique, equal rows numbered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import replace
from datetime import date
from typing import Any, Final

from graph.model import PARTY_TABLES, TABLES, Area, Record
from loaders.aliases import alias_identity
from loaders.cells import split_list
from loaders.columns import table_columns
from loaders.frame import Frame, ListSource
from loaders.identity import (
    COMPONENTS,
    derive_id,
    derive_name_id,
    identity_text,
    is_pseudonym,
    pseudonym,
)
from loaders.known import Known
from loaders.problems import fault
from loaders.references import Directory
from loaders.resolve import Resolver
from loaders.tied import foreign_claims

_NAMED: Final = frozenset({"offers", "needs", "projects", "claims"})
_REFERRING: Final = frozenset({"claims", "services", "bookings"})


class Builder:
    """Makes the records of one source, in the order of `graph.model.TABLES`.

    Parameters
    ----------
    known : Known
        What was loaded before.
    tables_brought : set of str
        Tables that the source has a list of: what matches nothing in these is refused, else drafted.
    """

    def __init__(self, known: Known, tables_brought: frozenset[str]) -> None:
        self.directory = Directory(known)
        self.records: dict[str, list[Record]] = {table: [] for table in TABLES}
        self.resolver = Resolver(self.directory, tables_brought)
        self.present: dict[str, set[str]] = {}
        self.outlined = 0
        self._known = known
        self._brought = tables_brought
        self._rows: dict[str, dict[str, int]] = {table: {} for table in TABLES}
        self._repeats: dict[str, dict[str, list[int]]] = {table: {} for table in TABLES}
        self._sources: dict[str, list[ListSource]] = {table: [] for table in TABLES}
        self._source_of: dict[tuple[str, int], ListSource] = {}
        self._refused_ids: Counter[tuple[str, str]] = Counter()
        self._pseudonyms: dict[int, tuple[ListSource, int, int]] = {}

    def register(self, frame: Frame) -> None:
        """Let rows of a table of parties be found by name before any reference is resolved."""
        ids = self._ids(frame, frozenset())
        for position, record_id in enumerate(ids):
            name = frame.text("name")[position]
            if position in frame.refused:
                self.directory.add_refused(frame.table, record_id, name, frame.rows[position])
            else:
                level = frame.column("level")[position] or ""
                self.directory.add_own(frame.table, record_id, name, level)

    def add(self, frame: Frame) -> None:
        """Resolve a frame's references and make records of its good rows."""
        anonymous = self.resolver.resolve(frame)
        ids = self._ids(frame, anonymous)
        self._count_anonymous(frame, anonymous)
        table, seen, records = frame.table, self._rows[frame.table], self.records[frame.table]
        written = frame.column("id")
        make = self._maker(frame)
        for position, record_id in enumerate(ids):
            if position in frame.refused:
                continue
            first = seen.get(record_id)
            if first is not None and (written[position] is not None or table == "categories"):
                column = "id" if table != "categories" else "list_category"
                frame.report(position, column, fault("id_duplicate", first=str(records[first].list_row)))
                continue
            if position in anonymous:
                frame.values["party"][position] = pseudonym(record_id)
            index = len(records)
            records.append(make(position, record_id))
            if first is None:
                seen[record_id] = index
            else:
                self._repeats[table].setdefault(record_id, [first]).append(index)
            self._source_of[table, index] = frame.source
        self._after(frame, ids)

    def _after(self, frame: Frame, ids: Sequence[str]) -> None:
        """Remember refused rows; let good ones be found."""
        table = frame.table
        names = frame.text("name") if "name" in frame.texts else frame.text("title")
        for position in frame.refused:
            self._refused_ids[table, ids[position]] += 1
            self.present.setdefault(table, set()).update(self.directory.ids_named(table, names[position]))
            if table in PARTY_TABLES:
                self.directory.refuse(table, ids[position], names[position], frame.rows[position])
            else:
                self.directory.add_refused(table, ids[position], names[position], frame.rows[position])
        if table in PARTY_TABLES or (table in _NAMED and not self._brought.isdisjoint(_REFERRING)):
            above = {"offers": "unit", "needs": "party"}.get(table, "parent")
            parents, places = frame.column(above), frame.column("area")
            levels = frame.column("level")
            for position, record_id in enumerate(ids):
                if position not in frame.refused:
                    parent = parents[position] or places[position]
                    self.directory.add(table, record_id, names[position], parent, levels[position] or "")

    def set_outline(self, area_id: str, outline: str) -> None:
        """Set the outline of an area of the source, of one made for it, or of one known before."""
        for records in (self.records["areas"], self.resolver.made):
            for index, record in enumerate(records):
                if isinstance(record, Area) and record.id == area_id:
                    records[index] = replace(record, outline=outline)
                    return
        self.resolver.made.append(replace(self._known.areas[area_id], outline=outline))
        self.outlined += 1

    def refused_row(self, table: str, record_id: str) -> int | None:
        """Row of a record that was refused, None if it wasn't."""
        return self.directory.refused_row(table, record_id)

    def take_out(self, table: str, record: Record) -> ListSource:
        """Refuse a party after all; gives the list that it came from."""
        index = next(i for i, other in enumerate(self.records[table]) if other is record)
        source = self._source_of[table, index]
        remaining = [(other, self._source_of.pop((table, i))) for i, other in enumerate(self.records[table])]
        kept = [item for item in remaining if item[0] is not record]
        self.records[table] = [other for other, _ in kept]
        self._source_of.update({(table, i): origin for i, (_, origin) in enumerate(kept)})
        self._rows[table] = {other.id: i for i, (other, _) in reversed(list(enumerate(kept)))}
        self._repeats[table] = {}
        for i, (other, _) in enumerate(kept):
            first = self._rows[table][other.id]
            if first != i:
                self._repeats[table].setdefault(other.id, [first]).append(i)
        self.present.setdefault(table, set()).add(record.id)
        self.directory.refuse(table, record.id, getattr(record, "name", ""), record.list_row)
        return source

    def _maker(self, frame: Frame) -> Callable[[int, str], Record]:
        record_type = TABLES[frame.table]
        columns = table_columns(frame.table)
        fields = [
            (columns[name].field if name in columns else name, values)
            for name, values in frame.values.items()
        ]
        fields = [(name, values) for name, values in fields if name != "id"]
        names = [name for name, _ in fields]
        rows = list(zip(*(values for _, values in fields), strict=True)) if fields else [()] * len(frame.rows)
        party = names.index("party") if frame.table == "needs" and "party" in names else None
        outlines = self._known.areas if frame.table == "areas" and "outline" not in frame.values else {}

        def make(position: int, record_id: str) -> Record:
            given = {
                name: value for name, value in zip(names, rows[position], strict=True) if value is not None
            }
            if party is not None:
                value = frame.values["party"][position]
                if value is not None:
                    given["party"] = value
            if record_id in outlines and outlines[record_id].outline is not None:
                given["outline"] = outlines[record_id].outline
            notes = frame.notes[position]
            return record_type(
                id=record_id,
                notes=tuple(sorted(notes.items())) if notes else (),
                list_name=frame.list_name,
                list_row=frame.rows[position],
                **given,
            )

        return make

    # -- ids ---------------------------------------------------------------------------------------

    def _ids(self, frame: Frame, anonymous: Set[int]) -> list[str]:
        """Written ids, else derived ones."""
        if frame.table == "categories":
            return [heading or "" for heading in frame.text("list_category")]
        written = frame.column("id")
        if None not in written:
            return written
        parts = [(name, self._identity(frame, name, anonymous)) for name in COMPONENTS if name in frame.texts]
        if "category" not in frame.texts and "list_category" in frame.texts:
            parts.append(("category", self._identity(frame, "category", anonymous)))
            parts.sort(key=lambda part: COMPONENTS.index(part[0]))
        names = [name for name, _ in parts]
        rows = list(zip(*(texts for _, texts in parts), strict=True)) if parts else [()] * len(frame.rows)
        ids = []
        for own, row in zip(written, rows, strict=True):
            if own is not None:
                ids.append(own)
            else:
                ids.append(derive_id(frame.table, [(n, t) for n, t in zip(names, row, strict=True) if t]))
        if frame.table in ("units", "areas"):
            self._adopt_drafts(frame, ids)
        return ids

    def _identity(self, frame: Frame, name: str, anonymous: Set[int]) -> list[str]:
        """What a column adds to derived ids: its meaning where no store is needed for it, else its text."""
        texts, values = frame.text(name), frame.column(name)
        if name == "category":
            headings = (f"大类:{heading}" if heading else "" for heading in frame.text("list_category"))
            return [
                (value or identity_text(text)) if text else identity_text(heading)
                for text, value, heading in zip(texts, values, headings, strict=True)
            ]
        if name == "written":
            kinds = frame.column("kind")
            return [alias_identity(kind or "", text) for kind, text in zip(kinds, texts, strict=True)]
        if name in ("lon", "lat"):
            return [f"{value:.7f}" if value is not None else "" for value in values]
        if name in ("valid_from", "valid_to", "from", "to"):
            return [value.isoformat() if isinstance(value, date) else "" for value in values]
        if name == "parties":
            return ["\x1d".join(sorted(map(identity_text, split_list(text)))) for text in texts]
        if name == "party" and frame.table == "needs":
            return [
                "" if position in anonymous or is_pseudonym(text) else identity_text(text)
                for position, text in enumerate(texts)
            ]
        return [identity_text(text) if text else "" for text in texts]

    def _adopt_drafts(self, frame: Frame, ids: list[str]) -> None:
        """A unit or area that was a draft before takes the draft's id, and so replaces it."""
        written, names = frame.column("id"), frame.text("name")
        times = Counter(map(identity_text, names))
        for position, record_id in enumerate(ids):
            name = names[position]
            if written[position] is None and name and times[identity_text(name)] == 1:
                draft_id = derive_name_id(frame.table, name)
                was_known = self.directory.was_known
                if was_known(frame.table, draft_id) and not was_known(frame.table, record_id):
                    ids[position] = draft_id

    # -- at the end --------------------------------------------------------------------------------

    def _count_anonymous(self, frame: Frame, anonymous: Iterable[int]) -> None:
        for position in sorted(anonymous):
            if position not in frame.refused:
                key = id(frame.source)
                source, row, count = self._pseudonyms.get(key, (frame.source, frame.rows[position], 0))
                self._pseudonyms[key] = (source, row, count + 1)

    def finish(self) -> None:
        """Number equal rows, say how many parties are pseudonyms, and what `--replace` must keep."""
        self._check_claims()
        for source, row, count in self._pseudonyms.values():
            source.locate(fault("party_pseudonym", count=str(count)), row=row, column="party")
        for table, repeats in self._repeats.items():
            for record_id, indexes in repeats.items():
                self._number(table, record_id, indexes)
        for (table, record_id), count in self._refused_ids.items():
            last = 1 + count + len(self._repeats[table].get(record_id, ()))
            self.present.setdefault(table, set()).update(
                [record_id, *(f"{record_id}-{n}" for n in range(2, last + 1))]
            )

    def _check_claims(self) -> None:
        for index, by, provider in foreign_claims(self.records, self.directory, self._known.groups):
            row = self.records["claims"][index].list_row
            found = fault("claim_not_provider", heading=provider)
            self._source_of["claims", index].locate(found, row=row, column="by", found=by)

    def _number(self, table: str, record_id: str, indexes: list[int]) -> None:
        records = self.records[table]
        ordered = sorted(indexes, key=lambda index: _remaining_cells(records[index]))
        number = 1
        for index in ordered[1:]:
            number += 1
            while f"{record_id}-{number}" in self._rows[table]:
                number += 1
            new_id = f"{record_id}-{number}"
            self._rows[table][new_id] = index
            record = records[index]
            changes: dict[str, Any] = {"id": new_id}
            if is_pseudonym(getattr(record, "party", None) or ""):
                changes["party"] = pseudonym(new_id)
            records[index] = replace(record, **changes)
            found = fault("equal_rows", first=str(records[ordered[0]].list_row))
            self._source_of[table, index].locate(found, row=record.list_row)


def _remaining_cells(record: Record) -> tuple[str, ...]:
    """What orders equal rows: everything but where they stood, serial numbers last."""
    party = getattr(record, "party", None) or ""
    hidden: dict[str, Any] = {"party": None} if is_pseudonym(party) else {}
    shown = replace(record, notes=(), list_name="", list_row=0, **hidden)
    notes = [note for note in record.notes if note[0] != "serial"]
    serial = [value for name, value in record.notes if name == "serial"]
    return repr(shown), repr(notes), "".join(serial).zfill(12), f"{record.list_row:09d}"
