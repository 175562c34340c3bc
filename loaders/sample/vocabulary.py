"""Made-up names of the synthetic sub-district: neighbourhoods, organisations, branches and bodies.

Every name is invented. The word 示例 (example), or a flower or tree, stands where a real list would
have a street or a brand, so that nobody takes a row for a real organisation.
"""

from __future__ import annotations

from typing import NamedTuple

DISTRICT = "示例区"
SUBDISTRICT = "示例街道"
DISTRICT_CODE = "310199"
"""A district code that the statistical codes of Shanghai do not use."""
SUBDISTRICT_CODE = DISTRICT_CODE + "001"

NEIGHBOURHOOD_GRID: tuple[tuple[str, ...], ...] = (
    ("梧桐", "香樟", "银杏", "玉兰", "海棠"),
    ("桂花", "丁香", "紫薇", "石榴", "枇杷"),
    ("水杉", "樱花", "腊梅", "芙蓉", "合欢"),
    ("杜鹃", "茉莉", "雪松", "百合", "月季"),
)
"""Neighbourhoods as they lie: the first row is the south, the first of a row its west."""

NEIGHBOURHOODS: tuple[str, ...] = tuple(name for row in NEIGHBOURHOOD_GRID for name in row)

FURTHER_AREAS: tuple[tuple[str, str, str], ...] = (
    ("南片街区", "街区", "香樟"),
    ("北片街区", "街区", "茉莉"),
    ("示例商务楼", "楼宇", "石榴"),
    ("示例科创园", "楼宇", "芙蓉"),
    ("海棠商圈", "商圈", "海棠"),
)
"""Areas beside the neighbourhoods: name, level, and the neighbourhood they lie at."""


class UnitEntry(NamedTuple):
    """One organisation: its name, kind, home neighbourhood, total places a year and projects it may claim."""

    name: str
    kind: str
    home: str
    capacity: int | None = None
    max_claims: int | None = None
    liaison: str = ""


