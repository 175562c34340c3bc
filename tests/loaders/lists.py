"""Small lists for the tests, written as CSV in any encoding and as XLSX."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

Rows = Sequence[Sequence[object]]
Tables = Mapping[str, Rows]

TOWN: Tables = {
    "区域": [
        ["编号", "名称", "级别", "上级", "经度", "纬度"],
        ["A0", "示例街道", "街道", "", "", ""],
        ["A1", "梧桐居委会", "居民区", "示例街道", 121.50, 31.20],
        ["A2", "香樟居委会", "居民区", "示例街道", 121.51, 31.21],
        ["A3", "银杏居委会", "居民区", "A0", 121.52, 31.22],
    ],
    "单位": [
        ["名称", "类型", "区域", "经度", "纬度", "总承载量"],
        ["示例卫生服务中心", "医院", "梧桐", 121.501, 31.201, 100],
        ["示例第一小学", "学校", "香樟居民区", 121.511, 31.211, ""],
        ["便民维修队", "社会组织", "银杏", 121.521, 31.221, "不限"],
    ],
    "资源开放清单": [
        ["序号", "大类", "名称", "提供方", "类别", "可提供数量", "服务半径", "时段"],
        [1, "健康类", "量血压", "示例卫生服务中心", "医疗健康", "每月一次", "1.5公里", "每周四下午"],
        [2, "", "中医咨询", "示例卫生服务中心", "中医", 20, "不限", ""],
        [3, "便民类", "修水管", "便民维修队", "便民维修", "若干", 800, "工作日 9:00-17:00"],
    ],
    "服务需求清单": [
        ["序号", "名称", "提出方", "类别", "数量", "区域", "优先级", "对象", "生效日期", "失效日期"],
        [1, "修水管", "梧桐居委会", "便民维修", 2, "梧桐", "紧急", "独居", "2026-01-01", "2026-12-31"],
        [2, "量血压", "", "医疗健康", "20人", "香樟", "一般", "孤老", "2026-03-01", ""],
        [3, "修灯", "某位居民", "便民维修", "１", "银杏", 3, "", "", ""],
    ],
}

ENGLISH = {
    "编号": "id", "名称": "name", "级别": "level", "上级": "parent", "经度": "lon", "纬度": "lat",
    "类型": "kind",
    "区域": "area", "总承载量": "capacity", "提供方": "unit", "类别": "category", "可提供数量": "capacity",
    "服务半径": "reach_m", "时段": "times", "提出方": "party", "数量": "quantity",
    "优先级": "priority",
    "对象": "group", "生效日期": "valid_from", "失效日期": "valid_to", "序号": "serial",
    "大类": "list_category",
}  # fmt: skip
ENGLISH_TABLES = {"区域": "areas", "单位": "units", "资源开放清单": "offers", "服务需求清单": "needs"}


def in_english(tables: Tables) -> Tables:
    """The same lists with English file names and headers (offers and needs have a title, not a name)."""
    english = {}
    for name, rows in tables.items():
        table = ENGLISH_TABLES[name]
        headers = [ENGLISH[str(header)] for header in rows[0]]
        if table in ("offers", "needs"):
            headers = ["title" if header == "name" else header for header in headers]
        english[table] = [headers, *rows[1:]]
    return english


def write_folder(folder: Path, tables: Tables, *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """A folder of separated values."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as stream:
            csv.writer(stream, delimiter=delimiter).writerows(rows)
    return folder


def write_workbook(path: Path, tables: Tables, *, titles: bool = False) -> Path:
    """A workbook with a sheet for each table; where asked, a merged title stands above each header."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        if titles:
            sheet.append([f"2026年{name}（示例）"])
            sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(rows[0]))
            sheet.append([])
        for row in rows:
            sheet.append([None if value == "" else value for value in row])
    book.save(path)
    return path
