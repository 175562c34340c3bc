"""What a synthetic city needs and offers: shares by category, titles, times, kinds of units. All invented."""

from __future__ import annotations

from typing import NamedTuple


class CategoryMix(NamedTuple):
    """How one category occurs in a synthetic city.

    Attributes
    ----------
    category
        Its id, a child included.
    share
        Relative number of needs.
    titles, unit_kind
        Titles to draw from, and the kind of unit that offers it.
    urgency
        Shares of the priorities 1 to 5.
    people
        Smallest and largest group, or None for a need of one person or household.
    """

    category: str
    share: float
    titles: tuple[str, ...]
    unit_kind: str
    urgency: tuple[float, float, float, float, float]
    people: tuple[int, int] | None = None


_CARE = (0.10, 0.25, 0.50, 0.10, 0.05)
_PLAIN = (0.02, 0.13, 0.60, 0.17, 0.08)
_LEISURE = (0.00, 0.04, 0.51, 0.27, 0.18)

CITY_MIX: tuple[CategoryMix, ...] = (
    CategoryMix("elder_care", 0.17, ("陪诊", "助浴", "日间照料", "短期护理床位"), "养老机构", _CARE),
    CategoryMix("elder_care.meals", 0.08, ("上门送餐", "长者助餐"), "社区食堂", _CARE),
    CategoryMix("health", 0.10, ("量血压", "用药指导", "康复训练"), "医疗机构", _CARE),
    CategoryMix("health.tcm", 0.03, ("中医推拿", "艾灸体验"), "中医门诊", _PLAIN),
    CategoryMix("repair", 0.15, ("修水管", "修电灯", "修门锁", "家电维修"), "维修队", _PLAIN),
    CategoryMix("education", 0.08, ("作业辅导", "智能手机课"), "学校", _PLAIN, (5, 40)),
    CategoryMix("childcare", 0.05, ("寒暑假托管", "亲子活动"), "幼儿园", _PLAIN, (5, 30)),
    CategoryMix("youth", 0.02, ("青年联谊", "职场分享"), "青年社团", _LEISURE, (10, 60)),
    CategoryMix("culture", 0.07, ("书画课", "合唱指导", "健身操"), "文化机构", _LEISURE, (8, 60)),
    CategoryMix("legal", 0.05, ("法律咨询", "调解"), "律师事务所", _PLAIN),
    CategoryMix("employment", 0.03, ("就业推荐", "技能培训"), "人力资源公司", _PLAIN),
    CategoryMix("enterprise", 0.01, ("证照咨询", "融资辅导"), "银行", _LEISURE),
    CategoryMix("hardship", 0.04, ("节日慰问", "帮困物资"), "国有企业", _CARE),
    CategoryMix("volunteers", 0.05, ("独居陪聊", "楼道值守"), "志愿者协会", _PLAIN),
    CategoryMix("party_life", 0.01, ("微党课", "主题参观"), "机关", _LEISURE, (10, 80)),
    CategoryMix("safety", 0.03, ("消防检查", "防诈骗宣传"), "消防救援站", _CARE),
    CategoryMix("environment", 0.02, ("垃圾分类指导", "楼道绿化"), "环卫公司", _LEISURE),
    CategoryMix("venue", 0.01, ("会议室", "活动室"), "文化中心", _LEISURE, (10, 120)),
)

NEED_TIMES: tuple[tuple[str, float], ...] = (
    ("", 0.62),
    ("Mo-Fr 09:00-17:00", 0.15),
    ("Sa-Su 09:00-17:00", 0.10),
    ("Mo-Fr 18:30-20:30", 0.06),
    ("Th 13:00-17:00", 0.05),
    ("Sa 09:00-11:30", 0.02),
)
OFFER_TIMES: tuple[tuple[str, float], ...] = (
    ("", 0.48),
    ("Mo-Fr 09:00-17:00", 0.32),
    ("Mo-Fr 09:00-20:00; Sa 09:00-12:00", 0.10),
    ("Sa-Su 09:00-17:00", 0.07),
    ("Th 13:00-17:00", 0.03),
)
GROUPS: tuple[tuple[str, float], ...] = (
    ("", 0.45),
    ("独居", 0.25),
    ("孤老", 0.12),
    ("残障", 0.10),
    ("低保", 0.08),
)
TAGS: tuple[tuple[str, float, float], ...] = (
    ("沪语", 0.05, 0.55),
    ("无障碍", 0.04, 0.50),
    ("女性人员", 0.03, 0.45),
)
"""A requirement, the share of needs that ask for it, and the share of offers that meet it."""
