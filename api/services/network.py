"""The network as documents: measures of it, and its picture."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from api.services.errors import ImpossibleWishError
from graph.measures.names import MEASURES, OF_OWN_RECORDS, UNFIT
from graph.wording import word

if TYPE_CHECKING:
    from graph.measures.names import By
    from graph.snapshot import Snapshot

_REFUSALS: Final = {"agreements": "unfit_agreements", "complement": "unfit_complement", "tree": "unfit_tree"}


def take_measure(
    snapshot: Snapshot, name: str, *, kind: str, by: By, as_of: date | None, seed: int
) -> list[dict[str, Any]] | dict[str, Any]:
    """The document of one measure: a list of parties, or one value for the whole.

    Raises
    ------
    ImpossibleWishError
        If the measure says nothing of such a network.
    """
    from graph.measures.run import measure

    if name in UNFIT.get(kind, ()):
        own = [other for other in MEASURES if other not in UNFIT[kind] and other not in OF_OWN_RECORDS]
        raise ImpossibleWishError(**word(_REFUSALS[kind], measure=name, fitting=own))

    return measure(snapshot, name, kind=kind, by=by, as_of=as_of, seed=seed).as_json()


def draw(snapshot: Snapshot, *, kind: str, as_of: date | None, seed: int) -> dict[str, Any]:
    """The document of the picture, see `graph.network_picture.draw_network`."""
    from graph.network_picture import draw_network

    return draw_network(snapshot, kind, as_of=as_of, seed=seed)
