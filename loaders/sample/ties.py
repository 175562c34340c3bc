"""What ties the synthetic sub-district's parties: branches, alliance, pairings, last year's claims."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from random import Random

from loaders.sample.catalogue import NEED_KINDS, OFFERS
from loaders.sample.office import Row
from loaders.sample.vocabulary import (
    ALLIANCE,
    BRANCHED_UNITS,
    CHAPTERS,
    FIRM_TREE,
    JOINT_BRANCHES,
    NEIGHBOURHOODS,
    PAIRINGS,
    STATIONS,
    SUBDISTRICT,
)

_COMMITTEE = f"{SUBDISTRICT}党工委"
_UNITS_COMMITTEE = f"{SUBDISTRICT}综合党委"
_CENTRE = f"{SUBDISTRICT}党群服务中心"

_AGREED_NEEDS = (
    ("量血压", "上门量血压测血糖"),
    ("助餐", "长者助餐送餐"),
    ("修水管", "管道检修"),
    ("独居陪聊", "独居老人陪聊"),
    ("护理床位", "短期护理床位"),
    ("书画课", "书画指导"),
)
_DONE_NEEDS = (("理发", "公益理发"), ("消防检查", "消防隐患检查"), ("陪诊就医", "陪诊服务"))
_DECLINED_NEEDS = (
    ("垃圾分类指导", "垃圾分类指导", "人手不足"),
    ("垃圾分类指导", "垃圾分类指导", "距离太远"),
    ("适老化改造", "适老化改造", "时间不合适"),
    ("智能手机教学", "智能手机课堂", "人手不足"),
)
_PROJECT_CLAIMS = (
    ("邻里故事会", "示例建设工程公司", "已同意", ""),
    ("健康小屋", "示例街道社区卫生服务中心", "已同意", ""),
    ("消防演练进小区", "示例消防救援站", "已同意", ""),
    ("爱心暑托", "香樟路小学", "已同意", ""),
    ("周四志愿行动", "月见草社工服务中心", "已完成", ""),
    ("邻里艺术节", "示例街道文化活动中心", "已完成", ""),
    ("急救进楼道", "银杏医院", "已完成", ""),
    ("防诈骗宣讲", "示例派出所", "已完成", ""),
    ("垃圾分类示范楼", "示例环卫作业公司", "已完成", ""),
    ("作业帮", "桂花中学", "已完成", ""),
    ("楼宇法律门诊", "海棠律师事务所", "已婉拒", "时间不合适"),
    ("银发数字课", "示例电信营业厅", "待答复", ""),
    ("青年联谊季", "月季青年公益社", "待答复", ""),
    ("爱心雨伞站", "示例邮政支局", "待答复", ""),
)
_COUNTED_BY_AREA = ("示例便民维修队", "示例街道社区卫生服务中心", "月见草社工服务中心", "紫薇社区食堂")
"""Units that say where they served; others hand in one figure for all."""
_AREA_CLAIMS = (("多功能厅", "紫薇", 2), ("急救知识培训", "玉兰", 1))


def draw_ties(random: Random, rows: dict[str, list[Row]], year: int, *, seed: int) -> dict[str, list[Row]]:
    """Draw all that ties parties together, and add the needs that units, branches and others raise.

    Parameters
    ----------
    random
        Drawn from in a fixed order.
    rows
        Areas, units and needs drawn so far; the needs are changed: claimed ones get a title of their own.
    year
        The year that the lists are for.
    seed
        Of the sub-district: what came to be drawn later has a stream of its own, so that all else stays.

    Returns
    -------
    dict[str, list[Row]]
        Rows of branches, alliances, members, stations, pairings, claims and services.
    """
    claims = _claim_rows(rows, year)
    _mark_whole_needs(rows["needs"])
    _add_party_needs(rows["needs"])
    return {
        "branches": _branch_rows(random, rows["units"]),
        "alliances": list(_alliance_rows(year)),
        "members": list(_member_rows(year)),
        "stations": _station_rows(rows["areas"]),
        "pairings": [
            {"parties": "、".join(parties), "kind": kind, "via": via or None, "amount_yuan": amount,
             "valid_from": date(year - 1 - number % 4, 1 + number % 12, 1)}
            for number, (parties, kind, via, amount) in enumerate(PAIRINGS)
        ],
        "claims": claims,
        "services": list(_by_neighbourhood(Random(f"services {seed}"), _service_rows(random, year), rows)),
    }  # fmt: skip


def _branch_rows(random: Random, units: list[Row]) -> list[Row]:
    home = {str(unit["name"]): str(unit["area"]) for unit in units}
    rows: list[Row] = [
        {"name": _COMMITTEE, "area": SUBDISTRICT},
        {"name": _UNITS_COMMITTEE, "parent": _COMMITTEE, "area": SUBDISTRICT},
    ]
    for area in NEIGHBOURHOODS:
        members = random.randrange(60, 320)
        rows.append({"name": f"{area}居民区党总支", "parent": _COMMITTEE, "area": area, "members": members})
    for name, coverage in BRANCHED_UNITS:
        rows.append(
            {"name": f"{name}党支部", "parent": _UNITS_COMMITTEE, "units": name, "area": home[name],
             "members": random.randrange(4, 60), "coverage": coverage}
        )  # fmt: skip
    for name, members_of, area, members in JOINT_BRANCHES:
        rows.append(
            {"name": name, "parent": _UNITS_COMMITTEE, "units": "、".join(members_of), "area": area,
             "members": members, "coverage": "联"}
        )  # fmt: skip
    firm = "示例建设工程公司"
    rows += [
        {
            "name": name,
            "parent": parent,
            "units": firm,
            "area": home[firm],
            "members": members,
            "coverage": "建",
        }
        for name, parent, members in FIRM_TREE
    ]
    return rows


def _alliance_rows(year: int) -> Iterator[Row]:
    term = {"valid_from": date(year - 2, 7, 1), "valid_to": date(year + 1, 6, 30)}
    yield {"name": ALLIANCE, "kind": "联席会", "stage": "巩固", "area": SUBDISTRICT,
           "chair": "示例街道文化活动中心", **term}  # fmt: skip
    for name, stage, chair, _ in CHAPTERS:
        yield {"name": name, "parent": ALLIANCE, "kind": "分会", "stage": stage, "area": SUBDISTRICT,
               "chair": chair, **term}  # fmt: skip


def _member_rows(year: int) -> Iterator[Row]:
    since = date(year - 2, 7, 1)
    for area in NEIGHBOURHOODS:
        yield {"alliance": ALLIANCE, "party": area, "role": "成员", "valid_from": since}
    for name, _, chair, others in CHAPTERS:
        yield {"alliance": ALLIANCE, "party": chair, "role": "理事单位", "valid_from": since}
        yield {"alliance": name, "party": chair, "role": "轮值主席", "valid_from": since}
        for party in others:
            yield {"alliance": name, "party": party, "role": "成员", "valid_from": since}


def _station_rows(areas: list[Row]) -> list[Row]:
    point = {row["name"]: (row["lon"], row["lat"]) for row in areas if "lon" in row}
    return [
        {"name": name, "party": party, "area": area, "lon": point[area][0], "lat": point[area][1],
         "reach_m": reach_m, "reach_areas": "、".join(reached) or None}
        for name, party, area, reach_m, reached in STATIONS
    ]  # fmt: skip


def _claim_rows(rows: dict[str, list[Row]], year: int) -> list[Row]:
    """Give last year's claims: some done, some agreed until the end of this year, some declined."""
    start, end = date(year - 1, 3, 1), date(year - 1, 12, 31)
    this_year = {"valid_from": date(year - 1, 10, 1), "valid_to": date(year, 12, 31)}
    liaison = {str(unit["name"]): unit["liaison"] for unit in rows["units"]}
    claims: list[Row] = []
    for kind, title in _AGREED_NEEDS:
        need = _take_need(rows, kind, title, farthest=False)
        claims.append({"target": need["title"], "by": _provider(title), "offer": title,
                       "quantity": int(str(need["quantity"])), "status": "已同意", **this_year})  # fmt: skip
    for kind, title in _DONE_NEEDS:
        need = _take_need(rows, kind, title, farthest=False)
        claims.append({"target": need["title"], "by": _provider(title), "offer": title, "quantity": 1,
                       "status": "已完成", "valid_from": start, "valid_to": end})  # fmt: skip
    for kind, title, why in _DECLINED_NEEDS:
        need = _take_need(rows, kind, title, farthest=True)
        claims.append({"target": need["title"], "by": _provider(title), "offer": title, "status": "已婉拒",
                       "why": why, **this_year})  # fmt: skip
    for name, unit, status, why in _PROJECT_CLAIMS:
        term = {"valid_from": start, "valid_to": end} if status == "已完成" else this_year
        claims.append({"target": name, "by": unit, "status": status, "why": why or None, **term})
    for title, area, places in _AREA_CLAIMS:
        claims.append({"target": title, "by": area, "quantity": places, "status": "已同意", **this_year})
    for claim in claims:
        claim["liaison"] = liaison.get(str(claim["by"]))
    claims[0]["via"] = _CENTRE
    claims[2]["via"] = _CENTRE
    return claims


