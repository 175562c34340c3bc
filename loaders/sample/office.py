"""The office form of each table: sheet name, title, Chinese headers; and the faults planted in a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from loaders.sample.vocabulary import ALLIANCE, SUBDISTRICT
from loaders.sample.workbook import Cell, Sheet

Row = dict[str, Cell]
"""One record by the model's column names; absent columns are empty cells."""


class OfficeForm(NamedTuple):
    """How an office writes one table: sheet name, title, and (column of the model, Chinese header) pairs."""

    sheet: str
    title: str
    columns: tuple[tuple[str, str], ...]
    note: str = ""


_SERIAL = ("serial", "序号")
_SOURCE = ("source", "来源")
_VALIDITY = (("valid_from", "生效日期"), ("valid_to", "失效日期"))
_POINT = (("lon", "经度"), ("lat", "纬度"))
_REACH = (("reach_m", "服务半径"), ("reach_areas", "服务区域"))
_GROUPED = (_SERIAL, ("list_category", "大类"), ("category", "类别"))
_NOTE = "填报：各居民区、各驻区单位　　本表为虚构示例，不对应任何真实街道、单位或居民"

OFFICE_FORMS: dict[str, OfficeForm] = {
    "areas": OfficeForm(
        "区域",
        f"{SUBDISTRICT}区域一览表",
        (("id", "编号"), ("name", "名称"), ("level", "级别"), ("parent", "上级"), *_POINT,
         ("population", "人口"), ("over60", "60岁以上人口"), _SOURCE),
    ),
    "units": OfficeForm(
        "单位",
        f"{SUBDISTRICT}驻区单位名录",
        (_SERIAL, ("name", "名称"), ("kind", "类型"), ("area", "区域"), *_POINT, ("capacity", "总承载量"),
         ("max_claims", "可认领项数"), ("liaison", "联络员"), *_VALIDITY, _SOURCE),
        _NOTE,
    ),
    "projects": OfficeForm(
        "党建项目清单",
        f"{SUBDISTRICT}{{year}}年党建项目清单",
        (*_GROUPED, ("name", "名称"), ("area", "区域"), ("wanted", "所需单位数"), ("priority", "优先级"),
         *_VALIDITY, _SOURCE),
        _NOTE,
    ),
    "offers": OfficeForm(
        "资源开放清单",
        f"{SUBDISTRICT}{{year}}年资源开放清单",
        (*_GROUPED, ("title", "名称"), ("unit", "提供方"), ("capacity", "可提供数量"),
         ("measure", "计量单位"), ("per", "周期"), ("mode", "服务方式"), *_REACH, ("tags", "可满足要求"),
         ("min_people", "最少人数"), ("max_people", "最多人数"), ("times", "时段"), _SOURCE),
        _NOTE,
    ),
    "needs": OfficeForm(
        "服务需求清单",
        f"{SUBDISTRICT}{{year}}年服务需求清单",
        (*_GROUPED, ("title", "名称"), ("party", "提出方"), ("area", "区域"), ("group", "对象"),
         ("people", "人数"), ("quantity", "数量"), ("measure", "计量单位"), ("priority", "优先级"),
         ("tags", "要求"), ("times", "时段"), *_POINT, ("whole", "不可拆分"),
         ("referred_to", "转办"), _SOURCE),
        _NOTE,
    ),
    "categories": OfficeForm(
        "类别",
        "大类与服务类别对照表",
        (("list_category", "大类"), ("category", "类别"), _SOURCE),
    ),
    "branches": OfficeForm(
        "支部",
        f"{SUBDISTRICT}党组织一览表",
        (_SERIAL, ("name", "名称"), ("parent", "上级"), ("units", "单位"), ("area", "区域"),
         ("members", "党员数"), ("coverage", "覆盖方式"), _SOURCE),
    ),
    "alliances": OfficeForm(
        "联盟",
        f"{ALLIANCE}组织一览表",
        (_SERIAL, ("name", "名称"), ("parent", "上级"), ("kind", "类型"), ("stage", "阶段"), ("area", "区域"),
         ("chair", "轮值主席"), *_VALIDITY, _SOURCE),
    ),
    "members": OfficeForm(
        "成员",
        f"{ALLIANCE}成员名单",
        (_SERIAL, ("alliance", "联盟"), ("party", "成员"), ("role", "角色"), *_VALIDITY, _SOURCE),
    ),
    "stations": OfficeForm(
        "站点",
        f"{SUBDISTRICT}党群服务站点一览表",
        (_SERIAL, ("name", "名称"), ("party", "单位"), ("area", "区域"), *_POINT, *_REACH, _SOURCE),
    ),
    "pairings": OfficeForm(
        "结对",
        f"{ALLIANCE}结对共建名单",
        (_SERIAL, ("parties", "结对各方"), ("kind", "类型"), ("via", "牵线方"), ("amount_yuan", "金额（元）"),
         *_VALIDITY, _SOURCE),
    ),
    "claims": OfficeForm(
        "认领",
        f"{SUBDISTRICT}{{last_year}}年双向认领表",
        (_SERIAL, ("target", "认领对象"), ("by", "认领方"), ("offer", "资源"), ("quantity", "数量"),
         ("status", "状态"), ("why", "理由"), ("via", "牵线方"), ("liaison", "联络员"), *_VALIDITY, _SOURCE),
    ),
    "services": OfficeForm(
        "服务记录",
        f"{ALLIANCE}{{last_year}}年服务统计表",
        (_SERIAL, ("unit", "单位"), ("area", "区域"), ("body", "主体"), ("from", "起始"), ("to", "截止"),
         ("activities", "活动场次"), ("services", "服务次数"), ("served_person_times", "惠及人次"),
         ("volunteer_person_times", "志愿者人次"), ("hours", "时长"), ("approx", "约数"), _SOURCE),
    ),
}  # fmt: skip
"""The office form of every table, in the order of the sheets."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One cell that a loader must find.

    Attributes
    ----------
    table, sheet
        The table, and the sheet or file it is on.
    row
        Row as a spreadsheet counts.
    column
        Header of the cell.
    found
        What the cell holds.
    kind
        What is wrong with it.
    refused
        Whether the row can't be kept (an error), or stays with a warning.
    """

    table: str
    sheet: str
    row: int
    column: str
    found: str
    kind: str
    refused: bool


