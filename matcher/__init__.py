"""What follows from it: who serves whom, where the gaps are, what would close them.

Importing this package loads NumPy and nothing heavier; OR-Tools, SciPy and pandas wait until they are used.
"""

from matcher.certificates import Certificate, capacity_certificates
from matcher.flow import serve_exactly, solve
from matcher.nearest import nearest_first
from matcher.prices import Prices
from matcher.problem import UNLIMITED, CandidateGraph, CostRangeError, GraphError
from matcher.solution import Proof, Solution
from matcher.verify import Figures, VerificationError, verify

__all__ = [
    "UNLIMITED",
    "CandidateGraph",
    "Certificate",
    "CostRangeError",
    "Figures",
    "GraphError",
    "Prices",
    "Proof",
    "Solution",
    "VerificationError",
    "capacity_certificates",
    "nearest_first",
    "serve_exactly",
    "solve",
    "verify",
]