UNITS: tuple[UnitEntry, ...] = (
    UnitEntry("示例街道社区卫生服务中心", "医疗机构", "腊梅", 22, 3, "院办"),
    UnitEntry("银杏医院", "医疗机构", "银杏", 18, 2, "党办"),
    UnitEntry("示例中医门诊部", "医疗机构", "茉莉", None, 1, "前台"),
    UnitEntry("康乃馨护理站", "医疗机构", "合欢", None, None, "护理部"),
    UnitEntry("示例口腔诊所", "医疗机构", "香樟", None, 1, "前台"),
    UnitEntry("梧桐养老院", "养老机构", "梧桐", 12, None, "社工部"),
    UnitEntry("百合长者照护之家", "养老机构", "百合", None, 1, "社工部"),
    UnitEntry("示例为老服务社", "社会组织", "紫薇", 14, 3, "办公室"),
    UnitEntry("紫薇社区食堂", "民营企业", "紫薇", None, None, "店长室"),
    UnitEntry("枇杷社区食堂", "民营企业", "枇杷", None, None, "店长室"),
    UnitEntry("香樟路小学", "学校", "香樟", None, 2, "德育处"),
    UnitEntry("桂花中学", "学校", "桂花", None, 2, "团委"),
    UnitEntry("丁香幼儿园", "学校", "丁香", None, 1, "园办"),
    UnitEntry("玉兰职业学校", "学校", "玉兰", 26, 2, "实训处"),
    UnitEntry("示例开放大学教学点", "学校", "芙蓉", None, 2, "教务处"),
    UnitEntry("示例街道文化活动中心", "事业单位", "紫薇", 30, 4, "活动部"),
    UnitEntry("海棠剧场", "国有企业", "海棠", None, 1, "演出部"),
    UnitEntry("茉莉书店", "民营企业", "茉莉", None, 1, "店长室"),
    UnitEntry("樱花健身馆", "民营企业", "樱花", None, None, "前台"),
    UnitEntry("水杉公园管理所", "事业单位", "水杉", None, 2, "管理科"),
    UnitEntry("示例便民维修队", "社会组织", "丁香", None, 2, "队部"),
    UnitEntry("海棠物业公司", "民营企业", "海棠", None, 1, "客服部"),
    UnitEntry("樱花物业公司", "民营企业", "樱花", 13, 1, "客服部"),
    UnitEntry("雪松物业公司", "民营企业", "雪松", None, 1, "客服部"),
    UnitEntry("示例供电营业所", "国有企业", "石榴", None, 1, "党支部"),
    UnitEntry("示例水务营业所", "国有企业", "桂花", None, 2, "党支部"),
    UnitEntry("示例燃气服务站", "国有企业", "芙蓉", None, 1, "站务室"),
    UnitEntry("便民服务社", "社会组织", "梧桐", None, None, "办公室"),
    UnitEntry("便民服务社", "社会组织", "雪松", None, None, "办公室"),
    UnitEntry("海棠律师事务所", "民营企业", "玉兰", None, 1, "行政部"),
    UnitEntry("银杏律师事务所", "民营企业", "银杏", None, 1, "行政部"),
    UnitEntry("示例公证处", "事业单位", "水杉", None, 1, "办公室"),
    UnitEntry("示例司法所", "机关", "腊梅", None, 2, "办公室"),
    UnitEntry("示例消防救援站", "机关", "石榴", None, 2, "指导员室"),
    UnitEntry("示例派出所", "机关", "丁香", None, 2, "综合科"),
    UnitEntry("示例银行石榴支行", "国有企业", "石榴", 24, 3, "党支部"),
    UnitEntry("示例农商银行丁香支行", "国有企业", "丁香", None, 2, "党支部"),
    UnitEntry("示例邮政支局", "国有企业", "百合", None, 1, "党支部"),
    UnitEntry("示例电信营业厅", "国有企业", "枇杷", None, 1, "营业部"),
    UnitEntry("云杉科技公司", "民营企业", "芙蓉", None, 1, "人事部"),
    UnitEntry("示例软件公司", "民营企业", "芙蓉", 10, 2, "工会"),
    UnitEntry("示例设计院", "国有企业", "石榴", None, 1, "党办"),
    UnitEntry("示例建设工程公司", "国有企业", "石榴", None, 3, "党委办公室"),
    UnitEntry("示例国际物流公司", "外资企业", "海棠", None, 1, "工会"),
    UnitEntry("示例快递网点", "民营企业", "杜鹃", None, None, "网点"),
    UnitEntry("月季青年公益社", "社会组织", "月季", 12, 3, "办公室"),
    UnitEntry("月见草社工服务中心", "社会组织", "桂花", None, 3, "办公室"),
    UnitEntry("示例环卫作业公司", "国有企业", "雪松", None, 2, "党支部"),
)

ALLIANCE = "示例街道邻里联盟"
CHAPTERS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "健康养老分会",
        "巩固",
        "示例街道社区卫生服务中心",
        (
            "银杏医院",
            "示例中医门诊部",
            "康乃馨护理站",
            "梧桐养老院",
            "百合长者照护之家",
            "示例为老服务社",
            "紫薇社区食堂",
        ),
    ),
    (
        "便民平安分会",
        "提高",
        "示例便民维修队",
        (
            "示例供电营业所",
            "示例水务营业所",
            "示例燃气服务站",
            "海棠物业公司",
            "樱花物业公司",
            "示例消防救援站",
            "示例派出所",
            "示例环卫作业公司",
        ),
    ),
    (
        "文化教育分会",
        "建立",
        "示例街道文化活动中心",
        (
            "香樟路小学",
            "桂花中学",
            "丁香幼儿园",
            "玉兰职业学校",
            "海棠剧场",
            "茉莉书店",
            "示例开放大学教学点",
        ),
    ),
    (
        "楼宇商圈分会",
        "培育",
        "示例银行石榴支行",
        ("示例农商银行丁香支行", "示例软件公司", "示例建设工程公司", "海棠律师事务所", "月季青年公益社"),
    ),
)
"""Chapters of the alliance: name, stage, the unit in the chair, and its further members."""

