"""The words of the domain in Chinese and English, and the tree of service categories.

Everything is read from `graph/words/domain.json`, which the loaders' headers, the page's translations
and the glossary share.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

OTHER: Final = "other"
"""The category of rows that name none; two of them fit only under the same heading of their list."""

REASONS: Final = (
    "no_capable_unit",
    "unknown_place",
    "out_of_reach",
    "wrong_time",
    "refused",
    "no_capacity",
    "held_by_rule",
)
"""Reasons for an unserved place, in the order in which the first that holds is given."""

WARNINGS: Final = ("fragile", "low_access", "assumed", "broad", "overpromised")


@cache
def words() -> dict[str, Any]:
    """The word table: sections `tables`, `columns`, `categories`, `values`, `reasons`, `warnings`, `terms`.

    Each entry has `zh` and `en`, some also `aliases` that lists use for the same thing.
    """
    text = files("graph").joinpath("words/domain.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


@cache
def categories() -> frozenset[str]:
    """Ids of the service categories that always exist; lists may add children below them."""
    return frozenset(words()["categories"])


def parent_category(category: str) -> str | None:
    """The category above (`health` for `health.tcm`), or None at the top."""
    head, dot, _ = category.rpartition(".")
    return head if dot else None


def is_category(category: str) -> bool:
    """Whether a category exists or lies below one that does."""
    return category.split(".", 1)[0] in categories() and all(category.split("."))


def is_within(category: str, ancestor: str) -> bool:
    """Whether a category is another one or lies below it."""
    return category == ancestor or category.startswith(ancestor + ".")


def default_reach_m(category: str) -> float:
    """How far an offer of a category is taken to reach where nobody said so, in metres."""
    table = words()["categories"]
    current: str | None = category
    while current is not None:
        if current in table:
            return float(table[current]["reach_m"])
        current = parent_category(current)
    return float(table[OTHER]["reach_m"])
