"""What stores take in and give out: batches, entries of the log, ties and rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from graph.model import Record
from graph.periods import Period

if TYPE_CHECKING:
    # Arrays take a while to import; what only writes can do without.
    import numpy as np
    from numpy.typing import NDArray

Ref = tuple[str, str]
"""Table and id of a record."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction writes: records to put (by id) and records to delete.

    Attributes
    ----------
    put : sequence of Record
        Inserted, or replacing the record of that table and id.
    delete : sequence of (table, id)
        Deleted where present.
    action : str
        What happened, a short code for the event log (`load`, `edit`, `lock`, `refuse` ...).
    """

    put: Sequence[Record] = ()
    delete: Sequence[Ref] = ()
    action: str = "load"


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What a write changed, per table; a batch that changes nothing makes no revision."""

    revision: int
    added: Mapping[str, int]
    changed: Mapping[str, int]
    unchanged: Mapping[str, int]
    deleted: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Change:
    """One record before and after an event; None: it wasn't there."""

    table: str
    id: str
    before: Record | None
    after: Record | None


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the append-only log: a revision with the ordered changes it made.

    `undoes` is the revision that it took back, if it did.
    """

    revision: int
    token: str
    at: datetime
    action: str
    changes: Sequence[Change]
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Edges:
    """Ties of one kind as arrays: ids of both ends, and the record that says so."""

    tail: NDArray[np.object_]
    head: NDArray[np.object_]
    record: NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Round:
    """A planning period with the match made for it.

    Attributes
    ----------
    id : str
        Given by the store.
    period, status : Period, str
        `open`, `proposed`, `published` or `closed`.
    revision, token : int, str
        The revision that it was solved from.
    rules : mapping
        What the match was asked for, as plain JSON values.
    results : mapping
        The documents that doors show: `match`, `assignments`, `gaps` ..., as plain JSON values.
    made_at : datetime
    """

    id: str
    period: Period
    status: str
    revision: int
    token: str
    rules: Mapping[str, Any] = field(default_factory=dict)
    results: Mapping[str, Any] = field(default_factory=dict)
    made_at: datetime | None = None


EdgeKind = Literal[
    "pairing", "membership", "parent", "area", "provides", "needs", "claims", "branch", "service"
]