JOINT_BRANCHES: tuple[tuple[str, tuple[str, ...], str, int], ...] = (
    (
        "示例商务楼联合党支部",
        ("示例供电营业所", "云杉科技公司", "海棠律师事务所", "银杏律师事务所"),
        "石榴",
        16,
    ),
    ("示例科创园联合党支部", ("示例软件公司", "示例电信营业厅", "示例快递网点"), "芙蓉", 11),
)
FIRM_TREE: tuple[tuple[str, str, int], ...] = (
    ("示例建设工程公司党委", "示例街道综合党委", 186),
    ("示例建设工程公司第一党总支", "示例建设工程公司党委", 97),
    ("示例建设工程公司第二党总支", "示例建设工程公司党委", 89),
    ("示例建设工程公司机关党支部", "示例建设工程公司第一党总支", 31),
    ("示例建设工程公司项目党支部", "示例建设工程公司第一党总支", 66),
    ("示例建设工程公司设备党支部", "示例建设工程公司第二党总支", 42),
    ("示例建设工程公司离退休党支部", "示例建设工程公司第二党总支", 47),
)
"""One firm's tree of branches: name, parent, members."""
BRANCHED_UNITS: tuple[tuple[str, str], ...] = (
    ("示例街道社区卫生服务中心", "建"),
    ("银杏医院", "建"),
    ("梧桐养老院", "联"),
    ("香樟路小学", "建"),
    ("桂花中学", "建"),
    ("玉兰职业学校", "建"),
    ("示例街道文化活动中心", "建"),
    ("示例水务营业所", "建"),
    ("示例消防救援站", "建"),
    ("示例派出所", "建"),
    ("示例银行石榴支行", "建"),
    ("示例农商银行丁香支行", "挂"),
    ("海棠物业公司", "靠"),
    ("月见草社工服务中心", "派"),
)
"""Units with a branch of their own, and how it came about (建, 联, 挂, 靠, 派)."""

STATIONS: tuple[tuple[str, str, str, int | None, tuple[str, ...]], ...] = (
    ("示例街道党群服务中心", "示例街道文化活动中心", "紫薇", 1500, ()),
    ("梧桐党群服务站", "梧桐", "梧桐", 600, ()),
    ("示例商务楼党群服务站", "示例银行石榴支行", "石榴", 500, ()),
    ("樱花党群服务站", "樱花物业公司", "樱花", None, ("樱花", "水杉", "腊梅")),
    ("示例科创园党群服务站", "示例软件公司", "芙蓉", 500, ()),
    ("北片街区驿站", "茉莉书店", "茉莉", None, ("茉莉", "杜鹃")),
)
"""Stations: name, party, neighbourhood, reach in metres, areas reached."""

PAIRINGS: tuple[tuple[tuple[str, ...], str, str, int | None], ...] = (
    (("银杏医院", "银杏"), "共建", "示例街道党群服务中心", None),
    (("示例街道社区卫生服务中心", "腊梅"), "共建", "", None),
    (("示例街道社区卫生服务中心", "芙蓉"), "共建", "", None),
    (("香樟路小学", "香樟"), "共建", "", None),
    (("桂花中学", "桂花"), "双结对", "南片街区", None),
    (("丁香幼儿园", "丁香"), "共建", "", None),
    (("玉兰职业学校", "玉兰"), "共建", "南片街区", None),
    (("海棠物业公司", "海棠"), "共建", "", None),
    (("示例水务营业所", "桂花", "月见草社工服务中心"), "双结对", "南片街区", None),
    (("示例供电营业所", "石榴"), "共建", "示例商务楼", None),
    (("示例银行石榴支行", "枇杷"), "帮困", "示例商务楼", 20000),
    (("示例农商银行丁香支行", "丁香居民区党总支"), "帮困", "", 12000),
    (("樱花物业公司", "樱花"), "共建", "", None),
    (("水杉公园管理所", "水杉"), "共建", "北片街区", None),
    (
        ("示例建设工程公司党委", "紫薇居民区党总支", "百合长者照护之家"),
        "双结对",
        "示例街道党群服务中心",
        30000,
    ),
    (("示例软件公司", "芙蓉"), "共建", "示例科创园", None),
    (("梧桐养老院", "梧桐"), "共建", "", None),
    (("示例便民维修队", "丁香"), "共建", "", None),
    (("康乃馨护理站", "合欢"), "共建", "北片街区", None),
    (("示例环卫作业公司", "雪松"), "共建", "", None),
)
"""Standing pairings: parties, kind, who brought them together, yuan a year. Some neighbourhoods have none."""
