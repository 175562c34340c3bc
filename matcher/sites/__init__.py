"""Where the next station should stand: classical location problems, exact in reach and bounded beyond it."""

from matcher.matrices import MatrixError
from matcher.sites.backup import backup_cover
from matcher.sites.center import p_center
from matcher.sites.cover import maximal_cover, set_cover
from matcher.sites.median import p_median
from matcher.sites.plan import InfeasibleError, SitePlan

__all__ = [
    "InfeasibleError",
    "MatrixError",
    "SitePlan",
    "backup_cover",
    "maximal_cover",
    "p_center",
    "p_median",
    "set_cover",
]
