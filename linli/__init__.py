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
    from graph.errors import (
        AmbiguousError,
        CapacityError,
        ConflictError,
        LinliError,
        NotFoundError,
        StoreError,
        StoreUrlError,
        TransitionError,
    )
    from graph.measures import run as measures
    from graph.model import (
        Alias,
        Alliance,
        Area,
        Booking,
        Branch,
        CategoryRule,
        Claim,
        Duty,
        ListSize,
        Membership,
        Need,
        Offer,
        Pairing,
        Post,
        Project,
        Record,
        Registration,
        ServiceRecord,
        Station,
        Unit,
    )
    from graph.periods import Period
    from graph.snapshot import Snapshot, arrow_schema, records_to_arrow
    from graph.store import Batch, Change, EdgeKind, Edges, Event, Ref, Round, Store, WriteResult, open_store
    from graph.times import MEETING_MINUTES, Times, TimesError, parse_times, shares
    from loaders import Known, LoadReport, Problem, Reading, read
    from loaders.marked import write_marked
    from loaders.write import write
    from matcher import (
        UNLIMITED,
        ArgumentError,
        CandidateGraph,
        Certificate,
        CostRangeError,
        Figures,
        GraphError,
        LiveMatch,
        Prices,
        Proof,
        Solution,
        VerificationError,
        WideSolution,
        capacity_certificates,
        nearest_first,
        serve_exactly,
        solve,
        solve_wide,
        verify,
    )
    from matcher.access import (
        MatrixError,
        balanced_fca,
        enhanced_two_step_fca,
        raam,
        three_step_fca,
        two_step_fca,
    )
    from matcher.access_report import access_document
    from matcher.candidates import build_instance, candidates
    from matcher.catchments import Access, measure_access
    from matcher.explain import Explanation, explain
    from matcher.gaps import Gap, GapReport, PartGaps, find_gaps, leave_one_out, serve_most
    from matcher.match import Match, match
    from matcher.partners.actions import Action, ActionError, plan_actions
    from matcher.partners.proposal import propose_pairings
    from matcher.partners.recommend import recommend_partners
    from matcher.rota.plan import plan_rota
    from matcher.rules import Rules
    from matcher.sites import (
        InfeasibleError,
        SitePlan,
        backup_cover,
        maximal_cover,
        p_center,
        p_median,
        set_cover,
    )

