"""The rota of a body (an alliance, say) from the records: its members, their capacity, area and absence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any, Final

import numpy as np

from graph.errors import LinliError
from graph.model import UNLIMITED
from graph.periods import Period
from graph.snapshot import Snapshot
from graph.wording import word
from matcher.places import PARTY_ORDER, AreaTree, Parties
from matcher.rota.model import find_rota
from matcher.rota.problem import EVERY, Every, Kept, Rota, Rule, Taker, Wish, cut_period

Json = dict[str, Any]

_RULES: Final[dict[str, tuple[str, str]]] = {
    "cover": ("{when}{where}要有人值班", "somebody is on duty {when}{where}"),
    "away": ("{who}{when}不能值班", "{who} can't {when}"),
    "gap": (
        "同一家两次值班之间至少隔{gap}期",
        "periods free between two turns of one party: at least {gap}",
    ),
    "once": ("同一家一期只值一处", "nobody is on duty in two places at once"),
    "kept": ("{when}{where}已定由{who}值班", "{when}{where} is settled for {who}"),
}


class NoRotaError(LinliError, ValueError):
    """There is no body, or nobody in it, to take turns."""


def plan_rota(
    snapshot: Snapshot,
    body: str | None,
    period: Period,
    *,
    every: Every = "month",
    gap: int | None = None,
    by_area: bool = False,
    equal: bool = False,
    away: Mapping[str, Sequence[Period]] | None = None,
) -> Json:
    """Plan the turns of a body's members over a period.

    A turn needs its party through all days of its part of the period: membership, party and absence count.
    Turns recorded for the body already (`duties`) stay.

    Parameters
    ----------
    snapshot : Snapshot
    body : str, optional
        Id of an alliance; by default the one with most members.
    period : Period
    every : {"week", "month", "quarter"}
    gap : int, optional
        So many parts at least between two turns of one party; by default as many as go without less even
        shares.
    by_area : bool
        Every area where members stand has somebody of its own on duty all the time.
    equal : bool
        All take alike; by default turns go by capacity, where unknown by the median of those known.
    away : mapping of str to sequence of Period, optional
        Further absence by party.

    Returns
    -------
    dict
        `body`, `name`, `every`, `status`, `gap`, `turns` (`from`, `to`, `area`, `area_name`, `party`,
        `name`), `load` (`party`, `name`, `turns`, `fair`, `capacity`, `assumed`), `largest_deviation` (in
        turns), `conflict` (None, or `smallest`, and `rules` with `rule`, what it is about, `text` and
        `text_en`).

    Raises
    ------
    NoRotaError
        If there is no such body with members.
    ValueError
        If `every` is none of these, or the gap is below zero.
    """
    if every not in EVERY:
        raise ValueError(f"there is no “every {every}”, but {', '.join(EVERY)}")
    chosen = body or _largest_body(snapshot, period)
    members = _members(snapshot, chosen, period)
    if not members:
        raise NoRotaError(**word("no_members_then", alliance=chosen, first=period.first, last=period.last))
    parts = cut_period(period, every)
    tree = AreaTree(snapshot)
    parties = Parties(snapshot, tree)
    area_of = _areas_of(snapshot, parties, list(members)) if by_area else dict.fromkeys(members)
    capacity, assumed = _capacities(snapshot, list(members), equal=equal)
    wish = Wish(
        tuple(
            Taker(
                party,
                capacity[party],
                area_of[party],
                (*_absence(snapshot, party, spans, period), *(away or {}).get(party, ())),
            )
            for party, spans in members.items()
        ),
        parts,
        tuple(sorted({area for area in area_of.values() if area})) or (None,),
        gap,
        _kept(snapshot, chosen, parts, area_of),
    )
    return _document(snapshot, chosen, every, wish, find_rota(wish), (capacity, assumed))


def _largest_body(snapshot: Snapshot, period: Period) -> str:
    rows = np.flatnonzero(snapshot.valid("members", period.first, period.last))
    bodies, counts = np.unique(snapshot.column("members", "alliance")[rows].astype(str), return_counts=True)
    if not len(bodies):
        raise NoRotaError(**word("no_members"))
    return str(bodies[int(np.argmax(counts))])


def _members(snapshot: Snapshot, body: str, period: Period) -> dict[str, list[Period]]:
    """Members of a body by id, each with the days of the period on which it is one."""
    rows = np.flatnonzero(snapshot.column("members", "alliance") == body)
    found: dict[str, list[Period]] = {}
    for record in snapshot.records("members", rows.tolist()):
        days = period.overlap(record.valid_from, record.valid_to)
        if days is not None:
            found.setdefault(record.party, []).append(days)  # type: ignore[attr-defined]
    return dict(sorted(found.items()))


def _absence(snapshot: Snapshot, party: str, spans: list[Period], period: Period) -> list[Period]:
    """Days on which a party is no member, or isn't there at all."""
    found = _rest(spans, period)
    for table in PARTY_ORDER:
        record = snapshot.record(table, party)
        if record is not None:
            days = period.overlap(record.valid_from, record.valid_to)
            return [*found, *_rest([days] if days else [], period)]
    return found


