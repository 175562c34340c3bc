"""The catalogue of what can be wrong in a list, and a problem found at one place of it.

The catalogue is data: a code, whether the row is refused or kept, and what was expected and what to do
about it in Chinese and English. `docs/problems.md` is rendered from it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

Severity = Literal["error", "warning"]
Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: an `error` refuses the row (or list), a `warning` keeps it.

    `title`, `expected` and `remedy` hold a template for each language; names in braces are filled in
    from what was found.
    """

    code: str
    severity: Severity
    title: Mapping[Language, str]
    expected: Mapping[Language, str]
    remedy: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem at one place of a list, as `linli load --json` shows it.

    Attributes
    ----------
    problem, severity : str
        Code in the catalogue; `error`: the row is refused, `warning`: it is kept.
    file, sheet, row, column
        Where; `row` as a spreadsheet counts (the first line is 1), `column` as the list heads it. None
        where the problem is larger than that.
    found, expected, remedy : str
        What stands there (empty where it may be personal), what should, and what to do.
    column_number : int or None
        Position of the column, from 0, for marking the cell.
    values : mapping
        What was filled into the templates, so that the sentences can be had in the other language.
    """

    problem: str
    severity: Severity
    file: str
    sheet: str | None
    row: int | None
    column: str | None
    found: str
    expected: str
    remedy: str
    column_number: int | None = field(default=None, compare=False, repr=False)
    values: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def as_json(self, language: Language = "zh") -> dict[str, Any]:
        """The contract's JSON shape, with its sentences in a language.

        `choose_from` names the section of the word table that holds all that the cell may say, if few may.
        """
        expected, remedy = sentences(self.problem, language, self.values)
        section = self.values.get("section")
        return {
            "problem": self.problem,
            "severity": self.severity,
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "found": self.found,
            "expected": expected,
            "remedy": remedy,
            **({"choose_from": section} if section else {}),
        }


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell's text, before its place is known."""

    problem: str
    values: tuple[tuple[str, str], ...] = ()


def fault(problem: str, **values: str) -> Fault:
    """A fault of a kind in the catalogue; raises KeyError for an unknown code."""
    catalogue()[problem]
    return Fault(problem, tuple(values.items()))


@cache
def catalogue() -> Mapping[str, Kind]:
    """Every kind of problem by its code, in the order in which the page lists them."""
    table = json.loads(files("loaders").joinpath("problems.json").read_text(encoding="utf-8"))
    return {
        code: Kind(code, row["severity"], row["title"], row["expected"], row["remedy"])
        for code, row in table.items()
    }


@cache
def _sentences(problem: str, language: Language, values: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    kind = catalogue()[problem]
    filled = dict(values)
    nearest = filled.get("nearest", "")
    remedy = kind.remedy[language].format_map(_Blank(filled))
    if nearest:
        remedy = (f"是“{nearest}”吗？" if language == "zh" else f"Is it “{nearest}”? ") + remedy
    return kind.expected[language].format_map(_Blank(filled)), remedy


class _Blank(dict[str, str]):
    """A value that wasn't given reads as nothing."""

    def __missing__(self, key: str) -> str:
        return ""


def sentences(problem: str, language: Language, values: Mapping[str, str]) -> tuple[str, str]:
    """What was expected and what to do, with the values filled in."""
    return _sentences(problem, language, tuple(sorted(values.items())))


def make_problem(
    found_fault: Fault,
    *,
    file: str,
    sheet: str | None = None,
    row: int | None = None,
    column: str | None = None,
    found: str = "",
    column_number: int | None = None,
) -> Problem:
    """A located problem, its sentences in Chinese."""
    values = dict(found_fault.values)
    expected, remedy = sentences(found_fault.problem, "zh", values)
    return Problem(
        problem=found_fault.problem,
        severity=catalogue()[found_fault.problem].severity,
        file=file,
        sheet=sheet,
        row=row,
        column=column,
        found=found,
        expected=expected,
        remedy=remedy,
        column_number=column_number,
        values=values,
    )


def render_page() -> str:
    """The page `docs/problems.md`: every kind of problem with what to do about it."""
    lines = [
        "# 清单里可能有的问题 · What can be wrong in a list",
        "",
        "由 `loaders/problems.json` 生成。`error`：这一行不载入；`warning`：这一行照样载入。",
        "",
        "Rendered from `loaders/problems.json`. `error`: the row is refused; `warning`: the row is kept.",
        "",
        "| problem | severity | 是什么 · what | 应为 · expected | 怎么办 · remedy |",
        "|---|---|---|---|---|",
    ]
    for kind in catalogue().values():
        cells = [
            " · ".join(text[language] for language in LANGUAGES if text[language])
            for text in (kind.title, kind.expected, kind.remedy)
        ]
        lines.append(f"| `{kind.code}` | {kind.severity} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def as_language(text: str) -> Language:
    """`zh` or `en`; raises ValueError for any other."""
    if text not in LANGUAGES:
        raise ValueError(f"“{text}” is neither zh nor en")
    return text
