"""Statistical codes of Shanghai's areas: which code is whose parent, and what it is called.

A code nests by its digits: city 2, district 6, sub-district 9, neighbourhood 12. The table is that of
2023 (6,760 areas); `loaders/sample/divisions/README.md` says where it comes from.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, NamedTuple

LEVEL_OF_LENGTH: Final[Mapping[int, str]] = MappingProxyType(
    {2: "city", 6: "district", 9: "subdistrict", 12: "neighbourhood"}
)
"""Level of an area by the number of digits of its code."""

FORMER_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {"310103": "310101", "310108": "310106", "310119": "310115", "310230": "310151"}
)
"""Districts that lists still name by the code they had, with the district that holds them since."""

FORMER_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "五角场镇": "310110021",
        "卢湾区": "310101",
        "闸北区": "310106",
        "南汇区": "310115",
        "崇明县": "310151",
    }
)
"""Names that places had, with the code that holds them since."""


class Division(NamedTuple):
    """One area of the table. `parent` is None for the city."""

    code: str
    name: str
    level: str
    parent: str | None


def normal_code(code: str) -> str:
    """A statistical code without its padding: `310110021000` becomes `310110021`.

    Parameters
    ----------
    code : str
        2, 4, 6, 9 or 12 digits. The four-digit 3101 (市辖区) is a formality and becomes the city.

    Raises
    ------
    ValueError
        Where the text is no such code.
    """
    if not (code.isascii() and code.isdigit() and len(code) in (2, 4, 6, 9, 12)):
        raise ValueError(f"{code!r} is no statistical code: 2, 6, 9 or 12 digits are expected")
    if len(code) == 12 and code.endswith("000"):
        code = code[:9]
    if len(code) == 9 and code.endswith("000"):
        code = code[:6]
    if len(code) == 4 or (len(code) == 6 and code.endswith("00")):
        code = code[:2]
    return code


def level_of(code: str) -> str:
    """Level of a code: `city`, `district`, `subdistrict` or `neighbourhood`; ValueError where it is none."""
    return LEVEL_OF_LENGTH[len(normal_code(code))]


def parent_code(code: str) -> str | None:
    """Code of the area above, None above the city; ValueError where the text is no code."""
    normal = normal_code(code)
    shorter = [length for length in LEVEL_OF_LENGTH if length < len(normal)]
    return normal[: max(shorter)] if shorter else None


@cache
def shanghai_areas() -> tuple[Division, ...]:
    """Every area of Shanghai by code: the city, 16 districts, 234 sub-districts, 6,509 neighbourhoods."""
    text = files("loaders").joinpath("sample/divisions/shanghai.csv").read_text(encoding="utf-8")
    return tuple(
        Division(row["id"], row["name"], level_of(row["id"]), parent_code(row["id"]))
        for row in csv.DictReader(text.splitlines())
    )


@cache
def _codes_by_name() -> Mapping[str, tuple[str, ...]]:
    """Codes by official and former name."""
    codes: defaultdict[str, list[str]] = defaultdict(list)
    for area in shanghai_areas():
        codes[area.name].append(area.code)
    for name, code in FORMER_NAMES.items():
        codes[name].append(code)
    return {name: tuple(found) for name, found in codes.items()}


def codes_of(name: str) -> tuple[str, ...]:
    """Codes of the areas that bear, or bore, a name: several where it is not unique, none if unknown."""
    return _codes_by_name().get(name.strip(), ())


def current_code(code: str) -> str:
    """The code in force for a code as a list gives it: without padding, former districts replaced."""
    normal = normal_code(code)
    return FORMER_CODES.get(normal, normal)
