"""A list that nobody recognises, as a planner is asked about it: what it and its columns may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from graph.model import TABLES
from loaders.cells import EMPTY_CELLS, READERS
from loaders.columns import KNOWN_NOTES, header_words, is_personal, normal_header, table_columns
from loaders.counts import Count, fold
from loaders.frame import first_rows, scrub
from loaders.headers import table_by_name
from loaders.problems import Fault
from loaders.tables import NumberedRow, Sheet

_HEADER_WITHIN: Final = 12
_SAMPLED: Final = 60
_SHOWN: Final = 8
_LONGEST_SHOWN: Final = 300
_MOST_COLUMNS: Final = 300
_LEAST_SHARE: Final = 0.6
_LEAST_CATEGORIES: Final = 0.3
"""Hardly any other text happens to name a category, so fewer cells will do."""
_LIKELY: Final = ("needs", "offers", "projects", "units")
_BY_CELLS: Final = (
    "category",
    "priority",
    "times",
    "valid_from",
    "valid_to",
    "measure",
    "per",
    "mode",
    "level",
)
_COUNTS: Final = ("quantity", "capacity", "wanted", "people")
_NAMES: Final = ("title", "name")

_SPOKEN: Final[Mapping[str, Mapping[str, str]]] = {
    "offers": {
        **dict.fromkeys(("哪家", "谁家", "谁来做", "谁提供"), "unit"),
        **dict.fromkeys(("能做", "会做", "能帮"), "title"),
        **dict.fromkeys(("多远", "到哪里"), "reach_m"),
    },
    "needs": {
        **dict.fromkeys(("谁要", "谁需要", "谁提的"), "party"),
        **dict.fromkeys(("要什么", "要做什么", "想要"), "title"),
    },
}
"""Headers as people say them, too loose to know a list by, good enough to ask."""

Names = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A list to be named.

    Attributes
    ----------
    file, sheet : str, str or None
    header_row : int
        Number of the row that most likely holds the headers.
    rows : tuple of (int, cells)
        Some of the first rows, numbered; what may name somebody, or tell how to reach them, is left out.
    table : str or None
        What the list most likely is.
    guesses : mapping of str to tuple
        Per table what each column may be, by position; None: a note.
    """

    file: str
    sheet: str | None
    header_row: int
    rows: tuple[NumberedRow, ...]
    table: str | None
    guesses: Mapping[str, Names]


def guess_list(sheet: Sheet, header_row: int | None = None) -> Unnamed | None:
    """What a planner needs to see of a list to name its columns; None if it has no row of several cells.

    Parameters
    ----------
    sheet : Sheet
    header_row : int, optional
        Where somebody said that the headers stand.
    """
    rows = first_rows(sheet, _SAMPLED)
    header = likely_header(rows, header_row)
    if header is None:
        return None
    number, titles = header
    titles = titles[:_MOST_COLUMNS]
    samples = [cells for row, cells in rows if row > number and any(cells)]
    columns = [_values(samples, position) for position in range(len(titles))]
    guesses = {table: _guess(table, titles, columns) for table in TABLES}
    above = [row for row in rows if row[0] < number and any(row[1])]
    below = [row for row in rows if row[0] > number and any(row[1])][:_SHOWN]
    shown = [*above, (number, titles), *below]
    width = min(max(len(cells) for _, cells in shown), _MOST_COLUMNS)
    return Unnamed(
        sheet.file,
        sheet.name,
        number,
        tuple((row, _shown(cells, titles, width, is_header=row == number)) for row, cells in shown),
        _table(sheet, titles, guesses),
        guesses,
    )


def likely_header(rows: Sequence[NumberedRow], header_row: int | None = None) -> NumberedRow | None:
    """The row said to hold the headers, else the first that is about as wide as any."""
    said = next((row for row in rows if row[0] == header_row and any(row[1])), None)
    if said is not None:
        return said
    near = [(number, cells, sum(map(bool, cells))) for number, cells in rows[:_HEADER_WITHIN]]
    widest = max((width for *_, width in near), default=0)
    if widest < 2:
        return None
    return next((number, cells) for number, cells, width in near if width * 4 >= widest * 3)


def _values(samples: Sequence[Sequence[str]], position: int) -> list[str]:
    cells = [cells[position] for cells in samples if position < len(cells)]
    return [text for text in cells if text not in EMPTY_CELLS]


