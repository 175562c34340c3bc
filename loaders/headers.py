"""Which list a table is, and which column is which: by its name and by its header."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from graph import taxonomy
from loaders.columns import KNOWN_NOTES, LISTS, Column, header_words, normal_header, table_columns
from loaders.counts import fold
from loaders.nearest import edit_distance

HEADER_ROWS: Final = 25
"""A header is looked for in so many first rows; above it stand titles."""

_NARROW: Final = 3
"""In a row of so many cells one known header will do; in wider ones, headers stand beside it."""

_SILENT: Final = frozenset(["id", "source", "draft", "valid_from", "valid_to"])
"""Columns that any list may have: they say nothing of what is listed."""
_VAGUE: Final = _SILENT | frozenset(["name", "title", "code", "lon", "lat", "crs", "precision", "status"])
"""Columns of lists of all kinds, elsewhere too: without a name of the list they don't say which it is."""


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
        other = _best_header(rows, LISTS)
        if other is not None and not other.missing and len(other.columns) > 2 and _tells(other, _VAGUE):
            return other
        return named if named is not None and named.missing else None
    unnamed = _best_header(rows, LISTS)
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
        shared = sum(column.name in table_columns(table) for table in LISTS)
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
