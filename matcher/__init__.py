"""What follows from it: who serves whom, where the gaps are, what would close them.

Importing this package loads NumPy and nothing heavier; OR-Tools, SciPy and pandas wait until they are used,
and so does the live match with its compiler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matcher.arguments import ArgumentError
from matcher.certificates import Certificate, capacity_certificates
from matcher.flow import serve_exactly, solve
from matcher.nearest import nearest_first
from matcher.prices import Prices
from matcher.problem import UNLIMITED, CandidateGraph, CostRangeError, GraphError
from matcher.solution import Proof, Solution
from matcher.verify import Figures, VerificationError, verify
from matcher.wide import WideSolution, solve_wide

if TYPE_CHECKING:
    from matcher.live import LiveMatch

__all__ = [
    "ArgumentError",
    "UNLIMITED",
    "CandidateGraph",
    "Certificate",
    "CostRangeError",
    "Figures",
    "GraphError",
    "LiveMatch",
    "Prices",
    "Proof",
    "Solution",
    "VerificationError",
    "WideSolution",
    "capacity_certificates",
    "nearest_first",
    "serve_exactly",
    "solve",
    "solve_wide",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name == "LiveMatch":
        from matcher.live import LiveMatch

        return LiveMatch
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
