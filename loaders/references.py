"""References: finding the record that an id or a name stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from graph import taxonomy
from graph.model import PARTY_TABLES, TABLES
from loaders.identity import PREFIXES, derive_name_id, identity_text
from loaders.known import Known
from loaders.nearest import closest_name, nearest_name, nearest_words
from loaders.problems import Fault, fault

_TABLE_PREFIX: Final = {
    **{prefix: table for table, prefix in PREFIXES.items()},
    **{table: table for table in PREFIXES},
}
_NEIGHBOURHOOD: Final = re.compile(
    r"(?:社区)?(?:居民委员会|村民委员会|居委会|村委会|居委|村委|居民区|社区|生活区|小区)$"
)
_SUBDISTRICT: Final = re.compile(r"(?:街道办事处|街道|镇人民政府|镇政府|镇|乡|工业区)$")
_DISTRICT: Final = re.compile(r"(?:新区|区)$")
_BRANCH: Final = re.compile(r"(?:党支部|党总支|总支|支部|党委|党组|党小组|支部委员会|党委会|工委)$")
_MOST_PROPOSALS: Final = 500
_LEAST_NAME: Final = 2
_LONGEST_JOINED: Final = 40


@dataclass(slots=True)
class _Names:
    """Ids and names of one table."""

    parents: dict[str, str | None] = field(default_factory=dict)
    display: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, dict[str, None]] = field(default_factory=dict)
    by_core: dict[str, dict[str, None]] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)

    def add(self, record_id: str, name: str, parent: str | None, level: str | None) -> None:
        """Add a record, or rename it; `level` is given for areas, which are also found by their core."""
        old = self.display.get(record_id)
        if old is not None and old != name:
            for names, key in ((self.by_name, identity_text(old)), (self.by_core, area_core(old))):
                names.get(key, {}).pop(record_id, None)
        self.parents[record_id] = parent
        self.display[record_id] = name
        keys = [(self.by_name, identity_text(name))]
        if level is not None:
            self.levels[record_id] = level
            keys.append((self.by_core, area_core(name)))
        for names, key in keys:
            if key:
                names.setdefault(key, {})[record_id] = None


class Directory:
    """All ids and names that a list may refer to: those known before, and the source's own.

    Parameters
    ----------
    known : Known
        What was loaded before.
    """

    def __init__(self, known: Known) -> None:
        self._known = known
        self._tables: dict[str, _Names] = {}
        self._found: dict[tuple[str, tuple[str, ...]], tuple[str, str] | Fault] = {}
        self._proposals = 0
        self._own: set[tuple[str, str]] = set()
        self._known_ids: dict[str, frozenset[str]] = {}

    def add(self, table: str, record_id: str, name: str, parent: str | None = None, level: str = "") -> None:
        """Let a record be found by its id and its name; an area also by its name without its suffix."""
        self._names(table).add(record_id, name, parent, level if table == "areas" else None)
        self._found.clear()

    def add_own(self, table: str, record_id: str, name: str, level: str = "") -> None:
        """Add a record of this source, unless another of the source has its id already."""
        if (table, record_id) not in self._own:
            self._own.add((table, record_id))
            self.add(table, record_id, name, level=level)

    def was_known(self, table: str, record_id: str) -> bool:
        """Whether a table had an id before this source."""
        known = self._known_ids.get(table)
        if known is None:
            known = self._known_ids[table] = frozenset(row[0] for row in self._known.names.get(table, ()))
        return record_id in known

    def add_refused(self, table: str, record_id: str, name: str, row: int) -> None:
        """Remember a row that was refused, so that references to it say so."""
        names = self._names(table)
        keys = [record_id, identity_text(name)]
        if table == "areas":
            keys.append(area_core(name))
        for key in keys:
            if key:
                names.refused.setdefault(key, row)

    def refused_row(self, table: str, record_id: str) -> int | None:
        """Row of a refused record by its id, None if none was refused."""
        return self._names(table).refused.get(record_id)

    def refuse(self, table: str, record_id: str, name: str, row: int) -> None:
        """Take back a record whose row was refused after all, unless it was known before."""
        names = self._names(table)
        self.add_refused(table, record_id, name, row)
        if not self.was_known(table, record_id):
            names.display.pop(record_id, None)
            names.by_name.get(identity_text(name), {}).pop(record_id, None)
            names.by_core.get(area_core(name), {}).pop(record_id, None)
            self._found.clear()

    def knows(self, table: str, record_id: str) -> bool:
        """Whether a table has an id, from before or from this source."""
        return record_id in self._names(table).display

    def name_of(self, table: str, record_id: str) -> str:
        """Name of a record, or its id if it has none."""
        return self._names(table).display.get(record_id) or record_id

    def is_name(self, text: str, tables: Iterable[str]) -> bool:
        """Whether any record of some tables has a text as its id or name."""
        return bool(self._hits(text, tables))

    def parent_of(self, table: str, record_id: str) -> str | None:
        """What a record hangs below: an area's or branch's parent, a unit's area, an offer's unit."""
        return self._names(table).parents.get(record_id)

    def is_below(self, table: str, record_id: str, above: str) -> bool:
        """Whether a record hangs below another, over any number of steps."""
        return self._lies_below(table, record_id, {above})

    def ids_named(self, table: str, name: str) -> list[str]:
        """Ids of a table's records of exactly that name."""
        return list(self._names(table).by_name.get(identity_text(name), ()))

    def find(self, text: str, tables: tuple[str, ...]) -> tuple[str, str] | Fault:
        """The table and id that a text stands for: an id, a name, `project:12`, or `parent/name`.

        Gives a fault if none or several records of the tables answer to it. A name that stands for a
        draft and for a full record means the full one; an alias helps where no single full record answers.
        """
        key = (text, tables)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._find(text, tables)
        return found

    def _find(self, text: str, tables: tuple[str, ...]) -> tuple[str, str] | Fault:
        hits = self._look_up(text, tables)
        if len(hits) != 1 or self._is_draft(*hits[0]):
            aliases = self._known.aliases.names
            alias = aliases.get(identity_text(text)) or (
                aliases.get(area_core(text)) if "areas" in tables else None
            )
            meant = self._look_up(alias, tables) if alias is not None else []
            if len(meant) == 1:
                return meant[0]
        if len(hits) == 1:
            return hits[0]
        return self._ambiguous(hits) if hits else self._unknown(text, tables)

    def _look_up(self, text: str, tables: tuple[str, ...]) -> list[tuple[str, str]]:
        """Records of some tables that answer to a text, without those that it hardly means."""
        hits = self._hits(text, tables)
        if not hits:
            prefix, colon, rest = text.replace("：", ":").partition(":")
            table = table_of_word(prefix) if colon else None
            if table in tables:
                hits = self._hits(rest.strip(), (table,)) or self._hits_below(rest.strip(), (table,))
        hits = hits or self._hits_below(text, tables) or self._hits_joined(text, tables)
        if len(hits) > 1:
            hits = [hit for hit in hits if not self._is_draft(*hit)] or hits
            hits = [hit for hit in hits if not self._is_repeat(hit, hits)]
        return hits

    def _hits(self, text: str, tables: Iterable[str]) -> list[tuple[str, str]]:
        """Records of exactly that id, else of that name, else areas of that name but for its suffix."""
        tables = tuple(tables)
        by_id = [(table, text) for table in tables if text in self._names(table).display]
        if by_id:
            return by_id
        key = identity_text(text)
        named = [(table, hit) for table in tables for hit in self._names(table).by_name.get(key, ())]
        if named or "areas" not in tables:
            return named
        return [("areas", hit) for hit in self._area_variants(text)]

    def _hits_below(self, text: str, tables: tuple[str, ...]) -> list[tuple[str, str]]:
        """Records of a name below a parent or in an area: `梧桐/党支部`."""
        for slash in ("/", "／", ">"):
            above, found, name = text.rpartition(slash)
            if found and above.strip() and name.strip():
                tops = {hit for _table, hit in self._hits(above.strip(), TABLES)}
                hits = self._hits(name.strip(), tables)
                return [(table, hit) for table, hit in hits if self._lies_below(table, hit, tops)]
        return []

    def _hits_joined(self, text: str, tables: tuple[str, ...]) -> list[tuple[str, str]]:
        """Records of a name written right behind that of what they lie below: 甲街道新村."""
        if len(text) > _LONGEST_JOINED:
            return []
        for length in range(len(text) - _LEAST_NAME, _LEAST_NAME - 1, -1):
            tops = {hit for _table, hit in self._hits(text[:length].strip(), ("areas", *tables))}
            if tops:
                hits = self._hits(text[length:].strip(), tables)
                below = [(table, hit) for table, hit in hits if self._lies_below(table, hit, tops)]
                if below:
                    return below
        return []

    def _lies_below(self, table: str, record_id: str, tops: set[str]) -> bool:
        seen: set[str] = set()
        current = self._names(table).parents.get(record_id)
        while current is not None and current not in seen:
            if current in tops:
                return True
            seen.add(current)
            above = self._names(table).parents.get(current)
            current = above if above is not None else self._names("areas").parents.get(current)
        return False

    def _area_variants(self, text: str) -> list[str]:
        """Areas whose official suffix differs: 梧桐, 梧桐居民区 and 梧桐居委会 are one."""
        names = self._names("areas")
        hits = names.by_core.get(area_core(text), {})
        wanted = _suffix_level(text)
        return [hit for hit in hits if not wanted or (names.levels.get(hit) or wanted) == wanted]

    def _is_draft(self, table: str, record_id: str) -> bool:
        return record_id == derive_name_id(table, self._names(table).display.get(record_id, ""))

    @staticmethod
    def _is_repeat(hit: tuple[str, str], hits: Sequence[tuple[str, str]]) -> bool:
        """Whether a party is one that equals another but for its number (`unit-x-2` beside `unit-x`)."""
        base, dash, number = hit[1].rpartition("-")
        return bool(dash) and number.isdigit() and hit[0] in PARTY_TABLES and (hit[0], base) in hits

    def _ambiguous(self, hits: Sequence[tuple[str, str]]) -> Fault:
        choices = [
            self._below_parent(table, record_id) or f"{PREFIXES[table]}:{record_id}"
            for table, record_id in hits[:4]
        ]
        if len(set(choices)) < len(choices):
            choices = [f"{PREFIXES[table]}:{record_id}" for table, record_id in hits[:4]]
        return fault("reference_ambiguous", choices="、".join(choices))

    def _below_parent(self, table: str, record_id: str) -> str:
        """A record's name behind its parent's, `甲街道/新村`; empty if it has no parent with a name."""
        parent = self._names(table).parents.get(record_id)
        if not parent:
            return ""
        tops = (table, "areas", *PARTY_TABLES)
        above = next((name for top in tops if (name := self._names(top).display.get(parent))), "")
        return f"{above}/{self.name_of(table, record_id)}" if above else ""

    def _unknown(self, text: str, tables: tuple[str, ...]) -> Fault:
        for table in tables:
            row = self._refused_row(table, text)
            if row is not None:
                return fault("reference_refused", list=_label(table), first=str(row))
        return fault(
            "reference_unknown",
            nearest=self._nearest(text, tables),
            tables=" / ".join(_label(table) for table in tables),
            list=_label("units" if "units" in tables else tables[0]),
        )

    def _refused_row(self, table: str, text: str) -> int | None:
        """Row of a refused record that a text may stand for, however it is written."""
        refused = self._names(table).refused
        if not refused:
            return None
        prefix, _, rest = text.replace("：", ":").partition(":")
        last = re.split(r"[/／>]", text)[-1]
        keys = [text, identity_text(text), identity_text(last)]
        if table_of_word(prefix) == table:
            keys += [rest.strip(), identity_text(rest)]
        if table == "areas":
            keys += [area_core(text), area_core(last)]
        return next((refused[key] for key in keys if key in refused), None)

    def _nearest(self, text: str, tables: tuple[str, ...]) -> str:
        self._proposals += 1
        if self._proposals > _MOST_PROPOSALS:
            return ""
        for table in sorted(tables, key=lambda table: table == "areas"):
            names = list(dict.fromkeys(self._names(table).display.values()))
            if table != "areas":
                found = nearest_name(text, names) or closest_name(text, names)
            elif len(tables) == 1 or looks_like_area(text):
                cores = {area_core(name): name for name in reversed(names)}
                found = cores.get(nearest_words(area_core(text), cores), "")
            else:
                found = ""
            if found:
                return self._told_apart(table, found)
        return ""

    def _told_apart(self, table: str, name: str) -> str:
        """A name to propose: behind those of its parents where several records have it."""
        ids = self.ids_named(table, name)
        if len(ids) < 2:
            return name
        return "、".join(self._below_parent(table, item) or name for item in ids[:4])

    def _names(self, table: str) -> _Names:
        names = self._tables.get(table)
        if names is None:
            names = self._tables[table] = _Names()
            for record_id, name, parent in self._known.names.get(table, ()):
                area = self._known.areas.get(record_id) if table == "areas" else None
                level = (area.level if area is not None else "") if table == "areas" else None
                names.add(record_id, name or "", parent, level)
            if table == "claims":
                for claim_id in self._known.claim_ids:
                    names.add(claim_id, "", None, None)
        return names


