"""A list with more than fifty different faults: each located, the good rows kept, the file given back."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from graph.model import Need, Offer, Unit
from loaders import Reading, read
from loaders.marked import write_marked
from loaders.problems import catalogue, fault, render_page
from tests.loaders.lists import Tables, write_folder, write_workbook

FAULTY: Tables = {
    "区域": [
        ["编号", "名称", "级别", "上级", "人口"],
        ["A1", "梧桐", "居民区", "", 1200],
        ["A2", "香樟", "小区域", "", ""],  # 3 level
        ["A3", "", "居民区", "", ""],  # 4 name
        ["A4", "玉兰", "居民区", "玉兰", ""],  # 5 its own parent
        ["A5", "银杏", "居民区", "", "很多"],  # 6 population
        ["A6", "雪松", "居民区", "示例街道", ""],  # 7 unknown parent
        ["A7", "雪松二", "居民区", "雪松", ""],  # 8 its parent was refused
    ],
    "单位": [
        ["编号", "名称", "总承载量", "可认领项数", "经度", "纬度", "坐标系", "生效日期", "失效日期"],
        ["U1", "示例甲公司", 10, 2, 121.5, 31.2, "", "", ""],
        ["U2", "示例乙公司", "看人手", "", "", "", "", "", ""],  # 3 capacity
        ["U3", "示例丙公司", "", "二三个", "", "", "", "", ""],  # 4 max_claims
        ["U4", "示例丁公司", "", "", 0, 0, "", "", ""],  # 5 zero
        ["U5", "示例戊公司", "", "", 31.2, 121.5, "", "", ""],  # 6 swapped
        ["U6", "示例己公司", "", "", 1215, 31.2, "", "", ""],  # 7 impossible
        ["U7", "示例庚公司", "", "", 121.5, "", "", "", ""],  # 8 half
        ["U8", "示例辛公司", "", "", "路口", 31.2, "", "", ""],  # 9 unreadable
        ["U9", "示例壬公司", "", "", 121.5, 31.2, "火星", "", ""],  # 10 crs
        ["U1", "示例癸公司", "", "", "", "", "", "", ""],  # 11 id again
        ["3.1E+17", "示例子公司", "", "", "", "", "", "", ""],  # 12 id lost digits
        ["U10", "示例丑公司", "", "", "", "", "", "2026-13-01", ""],  # 13 from
        ["U11", "示例寅公司", "", "", "", "", "", "", "年底"],  # 14 to
        ["U12", "示例卯公司", "", "", "", "", "", "2026-09-01", "2026-03-01"],  # 15 order
        ["U13", "同名队", "", "", "", "", "", "", ""],
        ["U14", "同名队", "", "", "", "", "", "", ""],
    ],
    "资源开放清单": [
        [
            "名称",
            "大类",
            "提供方",
            "类别",
            "可提供数量",
            "周期",
            "服务方式",
            "服务半径",
            "服务区域",
            "最少人数",
            "最多人数",
            "计量单位",
            "时段",
            "周期",
            "状态",
        ],
        [
            "量血压",
            "健康",
            "示例甲公司",
            "医疗健康",
            "每月一次",
            "",
            "上门",
            "800米",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
        ],
        ["r3", "", "", "医疗健康", "", "", "", "", "", "", "", "", "", "", ""],  # provider
        ["r4", "", "示例甲", "医疗健康", "", "", "", "", "", "", "", "", "", "", ""],  # unknown provider
        ["r5", "", "同名队", "医疗健康", "", "", "", "", "", "", "", "", "", "", ""],  # ambiguous
        ["r6", "", "示例乙公司", "医疗健康", "", "", "", "", "", "", "", "", "", "", ""],  # refused
        ["r7", "", "U1", "杂项", "", "", "", "", "", "", "", "", "", "", ""],  # category
        ["r8", "", "U1", "医疗健康", -3, "", "", "", "", "", "", "", "", "", ""],  # negative
        ["r9", "", "U1", "医疗健康", 2.5, "", "", "", "", "", "", "", "", "", ""],  # fraction
        ["r10", "", "U1", "医疗健康", "", "偶尔", "", "", "", "", "", "", "", "", ""],  # per
        ["r11", "", "U1", "医疗健康", "", "", "随便", "", "", "", "", "", "", "", ""],  # mode
        ["r12", "", "U1", "医疗健康", "", "", "", "本街道", "", "", "", "", "", "", ""],  # reach
        ["r13", "", "U1", "医疗健康", "", "", "", "", "梧桐、银杏苑", "", "", "", "", "", ""],  # reach_areas
        ["r14", "", "U1", "医疗健康", "", "", "", "", "", "几个", "", "", "", "", ""],  # min_people
        ["r15", "", "U1", "医疗健康", "", "", "", "", "", 30, 20, "", "", "", ""],  # people order
        ["r16", "", "U1", "医疗健康", "", "", "", "", "", "", "", "小时", "", "", ""],  # measure
        ["r17", "", "U1", "医疗健康", "", "", "", "", "", "", "", "", "看情况吧", "", ""],  # times
        ["r18", "", "U1", "医疗健康", "每周两次", "", "", "", "", "", "", "", "", "", ""],  # rhythm
        ["r19", "", "U1", "医疗健康", "每月一次", "每年", "", "", "", "", "", "", "", "", ""],  # per conflict
        ["r20", "", "U1", "医疗健康", "2000元", "", "", "", "", "", "", "次", "", "", ""],  # measure conflict
        ["r21", "", "U1", "医疗健康", "", "", "", "", "", "", "", "", "", "", "半开"],  # status
        ["r22", "自创大类", "U1", "", "", "", "", "", "", "", "", "", "", "", ""],  # heading
    ],
    "服务需求清单": [
        ["名称", "提出方", "类别", "数量", "优先极", "人数", "不可拆分", "区域", "联系电话", "备注"],
        ["量血压", "梧桐", "医疗健康", 3, "", "", "", "梧桐", "", ""],
        ["d3", "", "", 1, "", "", "", "", "", ""],  # category
        ["d4", "", "医疗健康", 0, "", "", "", "", "", ""],  # zero
        ["d5", "", "医疗健康", "两三次", "", "", "", "", "", ""],  # vague
        ["d6", "", "医疗健康", "不限", "", "", "", "", "", ""],  # unlimited
        ["d7", "", "医疗健康", "若干", "", "", "", "", "", ""],  # unknown
        ["d8", "", "医疗健康", 1, "", "一家子", "", "", "", ""],  # people
        ["d9", "", "医疗健康", 1, "", "", "看看", "", "", ""],  # whole
        ["d10", "", "医疗健康", 1, "", "", "", "银杏苑", "", ""],  # area
        ["d11", "虚构某人", "医疗健康", 1, "", "", "", "", "", ""],  # pseudonym
        ["d12", "", "医疗健康", 1, "", "", "", "", "13800000000", "可打13800000000"],  # personal column, cell
        ["d13", "", "医疗健康", 1, "", "", "", "", "", ""],
        ["d13", "", "医疗健康", 1, "", "", "", "", "", ""],  # equal
        ["d14", "", "医疗健康", "#REF!", "", "", "", "", "", ""],  # formula
    ],
    "党建项目清单": [
        ["名称", "所需单位数", "优先级", "类别"],
        ["义诊周", 2, 1, "医疗健康"],
        ["p3", 1, "越快越好", ""],  # priority
        ["p4", "好几家", "", ""],  # wanted
    ],
    "结对": [
        ["结对各方", "金额"],
        ["示例甲公司、梧桐", 2000],
        ["示例甲公司", ""],  # too few
        ["示例甲公司;梧桐", "不少"],  # amount
    ],
    "认领": [
        ["认领对象", "认领方", "状态"],
        ["义诊周", "示例甲公司", "已同意"],
        ["没有这个项目", "示例甲公司", ""],  # target
        ["量血压", "示例甲公司", ""],  # ambiguous
        ["义诊周", "示例甲公司", "想想"],  # status
    ],
}

EXPECTED = {
    "区域": [
        (3, "choice_unreadable"), (4, "required_empty"), (5, "reference_cycle"), (6, "number_unreadable"),
        (7, "reference_unknown"), (8, "reference_refused"),
    ],
    "单位": [
        (3, "number_unreadable"), (4, "number_vague"), (5, "coordinate_zero"), (6, "coordinate_swapped"),
        (7, "coordinate_impossible"), (8, "coordinate_half"), (9, "coordinate_unreadable"),
        (10, "crs_unreadable"),
        (11, "id_duplicate"), (12, "id_lost_digits"), (13, "date_unreadable"), (14, "date_unreadable"),
        (15, "date_order"),
    ],
    "资源开放清单": [
        (1, "duplicate_column"), (3, "required_empty"), (4, "reference_unknown"), (5, "reference_ambiguous"),
        (6, "reference_refused"), (7, "category_unreadable"), (8, "number_too_small"), (9, "number_fraction"),
        (10, "choice_unreadable"), (11, "choice_unreadable"), (12, "reach_unreadable"),
        (13, "reference_unknown"),
        (14, "number_unreadable"), (15, "people_order"), (16, "choice_unreadable"), (17, "times_unreadable"),
        (18, "rhythm_counted"), (19, "per_conflict"), (20, "measure_conflict"), (21, "choice_unreadable"),
        (22, "category_other"),
    ],
    "服务需求清单": [
        (1, "unknown_column"), (1, "personal_column"), (3, "required_empty"), (4, "number_too_small"),
        (5, "number_vague"), (6, "number_unreadable"), (7, "quantity_unknown"), (8, "number_unreadable"),
        (9, "yes_no_unreadable"), (10, "reference_unknown"), (11, "party_pseudonym"), (12, "personal_cell"),
        (14, "equal_rows"), (15, "formula_error"),
    ],
    "党建项目清单": [(3, "priority_unreadable"), (4, "number_unreadable")],
    "结对": [(3, "parties_too_few"), (4, "amount_unreadable")],
    "认领": [(3, "reference_unknown"), (4, "reference_ambiguous"), (5, "choice_unreadable")],
}  # fmt: skip


@pytest.fixture(params=["csv", "xlsx"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "csv":
        return write_folder(tmp_path / "lists", FAULTY)
    return write_workbook(tmp_path / "lists.xlsx", FAULTY)


def located(reading: Reading) -> dict[str, list[tuple[int | None, str]]]:
    found: dict[str, list[tuple[int | None, str]]] = {}
    for problem in reading.report.problems:
        found.setdefault(problem.sheet or Path(problem.file).stem, []).append((problem.row, problem.problem))
    return found


def test_every_fault_is_located(source: Path) -> None:
    found = located(read([source]))
    for table, expected in EXPECTED.items():
        # Which of two equal rows is the second is told by their other cells, of which these have none.
        assert sorted(found[table], key=str) == sorted(expected, key=str), table
    assert sum(map(len, found.values())) >= 50
    assert len({problem for items in found.values() for _, problem in items}) >= 30


def test_good_rows_are_loaded(source: Path) -> None:
    reading = read([source])
    of = {kind: [r for r in reading.records if isinstance(r, kind)] for kind in (Unit, Offer, Need)}
    assert [unit.id for unit in of[Unit]] == ["U1", "U4", "U5", "U6", "U7", "U8", "U9", "U13", "U14"]
    assert [(u.lon, u.lat) for u in of[Unit][1:7]] == [(None, None)] * 6
    assert [offer.title for offer in of[Offer]] == ["量血压", "r17", "r18", "r19", "r20", "r22"]
    assert [need.title for need in of[Need]] == ["量血压", "d7", "d11", "d12", "d13", "d13"]
    rows = sum(item.rows for item in reading.report.lists)
    assert reading.report.refused + sum(reading.report.kept.values()) == rows
    assert reading.report.has_errors


def test_every_problem_says_what_to_do(source: Path) -> None:
    for problem in read([source]).report.problems:
        for language in ("zh", "en"):
            shown = problem.as_json(language)
            assert shown["remedy"], problem
            assert "{" not in shown["remedy"] + shown["expected"]
        assert problem.severity == catalogue()[problem.problem].severity
        assert "虚构某人" not in repr(problem)
        assert "13800000000" not in repr(problem)


def test_marked_copy_points_at_every_cell(source: Path, tmp_path: Path) -> None:
    report = read([source]).report
    write_marked([source], report, tmp_path / "marked.xlsx")
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert book.sheetnames[0] == "问题"
    assert set(book.sheetnames[1:]) == set(FAULTY)
    listed = list(book["问题"].iter_rows(min_row=2))
    assert len(listed) == len(report.problems)
    for row, problem in zip(listed, report.problems, strict=True):
        title, _, cell = row[2].hyperlink.location.rpartition("!")
        marked = book[title.strip("'")][cell]
        assert marked.comment is not None
        assert problem.remedy in marked.comment.text
        assert marked.fill.fgColor.rgb in ("FFF4B6B0", "FFFBE3AE")
        assert marked.row == problem.row
    for name, rows in FAULTY.items():
        copied = [[cell.value for cell in row] for row in book[name].iter_rows(max_col=len(rows[0]))]
        assert [[str(v if v is not None else "") for v in row] for row in copied] == [
            [str(v) for v in row] for row in rows
        ]


def test_marked_copy_is_in_the_readers_language(source: Path, tmp_path: Path) -> None:
    write_marked([source], read([source]).report, tmp_path / "marked.xlsx", language="en")
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert book.sheetnames[0] == "Problems"
    assert "Write" in str([cell.value for cell in book["Problems"]["I"]])


def test_marked_copy_of_a_long_list_holds_its_problems_only(tmp_path: Path) -> None:
    rows = [["title", "category", "quantity"]] + [[f"t{n}", "repair", 1] for n in range(50_010)]
    rows[40_000][2] = "两三次"
    source = write_folder(tmp_path / "long", {"needs": rows})
    report = read([source]).report
    write_marked([source], report, tmp_path / "marked.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "marked.xlsx")["needs"]
    assert [[cell.value for cell in row] for row in sheet] == [
        ["1", "title", "category", "quantity"], ["40001", "t39999", "repair", "两三次"],
    ]  # fmt: skip
    assert sheet["D2"].comment is not None


def test_marked_copy_of_several_lists_keeps_merged_cells(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "l", {"units": [["name", "capacity"], ["示例诊所", "看人手"]]})
    book = openpyxl.Workbook()
    page = book.active
    page.title = "资源开放清单"
    for row in (["大类", "提供方", "类别"], ["民生", "示例诊所", "医疗健康"], ["", "示例诊所", "便民维修"]):
        page.append(row)
    page.merge_cells("A2:A3")
    book.save(folder / "offers.xlsx")
    write_marked([folder], read([folder]).report, tmp_path / "marked.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert [str(area) for area in marked["资源开放清单"].merged_cells.ranges] == ["A2:A3"]
    assert marked["units"]["B2"].comment is not None


def test_marked_copy_holds_no_formula_of_the_list(tmp_path: Path) -> None:
    source = write_folder(tmp_path / "l", {"needs": [["title", "category"], ["=1+1", "repair"], ["@x", "?"]]})
    write_marked([source], read([source]).report, tmp_path / "marked.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "marked.xlsx")["needs"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")


def test_page_lists_the_catalogue() -> None:
    page = render_page()
    assert all(f"| `{code}` | {kind.severity} |" in page for code, kind in catalogue().items())
    with pytest.raises(KeyError):
        fault("no_such_problem")
