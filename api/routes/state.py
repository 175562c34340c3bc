"""Whether the service answers, and what its store holds."""

from __future__ import annotations

from typing import Any

import numpy as np
from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import schemas
from api.answers import make_tag, send_json
from api.context import Context, InContext
from api.live_schemas import LiveFigures
from api.version import VERSION
from graph.model import TABLES
from graph.periods import today
from graph.snapshot import Snapshot
from graph.taxonomy import words

router = APIRouter(tags=["store"])


@router.get("/health", response_model=schemas.Health)
def get_health(request: Request, context: InContext) -> Response:
    """Whether the service answers."""
    document = {"status": "ok", "version": VERSION, "revision": context.store.revision()[0]}
    return send_json(request, document)


@router.get("/v1/state", response_model=schemas.State)
def get_state(request: Request, context: InContext) -> Response:
    """What the store holds: its revision, rows per table, and the round that holds now."""
    revision, token = context.store.revision()
    current = context.current()
    current_id, status = (None, "") if current is None else (current.id, current.status)
    year = today().year
    tag = make_tag(VERSION, "state", revision, token, current_id, status, year)
    facts = context.cache.get(("facts", token), lambda: _facts(context.snapshot()))
    document = {
        "revision": revision,
        "token": token,
        **facts,
        "round": current_id,
        "round_stale": current is not None and context.is_stale(current),
        "store": context.settings.store_name,
        "year": year,
        "pmtiles": _ground(context),
    }
    return send_json(request, document, tag=tag)


@router.get("/v1/live", response_model=LiveFigures)
def get_live(request: Request, context: InContext) -> Response:
    """The figures of the optimum as the lists stand now, kept up to date change by change."""
    return send_json(request, context.live.now())


@router.get("/v1/words", response_model=dict[str, Any])
def get_words(request: Request) -> Response:
    """The words of the domain in Chinese and English."""
    return send_json(request, words(), tag=make_tag(VERSION, "words"))


def _facts(snapshot: Snapshot) -> dict[str, Any]:
    sources = snapshot.column("units", "source")
    return {
        "counts": {table: snapshot.count(table) for table in TABLES},
        "synthetic": bool(len(sources)) and all(_is_made_up(source) for source in np.unique(sources)),
        "outlines": any(bool(outline) for outline in snapshot.column("areas", "outline")),
    }


def _is_made_up(source: str) -> bool:
    return "虚构" in source or "synthetic" in source.lower()


def _ground(context: Context) -> str | None:
    pmtiles = context.settings.pmtiles
    return None if pmtiles is None else f"/tiles/{pmtiles.name}"
