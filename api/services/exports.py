"""Exports: a store's lists, and a round's assignments, gaps and claim sheets, as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from api.services.errors import NoRoundError
from api.services.history import snapshot_of_round
from api.services.kept import document_of
from api.services.rounds import current_round, match_of
from api.services.sheets import claim_sheets

if TYPE_CHECKING:
    from graph.store import Round, Store
    from loaders.write import Format, Results

Progress = Callable[[str, int, int], None]


def export_store(
    store: Store,
    folder: Path,
    format_: str,
    *,
    round_id: str | None = None,
    language: str = "zh",
    progress: Progress | None = None,
) -> list[Path]:
    """Write a store's lists and a round's results into a folder.

    Parameters
    ----------
    store : Store
    folder : Path
    format_ : str
        One of `loaders.write.FORMATS`.
    round_id : str, optional
        By default the newest round; where nothing was matched yet, the lists alone are written.
    language : str
        `zh` or `en`, of headers and sheet names.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    NoRoundError
        If a round was named that isn't there.
    """
    from loaders.write import write

    try:
        results = round_results(store, current_round(store, round_id))
    except NoRoundError:
        if round_id is not None:
            raise
        results = None
    return write(
        folder,
        store.find,
        format=cast("Format", format_),
        results=results,
        language=language,
        progress=progress,
    )


def round_results(store: Store, round_: Round) -> Results:
    """What a round holds, with its claim sheets by unit and by neighbourhood."""
    from loaders.write import Results

    snapshot = snapshot_of_round(store, round_)
    return Results(
        round_id=round_.id,
        match=match_of(round_),
        gaps=document_of(round_, "gaps"),
        assignments=document_of(round_, "assignments"),
        claim_sheets={
            "unit": claim_sheets(round_, snapshot, "unit"),
            "area": claim_sheets(round_, snapshot, "area"),
        },
    )
