"""The way to a Neo4j server: its address, transactions that go on where they can, plain errors.

Reads and writes are the driver's managed transactions: what fails for a moment (a leader that changes, a
server that starts again) is done again from its beginning for a while. Two cases the driver leaves open are
settled here. Where the connection breaks while a write is being committed, nobody knows whether it is kept;
so each write leaves a receipt on the store's node, which is looked for before it is done again. And a clash
of unique keys is tried again, since whoever else wrote has by then finished.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from graph.errors import ServerAwayError, StoreError, StoreUrlError
from graph.neo4j.absence import Absence
from graph.neo4j.errors import ReadOnlyError, plain_errors, read_only, server_away, server_too_old
from graph.wording import word

if TYPE_CHECKING:
    from neo4j import Driver, ManagedTransaction, Session

T = TypeVar("T")
S = TypeVar("S")

SCHEMES: Final = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
"""Kinds of address: routed or direct, `+s` with a certificate that is checked, `+ssc` with one of its own."""

USER: Final = "LINLI_NEO4J_USER"
PASSWORD: Final = "LINLI_NEO4J_PASSWORD"  # noqa: S105 - the variable's name
CA_FILE: Final = "LINLI_NEO4J_CA"
"""Names a file of certificates (PEM) that sign the server's, where the computer's own trust isn't enough."""

OLDEST_SERVER: Final = (5, 26)
RETRY_S: Final = 20.0
"""So long a transaction that writes is tried again while the server is away."""

READ_RETRY_S: Final = 5.0
"""So long one that only reads is: whoever looks at a page would rather be told than wait."""

CONNECT_S: Final = 15.0
TRIES: Final = 3
RECEIPTS: Final = 64
"""So many writes leave their receipts; a writer looks for its own as soon as it can connect again."""

_STATE: Final = "RETURN s.revision, s.token, s.loading, s.receipts"
_READ: Final = f"MATCH (s:Store {{id: 'linli'}}) {_STATE}"
# What is read behind a SET is read under its lock.
_LOCK: Final = f"MATCH (s:Store {{id: 'linli'}}) SET s.locked = true {_STATE}"
# Removing what isn't there locks a node and changes nothing.
_NO_CLAIMS: Final = "MATCH (d:Desk) WHERE d.id STARTS WITH 'claims' WITH d ORDER BY d.id REMOVE d.locked"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a store is: the driver's address, and the database on that server."""

    url: str
    server: str
    database: str

    @classmethod
    def parse(cls, url: str) -> Address:
        """Read `neo4j://HOST[:PORT][/DATABASE]`.

        Raises
        ------
        StoreUrlError
            If it is no such address, or has a user or password in it, which would end up in logs.
        """
        try:
            parts = urlsplit(url)
            is_one = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_one = False
        if not is_one or parts.query or parts.fragment or parts.path.count("/") > 1:
            raise StoreUrlError(**word("no_neo4j_address", url=url))
        if "@" in parts.netloc:
            raise StoreUrlError(**word("password_in_address", user=USER, password=PASSWORD))
        return cls(url, f"{parts.scheme}://{parts.netloc}", parts.path.strip("/") or "neo4j")


@dataclass(frozen=True, slots=True)
class State:
    """What the store's node says: newest revision and token, how far an unfinished copy into it has come."""

    revision: int
    token: str
    loading: str | None
    receipts: tuple[str, ...] = ()