def _rest(spans: list[Period], period: Period) -> list[Period]:
    """Days of a period outside some spans."""
    found, first = [], period.first
    for span in sorted(spans):
        if span.first > first:
            found.append(Period(first, span.first - timedelta(days=1)))
        first = max(first, span.last + timedelta(days=1))
    return [*found, Period(first, period.last)] if first <= period.last else found


def _areas_of(snapshot: Snapshot, parties: Parties, members: list[str]) -> dict[str, str | None]:
    rows = parties.sites.take(parties.rows_of(members)).area
    ids = [*snapshot.ids("areas").tolist(), None]
    return {party: ids[row] for party, row in zip(members, rows.tolist(), strict=True)}


def _capacities(snapshot: Snapshot, members: list[str], *, equal: bool) -> tuple[dict[str, float], set[str]]:
    """What turns are shared by, and whose is assumed."""
    if equal:
        return dict.fromkeys(members, 1.0), set()
    rows = snapshot.rows_of("units", members)
    values = np.append(snapshot.column("units", "capacity").astype(np.float64), np.nan)[rows]
    known = {
        party: float(value)
        for party, value in zip(members, values.tolist(), strict=True)
        if value == value and 0 < value < UNLIMITED
    }
    usual = float(median(known.values())) if known else 1.0
    return {party: known.get(party, usual) for party in members}, set(members) - known.keys()


def _kept(
    snapshot: Snapshot, body: str, parts: Sequence[Period], area_of: Mapping[str, str | None]
) -> tuple[Kept, ...]:
    """Turns recorded for the body already: each part of the period that lies within a duty of a member."""
    rows = np.flatnonzero(snapshot.column("duties", "body") == body)
    found: list[Kept] = []
    for record in snapshot.records("duties", rows.tolist()):
        party = record.party  # type: ignore[attr-defined]
        if party not in area_of or record.valid_from is None:
            continue
        for at, part in enumerate(parts):
            if record.valid_from <= part.first and part.last <= (record.valid_to or date.max):
                found.append(Kept(at, area_of[party], party))
    return tuple(dict.fromkeys(found))


def _document(
    snapshot: Snapshot,
    body: str,
    every: Every,
    wish: Wish,
    rota: Rota,
    capacities: tuple[dict[str, float], set[str]],
) -> Json:
    names = _names(
        snapshot, [body, *(taker.id for taker in wish.takers), *(area for area in wish.areas if area)]
    )
    return {
        "body": body,
        "name": names[body],
        "every": every,
        "status": rota.status,
        "gap": rota.gap,
        "turns": [
            {
                "from": wish.periods[at].first.isoformat(),
                "to": wish.periods[at].last.isoformat(),
                "area": area,
                "area_name": None if area is None else names[area],
                "party": party,
                "name": names[party],
            }
            for at, area, party in rota.turns
        ],
        "load": [
            {
                "party": load.party,
                "name": names[load.party],
                "turns": load.turns,
                "fair": load.fair,
                "capacity": capacities[0][load.party],
                "assumed": load.party in capacities[1],
            }
            for load in rota.loads
        ],
        "largest_deviation": round(max((abs(load.turns - load.fair) for load in rota.loads), default=0.0), 3)
        if rota.turns
        else None,
        "conflict": None
        if rota.status != "impossible"
        else {"smallest": rota.is_smallest, "rules": [_tell(wish, rule, names) for rule in rota.conflict]},
    }


def _tell(wish: Wish, rule: Rule, names: Mapping[str, str]) -> Json:
    days = None if rule.period is None else wish.periods[rule.period]
    where = "" if rule.area is None else names[rule.area]
    who = "" if rule.party is None else names[rule.party]
    when = ("", "") if days is None else (f"{days.first}至{days.last}", f"from {days.first} to {days.last}")
    zh, en = _RULES[rule.kind]
    return {
        "rule": rule.kind,
        "from": None if days is None else days.first.isoformat(),
        "to": None if days is None else days.last.isoformat(),
        "area": rule.area,
        "party": rule.party,
        "text": zh.format(when=when[0], where=where, who=who, gap=wish.gap),
        "text_en": en.format(when=when[1], where=f" in {where}" if where else "", who=who, gap=wish.gap),
    }


def _names(snapshot: Snapshot, parties: Sequence[str]) -> dict[str, str]:
    """Names by id; an id stands for a name that nobody recorded."""
    found: dict[str, str] = {}
    for table in PARTY_ORDER:
        names = snapshot.column(table, "name")
        for party, row in zip(parties, snapshot.rows_of(table, parties).tolist(), strict=True):
            if row >= 0:
                found.setdefault(party, names[row] or party)
    return {party: found.get(party, party) for party in parties}
