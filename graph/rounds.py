"""Rules for keeping rounds that every store shares, and rounds as plain JSON and as rows."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from graph.codec import dump_json
from graph.entries import Round
from graph.errors import ConflictError, NotFoundError
from graph.lifecycle import FIRST_STATE, MACHINES, move
from graph.periods import Period
from graph.wording import word

FIELDS: Final = ("id", "first", "last", "status", "revision", "token", "rules", "made_at")
"""What a store keeps of a round itself; its documents stand beside it."""


def prepare(value: Round, known: Round | None, taken: Collection[str]) -> Round:
    """A round as it is to be kept: with an id, a time, and a state that it may have.

    Parameters
    ----------
    value, known : Round, Round or None
        The round, and what the store has under its id.
    taken : collection of str
        Ids of all rounds.

    Raises
    ------
    ConflictError
        If the known round is published or closed, and so what it was solved from and its results are fixed.
    TransitionError
        If the round has no such state, or can't come to it.
    """
    if known is not None and known.status in ("published", "closed"):
        raise ConflictError(**word("round_fixed", id=known.id, status=known.status))
    before = known.status if known is not None else FIRST_STATE["round"]
    if value.status not in MACHINES["round"] or known is not None:
        move("round", before, value.status)
    made_at = value.made_at or datetime.now(UTC)
    return replace(value, id=value.id or _new_id(value.period, taken), made_at=made_at)


def _new_id(period: Period, taken: Collection[str]) -> str:
    number = 1
    while f"{period.id}-{number}" in taken:
        number += 1
    return f"{period.id}-{number}"


def to_row(value: Round) -> tuple[Any, ...]:
    """A round without its documents as plain values, in the order of `FIELDS`."""
    made_at = value.made_at.isoformat() if value.made_at else ""
    first, last = value.period.first.isoformat(), value.period.last.isoformat()
    rules = dump_json(dict(value.rules))
    return value.id, first, last, value.status, value.revision, value.token, rules, made_at


def from_row(row: Sequence[Any]) -> Round:
    """A round without its documents from `to_row`."""
    return Round(
        id=row[0],
        period=Period(date.fromisoformat(row[1]), date.fromisoformat(row[2])),
        status=row[3],
        revision=row[4],
        token=row[5],
        rules=json.loads(row[6]),
        made_at=datetime.fromisoformat(row[7]) if row[7] else None,
    )


def pack_results(value: Round) -> list[tuple[str, bytes]]:
    """A round's documents by name, compressed."""
    return [(name, zlib.compress(dump_json(item).encode(), 1)) for name, item in value.results.items()]


def with_results(known: Round | None, round_id: str, packed: Iterable[tuple[str, bytes]]) -> Round:
    """A round that was looked for, with its documents from `pack_results`.

    Raises
    ------
    NotFoundError
        If there is no such round.
    """
    if known is None:
        raise NotFoundError(**word("no_round", id=round_id))
    return replace(known, results={name: json.loads(zlib.decompress(body)) for name, body in packed})


def to_json(value: Round) -> dict[str, Any]:
    """A round as plain JSON values."""
    return {
        "id": value.id,
        "first": value.period.first.isoformat(),
        "last": value.period.last.isoformat(),
        "status": value.status,
        "revision": value.revision,
        "token": value.token,
        "rules": dict(value.rules),
        "results": dict(value.results),
        "made_at": value.made_at.isoformat() if value.made_at else None,
    }


def from_json(values: Mapping[str, Any]) -> Round:
    """A round from `to_json`."""
    return Round(
        id=values["id"],
        period=Period(date.fromisoformat(values["first"]), date.fromisoformat(values["last"])),
        status=values["status"],
        revision=values["revision"],
        token=values["token"],
        rules=values["rules"],
        results=values["results"],
        made_at=datetime.fromisoformat(values["made_at"]) if values["made_at"] else None,
    )
