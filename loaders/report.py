"""What a load found: rows kept and refused, and every problem at its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from loaders.problems import Language, Problem


@dataclass(frozen=True, slots=True)
class ListRead:
    """One list of a source.

    Attributes
    ----------
    file, sheet : str, str or None
    table : str
        What it was taken for.
    rows, refused : int
        Rows with content, and how many of them were refused.
    note_columns : tuple of str
        Further columns, kept as notes.
    header_row : int
        Number of the row with the headers.
    titles : tuple of str
        Headers as written, by position.
    """

    file: str
    sheet: str | None
    table: str
    rows: int
    refused: int
    note_columns: tuple[str, ...] = ()
    header_row: int = 0
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnreadList:
    """A list that wasn't recognised, or lacks a required column: none of its rows was read."""

    file: str
    sheet: str | None
    rows: int


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The result of reading a source.

    Attributes
    ----------
    lists : tuple of ListRead
        Lists in the order in which the source has them.
    kept : mapping
        Good rows per table, drafts not counted.
    refused : int
        Rows that had an error, rows of lists that couldn't be read among them.
    drafts : mapping
        Draft units and areas that references called for, per table.
    problems : tuple of Problem
        By list and row.
    unread : tuple of UnreadList
        Lists that couldn't be read as a whole.
    """

    lists: tuple[ListRead, ...] = ()
    kept: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    refused: int = 0
    drafts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    problems: tuple[Problem, ...] = ()
    unread: tuple[UnreadList, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether any row or list was refused."""
        return any(problem.severity == "error" for problem in self.problems)

    def counts(self) -> Mapping[str, int]:
        """How many problems of each kind, most frequent first."""
        return dict(Counter(problem.problem for problem in self.problems).most_common())

    def as_json(
        self, *, unchanged: Mapping[str, int] | None = None, language: Language = "zh"
    ) -> dict[str, Any]:
        """The JSON of `linli load`, its sentences in a language.

        Parameters
        ----------
        unchanged : mapping, optional
            Rows per table that the store already had just so; `kept` counts them too, for it is what wasn't
            refused.
        language : str
            `zh` or `en`.
        """
        return {
            "kept": dict(self.kept),
            "unchanged": dict(unchanged or {}),
            "refused": self.refused,
            "drafts": dict(self.drafts),
            "lists": [
                {
                    "file": item.file,
                    "sheet": item.sheet,
                    "table": item.table,
                    "rows": item.rows,
                    "refused": item.refused,
                    "note_columns": list(item.note_columns),
                }
                for item in self.lists
            ],
            "unread": [{"file": item.file, "sheet": item.sheet, "rows": item.rows} for item in self.unread],
            "problems": [problem.as_json(language) for problem in self.problems],
        }
