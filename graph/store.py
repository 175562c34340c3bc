"""The store: one protocol that every backend fulfils, and the way to open one by its address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from graph.entries import Batch, Change, EdgeKind, Edges, Event, Ref, Round, WriteResult
from graph.errors import StoreUrlError
from graph.jobs import Work
from graph.model import Claim, Record
from graph.periods import Period
from graph.wording import word

if TYPE_CHECKING:
    # Arrays and data frames take a while to import; what only writes can do without.
    from graph.snapshot import Snapshot

__all__ = [
    "Batch",
    "Change",
    "EdgeKind",
    "Edges",
    "Event",
    "Ref",
    "Round",
    "Store",
    "WriteResult",
    "open_store",
]


T = TypeVar("T")


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

    def claim(self, claim: Claim, period: Period, *, ends: Sequence[str] = ()) -> Claim:
        """Write an agreed claim if its target and offer (net of agreed claims in the period) have room.

        Claims whose ids are in `ends` are withdrawn in the same revision.

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

    def read_jobs(self, work: Work[T]) -> T:
        """Run a function that looks at the jobs of processes that share the store; see `graph.jobs`."""

    def change_jobs(self, work: Work[T], *, with_rounds: bool = False) -> T:
        """Run a function that changes jobs, and rounds where asked, while nobody else does; all or nothing.

        Jobs are no part of what a store holds: they make no revision, and no dump has them.
        """


def open_store(url: str) -> Store:
    """Open a store by its address, making and migrating it where needed.

    Parameters
    ----------
    url : str
        `sqlite:///FILE` (three slashes and a path; four for an absolute one), `neo4j://HOST:PORT` (user and
        password in LINLI_NEO4J_USER and LINLI_NEO4J_PASSWORD), or `memory:` for a store that ends with the
        process.

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
    if url.startswith(("neo4j:", "neo4j+", "bolt:", "bolt+")):
        from graph.neo4j.store import Neo4jStore

        return Neo4jStore.open(url)
    raise StoreUrlError(**word("no_address", url=url))
