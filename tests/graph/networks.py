from __future__ import annotations

from typing import Any

from graph.measures.answers import Answer
from graph.model import Pairing, Unit
from graph.snapshot import Snapshot

EMPTY = Snapshot.from_records([])


def town(ties: list[tuple[str, str]], **areas: str) -> Snapshot:
    """Units by name of their area, and pairings of two."""
    units = [Unit(id=unit, name=f"单位{unit}", area=area) for unit, area in areas.items()]
    pairings = [Pairing(id=f"p{number}", parties=tie) for number, tie in enumerate(ties)]
    return Snapshot.from_records([*units, *pairings])


STAR = town([("a", "b"), ("a", "c"), ("a", "d")], a="east", b="east", c="west", d="north", e="east")


def values(answer: Answer) -> dict[str, Any]:
    assert answer.parties is not None
    return {party.id: party.value for party in answer.parties}
