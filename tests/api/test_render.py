"""Documents on a terminal."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from api.commands.texts import Language
from api.render import show_gaps


def gap(**cells: Any) -> dict[str, Any]:
    return {"reason": "no_capacity", "places": 9, "needs": ["n1"], "certificate": None, **cells}


@pytest.mark.parametrize(
    ("language", "area", "more"),
    [
        ("en", "Plane Lane, Camphor Court +1", "health +2"),
        ("zh", "Plane Lane、Camphor Court +1", "医疗健康 +2"),
    ],
)
def test_a_gap_over_several_areas_names_the_largest(language: Language, area: str, more: str) -> None:
    document = {
        "unserved": 9,
        "summary": {"no_capacity": 9},
        "gaps": [
            gap(by_category={"health": 9}, by_area={"a": 2, "b": 3, "c": 2, "": 2}),
            gap(by_category={"health": 2, "legal": 1, "repair": 5, "venue": 1}, by_area={"": 9}),
        ],
        "warnings": [],
        **{name: [] for name in ("idle_offers", "idle_units", "unpaired_areas", "uncovered_units")},
    }
    names = {"b": "Plane Lane", "a": "Camphor Court", "c": "Ginkgo Gate"}
    out = io.StringIO()
    show_gaps(document, names, 8)(Console(file=out, width=200), language)
    first, second = [line for line in out.getvalue().splitlines() if " +" in line]
    assert area in first
    assert more in second.lower()
    assert "—" in second
