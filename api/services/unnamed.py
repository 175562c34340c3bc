"""Lists that nobody recognises, as the page asks which table each is and what its columns are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from graph.model import Record
    from loaders.aliases import Aliases
    from loaders.guesses import Unnamed
    from loaders.report import LoadReport

Json = dict[str, Any]

MOST_UNNAMED: Final = 20
"""So many lists are asked about at once."""

_NOT_RECOGNISED: Final = frozenset({"unknown_list", "missing_column"})


def unnamed_lists(files: Sequence[Path], report: LoadReport, said: Iterable[Record]) -> list[Json]:
    """What to ask about the lists that weren't recognised, or are known by what was just said.

    Returns
    -------
    list of dict
        `file`, `sheet`, `is_named`, `header_row`, `rows` [{row, cells}], `table` (the likeliest, or null),
        and `choices` {table: {`columns` {name: is it required}, `guesses` [name or null, by position]}}.
    """
    from loaders.aliases import Aliases
    from loaders.guesses import guess_list
    from loaders.tables import open_sheets

    aliases = Aliases.of(said)
    asked = {
        (problem.file, problem.sheet) for problem in report.problems if problem.problem in _NOT_RECOGNISED
    }
    if not asked and not aliases.forms:
        return []
    unnamed: list[Json] = []
    for sheet in open_sheets(files, []):
        if sheet.is_hidden:
            continue
        found = guess_list(sheet)
        if found is None:
            continue
        named = _named_row(found, aliases)
        if named is not None:
            found = guess_list(sheet, named) or found
        if named is not None or (sheet.file, sheet.name) in asked:
            unnamed.append(_document(found, is_named=named is not None))
            if len(unnamed) >= MOST_UNNAMED:
                break
    return unnamed


def _named_row(found: Unnamed, aliases: Aliases) -> int | None:
    """The row that what was said knows the list by."""
    header = aliases.find_header(found.rows)
    return header.row if header is not None else None


def _document(found: Unnamed, *, is_named: bool) -> Json:
    from loaders.columns import table_columns

    return {
        "file": found.file,
        "sheet": found.sheet,
        "is_named": is_named,
        "header_row": found.header_row,
        "rows": [{"row": number, "cells": cells} for number, cells in found.rows],
        "table": found.table,
        "choices": {
            table: {
                "columns": {column.name: column.is_required for column in table_columns(table).values()},
                "guesses": list(guesses),
            }
            for table, guesses in found.guesses.items()
        },
    }