class Plant(NamedTuple):
    """A fault to be written into one row: which cells become what, and which of them is to blame."""

    cells: Mapping[str, Cell]
    blame: str
    kind: str
    refused: bool


def plant(rows: Iterable[Row], where: Mapping[str, Cell], fault: Plant) -> tuple[Row, Plant]:
    """Write a fault into the first row whose cells are as `where` says.

    Returns
    -------
    tuple[Row, Plant]
        The changed row and the fault, to be located once the sheet is laid out.
    """
    row = next(row for row in rows if all(row.get(column) == value for column, value in where.items()))
    row.update(fault.cells)
    return row, fault


def lay_out(table: str, rows: Sequence[Row], *, year: int, source: str) -> Sheet:
    """Give one table in its office form, with serial numbers and the source on each row."""
    form = OFFICE_FORMS[table]
    title = form.title.format(year=year, last_year=year - 1)
    columns = [column for column, _ in form.columns]
    cells = tuple(
        tuple({**row, "serial": serial, "source": source}.get(column) for column in columns)
        for serial, row in enumerate(rows, start=1)
    )
    merged = "大类" if "serial" in columns and "list_category" in columns else None
    above = (title, form.note) if form.note else (title,)
    return Sheet(table, form.sheet, above, tuple(header for _, header in form.columns), cells, merged)


def locate(sheet: Sheet, rows: Sequence[Row], planted: Iterable[tuple[Row, Plant]]) -> list[Fault]:
    """Say where on a sheet the planted faults stand."""
    header_of = dict(OFFICE_FORMS[sheet.table].columns)
    faults = []
    for row, fault in planted:
        index = next(i for i, candidate in enumerate(rows) if candidate is row)
        faults.append(
            Fault(
                table=sheet.table,
                sheet=sheet.name,
                row=sheet.first_row + index,
                column=header_of[fault.blame],
                found=str(row[fault.blame]),
                kind=fault.kind,
                refused=fault.refused,
            )
        )
    return faults
