"""The ties behind each view of the network: who is tied to whom, by which records, how strongly, how surely.

| view | ties | weight |
|---|---|---|
| `pairings` | all parties of a pairing, pairwise | pairings |
| `agreements` | a party and the pairing it is in: pairings of three and more stay whole | 1 |
| `memberships` | a member and its alliance or body | records |
| `alliances` | parties that are members of the same alliance or body | alliances shared |
| `services` | a unit and the area it served | services delivered; 1 where nobody counted |
| `complement` | who needs something and who offers its category | places wanted |
| `branches` | a branch, its units and the branch above | records |
| `tree` | a branch and the branch above | 1 |
| `multilayer` | pairings, memberships, branches and services together | layers that tie both |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from graph.model import PARTY_TABLES
from graph.taxonomy import OTHER, is_within
from graph.ties import NOBODY, edges, read_claims

if TYPE_CHECKING:
    from graph.entries import EdgeKind
    from graph.snapshot import Snapshot

ABOUT: Final[Mapping[str, tuple[str, str]]] = {
    "pairings": ("同一结对的各方两两相连；粗细为结对数", "Parties that are paired; weight: pairings"),
    "agreements": ("各方与所在结对相连", "Parties and the pairings they are in"),
    "memberships": ("成员与联盟或机构相连", "Members and their alliances or bodies; weight: records"),
    "alliances": (
        "同在一个联盟的各方相连；粗细为共同联盟数",
        "Members of the same alliance; weight: alliances shared",
    ),
    "services": (
        "单位与所服务的区域相连；粗细为服务次数",
        "Units and the areas they served; weight: services",
    ),
    "complement": (
        "需求方与能提供同类资源的一方相连；粗细为所需项次",
        "Who needs and who offers it; weight: places wanted",
    ),
    "branches": (
        "支部与所属单位、上级支部相连",
        "Branches, their units and the branch above; weight: records",
    ),
    "tree": ("支部与上级支部相连", "Branches and the branch above"),
    "multilayer": (
        "结对、成员、支部、服务各层合在一起；粗细为层数",
        "All layers together; weight: layers that tie both",
    ),
}
"""What the ties of each view mean, in Chinese and English."""

_NOTES: Final = {"approx": "approximate", "incomplete": "incomplete", "date_basis": "imprecise_date"}
"""Columns of lists that say how sure a row is, and the doubt that each means."""

_NO: Final = ("0", "否", "no", "false", "day")
LAYERS: Final = ("pairings", "memberships", "branches", "services")
"""The layers of the multilayer view."""


class Tie(NamedTuple):
    """One record that ties two nodes; of `complement` all needs between the two, joined by a semicolon.

    Attributes
    ----------
    tail, head, record : str
    weight : float
    doubts : tuple of str
        What is unsure of it: `approximate`, `incomplete` (the list has more), `imprecise_date`,
        `unknown_amount`, `undated`.
    source : str
        Where the fact comes from, in the list's own words; several joined by a semicolon.
    layer : str
        Of the multilayer view.
    """

    tail: str
    head: str
    record: str
    weight: float = 1
    doubts: tuple[str, ...] = ()
    source: str = ""
    layer: str = ""


def list_ties(snapshot: Snapshot, kind: str, as_of: date | None) -> Iterator[Tie]:
    """List the ties of a view; the snapshot shows the day already, `as_of` ends what was delivered.

    Raises
    ------
    KeyError
        If there is no such view.
    """
    yield from _VIEWS[kind](snapshot, as_of)


def _recorded(kind: EdgeKind, table: str) -> Callable[[Snapshot, date | None], Iterator[Tie]]:
    """Ties of one kind of `graph.ties`, with what the records of one table say of themselves."""

    def ties(snapshot: Snapshot, _: date | None) -> Iterator[Tie]:
        known = _facts(snapshot, table)
        found = edges(snapshot, kind)
        seen: set[tuple[str, frozenset[str]]] = set()
        for tail, head, record in zip(found.tail, found.head, found.record, strict=True):
            # A record that names a party twice ties it once.
            if (record, ends := frozenset((tail, head))) in seen:
                continue
            seen.add((record, ends))
            doubts, source = known.get(record, ((), ""))
            yield Tie(tail, head, record, 1, doubts, source)

    return ties


def _facts(snapshot: Snapshot, table: str) -> dict[str, tuple[tuple[str, ...], str]]:
    """Doubts and source of the records of a table that have any."""
    found: dict[str, tuple[tuple[str, ...], str]] = {}
    columns = (snapshot.column(table, name) for name in ("id", "notes", "source", "valid_from"))
    for record, notes, source, begins in zip(*columns, strict=True):
        doubts = _doubts(notes) + (("undated",) if np.isnat(begins) else ())
        found[record] = (doubts, source or "")
    return found


def _doubts(notes: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """What further columns of a list say of how sure a row is."""
    said = {name for name, value in notes or () if value and value.lower() not in _NO}
    return tuple(doubt for name, doubt in _NOTES.items() if name in said)


def _agreements(snapshot: Snapshot, _: date | None) -> Iterator[Tie]:
    known = _facts(snapshot, "pairings")
    for pairing, parties in zip(
        snapshot.ids("pairings"), snapshot.column("pairings", "parties"), strict=True
    ):
        for party in dict.fromkeys(parties):
            yield Tie(party, pairing, pairing, 1, *known[pairing])


def _alliances(snapshot: Snapshot, _: date | None) -> Iterator[Tie]:
    """Members of one body; what is unsure of either membership is unsure of the tie."""
    known = _facts(snapshot, "members")
    members: dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    found = edges(snapshot, "membership")
    for party, body, record in zip(found.tail, found.head, found.record, strict=True):
        doubts, source = known.get(record, ((), ""))
        said = members.setdefault(body, {}).get(party, ((), ()))
        members[body][party] = (*said[0], *doubts), (*said[1], *([source] if source else []))
    for body, parties in members.items():
        for (one, of_one), (other, of_other) in combinations(sorted(parties.items()), 2):
            doubts = tuple(dict.fromkeys(of_one[0] + of_other[0]))
            yield Tie(one, other, body, 1, doubts, "; ".join(dict.fromkeys(of_one[1] + of_other[1])))


def _services(snapshot: Snapshot, as_of: date | None) -> Iterator[Tie]:
    """Units and areas; where a record names only a claim, who serves by it and where."""
    claimed = read_claims(snapshot)
    names = ("id", "unit", "area", "claim", "services", "approx", "source", "from_date", "to_date")
    for record, unit, area, claim, services, approx, source, begins, ends in zip(
        *(snapshot.column("services", name) for name in names), strict=True
    ):
        by = claimed.get(claim, NOBODY)
        unit, area = unit or by.giver, area or by.area
        begun = begins if not np.isnat(begins) else ends
        if (
            not unit
            or not area
            or (as_of is not None and not np.isnat(begun) and begun > np.datetime64(as_of))
        ):
            continue
        doubts = [
            *(["approximate"] if approx else []),
            *(["unknown_amount"] if np.isnan(services) else []),
            *(["undated"] if np.isnat(begun) else []),
        ]
        yield Tie(
            unit, area, record, 1.0 if np.isnan(services) else float(services), tuple(doubts), source or ""
        )


def _complement(snapshot: Snapshot, _: date | None) -> Iterator[Tie]:
    """Who needs and who offers, all needs between two as one tie, in the order of the first of them.

    A resident's need counts as its area's, so that no pseudonym is shown.
    """
    asking, by_key = _list_asking(snapshot)
    offered = _list_offered(snapshot)
    names = sorted({*asking.values(), *(unit for units in offered.values() for unit in units)})
    number = {name: code for code, name in enumerate(names)}
    parts = []
    for key, needs in by_key.items():
        units = {unit for kind, some in offered.items() if _fits(key, kind) for unit in some}
        givers = np.array(sorted(number[unit] for unit in units), np.int64)
        askers = np.array([number[asking[need]] for need in needs], np.int64)
        count = len(givers)
        parts.append((np.repeat(askers, count), np.tile(givers, len(needs)), np.repeat(needs, count)))
    if not parts:
        return
    asker, giver, need = (np.concatenate(part) for part in zip(*parts, strict=True))
    there = asker != giver
    asker, giver, need = asker[there], giver[there], need[there]
    low, high = np.minimum(asker, giver), np.maximum(asker, giver)
    order = np.lexsort((need, high, low))
    asker, giver, need = asker[order], giver[order], need[order]
    pair = low[order] * len(names) + high[order]
    starts = np.flatnonzero(np.diff(pair, prepend=-1))
    ends = np.append(starts[1:], len(pair))
    ids, quantity = snapshot.ids("needs"), snapshot.column("needs", "quantity").astype(np.float64)
    wanted = np.add.reduceat(quantity[need], starts) if len(starts) else quantity[:0]
    for at in np.lexsort((giver[starts], need[starts])).tolist():
        first, end = starts[at], ends[at]
        records = "; ".join(ids[need[first:end]].tolist())
        yield Tie(names[asker[first]], names[giver[first]], records, float(wanted[at]))


def _list_asking(snapshot: Snapshot) -> tuple[dict[int, str], dict[tuple[str, str], list[int]]]:
    """Who asks by each need's row, and the rows by what they ask for; referred needs ask nobody here."""
    known = {party for table in PARTY_TABLES for party in snapshot.ids(table)}
    asking: dict[int, str] = {}
    by_key: dict[tuple[str, str], list[int]] = {}
    names = ("party", "area", "category", "list_category", "referred_to")
    columns = (snapshot.column("needs", name) for name in names)
    for row, (party, area, category, heading, elsewhere) in enumerate(zip(*columns, strict=True)):
        who = party if party in known else area
        if who and not elsewhere:
            asking[row] = who
            by_key.setdefault((category, _heading(category, heading)), []).append(row)
    return asking, by_key


