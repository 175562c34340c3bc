from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from graph.errors import StoreError, StoreUrlError
from graph.model import TABLES, Need, Offer, Unit
from graph.snapshot_cache import KEPT, cache_folder
from graph.sqlite_schema import STEPS, VERSION, create_table, version
from graph.store import Batch, Store, open_store
from graph.testing import TOWN

COLUMNS_AT_VERSION = {4: "3672bd3f5def198c"}
"""Hash of the tables of records at the newest version: who changes a record adds a step to the schema."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "town.db"


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_can_read_a_store_and_its_snapshots(path: Path) -> None:
    store = open_store(url(path))
    store.write(Batch(put=TOWN))
    store.snapshot()
    assert mode(path) == 0o600
    assert mode(path.with_name("town.db-wal")) == 0o600
    assert mode(cache_folder(path)) == 0o700
    (folder,) = cache_folder(path).iterdir()
    assert mode(folder) == 0o700
    assert {mode(item) for item in folder.iterdir()} == {0o600}
    store.close()


def test_writes_are_on_the_disk_when_they_return(path: Path) -> None:
    store = open_store(url(path))
    connection = store._connections.get()
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    store.close()


@pytest.mark.parametrize(
    "address", ["sqlite:///", "sqlite:///:memory:", "sqlite://town.db", "town.db", "mysql:///x"]
)
def test_addresses_that_name_no_store_are_refused(address: str) -> None:
    with pytest.raises(StoreUrlError) as caught:
        open_store(address)
    assert "sqlite:///town.db" in caught.value.remedy


def test_what_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "notes.db"
    text.write_bytes(b"these are notes, no database" * 40)
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE needs (x)")
    connection.commit()
    connection.close()
    before = text.read_bytes()
    for place in (text, other, tmp_path, tmp_path / "missing" / "x.db"):
        with pytest.raises(StoreError):
            open_store(url(place))
    assert text.read_bytes() == before


def test_a_store_of_a_newer_linli_is_refused(path: Path) -> None:
    store = open_store(url(path))
    store._connections.get().execute(f"PRAGMA user_version = {VERSION + 1}")
    store.close()
    with pytest.raises(StoreError, match="versions up to"):
        open_store(url(path))


def test_an_old_file_is_brought_up_to_date(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA application_id = {0x4C696E6C}")
    for step in STEPS[0]:
        step(connection)
    connection.execute("PRAGMA user_version = 1")
    connection.execute("INSERT INTO units (id, name) VALUES ('clinic', '诊所')")
    connection.close()
    store = open_store(url(path))
    assert store.migrate() == VERSION
    assert version(store._connections.get()) == VERSION
    assert store.get("units", "clinic") == Unit(id="clinic", name="诊所")
    assert store.rounds() == []
    store.close()


def test_columns_that_records_gained_are_added_with_their_defaults(path: Path) -> None:
    store = open_store(url(path))
    store.write(Batch(put=(Offer(id="checks", unit="clinic", category="health"),)))
    connection = store._connections.get()
    for name in ("measure", "reach_any", "tags", "min_people", "list_row"):
        connection.execute(f"ALTER TABLE offers DROP COLUMN {name}")
    STEPS[0][1](connection)
    columns = {row[1] for row in connection.execute("PRAGMA table_info(offers)")}
    assert {"measure", "reach_any", "tags", "min_people", "list_row"} <= columns
    assert store.get("offers", "checks") == Offer(id="checks", unit="clinic", category="health")
    store.close()


def test_no_record_changes_without_a_step_of_the_schema() -> None:
    text = "\n".join(create_table(table) for table in TABLES)
    assert {VERSION: hashlib.sha256(text.encode()).hexdigest()[:16]} == COLUMNS_AT_VERSION


def test_threads_write_and_read_at_once(path: Path) -> None:
    store = open_store(url(path))

    def write(number: int) -> int:
        store.write(Batch(put=(Unit(id=f"unit-{number}", name="x"),)))
        return sum(1 for _ in store.find("units"))

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(write, range(60)))
    assert store.count("units") == 60
    assert store.revision()[0] == 60
    assert max(seen) == 60
    store.close()
    with pytest.raises(StoreError):
        store.count("units")


def test_the_database_itself_refuses_a_grant_beyond_capacity(path: Path) -> None:
    store = open_store(url(path))
    store.write(Batch(put=TOWN))
    connection = store._connections.get()
    connection.execute("INSERT INTO grants VALUES ('c', 1, 'offer', 'checks', 2, 2, 4)")
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("INSERT INTO grants VALUES ('d', 1, 'offer', 'checks', 3, 2, 4)")
    store.close()


def test_a_value_that_no_file_can_hold_writes_nothing(path: Path) -> None:
    store = open_store(url(path))
    store.write(Batch(put=TOWN))
    for unit in (Unit(id="x", name="\ud800"), Unit(id="x", name="x", capacity=2**70)):
        with pytest.raises(StoreError):
            store.write(Batch(put=(Unit(id="y", name="y"), unit)))
    assert store.revision()[0] == 1
    assert store.count("units") == 2
    store.close()


def test_a_snapshot_opened_again_comes_from_the_disk(path: Path) -> None:
    store = open_store(url(path))
    store.write(Batch(put=TOWN))
    first = store.snapshot()
    assert store.snapshot() is first
    store.close()
    again = open_store(url(path))
    again._connections.get().execute("DELETE FROM needs")
    second = again.snapshot()
    assert list(second.records("needs")) == list(first.records("needs"))
    assert [len(list(second.records(table))) for table in TABLES] == [first.count(table) for table in TABLES]
    again.close()


def test_old_snapshots_leave_the_disk_and_broken_ones_are_made_again(path: Path) -> None:
    store = open_store(url(path))
    for number in range(KEPT + 2):
        store.write(Batch(put=(Unit(id=f"unit-{number}", name="x"),)))
        store.snapshot()
    store.close()
    assert len(list(cache_folder(path).iterdir())) == KEPT
    for item in cache_folder(path).rglob("units.arrow"):
        item.write_bytes(b"broken")
    again = open_store(url(path))
    assert again.snapshot().count("units") == KEPT + 2
    again.close()


def test_a_snapshot_that_cannot_be_kept_is_made_all_the_same(path: Path) -> None:
    store = open_store(url(path))
    store.write(Batch(put=TOWN))
    cache_folder(path).write_text("a file where the folder should be")
    assert store.snapshot().count("units") == 2
    store.close()


def test_a_snapshot_shows_one_day_of_a_stored_graph(path: Path) -> None:
    store = open_store(url(path))
    store.write(Batch(put=(Unit(id="old", name="x", valid_to=date(2025, 12, 31)), Unit(id="new", name="x"))))
    assert list(store.snapshot(date(2026, 1, 1)).ids("units")) == ["new"]
    assert list(store.snapshot().ids("units")) == ["new", "old"]
    store.close()


@pytest.mark.large
@pytest.mark.timeout(1800)
def test_a_million_needs_are_written_read_and_undone(path: Path) -> None:
    store = open_store(url(path))
    needs = [
        Need(id=f"need-{n:07}", category="health", quantity=1 + n % 3, tags=("上门",))
        for n in range(1_000_000)
    ]
    assert store.write(Batch(put=needs)).added == {"needs": len(needs)}
    assert store.write(Batch(put=needs)).unchanged == {"needs": len(needs)}
    del needs
    store.snapshot()
    store.close()
    again = open_store(url(path))
    snapshot = again.snapshot()
    assert snapshot.count("needs") == 1_000_000
    assert int(snapshot.column("needs", "quantity").sum()) == 1_999_999
    assert len(again.undo().changes) == 1_000_000
    assert again.count("needs") == 0
    again.close()


# -- stores that can only be read ---------------------------------------------------------------------


@pytest.fixture
def read_only(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Store]]:
    """Opens the town's store in a folder that takes no files."""
    store = open_store(url(path))
    store.write(Batch(put=TOWN))
    store.close()
    if os.geteuid() == 0:
        # Root may write anywhere: it is told that it may not, and a link to itself stands where SQLite wants
        # a file.
        monkeypatch.setattr(os, "access", lambda place, *_, **__: path.parent not in (place, place.parent))
        path.with_name("town.db-shm").symlink_to("town.db-shm")
    else:
        path.parent.chmod(0o555)
    opened: list[Store] = []

    def new() -> Store:
        opened.append(open_store(url(path)))
        return opened[-1]

    yield new
    path.parent.chmod(0o755)
    for store in opened:
        store.close()


