"""Names of residents: where a need's party was dropped, its row repeats it nowhere else.

A cell that nobody knows as a party may name a person, and its text is dropped. Titles and notes often
repeat it (为某某老人量血压), so every occurrence in the row's free text becomes 居民 before ids are derived.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from loaders.columns import table_columns
from loaders.frame import Frame
from loaders.problems import Problem, fault, sentences

RESIDENT: Final = "居民"
"""What stands where a name stood."""

_GENERAL: Final = (
    "居民|村民|群众|市民|住户|业主|商户|党员|职工|员工|老人|老年人|长者|独居|孤老|高龄|空巢|失能|残疾人|残障|残疾|低保|困难"
    "|家庭|家属|家长|儿童|孩子|学生|青年|妇女|病人|患者|社区|小区|辖区|部分|有关|相关|多名|某位|一位|阿婆|阿公|阿姨|大爷|大妈"
    "|奶奶|爷爷|女士|先生|老师|师傅|同志|户|名|等|的|residents?|elderly|people|families|persons?"
)
_GENERAL_ONLY: Final = re.compile(rf"(?:{_GENERAL}|[\d\W])+", re.IGNORECASE)
_GENERAL_ENDS: Final = re.compile(rf"^(?:{_GENERAL})+|(?:{_GENERAL})+$", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[\s、，,;；/（）()【】\[\]：:]+")


def names_in(text: str, is_known: Callable[[str], bool]) -> tuple[str, ...]:
    """What a dropped party may have named: its text, its parts, and these without 老人 and the like.

    Parameters
    ----------
    text : str
        The dropped text.
    is_known : callable
        Whether a part of it is the name of something known, which stays.

    Returns
    -------
    tuple of str
        Longest first, each of two or more characters; empty where the text speaks of residents in general.
    """
    names = {text}
    parts = _BETWEEN.split(text) if not text.isascii() else ()
    for part in (text, *parts):
        for name in (part, _GENERAL_ENDS.sub("", part)):
            if name != text and not name.isascii() and not any(map(str.isdigit, name)) and not is_known(name):
                names.add(name)
    fit = [name for name in names if len(_squeeze(name)) >= 2 and not _GENERAL_ONLY.fullmatch(name)]
    return tuple(sorted(fit, key=lambda name: (-len(name), name)))


def hide_names(frame: Frame, dropped: Mapping[int, str], is_known: Callable[[str], bool]) -> None:
    """Let no other cell of some rows, and no problem found in them, repeat their dropped party.

    Parameters
    ----------
    frame : Frame
        Rows of needs.
    dropped : mapping
        Dropped texts by the rows' positions.
    is_known : callable
        As for `names_in`.
    """
    columns = [
        name
        for name, column in table_columns(frame.table).items()
        if name in frame.texts and column.reader in ("text", "tags", "reference")
    ]
    by_row: dict[int, tuple[str, ...]] = {}
    for position, text in dropped.items():
        names = by_row[frame.rows[position]] = names_in(text, is_known)
        if not names:
            continue
        notes = frame.notes[position]
        cells = [frame.texts[name][position] for name in columns]
        squeezed = _squeeze("\x1f".join((*cells, *notes.values())))
        if any(_squeeze(name) in squeezed for name in names):
            _hide_in_row(frame, position, columns, names)
    problems = frame.source.problems
    for index, problem in enumerate(problems):
        names = by_row.get(problem.row, ()) if problem.row is not None else ()
        if names and frame.source.holds(problem):
            problems[index] = _hide_in_problem(problem, names)


def hide(text: str, names: tuple[str, ...]) -> str:
    """A text with every one of some names replaced; blanks within a name and its case don't count."""
    for name in names:
        if not name.isascii():
            text = text.replace(name, RESIDENT)
        # A pattern for each of many names takes long: only what is written otherwise needs one.
        if _squeeze(name) in _squeeze(text):
            text = _pattern(name).sub(RESIDENT, text)
    return text


def _hide_in_row(frame: Frame, position: int, columns: list[str], names: tuple[str, ...]) -> None:
    for column in columns:
        if frame.values[column][position] is not None and table_columns(frame.table)[column].tables:
            continue  # it names something known
        before = frame.texts[column][position]
        after = frame.texts[column][position] = hide(before, names)
        if after != before:
            frame.values[column][position] = _hide_in_value(frame.values[column][position], names)
            frame.report(position, column, fault("party_repeated"), found="")
    notes = frame.notes[position]
    for title, before in notes.items():
        notes[title] = hide(before, names)
        if notes[title] != before:
            number = frame.source.note_position(title)
            frame.source.locate(
                fault("party_repeated"), row=frame.rows[position], column=title, number=number
            )


def _hide_in_value(value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(hide(item, names) for item in value))
    return hide(value, names) if isinstance(value, str) else value


def _hide_in_problem(problem: Problem, names: tuple[str, ...]) -> Problem:
    values = {key: hide(value, names) for key, value in problem.values.items()}
    found = hide(problem.found, names)
    if found == problem.found and values == problem.values:
        return problem
    expected, remedy = sentences(problem.problem, "zh", values)
    return replace(problem, found=found, values=values, expected=expected, remedy=remedy)


def _squeeze(text: str) -> str:
    return "".join(text.split()).casefold()


def _pattern(name: str) -> re.Pattern[str]:
    spaced = r"\s*".join(map(re.escape, "".join(name.split())))
    # Of Latin names only whole words count: Li isn't in cleaning.
    if name.isascii():
        spaced = rf"(?<![A-Za-z]){spaced}(?![A-Za-z])"
    return re.compile(spaced, re.IGNORECASE)
