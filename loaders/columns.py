"""Which list a table is and which column is which: names and aliases from the word table."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from graph import taxonomy
from graph.codec import LIST_NAMES
from graph.model import PARTY_TABLES
from loaders.counts import fold
from loaders.nearest import edit_distance

HEADER_ROWS: Final = 25
"""A header is looked for in so many first rows; above it stand titles."""

_NARROW: Final = 3
"""In a row of so many cells one known header will do; in wider ones, headers stand beside it."""

_PLACE: Final = "lon lat crs precision"
_DATES: Final = "valid_from valid_to"
_SPECS: Final[Mapping[str, str]] = {
    "areas": f"id name! level parent {_PLACE} population over60 {_DATES} draft outline",
    "units": f"id name! kind code area {_PLACE} capacity max_claims liaison {_DATES} draft",
    "branches": f"id name! parent units area members coverage {_DATES}",
    "alliances": f"id name! parent kind stage area chair {_DATES}",
    "members": f"id alliance! party! role {_DATES}",
    "stations": f"id name! party area {_PLACE} reach_m reach_areas {_DATES}",
    "categories": f"list_category! category! {_DATES}",
    "aliases": f"id kind! written! meaning! {_DATES}",
    "offers": (
        f"id title unit! category! list_category capacity per mode reach_m reach_areas {_PLACE} tags"
        f" min_people max_people times measure status {_DATES}"
    ),
    "needs": (
        f"id title party category! list_category quantity priority group people area {_PLACE} tags times"
        f" measure whole referred_to status {_DATES}"
    ),
    "projects": f"id name! category list_category area {_PLACE} wanted priority status {_DATES}",
    "pairings": f"id parties! kind via amount_yuan {_DATES}",
    "claims": f"id target! target_table by! offer quantity status why via liaison {_DATES}",
    "services": (
        f"id claim unit area body from to activities services served_person_times volunteer_person_times"
        f" hours approx {_DATES}"
    ),
    "duties": f"id body! party! kind {_DATES}",
    "posts": f"id title party area {_PLACE} places {_DATES}",
    "registrations": f"id area! members approx {_DATES}",
    "bookings": f"id offer! by! times {_DATES}",
    "lists": f"id name! area alliance categories items approx {_DATES}",
}
_READERS: Final[Mapping[str, str]] = {
    "id": "id", "code": "code", "parent": "reference", "area": "reference", "unit": "reference",
    "party": "reference", "alliance": "reference", "chair": "reference", "target": "reference",
    "by": "reference",
    "offer": "reference", "claim": "reference", "body": "reference", "units": "references",
    "parties": "references", "reach_areas": "references", "tags": "tags", "lon": "degrees", "lat": "degrees",
    "crs": "crs", "precision": "precision", "level": "level", "stage": "stage", "coverage": "coverage",
    "category": "category", "priority": "priority", "per": "per", "mode": "mode", "measure": "measure",
    "times": "times", "reach_m": "reach", "amount_yuan": "amount", "hours": "amount", "whole": "yes_no",
    "draft": "yes_no", "valid_from": "date", "valid_to": "end_date", "from": "date", "to": "end_date",
    "quantity": "quantity", "wanted": "quantity", "people": "quantity", "max_people": "quantity",
    "capacity": "capacity", "max_claims": "capacity", "min_people": "capacity", "population": "capacity",
    "over60": "capacity", "members": "capacity", "activities": "capacity", "services": "capacity",
    "served_person_times": "capacity", "volunteer_person_times": "capacity", "places": "capacity",
    "categories": "capacity", "items": "capacity",
}  # fmt: skip
_OWN_READERS: Final[Mapping[tuple[str, str], str]] = {
    ("aliases", "kind"): "alias_kind",
    ("claims", "status"): "claim_status",
    ("needs", "status"): "need_status",
    ("projects", "status"): "need_status",
    ("offers", "status"): "offer_status",
}
_TARGETS: Final[Mapping[str, tuple[str, ...]]] = {
    "area": ("areas",),
    "reach_areas": ("areas",),
    "units": ("units",),
    "alliance": ("alliances",),
    "target": ("needs", "projects", "offers"),
    "offer": ("offers",),
    "claim": ("claims",),
}
_FIELDS: Final = {listed: name for name, listed in LIST_NAMES.items()}

# Headers that mean one thing in one list and another in the next; the word table can't say so.
_OWN_HEADERS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("areas", "name"): ("区域", "居民区", "街道", "社区", "地区"),
    ("areas", "level"): ("类型", "类别"),
    ("areas", "parent"): ("所属街道", "街镇", "所属区域"),
    ("units", "name"): ("单位", "成员单位", "驻区单位", "企业名称", "机构名称"),
    ("units", "kind"): ("类别", "行业"),
    ("branches", "name"): ("支部", "党支部", "党组织"),
    ("alliances", "name"): ("联盟",),
    ("stations", "name"): ("站点", "服务站"),
    ("stations", "party"): ("单位", "所属单位", "依托单位"),
    ("offers", "title"): ("name", "资源", "项目", "服务项目", "项目名称", "资源项目"),
    ("offers", "capacity"): ("次数", "可提供次数", "服务次数", "名额"),
    ("offers", "tags"): ("要求", "能力"),
    ("offers", "unit"): ("提供者", "资源方", "供给方"),
    ("needs", "title"): ("需求", "心愿", "项目", "服务项目", "需求项目", "事项"),
    ("needs", "party"): ("申请人", "提出人", "需求单位"),
    ("projects", "name"): ("项目", "项目内容", "内容"),
    ("projects", "wanted"): ("数量", "单位数"),
    ("claims", "target"): ("项目名称", "需求名称", "认领项目或需求"),
    ("pairings", "parties"): ("单位", "结对方", "结对双方"),
    ("services", "body"): ("组织",),
}
_SILENT: Final = frozenset(["id", "source", "draft", "valid_from", "valid_to"])
"""Columns that any list may have: they say nothing of what is listed."""
_VAGUE: Final = _SILENT | frozenset(["name", "title", "code", "lon", "lat", "crs", "precision", "status"])
"""Columns of lists of all kinds, elsewhere too: without a name of the list they don't say which it is."""
_PERSONAL: Final = re.compile(
    r"姓名|受助人|求助人|反映人|诉求人|登记人|监护人|家属|居民$|联系|联络|电话|手机|身份证|证件|住址|地址|门牌|微信|邮箱|qq|户主|出生|phone|mobile|tel(?:$|ephone)|e?mail|address"
    r"|contact|^name$|resident|applicant|idcard|idnumber|birth|wechat|fullname"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a list may have: its contract name, the record's field, how its cells are read."""

    name: str
    field: str
    reader: str
    is_required: bool = False
    tables: tuple[str, ...] = ()

    def label(self) -> str:
        """The Chinese header."""
        return str(taxonomy.words()["columns"].get(self.name, {"zh": self.name})["zh"])


@dataclass(frozen=True, slots=True)
class Header:
    """A table's header: which list it is, and what stands in each column.

    Attributes
    ----------
    table : str
        Name of the list's table.
    row : int
        Number of the header's row.
    titles : tuple of str
        Headers as written, by position.
    columns : mapping of int to Column
        Known columns by position.
    duplicates : tuple of (int, Column)
        Positions whose column stands further left too.
    missing : tuple of Column
        Required columns that aren't there.
    """

    table: str
    row: int
    titles: tuple[str, ...]
    columns: Mapping[int, Column]
    duplicates: tuple[tuple[int, Column], ...] = ()
    missing: tuple[Column, ...] = ()

    def position(self, name: str) -> int | None:
        """Where a column stands, or None."""
        return next((position for position, column in self.columns.items() if column.name == name), None)


@cache
def table_columns(table: str) -> Mapping[str, Column]:
    """Columns of a table by their contract names."""
    columns = {}
    for word in _SPECS[table].split():
        name = word.removesuffix("!")
        reader = _OWN_READERS.get((table, name), _READERS.get(name, "text"))
        tables: tuple[str, ...] = ()
        if reader in ("reference", "references"):
            tables = (table,) if name == "parent" else _TARGETS.get(name, PARTY_TABLES)
        columns[name] = Column(name, _FIELDS.get(name, name), reader, word.endswith("!"), tables)
    columns["source"] = Column("source", "source", "text")
    return columns


def normal_header(text: str) -> str:
    """A header for comparing: no case, blanks, underscores, required marks or bracketed units."""
    return re.sub(r"[_*:\-]|\(.*?\)|\[.*?\]", "", fold(text))


@cache
def header_words(table: str) -> Mapping[str, tuple[int, str]]:
    """Every normal header of a table -> how sure it is (0 best) and the column's name."""
    words = taxonomy.words()["columns"]
    found: dict[str, tuple[int, str]] = {}
    for name in table_columns(table):
        entry = words.get(name, {"zh": name, "en": name})
        ranked = [(0, name), (0, entry["zh"]), (0, entry["en"])]
        ranked += [(1, own) for own in _OWN_HEADERS.get((table, name), ())]
        ranked += [(2, alias) for alias in entry.get("aliases", ())]
        for rank, word in ranked:
            key = normal_header(word)
            if key and (key not in found or rank < found[key][0]):
                found[key] = (rank, name)
    return found


@cache
def _table_words() -> Mapping[str, str]:
    words: dict[str, str] = {}
    for table, entry in taxonomy.words()["tables"].items():
        for word in (table, entry["zh"], entry["en"], *entry.get("aliases", ())):
            words.setdefault(fold(word), table)
    return words


def table_by_name(name: str) -> str | None:
    """The list that a sheet or file name speaks of: 2026年服务需求清单 -> needs; None if none.

    The longest name contained counts, of equally long ones the last (a Chinese name ends in its noun).
    """
    words = _table_words()
    folded = re.sub(r"\(.*?\)|\d+年?(?:度)?", "", fold(name)) or fold(name)
    if folded in words:
        return words[folded]
    inside = [
        (len(word), folded.rfind(word), table)
        for word, table in words.items()
        if word in folded
        and (not word.isascii() or re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", folded))
    ]
    return max(inside)[2] if inside else None


def find_header(rows: Sequence[tuple[int, Sequence[str]]], table: str | None) -> Header | None:
    """The header among the first rows of a table, and which list it heads.

    Parameters
    ----------
    rows : sequence of (number, cells)
        The first rows, numbered.
    table : str or None
        The list that the name speaks of; its header needs no more than the one column it can't do without.

    Returns
    -------
    Header or None
        None if no row looks like a header. A header that lacks a required column says so.
    """
    if table is not None:
        named = _best_header(rows, (table,)) or _lone_header(rows, table)
        if named is not None and not named.missing and _tells(named, _SILENT):
            return named
        other = _best_header(rows, tuple(_SPECS))
        if other is not None and not other.missing and len(other.columns) > 2 and _tells(other, _VAGUE):
            return other
        return named if named is not None and named.missing else None
    unnamed = _best_header(rows, tuple(_SPECS))
    if unnamed is None or unnamed.missing or len(unnamed.columns) < 2:
        return None
    return unnamed if _tells(unnamed, _VAGUE) else None


def _tells(header: Header, vague: frozenset[str]) -> bool:
    """Whether a header has more than vague columns; 统一社会信用代码 tells, a bare code doesn't."""
    return any(
        column.name not in vague or (column.name == "code" and not header.titles[position].isascii())
        for position, column in header.columns.items()
    )


def _best_header(rows: Sequence[tuple[int, Sequence[str]]], tables: Sequence[str]) -> Header | None:
    best: tuple[tuple[bool, float, int], Header] | None = None
    for number, cells in rows[:HEADER_ROWS]:
        for table in tables:
            header = _read_header(table, number, cells)
            if not header.columns or (len(header.columns) == 1 and sum(map(bool, cells)) > _NARROW):
                continue
            score = (not header.missing, _weight(header), -number)
            if best is None or score > best[0]:
                best = (score, header)
    return best[1] if best is not None else None


def _lone_header(rows: Sequence[tuple[int, Sequence[str]]], table: str) -> Header | None:
    """The first wide row, if it has all that the list needs among headers that nobody knows."""
    for number, cells in rows[:HEADER_ROWS]:
        if sum(map(bool, cells)) > _NARROW:
            header = _read_header(table, number, cells)
            return header if header.columns and not header.missing else None
    return None


def _weight(header: Header) -> float:
    """How much a header says for its list: a column that few lists have says more."""
    weight = -1.5 * len(header.duplicates)
    for position, column in header.columns.items():
        rank = header_words(header.table)[normal_header(header.titles[position])][0]
        shared = sum(column.name in table_columns(table) for table in _SPECS)
        weight += (1.0 + (2.0 / shared if rank < 2 else 0.0)) * (1.5 if column.is_required else 1.0)
    return weight


def _read_header(table: str, number: int, cells: Sequence[str]) -> Header:
    words, columns = header_words(table), table_columns(table)
    found = [
        (*words[key], position) for position, key in enumerate(map(normal_header, cells)) if key in words
    ]
    taken: dict[str, int] = {}
    duplicates = []
    for _rank, name, position in sorted(found, key=lambda item: (item[0], item[2])):
        if name in taken:
            duplicates.append((position, columns[name]))
        else:
            taken[name] = position
    by_position = {
        position: columns[name] for name, position in sorted(taken.items(), key=lambda item: item[1])
    }
    return Header(
        table,
        number,
        tuple(cells),
        by_position,
        tuple(sorted(duplicates, key=lambda d: d[0])),
        _missing(table, taken),
    )


def named_header(table: str, row: int, titles: Sequence[str], names: Sequence[str | None]) -> Header:
    """A header whose columns somebody named by position; None: the column is a note."""
    columns = table_columns(table)
    by_position: dict[int, Column] = {}
    duplicates = []
    for position, name in enumerate(names):
        if name is not None and columns[name] in by_position.values():
            duplicates.append((position, columns[name]))
        elif name is not None:
            by_position[position] = columns[name]
    missing = _missing(table, {column.name for column in by_position.values()})
    return Header(table, row, tuple(titles), by_position, tuple(duplicates), missing)


def _missing(table: str, taken: Collection[str]) -> tuple[Column, ...]:
    """Required columns that a list hasn't; a heading (大类) stands in for a category."""
    missing = [
        column for name, column in table_columns(table).items() if column.is_required and name not in taken
    ]
    if "list_category" in taken and table in ("offers", "needs"):
        missing = [column for column in missing if column.name != "category"]
    return tuple(missing)


def settle_measure(header: Header, samples: Sequence[Sequence[str]], measures: frozenset[str]) -> Header:
    """A column 单位 of nothing but 次, 场, 人 or 元 is the measure, whatever its list takes it for."""
    if header.position("measure") is not None or "measure" not in table_columns(header.table):
        return header
    for position, title in enumerate(header.titles):
        values = {fold(row[position]) for row in samples if position < len(row) and row[position]}
        if normal_header(title) == "单位" and values and values <= measures:
            columns = dict(header.columns)
            freed = columns.get(position)
            columns[position] = table_columns(header.table)["measure"]
            missing = header.missing + ((freed,) if freed is not None and freed.is_required else ())
            return replace(header, columns=columns, missing=missing)
    return header


def near_header(title: str, header: Header) -> str:
    """The known header of the same list that an unknown one may be mistyped for; empty if none."""
    key = normal_header(title)
    if len(key) < 2 or key in KNOWN_NOTES:
        return ""
    taken = {column.name for column in header.columns.values()}
    best = (3, "")
    for word, (_rank, name) in header_words(header.table).items():
        if name in taken or len(word) < 2:
            continue
        most = 1 if len(key) < 6 else 2
        distance = edit_distance(key, word, most)
        is_short = len(key) == len(word) == 2 and key[0] == word[0]
        if distance <= most and (is_short or distance * 2 < max(len(key), len(word))):
            best = min(best, (distance, table_columns(header.table)[name].label()))
    return best[1]


@cache
def _note_words() -> Mapping[str, str]:
    words = {}
    for name in ("serial", "note"):
        entry = taxonomy.words()["columns"][name]
        for word in (name, entry["zh"], entry["en"], *entry.get("aliases", ())):
            words[normal_header(word)] = name
    return words


KNOWN_NOTES: Final = frozenset(_note_words())
"""Normal headers of 序号 and 备注, which are notes and nothing else."""


def note_name(title: str) -> str:
    """The name under which a further column is kept: `serial` and `note`, else its header."""
    return _note_words().get(normal_header(title), " ".join(title.split()))


def is_personal(table: str, title: str) -> bool:
    """Whether a further column of the needs may name, or tell how to reach, a resident."""
    return table == "needs" and _PERSONAL.search(normal_header(title)) is not None