def test_a_store_that_can_only_be_read_is_read(read_only: Callable[[], Store], path: Path) -> None:
    held = path.read_bytes()
    store = read_only()
    assert store.count("units") == 2
    assert list(store.snapshot().ids("units")) == ["clinic", "school"]
    assert store.read_jobs(lambda keeper: keeper.live()) == []
    for write in (
        lambda: store.write(Batch(put=(Unit(id="bank", name="银行"),))),
        lambda: store.change_jobs(lambda keeper: keeper.forget(1)),
    ):
        with pytest.raises(StoreError, match="can be read here but not written"):
            write()
    assert path.read_bytes() == held


def test_a_store_that_others_write_meanwhile_is_read_anew(
    read_only: Callable[[], Store], path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = read_only()
    assert store.count("units") == 2
    rows = store.dump()
    next(rows)
    path.parent.chmod(0o755)
    changed = open_store(url(tmp_path_factory.mktemp("other") / "town.db"))
    changed.write(Batch(put=(Unit(id="bank", name="银行"),)))
    changed.close()
    Path(changed.url.removeprefix("sqlite:///")).replace(path)
    with pytest.raises(StoreError, match="written while it was read"):
        list(rows)
    assert list(store.snapshot().ids("units")) == ["bank"]


def test_a_store_whose_newest_entries_cant_be_read_is_refused(
    read_only: Callable[[], Store], path: Path
) -> None:
    path.parent.chmod(0o755)
    path.with_name("town.db-wal").write_bytes(b"newest")
    path.parent.chmod(0o555)
    with pytest.raises(StoreError, match="newer entries"):
        read_only()