_HOMES = {
    "Access": "matcher.catchments",
    "Action": "matcher.partners.actions",
    "ActionError": "matcher.partners.actions",
    "Alias": "graph.model",
    "Alliance": "graph.model",
    "AmbiguousError": "graph.errors",
    "Area": "graph.model",
    "Batch": "graph.store",
    "Booking": "graph.model",
    "Branch": "graph.model",
    "CandidateGraph": "matcher",
    "CapacityError": "graph.errors",
    "CategoryRule": "graph.model",
    "Certificate": "matcher",
    "Change": "graph.store",
    "Claim": "graph.model",
    "ConflictError": "graph.errors",
    "CostRangeError": "matcher",
    "Duty": "graph.model",
    "EdgeKind": "graph.store",
    "Edges": "graph.store",
    "Event": "graph.store",
    "Explanation": "matcher.explain",
    "Figures": "matcher",
    "Gap": "matcher.gaps",
    "GapReport": "matcher.gaps",
    "ArgumentError": "matcher",
    "GraphError": "matcher",
    "InfeasibleError": "matcher.sites",
    "Known": "loaders",
    "LinliError": "graph.errors",
    "ListSize": "graph.model",
    "LiveMatch": "matcher",
    "LoadReport": "loaders",
    "MEETING_MINUTES": "graph.times",
    "Match": "matcher.match",
    "MatrixError": "matcher.access",
    "Membership": "graph.model",
    "Need": "graph.model",
    "NotFoundError": "graph.errors",
    "Offer": "graph.model",
    "Pairing": "graph.model",
    "PartGaps": "matcher.gaps",
    "Period": "graph.periods",
    "Post": "graph.model",
    "Prices": "matcher",
    "Problem": "loaders",
    "Project": "graph.model",
    "Proof": "matcher",
    "Reading": "loaders",
    "Record": "graph.model",
    "Ref": "graph.store",
    "Registration": "graph.model",
    "Round": "graph.store",
    "Rules": "matcher.rules",
    "ServiceRecord": "graph.model",
    "SitePlan": "matcher.sites",
    "Snapshot": "graph.snapshot",
    "Solution": "matcher",
    "Station": "graph.model",
    "Store": "graph.store",
    "StoreError": "graph.errors",
    "StoreUrlError": "graph.errors",
    "Times": "graph.times",
    "TimesError": "graph.times",
    "TransitionError": "graph.errors",
    "UNLIMITED": "matcher",
    "Unit": "graph.model",
    "VerificationError": "matcher",
    "WideSolution": "matcher",
    "WriteResult": "graph.store",
    "access_document": "matcher.access_report",
    "arrow_schema": "graph.snapshot",
    "backup_cover": "matcher.sites",
    "balanced_fca": "matcher.access",
    "build_instance": "matcher.candidates",
    "candidates": "matcher.candidates",
    "capacity_certificates": "matcher",
    "enhanced_two_step_fca": "matcher.access",
    "explain": "matcher.explain",
    "find_gaps": "matcher.gaps",
    "leave_one_out": "matcher.gaps",
    "match": "matcher.match",
    "maximal_cover": "matcher.sites",
    "measure_access": "matcher.catchments",
    "nearest_first": "matcher",
    "open_store": "graph.store",
    "p_center": "matcher.sites",
    "p_median": "matcher.sites",
    "parse_times": "graph.times",
    "plan_actions": "matcher.partners.actions",
    "plan_rota": "matcher.rota.plan",
    "propose_pairings": "matcher.partners.proposal",
    "raam": "matcher.access",
    "read": "loaders",
    "recommend_partners": "matcher.partners.recommend",
    "records_to_arrow": "graph.snapshot",
    "serve_exactly": "matcher",
    "serve_most": "matcher.gaps",
    "set_cover": "matcher.sites",
    "shares": "graph.times",
    "solve": "matcher",
    "solve_wide": "matcher",
    "three_step_fca": "matcher.access",
    "two_step_fca": "matcher.access",
    "verify": "matcher",
    "write": "loaders.write",
    "write_marked": "loaders.marked",
}
_MODULES = {
    "geo": "graph.geo",
    "measures": "graph.measures.run",
    "network": "graph.network",
    "taxonomy": "graph.taxonomy",
}
_PACKAGES = ("graph", "matcher", "loaders", "api")

__all__ = [
    "Access",
    "Action",
    "ActionError",
    "Alias",
    "Alliance",
    "AmbiguousError",
    "Area",
    "Batch",
    "Booking",
    "Branch",
    "CandidateGraph",
    "CapacityError",
    "CategoryRule",
    "Certificate",
    "Change",
    "Claim",
    "ConflictError",
    "CostRangeError",
    "Duty",
    "EdgeKind",
    "Edges",
    "Event",
    "Explanation",
    "Figures",
    "Gap",
    "GapReport",
    "ArgumentError",
    "GraphError",
    "InfeasibleError",
    "Known",
    "LinliError",
    "ListSize",
    "LiveMatch",
    "LoadReport",
    "MEETING_MINUTES",
    "Match",
    "MatrixError",
    "Membership",
    "Need",
    "NotFoundError",
    "Offer",
    "Pairing",
    "PartGaps",
    "Period",
    "Post",
    "Prices",
    "Problem",
    "Project",
    "Proof",
    "Reading",
    "Record",
    "Ref",
    "Registration",
    "Round",
    "Rules",
    "ServiceRecord",
    "SitePlan",
    "Snapshot",
    "Solution",
    "Station",
    "Store",
    "StoreError",
    "StoreUrlError",
    "Times",
    "TimesError",
    "TransitionError",
    "UNLIMITED",
    "Unit",
    "VerificationError",
    "WideSolution",
    "WriteResult",
    "access_document",
    "arrow_schema",
    "backup_cover",
    "balanced_fca",
    "build_instance",
    "candidates",
    "capacity_certificates",
    "enhanced_two_step_fca",
    "explain",
    "find_gaps",
    "geo",
    "leave_one_out",
    "match",
    "maximal_cover",
    "measure_access",
    "nearest_first",
    "measures",
    "network",
    "open_store",
    "p_center",
    "p_median",
    "parse_times",
    "plan_actions",
    "plan_rota",
    "propose_pairings",
    "raam",
    "read",
    "recommend_partners",
    "records_to_arrow",
    "serve_exactly",
    "serve_most",
    "set_cover",
    "shares",
    "solve",
    "solve_wide",
    "taxonomy",
    "three_step_fca",
    "two_step_fca",
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