class Transaction:
    """One transaction; queries are run to their end, so that nothing is left on the wire."""

    def __init__(self, transaction: ManagedTransaction, server: str) -> None:
        self._transaction = transaction
        self._server = server

    def many(self, query: str, **values: Any) -> list[list[Any]]:
        """Rows that a query gives."""
        from neo4j.exceptions import ForbiddenOnReadOnlyDatabase

        try:
            return self._transaction.run(query, values).values()
        except ForbiddenOnReadOnlyDatabase as error:
            # The driver would try again for a while, in vain.
            raise read_only(self._server) from error

    def one(self, query: str, **values: Any) -> list[Any] | None:
        """The first row of a query, or None."""
        rows = self.many(query, **values)
        return rows[0] if rows else None

    def value(self, query: str, **values: Any) -> Any:
        """The only value of a query."""
        return self.many(query, **values)[0][0]

    def do(self, query: str, **values: Any) -> None:
        """Run a query that gives nothing."""
        self.many(query, **values)

    def lock(self) -> State:
        """Wait until nobody else writes, keep others from it until the end, and read the store's state."""
        return self._state(_LOCK)

    def wait_for_claims(self) -> None:
        """Wait until no claim is being looked at, and keep others from beginning until the end."""
        self.do(_NO_CLAIMS)

    def state(self) -> State:
        """The store's state, as this transaction sees it."""
        return self._state(_READ)

    def _state(self, query: str) -> State:
        found = self.one(query)
        if found is None:
            raise StoreError(**word("store_removed"))
        return State(int(found[0]), str(found[1]), found[2], tuple(found[3] or ()))

    def leave_receipt(self, state: State, receipt: str) -> None:
        """Note on the store's node that this write was done."""
        kept = [receipt, *state.receipts][:RECEIPTS]
        self.do("MATCH (s:Store {id: 'linli'}) SET s.receipts = $kept", kept=kept)


class _RollBackError(Exception):
    """Ends a transaction without keeping anything; carries what it found."""

    def __init__(self, found: State) -> None:
        self.found = found


