"""Explanations: why this unit serves a need, why not that one, and why nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from graph.errors import NotFoundError
from graph.model import Need, Project
from graph.wording import word
from matcher.alternatives import Alternatives, able_json
from matcher.choices import KINDS, find_choices, split_costs
from matcher.gap_details import nearest_json, times_json, unknown_side
from matcher.gap_list import certificate_json
from matcher.instance import Instance
from matcher.market import Market, View
from matcher.match import Match, Part
from matcher.narrow import narrow
from matcher.reasons import WHOLE, Reasons, find_reasons
from matcher.refusals import Refusals
from matcher.remedies import find_remedies
from matcher.rules import MATCHED_STATES
from matcher.sentences import Sentences

Json = dict[str, Any]

SHOWN: Final = 20
"""So many alternatives are given unless more are asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Why a need (or project) is served as it is.

    Attributes
    ----------
    need : str
        Its id.
    table : str
        `needs` or `projects`.
    measure : str
        `places` or `yuan`.
    status : str
        Of the solution; prices prove an `optimal` one, else only its bound.
    wanted, served : int
        Places.
    left_out : str or None
        Why it takes no part in the match: `referred_to`, `status`, or `not_valid` in the round.
    served_by : tuple of dict
        JSON values: `offer`, `unit`, `places`, `locked_places`, `distance_m`, `estimate`, `fit`, `assumed`,
        `cost` of a place and the `terms` that add up to it, `price` (see `matcher.alternatives`), `why`.
    alternatives : tuple of dict
        See `matcher.alternatives`.
    alternatives_total : int
        How many there are in all.
    unserved : dict or None
        `reason`, `places`, `by_reason`, `certificate` (of few needs with this one; the gaps have the whole),
        what the gaps say of the reason, and `would_do`: what change would do (see `matcher.remedies`).
    sentence_zh, sentence_en : str
        All in a sentence or two; so has each row.
    """

    need: str
    table: str
    measure: str
    status: str
    wanted: int
    served: int
    left_out: str | None
    served_by: tuple[Json, ...]
    alternatives: tuple[Json, ...]
    alternatives_total: int
    unserved: Json | None
    sentence_zh: str
    sentence_en: str

    def to_json(self) -> Json:
        """The document of `linli explain`."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {**values, "served_by": list(self.served_by), "alternatives": list(self.alternatives)}


def explain(
    match: Match,
    need_id: str,
    *,
    limit: int | None = SHOWN,
    reasons: Reasons | None = None,
    exact: bool | str = False,
) -> Explanation:
    """Explain how a match serves one need or project, with the numbers that decide it.

    Parameters
    ----------
    match : Match
    need_id : str
        Id of a need, else of a project; `project:ID` where a need has the same.
    limit : int, optional
        So many alternatives at most, though never fewer than are in use; None: all.
    reasons : Reasons, optional
        Those of the need's measure where somebody has them already (`GapReport.reasons`).
    exact : bool or str
        Work out for each alternative given, or for the offer (of a project: the unit) with this id alone,
        what one place on it would cost in all, and who would move, by a search each (`regret`; see
        `matcher.alternatives.regret_json`).

    Raises
    ------
    NotFoundError
        If the snapshot has neither such a need nor such a project.
    """
    found = _find(match, need_id)
    if found is None:
        return _left_out(match, need_id)
    part, row = found
    instance = part.instance
    market = Market(part)
    view = market.look(row)
    sentences = Sentences(instance)
    others = Alternatives(market, view)
    served_by = tuple(
        sentences.add_served(_served_json(market, view, at), row)
        for at in np.flatnonzero(view.flow > 0).tolist()
    )
    alternatives = tuple(sentences.add_alternative(item, row) for item in others.rows(limit, exact=exact))
    unserved = None
    if instance.graph.need_quantity[row] > part.solution.served[row]:
        reasons = reasons or find_reasons(instance, part.solution, needs=np.array([row]))
        unserved = sentences.add_unserved(_unserved_json(instance, reasons, row), row)
        closest = others.closest_unable()
        unserved["would_do"] = find_remedies(instance, part.solution, row, unserved, closest)
    zh, en = sentences.whole(row, int(part.solution.served[row]), served_by, unserved)
    return Explanation(
        need=instance.demand.ids[row],
        table="projects" if instance.demand.is_project[row] else "needs",
        measure=instance.measure,
        status=part.solution.status,
        wanted=int(instance.graph.need_quantity[row]),
        served=int(part.solution.served[row]),
        left_out=None,
        served_by=served_by,
        alternatives=alternatives,
        alternatives_total=len(others),
        unserved=unserved,
        sentence_zh=zh,
        sentence_en=en,
    )


def _find(match: Match, need_id: str) -> tuple[Part, int] | None:
    """The part of a match and the need row that an id stands for; needs before projects."""
    parts = [match.places, *([match.money] if match.money is not None else [])]
    for is_project, wanted in ((False, need_id), (True, need_id.removeprefix("project:"))):
        for part in parts:
            demand = part.instance.demand
            rows = np.flatnonzero((demand.ids == wanted) & (demand.is_project == is_project))
            if len(rows):
                return part, int(rows[0])
        if not is_project and match.snapshot.record("needs", need_id) is not None:
            return None
    return None


