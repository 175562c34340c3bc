"""What can be measured, of which ties, and by which groups."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Final, Literal, get_args

PartyMeasure = Literal[
    "degree", "strength", "betweenness", "introduced", "brokerage", "constraint", "effective_size",
    "clustering", "core", "articulation", "bridges", "community", "reciprocity", "participation",
]  # fmt: skip
WholeMeasure = Literal[
    "density", "transitivity", "assortativity", "components", "robustness", "ei", "agreement", "stability",
    "gini", "hhi", "tie_age",
]  # fmt: skip
PARTY_MEASURES: Final[tuple[PartyMeasure, ...]] = get_args(PartyMeasure)
WHOLE_MEASURES: Final[tuple[WholeMeasure, ...]] = get_args(WholeMeasure)
Measure = Literal[PartyMeasure, WholeMeasure]
MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
"""What can be asked for: of each party, then of the whole."""

By = Literal["area", "kind", "alliance"]
BYS: Final[tuple[By, ...]] = get_args(By)
"""What makes groups of parties."""

Kind = Literal[
    "pairings", "agreements", "memberships", "alliances", "services", "complement", "branches", "tree",
    "multilayer",
]  # fmt: skip
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""Ties that make a network, see `graph.network`."""

UNFIT: Final[Mapping[str, frozenset[str]]] = {
    kind: frozenset(names)
    for kind, names in json.loads(
        files("graph").joinpath("words/unfit.json").read_text(encoding="utf-8")
    ).items()
}
"""Measures that would say nothing of some networks, or something wrong: a pairing is nobody's partner,
nothing goes through what could be, and a tree has no circles. The page reads the same file."""

OF_OWN_RECORDS: Final = ("introduced", "reciprocity", "participation", "gini", "hhi", "tie_age")
"""Measures of exchange, service and layers: they look at their own records, whatever the network."""
