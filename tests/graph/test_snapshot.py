from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.codec import codec
from graph.model import TABLES, Need, Record, ServiceRecord, Unit, table_of
from graph.snapshot import Snapshot
from graph.strategies import any_records, days


def unique(records: list[Record]) -> list[Record]:
    return list({(table_of(record), record.id): record for record in records}.values())


def rows_of(records: list[Record], table: str) -> list[Record]:
    return sorted((record for record in records if table_of(record) == table), key=lambda record: record.id)


MANY = st.lists(any_records(), max_size=6).map(unique)


@given(MANY)
def test_records_come_back_from_a_snapshot_sorted(records: list[Record]) -> None:
    snapshot = Snapshot.from_records(records)
    assert len(snapshot) == len(records)
    for table in TABLES:
        expected = rows_of(records, table)
        assert list(snapshot.records(table)) == expected
        assert list(snapshot.ids(table)) == [record.id for record in expected]


@given(MANY)
def test_every_column_holds_its_field(records: list[Record]) -> None:
    snapshot = Snapshot.from_records(records)
    for table in sorted({table_of(record) for record in records}):
        check_columns(snapshot, table, rows_of(records, table))


@pytest.mark.parametrize("table", TABLES)
def test_a_table_without_records_has_its_columns(table: str) -> None:
    check_columns(Snapshot.from_records([]), table, [])


def check_columns(snapshot: Snapshot, table: str, expected: list[Record]) -> None:
    frame = snapshot.table(table)
    for name in codec(table).names:
        values = [getattr(record, name) for record in expected]
        column = snapshot.column(table, name)
        assert not column.flags.writeable
        assert len(frame[name]) == len(values)
        for value, found, shown in zip(values, column.tolist(), frame[name], strict=True):
            unknown = found is None or (isinstance(found, float) and np.isnan(found))
            assert (unknown and value is None) or found == value
            assert (value is None and pd.isna(shown)) or (shown == value or str(value) in str(shown))


@given(MANY, days())
def test_a_day_is_a_mask(records: list[Record], day: date) -> None:
    snapshot = Snapshot.from_records(records, as_of=day)
    whole = Snapshot.from_records(records)
    for table in {table_of(record) for record in records}:
        valid = [record for record in whole.records(table) if record.is_valid(day)]
        assert list(snapshot.records(table)) == valid
        assert list(whole.at(day).records(table)) == valid
        assert int(whole.valid(table, day, day).sum()) == len(valid)


@given(MANY)
def test_codec_and_json_round_trip(records: list[Record]) -> None:
    for record in records:
        one = codec(table_of(record))
        assert one.decode(one.encode(record)) == record
        assert one.decode(one.row_from_json(one.row_to_json(one.encode(record)))) == record
        assert one.same(one.encode(record), one.encode(record))


def test_codes_number_the_values_of_text() -> None:
    needs = [
        Need(id=str(n), category=("health", "legal")[n % 2], area=None if n == 2 else "a") for n in range(4)
    ]
    snapshot = Snapshot.from_records(needs)
    codes, values = snapshot.codes("needs", "category")
    assert values[codes].tolist() == ["health", "legal", "health", "legal"]
    assert snapshot.codes("needs", "area")[0].tolist() == [0, 0, -1, 0]
    with pytest.raises(TypeError):
        snapshot.codes("needs", "quantity")


def test_ids_become_rows() -> None:
    snapshot = Snapshot.from_records([Unit(id=name, name="x") for name in ("b", "a", "c")])
    assert snapshot.rows_of("units", ["c", "x", None, "a"]).tolist() == [2, -1, -1, 0]
    assert snapshot.rows_of("needs", ["a"]).tolist() == [-1]
    assert snapshot.record("units", "b") == Unit(id="b", name="x")
    assert snapshot.record("units", "x") is None


def test_service_records_have_the_days_that_lists_call_from_and_to() -> None:
    frame = Snapshot.from_records([ServiceRecord(id="s", to_date=date(2025, 12, 31))]).table("services")
    assert frame["from"].isna().all()
    assert frame["to"].tolist() == frame["to_date"].tolist() == [pd.Timestamp(2025, 12, 31)]


def test_pandas_shows_unknown_as_missing() -> None:
    frame = Snapshot.from_records([Unit(id="a", name="x", capacity=3), Unit(id="b", name="y")]).table("units")
    assert str(frame["capacity"].dtype) == "Int64"
    assert frame["capacity"].isna().tolist() == [False, True]
    assert frame["area"].isna().all()
    assert frame.query("name == 'y'")["id"].tolist() == ["b"]