def _left_out(match: Match, need_id: str) -> Explanation:
    """Explain a need or project that takes no part in the match."""
    record = match.snapshot.record("needs", need_id)
    record = record or match.snapshot.record("projects", need_id.removeprefix("project:"))
    if not isinstance(record, Need | Project):
        raise NotFoundError(**word("no_target", id=need_id))
    table = "needs" if isinstance(record, Need) else "projects"
    why = "not_valid"
    if isinstance(record, Need) and record.referred_to:
        why = "referred_to"
    elif record.status not in MATCHED_STATES:
        why = "status"
    zh, en = Sentences(match.places.instance).left_out(record, why)
    return Explanation(
        need=record.id,
        table=table,
        measure=record.measure if isinstance(record, Need) else "places",
        status=match.places.solution.status,
        wanted=record.quantity if isinstance(record, Need) else record.wanted,
        served=0,
        left_out=why,
        served_by=(),
        alternatives=(),
        alternatives_total=0,
        unserved=None,
        sentence_zh=zh,
        sentence_en=en,
    )


def _served_json(market: Market, view: View, at: int) -> Json:
    instance, edge = market.instance, int(view.edges[at])
    row = able_json(market, view, at)
    pairs, locked = instance.pairs, int(view.locked[at])
    shared = ("offer", "unit", "places", "distance_m", "cost", "price", "by_way_of")
    return {
        **{name: row[name] for name in shared if name in row},
        "locked_places": locked,
        "estimate": bool(pairs.estimate[edge]),
        "fit": "broad" if pairs.broad[edge] else "exact",
        "assumed": bool(pairs.assumed[edge] and view.flow[at] > locked),
        "terms": _terms(instance, edge),
        "why": _why_chosen(market, view, at),
    }


def _terms(instance: Instance, edge: int) -> Json:
    """What the cost of a pair consists of, in metre-equivalents."""
    terms = split_costs(instance, np.array([edge]))
    names = ["metres", "other_subdistrict", "broad", "unpaired"]
    names += ["reciprocity"] if instance.rules.reciprocity_m else []
    names += ["moving"] if instance.rules.keep is not None else []
    return {name: int(getattr(terms, name)[0]) for name in names}


def _why_chosen(market: Market, view: View, at: int) -> Json:
    """Why a pair in use was chosen, as JSON values; see `matcher.choices.Choices`.

    `runner_up` is the next best of another unit, `extra_m` dearer in all; `nearest` the nearest that could
    serve the need.
    """
    instance = market.instance
    choices = find_choices(market, np.array([view.need]))
    row = int(np.searchsorted(choices.edges, view.edges[at]))

    def named(edge: int) -> Json:
        offer, metres = int(instance.graph.edge_offer[edge]), float(instance.pairs.distance_m[edge])
        of_offer = instance.supply.table_row[offer] >= 0
        return {
            "offer": instance.supply.ids[offer] if of_offer else None,
            "unit": instance.unit_ids[instance.supply.unit[offer]],
            "distance_m": None if np.isnan(metres) else round(metres, 1),
        }

    runner, nearest = int(choices.runner_up[row]), int(choices.nearest[row])
    extra_m = view.extra.cost[view.edges == runner].tolist()
    return {
        "kind": KINDS[int(choices.kind[row])],
        "runner_up": {**named(runner), "extra_m": extra_m[0]} if runner >= 0 else None,
        "nearest": named(nearest) if nearest >= 0 else None,
    }


def _unserved_json(instance: Instance, reasons: Reasons, need: int) -> Json:
    """Why places of a need row are unserved, as JSON values."""
    by_reason = dict(reasons.by_reason(need))
    projects = bool(instance.demand.is_project[need])
    shortages = reasons.of_projects if projects else reasons.of_needs
    certificate = next((c for c in shortages.certificates if need in c.needs), None)
    row: Json = {
        "reason": next(iter(by_reason)),
        "places": int(reasons.unserved[need]),
        "by_reason": by_reason,
        "certificate": None,
    }
    if certificate is not None and "no_capacity" in by_reason:
        few = narrow(instance, shortages, certificate, need)
        row["certificate"] = certificate_json(instance, shortages, few, projects=projects)
    if "held_by_rule" in by_reason:
        row["rule"] = WHOLE
    reason = row["reason"]
    if reason == "no_capable_unit":
        row["missing"] = reasons.missing[need]
    elif reason == "unknown_place":
        row["unknown"] = unknown_side(instance, reasons, need)
    elif reason == "out_of_reach":
        row["nearest"] = nearest_json(instance, reasons, need)
    elif reason == "wrong_time":
        row["times"] = times_json(instance, reasons, need)
    elif reason == "refused":
        row["refused_by"] = Refusals(instance).list([need])
    return row