def area_core(name: str) -> str:
    """An area's name without its official suffix: 梧桐 for 梧桐居委会, 梧桐居民区 and 梧桐."""
    folded = identity_text(name)
    for suffix in (_NEIGHBOURHOOD, _SUBDISTRICT, _DISTRICT):
        core = suffix.sub("", folded)
        if core and core != folded:
            folded = core
            break
    # 云金村委会 is 云金村: the last 村 belongs to both or to none.
    return folded.removesuffix("村") if len(folded) > 2 else folded


def _suffix_level(name: str) -> str:
    folded = identity_text(name)
    levels = (("neighbourhood", _NEIGHBOURHOOD), ("subdistrict", _SUBDISTRICT), ("district", _DISTRICT))
    return next((level for level, suffix in levels if suffix.search(folded) and suffix.sub("", folded)), "")


def looks_like_area(name: str) -> bool:
    """Whether a name ends as neighbourhoods and sub-districts do."""
    return _suffix_level(name) in ("neighbourhood", "subdistrict")


def looks_like_branch(name: str) -> bool:
    """Whether a name ends as those of branches do."""
    return _BRANCH.search(identity_text(name)) is not None


def table_of_word(prefix: str) -> str | None:
    """The table that a word names: `project`, `projects`, 项目, 项目清单."""
    folded = identity_text(prefix)
    if folded in _TABLE_PREFIX:
        return _TABLE_PREFIX[folded]
    tables = taxonomy.words()["tables"]
    return next(
        (
            table
            for table, entry in tables.items()
            if folded in (entry["zh"], entry["zh"].removesuffix("清单"))
        ),
        None,
    )


def _label(table: str) -> str:
    return str(taxonomy.words()["tables"][table]["zh"])