def _provider(title: str) -> str:
    return next(entry.unit for entries in OFFERS.values() for entry in entries if entry.title == title)


def _take_need(rows: dict[str, list[Row]], kind: str, title: str, *, farthest: bool) -> Row:
    """Pick the nearest (or farthest) need of a kind for a unit's offer, and give it a title of its own."""
    unit = next(row for row in rows["units"] if row["name"] == _provider(title))
    point = {row["name"]: row for row in rows["areas"]}
    free = [need for need in rows["needs"] if need["title"] == kind and not need["times"]]

    def distance(need: Row) -> float:
        return _apart(point[need["area"]], unit)

    need = max(free, key=distance) if farthest else min(free, key=distance)
    need["title"] = f"{kind}（{need['area']}）"
    return need


def _apart(one: Row, other: Row) -> float:
    """Tell in degrees how far apart two places are."""
    return math.hypot(*(float(str(one[axis])) - float(str(other[axis])) for axis in ("lon", "lat")))


def _mark_whole_needs(needs: list[Row]) -> None:
    """Ask for three needs to be met in one piece or not at all."""
    for kind, quantity in (("家电维修", 2), ("适老化改造", 3), ("健身操教学", 2)):
        need = next(need for need in reversed(needs) if need["title"] == kind)
        need["quantity"], need["whole"] = quantity, "是"