def _list_offered(snapshot: Snapshot) -> dict[tuple[str, str], set[str]]:
    """Who offers, by what is offered."""
    known = {party for table in PARTY_TABLES for party in snapshot.ids(table)}
    offered: dict[tuple[str, str], set[str]] = {}
    columns = (snapshot.column("offers", name) for name in ("unit", "category", "list_category", "status"))
    for unit, category, heading, status in zip(*columns, strict=True):
        if unit in known and status in ("open", "exhausted"):
            offered.setdefault((category, _heading(category, heading)), set()).add(unit)
    return offered


def _heading(category: str, heading: str | None) -> str:
    return (heading or "") if is_within(category, OTHER) else ""


def _fits(need: tuple[str, str], offer: tuple[str, str]) -> bool:
    return need[1] == offer[1] and (is_within(need[0], offer[0]) or is_within(offer[0], need[0]))


def _tree(snapshot: Snapshot, _: date | None) -> Iterator[Tie]:
    for branch, above in zip(snapshot.ids("branches"), snapshot.column("branches", "parent"), strict=True):
        if above is not None:
            yield Tie(branch, above, branch)


def _branches(snapshot: Snapshot, as_of: date | None) -> Iterator[Tie]:
    found = edges(snapshot, "branch")
    for branch, unit, record in zip(found.tail, found.head, found.record, strict=True):
        yield Tie(branch, unit, record)
    yield from _tree(snapshot, as_of)


def _multilayer(snapshot: Snapshot, as_of: date | None) -> Iterator[Tie]:
    """Each layer ties two nodes once, whatever its weight there."""
    for layer in LAYERS:
        seen: set[tuple[str, str]] = set()
        for tie in _VIEWS[layer](snapshot, as_of):
            pair = min(tie.tail, tie.head), max(tie.tail, tie.head)
            yield tie._replace(layer=layer, weight=0 if pair in seen else 1)
            seen.add(pair)


_VIEWS: Final[Mapping[str, Callable[[Snapshot, date | None], Iterator[Tie]]]] = {
    "pairings": _recorded("pairing", "pairings"),
    "agreements": _agreements,
    "memberships": _recorded("membership", "members"),
    "alliances": _alliances,
    "services": _services,
    "complement": _complement,
    "branches": _branches,
    "tree": _tree,
    "multilayer": _multilayer,
}
