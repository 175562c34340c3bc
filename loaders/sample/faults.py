"""The faults of the synthetic sub-district: what real lists get wrong, a few in each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from loaders.sample.office import Plant, Row, plant

Planted = dict[str, list[tuple[Row, Plant]]]


def plant_faults(rows: Mapping[str, list[Row]], year: int) -> Planted:
    """Write the faults into drawn rows, never into one that a claim refers to.

    Parameters
    ----------
    rows
        Rows by table; changed in place.
    year
        The year that the lists are for.

    Returns
    -------
    dict[str, list[tuple[Row, Plant]]]
        The changed rows and their faults by table.
    """
    reversed_dates = {"valid_from": date(year, 9, 1), "valid_to": date(year, 3, 1)}
    planted: Planted = {table: [] for table in rows}

    def spoil(table: str, where: Mapping[str, str], fault: Plant) -> None:
        planted[table].append(plant(rows[table], where, fault))

    spoil(
        "units", {"name": "示例设计院"}, Plant({"capacity": "看人手"}, "capacity", "unreadable_number", True)
    )
    spoil("units", {"name": "示例国际物流公司"}, Plant(reversed_dates, "valid_to", "reversed_dates", True))
    spoil("units", {"name": "示例口腔诊所"}, Plant({"lon": 0, "lat": 0}, "lon", "impossible_place", False))

    spoil(
        "offers",
        {"title": "公证服务点"},
        Plant({"capacity": "两三次"}, "capacity", "unreadable_number", True),
    )
    spoil(
        "offers", {"title": "健康讲座"}, Plant({"category": "邻里杂项"}, "category", "unknown_category", True)
    )
    spoil(
        "offers", {"title": "绿化养护课"}, Plant({"unit": "便民服务社"}, "unit", "ambiguous_reference", True)
    )
    spoil(
        "offers",
        {"title": "眼健康筛查"},
        Plant({"unit": "百合长者照护家园"}, "unit", "unknown_reference", True),
    )
    spoil(
        "offers",
        {"title": "书店二楼活动区"},
        Plant({"times": "看店里安排"}, "times", "unreadable_times", False),
    )

    spoil("needs", {"title": "修电灯"}, Plant({"quantity": "两三次"}, "quantity", "unreadable_number", True))
    spoil("needs", {"title": "磨刀修伞"}, Plant({"area": "银杏苑"}, "area", "unknown_area", True))
    spoil("needs", {"title": "理发"}, Plant({"category": "杂事"}, "category", "unknown_category", True))
    nowhere = {"area": None, "lon": 121.512, "lat": 91.2}
    spoil("needs", {"title": "法律咨询"}, Plant(nowhere, "lat", "impossible_place", False))
    spoil(
        "needs", {"title": "修门锁"}, Plant({"priority": "越快越好"}, "priority", "unreadable_priority", True)
    )
    spoil("needs", {"title": "合唱指导"}, Plant({"times": "等排练通知"}, "times", "unreadable_times", False))

    spoil("projects", {"name": "楼道清障"}, Plant({"wanted": "好几家"}, "wanted", "unreadable_number", True))
    spoil("projects", {"name": "阅读漂流"}, Plant(reversed_dates, "valid_to", "reversed_dates", True))
    spoil("projects", {"name": "围棋驿站"}, Plant({}, "list_category", "unmapped_category", False))

    spoil(
        "branches",
        {"name": "桂花中学党支部"},
        Plant({"parent": "教育系统党工委"}, "parent", "unknown_reference", True),
    )
    spoil(
        "pairings",
        {"parties": "示例环卫作业公司、雪松"},
        Plant({"parties": "示例环卫作业公司"}, "parties", "too_few_parties", True),
    )
    spoil(
        "claims",
        {"status": "待答复", "by": "示例邮政支局"},
        Plant({"target": "量血压"}, "target", "ambiguous_reference", True),
    )
    return planted