def _add_party_needs(needs: list[Row]) -> None:
    """Let units, branches and two unnamed voices raise needs, leave two without a place, refer two on.

    The two voices match no party, so that a loader turns them into pseudonyms.
    """
    extra: list[Row] = [
        {"title": "青年联谊", "party": "示例银行石榴支行", "people": 30, "quantity": 1, "priority": "一般"},
        {"title": "活动场地", "party": "示例商务楼联合党支部", "people": 25, "quantity": 2, "priority": "4"},
        {"title": "法律咨询", "party": "示例快递网点", "quantity": 2, "priority": "一般"},
        {"title": "消防检查", "party": "海棠剧场", "quantity": 1, "priority": "2"},
        {
            "title": "健身操教学",
            "party": "示例建设工程公司机关党支部",
            "people": 20,
            "quantity": 1,
            "priority": "4",
        },
        {"title": "修水管", "party": "三号楼热心住户", "area": "樱花", "quantity": 1, "priority": "一般"},
        {
            "title": "书画课",
            "party": "一位退休教师",
            "area": "茉莉",
            "people": 12,
            "quantity": 1,
            "priority": "4",
        },
        {"title": "陪诊就医", "group": "独居", "quantity": 1, "priority": "2"},
        {"title": "助餐", "group": "孤老", "quantity": 1, "priority": "紧急"},
        {
            "title": "修电灯",
            "area": _unused_area(needs, "修电灯"),
            "quantity": 3,
            "priority": "一般",
            "referred_to": "市政养护部门",
        },
        {
            "title": "消防检查",
            "area": _unused_area(needs, "消防检查"),
            "quantity": 1,
            "priority": "2",
            "referred_to": "房管部门",
        },
    ]
    for row in extra:
        heading, kind = next(
            (heading, kind)
            for heading, kinds in NEED_KINDS.items()
            for kind in kinds
            if kind.title == row["title"]
        )
        row |= {"list_category": heading, "category": kind.category, "tags": kind.tags, "times": ""}
        last = max(index for index, need in enumerate(needs) if str(need["title"]).startswith(kind.title))
        needs.insert(last + 1, row)


