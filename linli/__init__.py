"""The public names of all four packages in one place; each is loaded when it is first used.

>>> import linli
>>> store = linli.open_store("sqlite:///town.db")
>>> snapshot = store.snapshot()
>>> graph = linli.candidates(snapshot)
>>> solution = linli.solve(graph)
"""

from __future__ import annotations

import sys
import warnings
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graph import geo, network, taxonomy
    from graph.errors import LinliError
    from graph.periods import Period
    from graph.snapshot import Snapshot
    from graph.store import Batch, Store, open_store
    from loaders import Known, LoadReport, Reading, read
    from loaders.marked import write_marked
    from loaders.write import write
    from matcher import (
        CandidateGraph,
        Certificate,
        CostRangeError,
        Solution,
        capacity_certificates,
        nearest_first,
        solve,
        verify,
    )
    from matcher.candidates import candidates
    from matcher.explain import explain
    from matcher.gaps import find_gaps
    from matcher.match import Match, match
    from matcher.rules import Rules

_HOMES = {
    "Batch": "graph.store",
    "CandidateGraph": "matcher",
    "Certificate": "matcher",
    "CostRangeError": "matcher",
    "Known": "loaders",
    "LinliError": "graph.errors",
    "LoadReport": "loaders",
    "Match": "matcher.match",
    "Period": "graph.periods",
    "Reading": "loaders",
    "Rules": "matcher.rules",
    "Snapshot": "graph.snapshot",
    "Solution": "matcher",
    "Store": "graph.store",
    "candidates": "matcher.candidates",
    "capacity_certificates": "matcher",
    "explain": "matcher.explain",
    "find_gaps": "matcher.gaps",
    "match": "matcher.match",
    "nearest_first": "matcher",
    "open_store": "graph.store",
    "read": "loaders",
    "solve": "matcher",
    "verify": "matcher",
    "write": "loaders.write",
    "write_marked": "loaders.marked",
}
_MODULES = {"geo": "graph.geo", "network": "graph.network", "taxonomy": "graph.taxonomy"}
_PACKAGES = ("graph", "matcher", "loaders", "api")

__all__ = [
    "Batch",
    "CandidateGraph",
    "Certificate",
    "CostRangeError",
    "Known",
    "LinliError",
    "LoadReport",
    "Match",
    "Period",
    "Reading",
    "Rules",
    "Snapshot",
    "Solution",
    "Store",
    "candidates",
    "capacity_certificates",
    "explain",
    "find_gaps",
    "geo",
    "match",
    "nearest_first",
    "network",
    "open_store",
    "read",
    "solve",
    "taxonomy",
    "verify",
    "write",
    "write_marked",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(_MODULES[name])
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _warn_of_shadows() -> None:
    """Say in one line if a file or folder of the same name would be imported instead of a package of ours."""
    home = Path(__file__).resolve().parent.parent
    for name in _PACKAGES:
        if name in sys.modules:
            found = getattr(sys.modules[name], "__file__", None)
        else:
            from importlib.util import find_spec

            spec = find_spec(name)
            found = spec.origin if spec else None
        if found is None or home not in Path(found).resolve().parents:
            where = found or "somewhere else"
            warnings.warn(
                f"“{name}” would be imported from {where}, not from linli: rename it or work elsewhere",
                stacklevel=3,
            )


_warn_of_shadows()