class Connection:
    """Transactions on one database of one server.

    Parameters
    ----------
    address : Address
    environment : mapping, optional
        Where user, password and LINLI_NEO4J_CA are looked up; by default the process's own.

    Raises
    ------
    StoreError
        If the server can't be reached, refuses the user, or is older than linli needs.
    """

    def __init__(self, address: Address, environment: Mapping[str, str] | None = None) -> None:
        self.address = address
        found = os.environ if environment is None else environment
        self._user, self._password = found.get(USER, ""), found.get(PASSWORD, "")
        self._ca_file = found.get(CA_FILE, "")
        self._is_closed = False
        self._absence = Absence()
        with plain_errors(address.server, has_user=bool(self._user)):
            self._driver = self._connect()
        self._bookmarks = self._bookmark_manager()

    def _connect(self) -> Driver:
        from neo4j import GraphDatabase

        # What fails is told by the errors that are raised; the driver's own log is for who asks for it.
        logging.getLogger("neo4j").addHandler(logging.NullHandler())
        server, trust = self._trust()
        driver = GraphDatabase.driver(
            server,
            **trust,
            auth=(self._user, self._password) if self._user else None,
            connection_timeout=CONNECT_S,
            max_transaction_retry_time=RETRY_S,
            initial_retry_delay=0.2,
            # A server that is back is noticed soon, however long it was away.
            retry_delay_multiplier=1.4,
            telemetry_disabled=True,
            user_agent="linli",
        )
        try:
            agent = driver.get_server_info().agent
            version = re.match(r"Neo4j/(\d+)\.(\d+)", agent)
            if version and (int(version[1]), int(version[2])) < OLDEST_SERVER:
                raise server_too_old(self.address.server, agent)
        except BaseException:
            driver.close()
            raise
        return driver

    def _trust(self) -> tuple[str, dict[str, Any]]:
        """The driver's address, and how it checks the server's certificate.

        Raises
        ------
        StoreError
            If the file of certificates that is named can't be read.
        """
        from neo4j import TrustCustomCAs

        scheme, _, host = self.address.server.partition("://")
        if not self._ca_file or not scheme.endswith("+s"):
            return self.address.server, {}
        try:
            ssl.create_default_context(cafile=self._ca_file)
        except OSError as error:
            raise StoreError(**word("no_certificates", file=self._ca_file, variable=CA_FILE)) from error
        trusted = TrustCustomCAs(self._ca_file)
        return f"{scheme[:-2]}://{host}", {"encrypted": True, "trusted_certificates": trusted}

    def _bookmark_manager(self) -> Any:
        from neo4j import GraphDatabase

        return GraphDatabase.bookmark_manager()

    def close(self) -> None:
        """Close the connections to the server."""
        self._is_closed = True
        self._driver.close()

    def _session(self, retry_s: float = RETRY_S) -> Session:
        if self._is_closed:
            raise StoreError(**word("store_closed", store=self.address.url))
        return self._driver.session(
            database=self.address.database,
            bookmark_manager=self._bookmarks,
            fetch_size=10_000,
            max_transaction_retry_time=retry_s,
            # Not for the driver as a whole: servers too old for it couldn't even say what they are.
            notifications_min_severity="OFF",
        )

    def _inside(self, transaction: ManagedTransaction) -> Transaction:
        return Transaction(transaction, self.address.server)

    def _plain(self) -> AbstractContextManager[None]:
        return plain_errors(self.address.server, has_user=bool(self._user))

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Plain errors; where the server is known to be away, that at once."""
        if self._absence.lasts(self._answers):
            raise server_away(self.address.server)
        try:
            with self._plain():
                yield
        except ServerAwayError:
            self._absence.note()
            raise

    def _answers(self) -> bool:
        """Whether the server is there, by one try."""
        from neo4j.exceptions import DriverError, Neo4jError, TransientError

        try:
            with self._session(retry_s=0) as session:
                session.execute_read(lambda transaction: transaction.run("RETURN 1").consume())
        except (DriverError, TransientError):
            return False
        except Neo4jError:
            pass  # whoever asks next hears what it has to say
        return True

    def read(self, work: Callable[[Transaction], T]) -> T:
        """Run a function that only reads, again where the server was away for a moment."""
        with self._reaching(), self._session(READ_RETRY_S) as session:
            return session.execute_read(lambda transaction: work(self._inside(transaction)))

    def write(self, work: Callable[[Transaction, State], T]) -> T:
        """Run a function that writes while nobody else does; all of it is kept, once, or nothing.

        The function may run several times; what it gives the last time is given.
        """
        return self.write_after(Transaction.wait_for_claims, lambda inside, state, _: work(inside, state))

    def write_after(self, look: Callable[[Transaction], S], work: Callable[[Transaction, State, S], T]) -> T:
        """The same, for a writer that looks first, while others may write what doesn't touch that.

        Parameters
        ----------
        look : callable
            Locks what it looks at, in the order that `graph.neo4j.claims` says; what it gives is handed on.
        work : callable
            Runs when the store's node is locked, and takes no lock that anybody who waits for that may hold.
        """
        from neo4j.exceptions import ConstraintError, IncompleteCommit

        receipt = secrets.token_hex(8)
        made: list[T] = []

        def run(transaction: ManagedTransaction) -> None:
            inside = self._inside(transaction)
            found = look(inside)
            state = inside.lock()
            made[:] = [work(inside, state, found)]
            inside.leave_receipt(state, receipt)

        with self._reaching():
            for left in reversed(range(TRIES)):
                try:
                    with self._session() as session:
                        session.execute_write(run)
                except IncompleteCommit:
                    if receipt in self.settle().receipts:
                        break
                    if not left:
                        raise
                except ConstraintError:
                    if not left:
                        raise
                else:
                    break
        return made[0]

    def settle(self) -> State:
        """Wait until whoever is writing has finished, and read the store's state; nothing is changed.

        What any revision up to that one changed can be seen afterwards as a whole: a reader may see the
        changes of a write one by one while it is being committed.
        """

        def run(transaction: ManagedTransaction) -> None:
            raise _RollBackError(self._inside(transaction).lock())

        try:
            with self._plain(), self._session() as session:
                session.execute_write(run)
        except _RollBackError as done:
            return done.found
        except ReadOnlyError:
            pass  # then nobody is writing either
        return self.read(Transaction.state)

    def write_freely(self, work: Callable[[Transaction], T]) -> T:
        """Run a function that writes without waiting for others, and that may run twice unharmed."""
        from neo4j.exceptions import ConstraintError, IncompleteCommit

        with self._reaching():
            for _ in range(TRIES - 1):
                with suppress(IncompleteCommit, ConstraintError), self._session() as session:
                    return session.execute_write(lambda transaction: work(self._inside(transaction)))
            with self._session() as session:
                return session.execute_write(lambda transaction: work(self._inside(transaction)))

    def write_schema(self, statements: Sequence[str]) -> None:
        """Make constraints and indexes, and wait until they can be used."""

        def run(transaction: Transaction) -> None:
            for statement in statements:
                transaction.do(statement)

        self.write_freely(run)
        self.read(lambda transaction: transaction.do("CALL db.awaitIndexes(300)"))
