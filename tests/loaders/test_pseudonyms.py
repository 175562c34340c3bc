"""What lists say of residents is not kept."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from graph.model import Claim, Need, Offer, Unit
from loaders import read
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


def test_numbers_of_people_are_left_out_of_every_list(tmp_path: Path) -> None:
    """In an offer's title, a note, a reason, and where a resident who offers is named by their number."""
    tables = {
        "单位": ["名称,联络员,统一社会信用代码", "便民维修队,甲某 13800000000,91310110MA1G800000"],
        "资源开放清单": [
            "名称,提供方,类别,备注",
            "修伞请打13800000000,便民维修队,便民维修,也可打 +86 139 0000 0000",
            "理发,热心居民 13700000000,便民维修,",
            "配钥匙,13600000000,便民维修,",
            "磨刀 65001234,便民维修队,便民维修,",
        ],
        "认领": ["认领对象,认领方,原因", "修伞请打13800000000,便民维修队,改打310110198001011234"],
    }
    for name, rows in tables.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(rows), encoding="utf-8")
    reading = read([tmp_path / f"{name}.csv" for name in ("资源开放清单", "认领")])
    whole = read(sorted(tmp_path.glob("*.csv")))
    for found in (reading, whole):
        kept = repr(found.records) + str(found.report.as_json())
        numbers = ("13800000000", "139 0000 0000", "13700000000", "13600000000", "310110198001011234")
        shown = kept.replace("甲某 13800000000", "")  # whom the unit itself names to be called
        assert [number for number in numbers if number in shown] == []
        [claim] = [record for record in found.records if isinstance(record, Claim)]
        assert claim.target.startswith("offer-")
        told = Counter(problem.problem for problem in found.report.problems)
        assert told["personal_cell"] >= 3
    titles = {record.title for record in reading.records if isinstance(record, Offer)}
    assert titles == {"修伞请打", "理发", "磨刀 65001234"}
    drafts = {record.name for record in reading.records if isinstance(record, Unit)}
    assert drafts == {"便民维修队", "热心居民"}
    [unit] = [record for record in whole.records if isinstance(record, Unit)]
    assert (unit.liaison, unit.code) == ("甲某 13800000000", "91310110MA1G800000")


def test_the_id_does_not_follow_from_a_number_that_is_left_out(tmp_path: Path) -> None:
    ids = []
    for title in ("修伞 13800000000", "修伞 13900000000", "修伞"):
        file = tmp_path / "资源开放清单.csv"
        file.write_text(f"名称,提供方,类别\n{title},便民维修队,便民维修", encoding="utf-8")
        [offer] = [record for record in read([file]).records if isinstance(record, Offer)]
        ids.append(offer.id)
    assert len(set(ids)) == 1
