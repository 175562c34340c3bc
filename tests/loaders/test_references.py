"""Who is meant: names, ids, parents before a name, drafts, claims and their targets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.model import Area, Need, Offer, Unit, table_of
from graph.store import Batch, open_store
from loaders import Known, Reading
from loaders.identity import derive_name_id
from tests.loaders.lists import TOWN, Tables
from tests.loaders.readings import as_known, codes, read_tables, records_of

STREETS: Tables = {
    "区域": [
        ["编号", "名称", "级别", "上级"],
        ["S1", "甲街道", "街道", ""],
        ["S2", "乙街道", "街道", ""],
        ["N1", "新村居委会", "居民区", "甲街道"],
        ["N2", "新村居委会", "居民区", "乙街道"],
    ],
    "单位": [["名称", "区域"], ["百合长者照护之家", "甲街道"], ["第一小学", "乙街道"]],
}


def test_references_by_id_name_and_suffix(tmp_path: Path) -> None:
    reading = read_tables(tmp_path, TOWN)
    areas = {area.id: area for area in records_of(reading, Area)}
    assert [areas[i].parent for i in ("A1", "A2", "A3")] == ["A0"] * 3
    units = {unit.name: unit for unit in records_of(reading, Unit)}
    assert [unit.area for unit in units.values()] == ["A1", "A2", "A3"]
    assert units["便民维修队"].capacity is None
    offers = {offer.title: offer for offer in records_of(reading, Offer)}
    assert offers["量血压"].unit == units["示例卫生服务中心"].id
    assert (offers["量血压"].capacity, offers["量血压"].per, offers["量血压"].reach_m) == (1, "month", 1500.0)
    assert (offers["中医咨询"].category, offers["中医咨询"].reach_any) == ("health.tcm", True)
    assert (offers["修水管"].capacity, offers["修水管"].times) == (None, "Mo-Fr 09:00-17:00")
    assert [offer.list_category for offer in offers.values()] == ["健康类", "健康类", "便民类"]
    needs = records_of(reading, Need)
    assert needs[0].party == "A1"
    assert needs[1].party is None
    assert [need.priority for need in needs] == [1, 3, 3]


def test_ambiguous_name_asks_and_a_parent_answers(tmp_path: Path) -> None:
    units = [["name", "area"], ["志愿队", "A1"], ["志愿队", "A2"]]
    offers = [["title", "unit", "category"], ["a", "志愿队", "repair"], ["b", "梧桐/志愿队", "repair"]]
    reading = read_tables(tmp_path, {"区域": TOWN["区域"], "units": units, "offers": offers})
    [problem] = reading.report.problems
    assert (problem.problem, problem.row, problem.column) == ("reference_ambiguous", 2, "unit")
    assert "梧桐居委会/志愿队" in problem.remedy
    assert [offer.title for offer in records_of(reading, Offer)] == ["b"]


def test_targets_of_claims(tmp_path: Path) -> None:
    tables: dict[str, Any] = {
        **TOWN,
        "projects": [["id", "name", "category"], ["12", "义诊周", ""], ["13", "修水管", ""]],
        "claims": [
            ["target", "by", "status"],
            ["project:12", "便民维修队", "已同意"],
            ["义诊周", "示例第一小学", "agreed"],
            ["项目:修水管", "便民维修队", ""],
            ["修水管", "便民维修队", ""],
        ],
    }
    reading = read_tables(tmp_path, tables)
    claims = [record for record in reading.records if table_of(record) == "claims"]
    assert [(c.target_table, c.target) for c in claims] == [
        ("projects", "12"),
        ("projects", "12"),
        ("projects", "13"),
    ]
    assert [p.problem for p in reading.report.problems if p.file == "claims.csv"] == ["reference_ambiguous"]


def test_unknown_provider_is_drafted_only_without_a_units_table(tmp_path: Path) -> None:
    offers = [["title", "unit", "category"], ["a", "新来的公司", "repair"], ["b", "新来的公司", "repair"]]
    alone = read_tables(tmp_path, {"offers": offers})
    [draft] = records_of(alone, Unit)
    assert (draft.name, draft.draft) == ("新来的公司", True)
    assert {offer.unit for offer in records_of(alone, Offer)} == {draft.id}
    assert codes(alone) == ["draft_unit", "draft_unit"]
    assert alone.report.drafts == {"units": 1}
    with_units = read_tables(tmp_path, {"offers": offers, "units": [["name"], ["示例公司"]]})
    assert records_of(with_units, Offer) == []
    assert with_units.report.refused == 2
    later = read_tables(tmp_path, {"units": [["name", "kind"], ["新来的公司", "企业"]]}, as_known(alone))
    [unit] = records_of(later, Unit)
    assert (unit.id, unit.draft) == (draft.id, False)
    assert draft.id == derive_name_id("units", "新来的公司")


def test_unknown_area_proposes_the_nearest(tmp_path: Path) -> None:
    needs = [["title", "category", "area"], ["a", "repair", "银杏苑"]]
    refused = read_tables(tmp_path, {"区域": TOWN["区域"], "needs": needs})
    assert records_of(refused, Need) == []
    [problem] = refused.report.problems
    assert problem.remedy.startswith("是“银杏居委会”吗？")
    assert problem.as_json("en")["remedy"].startswith("Is it “银杏居委会”?")
    drafted = read_tables(tmp_path, {"needs": needs}, as_known(read_tables(tmp_path, {"区域": TOWN["区域"]})))
    assert codes(drafted) == ["draft_area"]
    assert drafted.report.problems[0].remedy.startswith("是“银杏居委会”吗？")


def test_single_list_refers_to_what_is_known(tmp_path: Path) -> None:
    whole = read_tables(tmp_path, TOWN)
    alone = read_tables(tmp_path, {"服务需求清单": TOWN["服务需求清单"]}, as_known(whole))
    assert alone.records == records_of(whole, Need)


def test_circles_and_what_hangs_on_them_are_refused(tmp_path: Path) -> None:
    branches = [
        ["name", "parent"],
        ["甲支部", "乙支部"],
        ["乙支部", "甲支部"],
        ["丙支部", "甲支部"],
        ["丁支部", ""],
    ]
    reading = read_tables(tmp_path, {"branches": branches})
    assert [record.name for record in reading.records if table_of(record) == "branches"] == ["丁支部"]
    assert codes(reading) == ["reference_cycle", "reference_cycle", "reference_refused"]
    assert reading.report.refused == 3


def units_in(tmp_path: Path, area: str) -> Reading:
    return read_tables(tmp_path, {**STREETS, "单位": [["名称", "区域"], ["某单位", area]]})


@pytest.mark.parametrize("text", ["甲街道/新村", "甲街道新村", "甲街道新村居委会"])
def test_a_name_right_behind_its_parents_is_told_apart(tmp_path: Path, text: str) -> None:
    reading = units_in(tmp_path, text)
    assert "reference_ambiguous" not in codes(reading)
    areas = {area.id: area for area in records_of(reading, Area)}
    [unit] = records_of(reading, Unit)
    parent = areas[unit.area].parent
    assert (areas[unit.area].name, areas[parent or ""].name) == ("新村居委会", "甲街道")


@pytest.mark.parametrize("text", ["新村", "新邨居委会"])
def test_the_remedy_of_an_area_that_several_share_has_the_slash(tmp_path: Path, text: str) -> None:
    reading = units_in(tmp_path, text)
    [problem] = [p for p in reading.report.problems if p.column == "区域"]
    assert "甲街道/新村居委会、乙街道/新村居委会" in problem.remedy


@pytest.mark.parametrize(
    ("text", "proposed"),
    [("百合长者照护家园", "百合长者照护之家"), ("第二小学", ""), ("百合养老院", ""), ("樟木长者照护站", "")],
)
def test_a_name_almost_known_is_proposed(tmp_path: Path, text: str, proposed: str) -> None:
    offers = [["名称", "提供方", "类别"], ["量血压", text, "医疗健康"]]
    [problem] = read_tables(tmp_path, {**STREETS, "资源清单": offers}).report.problems
    assert problem.problem == "reference_unknown"
    assert (f"是“{proposed}”吗？" in problem.remedy) is bool(proposed)


@pytest.mark.parametrize("text", ["坏单位", "unit:坏单位", "甲街道/坏单位"])
def test_a_reference_to_a_refused_row_says_so(tmp_path: Path, text: str) -> None:
    units = [["名称", "区域", "总承载量"], ["坏单位", "甲街道", "两三次"], ["好单位", "甲街道", 3]]
    offers = [["名称", "提供方", "类别"], ["量血压", text, "医疗健康"]]
    reading = read_tables(tmp_path, {**STREETS, "单位": units, "资源清单": offers})
    [problem] = [p for p in reading.report.problems if p.column == "提供方"]
    assert (problem.problem, problem.row) == ("reference_refused", 2)
    assert problem.as_json("en")["remedy"] == "That row of “单位” (row 2) was refused: mend it first"


def test_a_claim_by_whom_the_offer_is_not_is_warned_of_and_kept(tmp_path: Path) -> None:
    tables: Tables = {
        "区域": STREETS["区域"][:2],
        "单位": [["名称", "区域"], ["甲队", "甲街道"], ["乙队", ""], ["丙队", ""]],
        "支部": [["名称", "units"], ["甲队党支部", "甲队"]],
        "结对": [["parties"], ["甲队;丙队"]],
        "资源清单": [["名称", "提供方", "类别"], ["修灯", "甲队", "便民维修"]],
        "需求清单": [["名称", "类别"], ["灯", "便民维修"]],
        "认领": [
            ["target", "by", "offer", "status"],
            *(["灯", by, "修灯", "agreed"] for by in ("甲队", "乙队", "丙队", "甲街道", "甲队党支部")),
        ],
    }
    reading = read_tables(tmp_path, tables)
    [problem] = [p for p in reading.report.problems if p.severity == "warning"]
    assert (problem.problem, problem.row, problem.column) == ("claim_not_provider", 3, "by")
    assert problem.found == "乙队"
    assert "甲队" in problem.expected
    assert (reading.report.kept["claims"], reading.report.refused) == (5, 0)
    store = open_store("memory:")
    store.write(Batch(put=reading.records))
    [alone] = [read_tables(tmp_path, {"认领": tables["认领"]}, Known.from_store(store)).report.problems]
    assert [p.problem for p in alone] == ["claim_not_provider"]
