"""Rules for keeping rounds that every store shares, and rounds as plain JSON."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from graph.entries import Round
from graph.errors import ConflictError
from graph.lifecycle import FIRST_STATE, MACHINES, move
from graph.periods import Period


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
        raise ConflictError(
            f"round {known.id} is {known.status} and stays as it is", remedy="Make a new round."
        )
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
