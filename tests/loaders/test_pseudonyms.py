"""What a list of needs says of residents is not kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.model import Need
from loaders.identity import is_pseudonym
from tests.loaders.readings import codes, read_tables, records_of


def test_no_word_of_a_resident_stays(tmp_path: Path) -> None:
    rows = [
        ["名称", "提出方", "类别", "数量", "联系人", "联系电话", "家庭住址", "备注", "情况"],
        [
            "修灯",
            "虚构甲",
            "维修",
            1,
            "虚构乙",
            "13800000001",
            "虚构路1号",
            "请打13800000002",
            "编号 110101190001010010",
        ],
        ["修窗 13800000003", "虚构丙", "维修", "两三个", "虚构丁", "", "", "", ""],
        ["修门", "resident-虚构戊", "维修", "13800000004", "", "", "", "", ""],
    ]
    reading = read_tables(tmp_path, {"需求清单": rows})
    everything = (
        repr(reading.records) + repr(reading.report.as_json()) + repr(reading.report.as_json(language="en"))
    )
    for secret in ("虚构", "1380000000", "110101190001010010"):
        assert secret not in everything
    [need] = records_of(reading, Need)
    assert is_pseudonym(need.party)
    assert codes(reading).count("personal_column") == 3
    renamed = [rows[0], [*rows[1][:1], "虚构己", *rows[1][2:]], *rows[2:]]
    assert read_tables(tmp_path, {"需求清单": renamed}).records == reading.records


@pytest.mark.parametrize(
    "header", ["联系人", "手机号", "老人姓名", "受助人", "name", "Phone", "e-mail", "Home address"]
)
def test_a_column_that_may_name_a_resident_is_not_read(tmp_path: Path, header: str) -> None:
    reading = read_tables(tmp_path, {"needs": [["title", "category", header], ["a", "repair", "虚构甲"]]})
    assert "虚构甲" not in repr(reading)
    [problem] = reading.report.problems
    assert (problem.problem, problem.row, problem.column) == ("personal_column", 1, header)


def test_a_pseudonym_that_was_exported_is_kept(tmp_path: Path) -> None:
    first = read_tables(tmp_path, {"needs": [["title", "party", "category"], ["a", "虚构甲", "repair"]]})
    [need] = records_of(first, Need)
    again = read_tables(
        tmp_path, {"needs": [["id", "title", "party", "category"], [need.id, "a", need.party, "repair"]]}
    )
    assert again.records == first.records
    assert codes(again) == []
