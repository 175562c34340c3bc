"""A Hypothesis state machine that holds a backend to the store in plain dictionaries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from graph.errors import LinliError
from graph.memory import MemoryStore
from graph.model import TABLES, Claim, Need, Offer, Project, Record, Unit, table_of
from graph.periods import Period
from graph.store import Batch, Store
from graph.strategies import any_records, periods, records
from graph.ties import KINDS


class StoreMachine(RuleBasedStateMachine):
    """Does the same to a backend and to a `MemoryStore`, and compares what comes of it.

    Subclasses say in `new_store` how to make a fresh, empty store.
    """

    store: Store
    model: MemoryStore

    def new_store(self) -> Store:
        """Make a fresh, empty store of the backend."""
        raise NotImplementedError

    @initialize()
    def begin(self) -> None:
        """Both begin empty."""
        self.store, self.model = self.new_store(), MemoryStore()

    def both(self, call: Callable[[Store], Any]) -> None:
        """Do the same to both; either both give the same, or both refuse with the same error."""
        outcomes = []
        for store in (self.model, self.store):
            try:
                outcomes.append(call(store))
            except LinliError as error:
                outcomes.append(type(error))
        assert outcomes[0] == outcomes[1]

    @rule(put=st.lists(any_records(), max_size=5), delete=st.lists(any_records(), max_size=2))
    def write(self, put: list[Record], delete: list[Record]) -> None:
        """Write any records."""
        batch = Batch(put=put, delete=[(table_of(record), record.id) for record in delete])
        self.both(lambda store: store.write(batch))

    @rule(revision=st.none() | st.integers(0, 12))
    def undo(self, revision: int | None) -> None:
        """Take a revision back, whether or not it can be."""
        self.both(lambda store: _changes(store.undo(revision)))

    @rule(
        claim=records("claims"),
        offer=records("offers"),
        need=records("needs"),
        period=periods(),
        is_written=st.booleans(),
    )
    def claim(self, claim: Record, offer: Offer, need: Need, period: Period, is_written: bool) -> None:
        """Claim what is there, within small numbers, so that some claims fit and some don't."""
        assert isinstance(claim, Claim)
        if is_written:
            few = replace(offer, capacity=None if offer.capacity is None else offer.capacity % 6)
            self.both(lambda store: store.write(Batch(put=(few, replace(need, quantity=need.quantity % 6)))))
        on_need = claim.target_table != "offers"
        named = replace(
            claim,
            target=need.id if on_need else offer.id,
            target_table="needs" if on_need else "offers",
            offer=offer.id if claim.offer else None,
        )
        self.both(lambda store: store.claim(named, period))

    @rule(claim=records("claims"), project=records("projects"), unit=records("units"), period=periods())
    def take_project(self, claim: Record, project: Project, unit: Unit, period: Period) -> None:
        """Take a project for a unit."""
        assert isinstance(claim, Claim)
        few = replace(unit, max_claims=None if unit.max_claims is None else unit.max_claims % 3)
        self.both(lambda store: store.write(Batch(put=(few, replace(project, wanted=project.wanted % 3)))))
        taken = replace(claim, target=project.id, target_table="projects", by=unit.id, offer=None)
        self.both(lambda store: store.claim(taken, period))

    @rule(name=st.sampled_from(("a", "b", "c")), status=st.sampled_from(("withdrawn", "done", "open")))
    def release(self, name: str, status: str) -> None:
        """End a claim."""
        self.both(lambda store: store.release(name, status=status))

    @rule(
        table=st.sampled_from(tuple(TABLES)),
        as_of=st.none() | st.dates(),
        limit=st.none() | st.integers(0, 3),
    )
    def find(self, table: str, as_of: date | None, limit: int | None) -> None:
        """Go through a table."""
        self.both(lambda store: list(store.find(table, as_of=as_of, limit=limit, after="a")))

    @rule(name=st.sampled_from(("a", "b", "单位")), kind=st.none() | st.sampled_from(KINDS))
    def neighbours(self, name: str, kind: Any) -> None:
        """Look around a record."""
        self.both(lambda store: store.neighbours(name, kind=kind))

    @rule(kind=st.sampled_from(KINDS))
    def edges(self, kind: Any) -> None:
        """List ties."""
        self.both(lambda store: _lists(store.edges(kind)))

    @precondition(lambda self: self.model.revision()[0] > 0)
    @rule()
    def move(self) -> None:
        """Move the backend's contents into a new store."""
        rows = list(self.store.dump())
        self.store = self.new_store()
        self.store.load(iter(rows))
        assert list(self.store.dump()) == rows

    @invariant()
    def same_contents(self) -> None:
        """Both hold the same records, names and log."""
        if not hasattr(self, "store"):
            return
        assert self.store.revision()[0] == self.model.revision()[0]
        assert _contents(self.store) == _contents(self.model)
        assert [_changes(event) for event in self.store.events()] == [
            _changes(event) for event in self.model.events()
        ]
        assert self.store.names() == self.model.names()


def _changes(event: Any) -> tuple[Any, ...]:
    return event.revision, event.action, event.undoes, tuple(event.changes)


def _lists(edges: Any) -> list[tuple[Any, ...]]:
    return list(zip(edges.tail, edges.head, edges.record, strict=True))


def _contents(store: Store) -> dict[str, list[Record]]:
    return {table: list(store.find(table)) for table in TABLES}