def _unused_area(needs: list[Row], kind: str) -> str:
    """Give a neighbourhood without a need of a kind, so that no two rows are alike."""
    used = {need["area"] for need in needs if str(need["title"]).startswith(kind)}
    return next(area for area in reversed(NEIGHBOURHOODS) if area not in used)


def _service_rows(random: Random, year: int) -> list[Row]:
    """Give last year's figures: of the alliance, its chapters, some units and neighbourhoods."""
    year_before = {"from": date(year - 1, 1, 1), "to": date(year - 1, 12, 31)}
    rows: list[Row] = [
        {"body": ALLIANCE, "activities": 86, "services": "910余", "served_person_times": "约12000",
         "volunteer_person_times": 1640, **year_before}
    ]  # fmt: skip
    for name, *_ in CHAPTERS:
        services = random.randrange(90, 260)
        rows.append(
            {"body": name, "activities": random.randrange(8, 26), "services": services,
             "served_person_times": services * random.randrange(8, 16),
             "volunteer_person_times": random.randrange(120, 420), "approx": random.choice(("", "余", "约")),
             **year_before}
        )  # fmt: skip
    for unit in (
        "示例便民维修队",
        "示例街道社区卫生服务中心",
        "月见草社工服务中心",
        "示例消防救援站",
        "紫薇社区食堂",
    ):
        services = random.randrange(12, 90)
        rows.append(
            {"unit": unit, "body": ALLIANCE, "services": services,
             "served_person_times": services * random.randrange(2, 9), "hours": services * 2, **year_before}
        )  # fmt: skip
    for area in ("梧桐", "紫薇", "腊梅", "雪松"):
        rows.append(
            {"area": area, "activities": random.randrange(3, 12), "services": random.randrange(10, 60),
             "approx": "近", **year_before}
        )  # fmt: skip
    return rows


def _by_neighbourhood(random: Random, services: list[Row], rows: dict[str, list[Row]]) -> Iterator[Row]:
    """Give the figures of some units by the neighbourhoods that they serve most: the nearest; sums stay."""
    units = {row["name"]: row for row in rows["units"]}
    areas = [row for row in rows["areas"] if row["name"] in NEIGHBOURHOODS]
    for row in services:
        if row.get("unit") not in _COUNTED_BY_AREA:
            yield row
            continue
        unit, total = units[row["unit"]], int(str(row["services"]))
        served = sorted(areas, key=lambda area: _apart(area, unit))[: random.randrange(4, 9)]
        cuts = [0, *sorted(random.sample(range(1, total), len(served) - 1)), total]
        for area, first, last in zip(served, cuts, cuts[1:], strict=False):
            shares = {
                column: int(str(row[column])) * (last - first) // total
                for column in ("services", "served_person_times", "hours")
            }
            yield row | {"area": area["name"]} | shares
