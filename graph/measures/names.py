"""What can be measured, of which ties, and by which groups."""

from __future__ import annotations

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

Kind = Literal["pairings", "memberships", "alliances", "services", "branches", "multilayer"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""Ties that make a network, see `graph.network`."""