def _guess(table: str, titles: Sequence[str], columns: Sequence[Sequence[str]]) -> Names:
    """What each column may be: by its header, by a word in its header, by its cells; each column once."""
    names: list[str | None] = [None] * len(titles)

    def settle(found: Callable[[int], str | None]) -> None:
        for position in range(len(titles)):
            if names[position] is None and position not in notes:
                name = found(position)
                names[position] = name if name not in names else None

    def settle_by_cells(name: str, holds: Callable[[Sequence[str]], bool]) -> None:
        if name in known:
            settle(lambda position: name if holds(columns[position]) else None)

    words, known = _words(table), table_columns(table)
    notes = {
        position
        for position, title in enumerate(titles)
        if normal_header(title) in KNOWN_NOTES or is_personal(table, title)
    }
    settle(lambda position: words.get(normal_header(titles[position]), (0, None))[1])
    settle(lambda position: _by_part(words, normal_header(titles[position])))
    for name in _BY_CELLS:
        if name in known:
            settle_by_cells(name, partial(_reads, known[name].reader))
    counted = next((name for name in _COUNTS if name in known), "")
    settle_by_cells(counted, _is_counts)
    for name in _NAMES:
        settle_by_cells(name, _is_text)
    return tuple(names)


@cache
def _words(table: str) -> Mapping[str, tuple[int, str]]:
    """Normal headers of a table, those as people say them among them; as `header_words` gives them."""
    spoken = {normal_header(word): (3, name) for word, name in _SPOKEN.get(table, {}).items()}
    return {**spoken, **header_words(table)}


def _by_part(words: Mapping[str, tuple[int, str]], title: str) -> str | None:
    """The column whose longest word stands in a header."""
    inside = [
        (len(word), -rank, name) for word, (rank, name) in words.items() if len(word) >= 2 and word in title
    ]
    return max(inside)[2] if inside else None


def _reads(reader: str, values: Sequence[str]) -> bool:
    """Whether most cells say something as cells of a kind do; bare numbers say nothing."""
    telling = [text for text in values if not fold(text).isdigit()]
    good = sum(not isinstance(READERS[reader](text), Fault) for text in telling)
    least = _LEAST_CATEGORIES if reader == "category" else _LEAST_SHARE
    return good > 0 and good >= len(values) * least


def _is_counts(values: Sequence[str]) -> bool:
    """Whether most cells are counts, and not just the rows' numbers."""
    counts: list[Any] = [READERS["quantity"](text) for text in values]
    good = [count.value for count in counts if isinstance(count, Count) and count.value is not None]
    is_serial = len(good) > 1 and good == list(range(1, len(good) + 1))
    return bool(good) and len(good) >= len(values) * _LEAST_SHARE and not is_serial


def _is_text(values: Sequence[str]) -> bool:
    return (
        bool(values) and sum(not any(map(str.isdigit, text)) for text in values) >= len(values) * _LEAST_SHARE
    )


def _table(sheet: Sheet, titles: Sequence[str], guesses: Mapping[str, Names]) -> str | None:
    """The table that the name speaks of, else the one for which headers and cells say the most."""
    named = table_by_name(sheet.name or "") or table_by_name(Path(sheet.file).stem)
    if named is not None:
        return named
    order = (*_LIKELY, *(table for table in guesses if table not in _LIKELY))
    weights = {table: _weight(table, titles, guesses[table]) for table in order}
    best = max(order, key=lambda table: weights[table])
    return best if weights[best] > 0 else None


def _weight(table: str, titles: Sequence[str], names: Names) -> int:
    """How much speaks for a table: headers twice as much as cells; what it lacks speaks against it."""
    words = _words(table)
    found = [
        (name, normal_header(titles[position])) for position, name in enumerate(names) if name is not None
    ]
    by_header = sum(title in words or _by_part(words, title) is not None for _, title in found)
    missing = {column.name for column in table_columns(table).values() if column.is_required} - set(names)
    return len(found) + by_header - 2 * len(missing)


def _shown(cells: Sequence[str], titles: Sequence[str], width: int, *, is_header: bool) -> list[str]:
    """Cells as they may be shown: no numbers of people, nothing below a header such as 联系电话."""
    shown = []
    for position in range(width):
        text = cells[position] if position < len(cells) else ""
        title = titles[position] if position < len(titles) else ""
        if not is_header and is_personal("needs", title):
            text = ""
        shown.append(str(scrub(text, land_lines=True))[:_LONGEST_SHOWN])
    return shown
