from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from graph.memory import MemoryStore
from graph.store import Store, open_store
from graph.store_machine import StoreMachine
from graph.testing import StoreTests


class TestMemoryStore(StoreTests):
    @pytest.fixture
    def new_store(self) -> Callable[[], Store]:
        return MemoryStore


class TestSqliteStore(StoreTests):
    @pytest.fixture
    def new_store(self, tmp_path: Path) -> Iterator[Callable[[], Store]]:
        opened: list[Store] = []

        def new() -> Store:
            opened.append(open_store(f"sqlite:///{tmp_path}/{len(opened)}.db"))
            return opened[-1]

        yield new
        for store in opened:
            store.close()


_FOLDER = tempfile.TemporaryDirectory(prefix="linli-stores-")
_NUMBERS = count()


class SqliteMachine(StoreMachine):
    def new_store(self) -> Store:
        return open_store(f"sqlite:///{_FOLDER.name}/{next(_NUMBERS)}.db")

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()


TestSqliteAgainstMemory = SqliteMachine.TestCase
TestSqliteAgainstMemory.settings = settings(
    max_examples=settings().max_examples // 2, stateful_step_count=20, deadline=None
)
