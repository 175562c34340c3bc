"""Cells: what a text means in a column of some kind, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from graph import taxonomy
from graph.times import TimesError, parse_times
from loaders.counts import Count, fold, read_amount, read_count, read_reach
from loaders.dates import read_date
from loaders.nearest import nearest_words
from loaders.problems import Fault, fault
from loaders.xlsx_errors import ERRORS

Reader = Callable[[str], Any]

EMPTY_CELLS: Final = frozenset(
    ["", *["-", "--", "—", "——", "–", "/", "\\", "／", "－", "N/A", "n/a", "NULL", "null", "None"]]
)
"""What people write into a cell to leave it empty."""

_YES: Final = frozenset(
    ["是", "√", "✓", "✔", "y", "yes", "true", "t", "1", "对", "有", "不可拆分", "不拆分", "整体"]
)
_NO: Final = frozenset(["否", "×", "✗", "✘", "x", "n", "no", "false", "f", "0", "不", "无", "可拆分", "非"])
_SEPARATORS: Final = re.compile(r"[;；、\n]+")
_EXPONENT: Final = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,2}")
_WHOLE_FLOAT: Final = re.compile(r"(\d+)\.0+")
_HEADING_NUMBER: Final = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]+[）)、.．]|第[一二三四五六七八九十]+[类、]?)\s*"
)
_PRIORITY: Final = re.compile(r"(?:p|第)?([1-5一二三四五])(?:级|\.0)?")
_MORE_PRIORITIES: Final = {
    **dict.fromkeys(("特急", "加急", "很急", "非常紧急"), 1),
    **dict.fromkeys(("重要", "较高"), 2),
    "正常": 3,
    **dict.fromkeys(("不急", "较低"), 4),
}


class CellCache(dict[str, Any]):
    """What distinct texts of one column mean, each read once; forgets all when it grows too large.

    Parameters
    ----------
    reader : callable
        Reads one text; gives a value or a Fault.
    most : int
        How many texts are kept.
    """

    def __init__(self, reader: Reader, most: int = 200_000) -> None:
        super().__init__()
        self._reader = reader
        self._most = most
        self.has_faults = False

    def __missing__(self, text: str) -> Any:
        if len(self) >= self._most:
            self.clear()
        value = fault("formula_error") if text in ERRORS else self._reader(text)
        if type(value) is Fault:
            self.has_faults = True
        self[text] = value
        return value


def read_text(text: str) -> str:
    """Text as it stands, inner blanks and line breaks as one blank each."""
    return text if text.isalnum() else " ".join(text.split())


def read_id(text: str) -> str | Fault:
    """An id as text; a whole number without its `.0`; one that lost digits to an exponent is a fault."""
    if _EXPONENT.fullmatch(text):
        return fault("id_lost_digits")
    whole = _WHOLE_FLOAT.fullmatch(text)
    return whole[1] if whole else read_text(text)


def read_code(text: str) -> str | Fault:
    """A registration code, read as an id is; one that lost digits is a fault which keeps its row."""
    code = read_id(text)
    return fault("code_lost_digits") if isinstance(code, Fault) else code


def split_list(text: str) -> tuple[str, ...]:
    """Several values of a cell, separated by `;` or `、`; empty and repeated ones left out."""
    parts = (read_text(part) for part in _SEPARATORS.split(text))
    return tuple(dict.fromkeys(part for part in parts if part not in EMPTY_CELLS))


def read_tags(text: str) -> tuple[str, ...]:
    """Tags in the order written, also separated by commas; 无 means none."""
    return tuple(tag for tag in split_list(re.sub(r"[,，]", ";", text)) if tag != "无")


def read_yes_no(text: str) -> bool | Fault:
    """是, 否, a tick or a cross, yes or no."""
    folded = fold(text)
    if folded in _YES:
        return True
    return False if folded in _NO else fault("yes_no_unreadable", section="yes_no")


def read_priority(text: str) -> int | Fault:
    """1 (most urgent) to 5, also 紧急, 一般, 二级, P1."""
    folded = fold(text)
    match = _PRIORITY.fullmatch(folded)
    if match is not None:
        return int(match[1]) if match[1].isdigit() else "一二三四五".index(match[1]) + 1
    value = choice_words("priority").get(folded) or choice_words("priority").get(folded.removesuffix("的"))
    if value is not None:
        return int(value)
    return _MORE_PRIORITIES.get(folded, fault("priority_unreadable", section="priority"))


def read_times(text: str) -> str | Fault:
    """Canonical times, by `graph.times`."""
    try:
        return parse_times(text)
    except TimesError:
        return fault("times_unreadable")


def read_category(text: str) -> str | Fault:
    """A category's id from its id, its name, or an alias; children of known ones (`health.eyes`) too."""
    folded = fold(text)
    known = choice_words("categories").get(folded)
    if known is not None:
        return known
    if re.fullmatch(r"[a-z_]+(?:\.[\w-]+)+", folded) and taxonomy.is_category(folded):
        return folded
    head, slash, child = folded.partition("/")
    if slash and child:
        inner = choice_words("categories").get(child)
        if inner is not None and inner.startswith(f"{choice_words('categories').get(head)}."):
            return inner
    names = [entry["zh"] for entry in taxonomy.words()["categories"].values()]
    return fault(
        "category_unreadable",
        nearest=nearest_words(text, names),
        choices="、".join(names[:3]),
        section="categories",
    )


