"""The store: one protocol that every backend fulfils, and the way to open one by its address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

from graph.errors import StoreUrlError
from graph.model import Claim, Record
from graph.periods import Period

if TYPE_CHECKING:
    # Arrays and data frames take a while to import; what only writes can do without.
    import numpy as np
    from numpy.typing import NDArray

    from graph.snapshot import Snapshot

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


class Store(Protocol):
    """What every backend does. All writes are one transaction each and leave one event in the log.

    Methods raise `graph.errors.StoreError` when the backend fails, `NotFoundError` for an id that isn't
    there, and never leave a half-written batch.
    """

    @property
    def url(self) -> str:
        """Address that `open_store` takes."""

    def migrate(self) -> int:
        """Bring the schema up to date; gives its version. Called by `open_store`."""

    def close(self) -> None:
        """Let go of the backend."""

    def revision(self) -> tuple[int, str]:
        """Newest revision and its random token; (0, "") for an empty store."""

    def write(self, batch: Batch, *, expect_revision: int | None = None) -> WriteResult:
        """Write a batch as one revision with one event; nothing changes if nothing differs.

        Raises
        ------
        ConflictError
            If `expect_revision` isn't the newest.
        """

    def undo(self, revision: int | None = None) -> Event:
        """Take a revision's changes back (default: the newest not undone), as a new revision.

        Raises
        ------
        NotFoundError
            If there is no such revision.
        ConflictError
            If a later revision changed one of its records.
        """

    def get(self, table: str, record_id: str) -> Record:
        """One record by id."""

    def find(
        self,
        table: str,
        *,
        after: str = "",
        limit: int | None = None,
        as_of: date | None = None,
        **where: object,
    ) -> Iterator[Record]:
        """Records of a table in order of id, whose fields equal `where`, from the id behind `after` on."""

    def count(self, table: str) -> int:
        """How many records a table has."""

    def names(self) -> Mapping[str, Sequence[tuple[str, str, str | None]]]:
        """Per table with names: (id, name, id of the parent or area), for readers of lists."""

    def neighbours(
        self, record_id: str, *, kind: EdgeKind | None = None, as_of: date | None = None
    ) -> list[Ref]:
        """Records tied to one, by any tie or by one kind, as of a day; sorted."""

    def edges(self, kind: EdgeKind, *, as_of: date | None = None) -> Edges:
        """All ties of one kind as arrays."""

    def events(self, *, after: int = 0, limit: int | None = None) -> Iterator[Event]:
        """The log, oldest first, from the revision behind `after` on."""

    def claim(self, claim: Claim, period: Period) -> Claim:
        """Write an agreed claim if its target and offer (net of agreed claims in the period) have room.

        Raises
        ------
        CapacityError
            If fewer places are left; two processes can't take one place.
        """

    def release(self, claim_id: str, *, status: str = "withdrawn", why: str = "") -> Claim:
        """End a claim; its places are free again."""

    def snapshot(self, as_of: date | None = None) -> Snapshot:
        """The whole graph as columns, from a cache on disk where the revision's token is known."""

    def dump(self) -> Iterator[dict[str, Any]]:
        """Everything in the store as plain JSON values, events included, streaming."""

    def load(self, rows: Iterator[dict[str, Any]]) -> int:
        """Fill an empty store from `dump`; gives how many rows were read."""

    def put_round(self, value: Round) -> Round:
        """Keep a round (a new id where it has none); no revision is made."""

    def get_round(self, round_id: str) -> Round:
        """One round with its results."""

    def rounds(self) -> list[Round]:
        """All rounds, newest first, without their results."""

    def change_round(self, round_id: str, status: str) -> Round:
        """Move a round to another state, where its lifecycle allows it."""


def open_store(url: str) -> Store:
    """Open a store by its address, making and migrating it where needed.

    Parameters
    ----------
    url : str
        `sqlite:///FILE` (three slashes and a path; four for an absolute one), or `memory:` for a store
        that ends with the process.

    Raises
    ------
    StoreUrlError
        If linli doesn't know the kind of address.
    StoreError
        If the store can't be opened.
    """
    if url.startswith("sqlite:///"):
        from graph.sqlite import SqliteStore

        return SqliteStore.open(url)
    if url.startswith("memory:"):
        from graph.memory import MemoryStore

        return MemoryStore()
    raise StoreUrlError(
        f"“{url}” is no store's address", remedy="Write sqlite:///FILE, for example sqlite:///town.db"
    )
