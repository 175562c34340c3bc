"""Gaps: what stays unserved and why, what served places rest on, and what nobody covers.

The document is that of `linli gaps`. Projects, and what is counted in money, have sections of their own with
the same shape, so that `unserved` is `places_wanted` less `places_served`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graph.taxonomy import REASONS
from matcher.blindspots import BlindSpots, find_blind_spots
from matcher.cautions import list_cautions
from matcher.certificates import Certificate, capacity_certificates, serve_most
from matcher.coverage import count_coverage
from matcher.cut import leave_one_out
from matcher.equity import equity_document
from matcher.gap_list import Gap, list_gaps
from matcher.match import Match, Part
from matcher.reasons import Reasons, find_reasons

Json = dict[str, Any]

__all__ = [
    "Certificate",
    "Gap",
    "GapReport",
    "PartGaps",
    "capacity_certificates",
    "find_gaps",
    "leave_one_out",
    "serve_most",
]


@dataclass(frozen=True, slots=True, eq=False)
class PartGaps:
    """The gaps of needs, of projects, or of what is counted in money.

    Attributes
    ----------
    gaps : tuple of Gap
        Those that concern most people first, of these the more urgent, then the larger.
    warnings : tuple of dict
        JSON values, see `matcher.cautions`.
    """

    gaps: tuple[Gap, ...]
    warnings: tuple[Json, ...]

    @property
    def unserved(self) -> int:
        """Places (of projects units, of money yuan) in all gaps."""
        return sum(gap.places for gap in self.gaps)

    @property
    def summary(self) -> dict[str, int]:
        """Places by reason, every reason in the contract's order."""
        return {reason: sum(gap.places for gap in self.gaps if gap.reason == reason) for reason in REASONS}

    def to_json(self) -> Json:
        """`unserved`, `summary`, `gaps` and `warnings`."""
        return {
            "unserved": self.unserved,
            "summary": self.summary,
            "gaps": [gap.to_json() for gap in self.gaps],
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True, eq=False)
class GapReport:
    """All gaps, warnings and blind spots of a match.

    Attributes
    ----------
    needs, projects : PartGaps
        Counted in places, and in units wanted.
    money : PartGaps or None
        None where no need asks for money.
    blind_spots : BlindSpots
    reasons : Reasons
        Reasons by need row of the places; for `explain`.
    money_reasons : Reasons or None
    coverage : dict
        How many units each of the two coverages reaches, as JSON values; see `matcher.coverage`.
    equity : dict
        How evenly needs are served, as JSON values; see `matcher.equity`.
    """

    needs: PartGaps
    projects: PartGaps
    money: PartGaps | None
    blind_spots: BlindSpots
    reasons: Reasons
    money_reasons: Reasons | None
    coverage: Json
    equity: Json

    def to_json(self) -> Json:
        """The document of `linli gaps`."""
        return {
            **self.needs.to_json(),
            "projects": self.projects.to_json(),
            "money": None if self.money is None else self.money.to_json(),
            **self.blind_spots.to_json(),
            "coverage": self.coverage,
            "equity": self.equity,
        }


def find_gaps(match: Match) -> GapReport:
    """Find what a match leaves unserved and why, what it rests on, and what nobody covers.

    Every unserved place has one reason, the first of the contract's list that holds; places add up. For want
    of capacity there is one gap for each certificate, else one for each reason, category and area.

    Parameters
    ----------
    match : Match

    Returns
    -------
    GapReport
    """
    places, money = match.places, match.money
    reasons = find_reasons(places.instance, places.solution)
    money_reasons = None if money is None else find_reasons(money.instance, money.solution)
    cautions = list_cautions(places)
    return GapReport(
        needs=_gather(places, reasons, cautions, projects=False),
        projects=_gather(places, reasons, cautions, projects=True),
        money=None
        if money is None or money_reasons is None
        else _gather(money, money_reasons, list_cautions(money), projects=False),
        blind_spots=find_blind_spots(match),
        reasons=reasons,
        money_reasons=money_reasons,
        coverage=count_coverage(places.instance),
        equity=equity_document(places),
    )


def _gather(part: Part, reasons: Reasons, cautions: list[Json], *, projects: bool) -> PartGaps:
    return PartGaps(
        tuple(list_gaps(part.instance, part.solution, reasons, projects=projects)),
        tuple(item for item in cautions if ("project" in item) == projects),
    )