def read_heading_category(heading: str) -> str | None:
    """The category that a list's own heading names by itself (一、养老助老类), or None."""
    bare = _HEADING_NUMBER.sub("", heading.strip())
    for candidate in (bare, bare.removesuffix("类"), bare.removesuffix("服务类"), bare.removesuffix("服务")):
        known = choice_words("categories").get(fold(candidate))
        if known is not None:
            return known
    return None


@cache
def choice_words(section: str) -> Mapping[str, str]:
    """Every folded way to say a value (id, Chinese, English, aliases) -> the value."""
    words = taxonomy.words()
    entries = words["categories"] if section == "categories" else words["values"][section]
    table: dict[str, str] = {}
    for value, entry in entries.items():
        for word in (value, entry["zh"], entry["en"]):
            table.setdefault(fold(word), value)
    for value, entry in entries.items():
        for word in entry.get("aliases", ()):
            table.setdefault(fold(word), value)
    return table


def choice_reader(section: str, problem: str = "choice_unreadable") -> Reader:
    """A reader for one of the fixed sets of values, such as `mode` or `level`."""
    entries = taxonomy.words()["values"][section]
    # What is counted has many words, and each is as good as the first.
    said = [[entry["zh"], *entry.get("often", ())] for entry in entries.values()]
    choices = "、".join(dict.fromkeys(word for words in said for word in words))

    def read(text: str) -> str | Fault:
        value = choice_words(section).get(fold(text))
        return fault(problem, choices=choices, section=section) if value is None else value

    return read


def count_reader(least: int) -> Reader:
    """A reader of counts of at least so many; gives a Count or a Fault."""

    def read(text: str) -> Count | Fault:
        return read_count(text, least)

    return read


def _read_end(text: str) -> Any:
    return read_date(text, is_end=True)


def _read_degrees(text: str) -> float | Fault:
    try:
        value = float(text)
    except ValueError:
        folded = fold(text)
        match = re.fullmatch(r"([东西南北ewns]经?纬?)?(-?\d+(?:\.\d+)?)°?([ewns])?", folded)
        if match is None:
            return fault("coordinate_unreadable")
        value = -float(match[2]) if (match[1] or match[3] or "e")[0] in "西南ws" else float(match[2])
    return value if abs(value) < 1e9 else fault("coordinate_unreadable")


READERS: Final[Mapping[str, Reader]] = {
    "text": read_text,
    "id": read_id,
    "code": read_code,
    "reference": read_id,
    "references": split_list,
    "tags": read_tags,
    "quantity": count_reader(1),
    "capacity": count_reader(0),
    "date": read_date,
    "end_date": _read_end,
    "category": read_category,
    "priority": read_priority,
    "yes_no": read_yes_no,
    "times": read_times,
    "degrees": _read_degrees,
    "amount": read_amount,
    "reach": read_reach,
    "per": choice_reader("per"),
    "mode": choice_reader("mode"),
    "measure": choice_reader("measure"),
    "level": choice_reader("level"),
    "crs": choice_reader("crs", "crs_unreadable"),
    "precision": choice_reader("precision"),
    "stage": choice_reader("stage"),
    "coverage": choice_reader("coverage"),
    "alias_kind": choice_reader("alias_kind"),
    "claim_status": choice_reader("claim_status"),
    "need_status": choice_reader("need_status"),
    "offer_status": choice_reader("offer_status"),
}
"""How a column of each kind is read; `loaders.columns` says which column is of which kind."""

SECTIONS: Final[Mapping[str, str]] = {
    "category": "categories",
    **{
        name: name
        for name in (
            *("priority", "yes_no", "per", "mode", "measure", "level", "crs", "precision", "stage"),
            *("coverage", "alias_kind", "claim_status", "need_status", "offer_status"),
        )
    },
}
"""Readers of cells that hold one of a few values, and the section of the word table that names them."""
