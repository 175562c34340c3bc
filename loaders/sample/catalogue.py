"""What the synthetic sub-district offers, needs and undertakes: 67 offers, 27 kinds of needs, 51 projects.

The rows are invented, in the manner of an office's list: amounts with a rhythm or a measure, reaches as
metres or as neighbourhoods, a third of the amounts missing. `subdistrict` draws the rest from its seed.
"""

from __future__ import annotations

from typing import NamedTuple


class OfferEntry(NamedTuple):
    """One row of the list of open resources; an empty text is an empty cell.

    `amount` with a `#` is a number that the seed varies a little.
    """

    title: str
    unit: str
    amount: str
    mode: str
    reach: str
    tags: str = ""
    times: str = ""
    people: tuple[int | None, int | None] = (None, None)
    category: str = ""
    areas: str = ""
    period: str = ""
    measure: str = ""


HEALTH_CENTRE, SERVICE_CLUB = "示例街道社区卫生服务中心", "示例为老服务社"
CULTURE_CENTRE, REPAIR_TEAM = "示例街道文化活动中心", "示例便民维修队"
WORKDAYS, OFFICE_HOURS = "工作日", "工作日 9:00-17:00"
THURSDAYS, SATURDAYS = "每周四下午", "每周六上午"

OFFERS: dict[str, tuple[OfferEntry, ...]] = {
    "医疗健康资源": (
        OfferEntry("上门量血压测血糖", HEALTH_CENTRE, "8#次", "上门", "2100", "量血压", OFFICE_HOURS),
        OfferEntry("康复训练指导", "银杏医院", "7#次", "到点", "1600米", "康复", WORKDAYS),
        OfferEntry("专家义诊进社区", "银杏医院", "每月一次", "到点", "1500", "量血压"),
        OfferEntry("中医推拿体验", "示例中医门诊部", "", "到点", "1000", "康复"),
        OfferEntry("居家护理指导", "康乃馨护理站", "10#次", "上门", "1500", "康复、量血压"),
        OfferEntry("口腔检查", "示例口腔诊所", "", "到点", "１０００"),
        OfferEntry("急救知识培训", HEALTH_CENTRE, "４", "到点", "不限", "急救", people=(20, 60),
                   measure="场"),
        OfferEntry("眼健康筛查", "百合长者照护之家", "", "到点", "900", "量血压"),
        OfferEntry("健康讲座", "示例中医门诊部", "", "到点", "", "讲座", THURSDAYS, (20, 80)),
    ),
    "助老帮困资源": (
        OfferEntry("长者助餐送餐", "紫薇社区食堂", "6#户", "上门", "2600", "助餐"),
        OfferEntry("社区食堂助餐点", "枇杷社区食堂", "12#", "到点", "1500", "助餐"),
        OfferEntry("上门助餐", SERVICE_CLUB, "", "上门", "1200米", "助餐", WORKDAYS),
        OfferEntry("陪诊服务", SERVICE_CLUB, "6#", "上门", "2600", "陪诊", WORKDAYS),
        OfferEntry("就医陪同", "月见草社工服务中心", "10#", "上门", "", "陪诊",
                   areas="梧桐、香樟、桂花、丁香、水杉"),
        OfferEntry("出院陪护", "康乃馨护理站", "", "上门", "1200", "陪诊"),
        OfferEntry("短期护理床位", "梧桐养老院", "3", "到点", "1400", "护理床位"),
        OfferEntry("喘息护理床位", "百合长者照护之家", "２", "到点", "1000", "护理床位"),
        OfferEntry("节日慰问", "示例银行石榴支行", "9#人", "上门", "不限", "", category="帮困慰问"),
    ),
    "便民维修资源": (
        OfferEntry("上门维修", REPAIR_TEAM, "", "上门", "2000", "水电、木工、家电", OFFICE_HOURS),
        OfferEntry("管道检修", "示例水务营业所", "14#次", "上门", "1500", "水电", WORKDAYS),
        OfferEntry("用电检修", "示例供电营业所", "7#次", "上门", "2600", "水电"),
        OfferEntry("物业入户小修", "海棠物业公司", "12#", "上门", "1400", "水电"),
        OfferEntry("入户修缮", "樱花物业公司", "14#户", "上门", "1500", "水电、木工"),
        OfferEntry("便民小集市", "示例邮政支局", "9#次", "到点", "1800", "理发、磨刀、家电"),
        OfferEntry("适老化改造", "示例建设工程公司", "11#", "上门", "不限", "木工"),
        OfferEntry("家电维修实训", "玉兰职业学校", "每月一次", "到点", "1900", "家电", WORKDAYS),
        OfferEntry("公益理发", "玉兰职业学校", "18#次", "到点", "1800", "理发", THURSDAYS),
    ),
    "教育培训资源": (
        OfferEntry("课后作业辅导", "香樟路小学", "9#", "到点", "1400", "作业辅导", "工作日 15:30-18:00",
                   (5, 40)),
        OfferEntry("学长课堂", "桂花中学", "每月一次", "到点", "1500", "作业辅导", "工作日 15:30-18:00",
                   (5, 40)),
        OfferEntry("智能手机课堂", "示例银行石榴支行", "6#次", "上门", "不限", "智能手机", "", (5, 30)),
        OfferEntry("手机营业厅课堂", "示例电信营业厅", "", "到点", "1100", "智能手机", "", (None, 20)),
        OfferEntry("长者数字课", "示例开放大学教学点", "4#次", "到点", "2600", "智能手机、作业辅导",
                   WORKDAYS, (5, 40)),
        OfferEntry("幼儿园暑期班", "丁香幼儿园", "6#", "到点", "1500", "", "寒暑假", (5, 30), "托幼亲子"),
        OfferEntry("小学生暑托班", "香樟路小学", "3#", "到点", "1500", "", "寒暑假", (10, 40), "托幼亲子"),
        OfferEntry("亲子手工坊", "月季青年公益社", "", "到点", "800", "", SATURDAYS, (5, 30), "托幼亲子"),
    ),
    "文化体育资源": (
        OfferEntry("书画指导", CULTURE_CENTRE, "5#次", "到点", "2600", "书画", "", (8, 40)),
        OfferEntry("合唱指导", CULTURE_CENTRE, "每月一次", "到点", "", "合唱", "", (10, 60)),
        OfferEntry("剧场开放日", "海棠剧场", "", "到点", "1000", "合唱", "", (10, 80)),
        OfferEntry("读书与书法角", "茉莉书店", "每月一次", "到点", "1600", "书画", "", (5, 30)),
        OfferEntry("健身操课", "樱花健身馆", "12#次", "到点", "1500", "健身操", "工作日 18:30-20:30",
                   (8, 30)),
        OfferEntry("公园晨练带操", "水杉公园管理所", "若干", "到点", "1300", "健身操", "", (8, 60)),
        OfferEntry("广场舞教练", CULTURE_CENTRE, "4#", "上门", "2600", "健身操", "", (8, 60)),
        OfferEntry("青年联谊会", "示例软件公司", "每季度1场", "到点", "2500", "", "", (20, 80), "青年交友"),
        OfferEntry("青年读书会", "月季青年公益社", "", "到点", "1800", "", SATURDAYS, (10, 40), "青年交友"),
    ),
    "场地设施资源": (
        OfferEntry("多功能厅", CULTURE_CENTRE, "10#场", "到点", "1800", "", "", (None, 200)),
        OfferEntry("小学操场", "香樟路小学", "", "到点", "1400", "", "寒暑假", (None, 150)),
        OfferEntry("支行会议室", "示例银行石榴支行", "", "到点", "1300米", "", WORKDAYS, (None, 30)),
        OfferEntry("医院报告厅", "银杏医院", "", "到点", "1300", "", WORKDAYS, (None, 100)),
        OfferEntry("书店二楼活动区", "茉莉书店", "约6次", "到点", "1200", "", "", (None, 25)),
        OfferEntry("公园草坪", "水杉公园管理所", "不限", "到点", "1100", "", "长期", (None, 120)),
        OfferEntry("科创园路演厅", "云杉科技公司", "", "到点", "900", "", "工作日 18:30-20:30", (None, 80)),
        OfferEntry("垃圾分类指导", "示例环卫作业公司", "6#", "上门", "不限", "垃圾分类", "", (None, None),
                   "环境绿化"),
        OfferEntry("绿化养护课", "水杉公园管理所", "", "到点", "1500", "绿化", SATURDAYS, (None, None),
                   "环境绿化"),
    ),
    "法律政策资源": (
        OfferEntry("法律咨询日", "海棠律师事务所", "每月一次", "到点", "1600", "", THURSDAYS),
        OfferEntry("律师进社区", "银杏律师事务所", "", "上门", "", "", WORKDAYS, areas="银杏、玉兰、紫薇"),
        OfferEntry("公证服务点", "示例公证处", "", "到点", "800", "", WORKDAYS),
        OfferEntry("人民调解咨询", "示例司法所", "5#", "到点", "2600", "", OFFICE_HOURS),
        OfferEntry("防诈骗宣传", "示例派出所", "", "上门", "不限", "防诈骗", "", (None, None), "平安消防"),
        OfferEntry("消防隐患检查", "示例消防救援站", "8#次", "上门", "1700", "消防", "", (None, None),
                   "平安消防"),
        OfferEntry("燃气安全检查", "示例燃气服务站", "9#", "上门", "1300", "消防、燃气", WORKDAYS,
                   category="平安消防"),
    ),
    "志愿服务资源": (
        OfferEntry("独居老人陪聊", "月见草社工服务中心", "7#次", "上门", "1500", "陪聊"),
        OfferEntry("青年志愿陪伴", "月季青年公益社", "", "上门", "", "陪聊", SATURDAYS,
                   areas="月季、合欢、百合"),
        OfferEntry("员工志愿队", "示例软件公司", "", "上门", "1200", "陪聊", SATURDAYS),
        OfferEntry("学生志愿服务", "桂花中学", "12#人", "上门", "1300", "陪聊", "寒暑假"),
        OfferEntry("助学金", "示例建设工程公司", "5000元", "线上", "不限", category="帮困慰问", measure="元"),
        OfferEntry("慰问品发放", "示例农商银行丁香支行", "12#", "上门", "", category="帮困慰问",
                   areas="丁香、桂花、水杉、樱花、梧桐、杜鹃"),
        OfferEntry("党课宣讲团", "示例建设工程公司", "4", "上门", "不限", category="党课宣讲",
                   people=(15, 100),
                   period="年"),
    ),
}  # fmt: skip
"""The list of open resources by 大类: eight of them, 67 rows."""

OFFER_CATEGORIES: dict[str, str] = {
    "医疗健康资源": "医疗健康",
    "助老帮困资源": "养老助老",
    "便民维修资源": "便民维修",
    "教育培训资源": "教育辅导",
    "文化体育资源": "文化体育",
    "场地设施资源": "场地设施",
    "法律政策资源": "法律政策",
    "志愿服务资源": "志愿服务",
}


class NeedKind(NamedTuple):
    """One kind of need: how many neighbourhoods report it, and what their rows look like.

    The tuples to draw from repeat an entry to make it likelier.
    """

    title: str
    rows: int
    quantities: tuple[int, ...]
    priorities: tuple[str, ...] = ("一般", "一般", "", "4", "5")
    category: str = ""
    tags: str = ""
    groups: tuple[str, ...] = ("",)
    people: tuple[int, ...] = ()
    times: tuple[str, ...] = ("",)
    measure: str = ""


_OLD = ("孤老", "独居", "独居", "残障", "")
_CARE = ("紧急", "2", "2", "一般", "一般")
_CLASS = (12, 15, 20, 25)

NEED_KINDS: dict[str, tuple[NeedKind, ...]] = {
    "为老服务需求": (
        NeedKind("助餐", 14, (1, 1, 2, 2), _CARE, tags="助餐", groups=_OLD),
        NeedKind("陪诊就医", 13, (1, 1, 2), _CARE, tags="陪诊", groups=_OLD),
        NeedKind("护理床位", 6, (1,), ("紧急", "紧急", "2"), tags="护理床位", groups=("孤老", "残障")),
        NeedKind("量血压", 16, (1, 2, 2), ("2", "一般", "一般"), "医疗健康", "量血压", _OLD),
        NeedKind("康复指导", 10, (1, 1, 2), ("2", "一般", "4"), "医疗健康", "康复", ("残障", "")),
        NeedKind("智能手机教学", 12, (1,), category="教育辅导", tags="智能手机", people=(8, 12, 15, 18)),
        NeedKind("适老化改造", 9, (1, 1, 2), ("2", "一般", "4"), "便民维修", "木工", _OLD),
        NeedKind("理发", 12, (1, 2, 2, 3), category="便民维修", tags="理发", groups=_OLD),
    ),
    "便民服务需求": (
        NeedKind("修水管", 12, (1, 1, 2), ("紧急", "2", "一般", "一般"), tags="水电", groups=_OLD),
        NeedKind("修电灯", 12, (1, 1, 2), ("紧急", "一般", "一般", "4"), tags="水电"),
        NeedKind("修门锁", 10, (1, 1, 2), tags="木工"),
        NeedKind("家电维修", 12, (1, 2), tags="家电", times=("", "", WORKDAYS, SATURDAYS)),
        NeedKind("磨刀修伞", 9, (1,), ("4", "5")),
        NeedKind("垃圾分类指导", 9, (1,), category="环境绿化", tags="垃圾分类"),
        NeedKind("消防检查", 12, (1, 1, 2), ("紧急", "2", "一般"), "平安消防", "消防"),
    ),
    "文教服务需求": (
        NeedKind("暑期托管", 9, (1,), ("2", "一般"), "托幼亲子", people=(15, 20, 25), times=("寒暑假",)),
        NeedKind("作业辅导", 13, (1, 1, 2), category="教育辅导", tags="作业辅导", people=(6, 10, 15),
                 times=("工作日 15:30-18:00", "工作日", "", SATURDAYS)),
        NeedKind("书画课", 11, (1, 1, 2), tags="书画", people=_CLASS, times=("", "", THURSDAYS)),
        NeedKind("合唱指导", 8, (1, 2), tags="合唱", people=(15, 30, 40)),
        NeedKind("健身操教学", 10, (1, 1, 2), tags="健身操", people=_CLASS),
        NeedKind("青年联谊", 7, (1,), ("4", "一般"), "青年交友", people=(20, 30, 40)),
        NeedKind("活动场地", 12, (1, 2), category="场地设施", people=(20, 60, 120, 260),
                 times=("", "", SATURDAYS)),
    ),
    "帮困关爱需求": (
        NeedKind("节日慰问", 14, (1, 1, 2), ("2", "一般"), "帮困慰问", groups=("低保", "残障", "孤老")),
        NeedKind("助学金", 3, (1000, 2000), ("2",), "帮困慰问", groups=("低保",), measure="元"),
        NeedKind("就业推荐", 8, (1,), ("一般", "2"), "就业创业"),
        NeedKind("法律咨询", 13, (1, 1, 2), category="法律政策", times=("", "", THURSDAYS, SATURDAYS)),
        NeedKind("独居陪聊", 12, (1, 1, 2), ("2", "一般", "一般"), tags="陪聊", groups=("独居", "孤老")),
    ),
}  # fmt: skip
"""The list of needs by 大类: four of them, 27 kinds."""

NEED_CATEGORIES: dict[str, str] = {
    "为老服务需求": "养老助老",
    "便民服务需求": "便民维修",
    "文教服务需求": "文化体育",
    "帮困关爱需求": "志愿服务",
}

PROJECTS: dict[str, tuple[str, ...]] = {
    "党课共学": ("邻里故事会", "移动微党课", "红色书架", "老党员讲堂", "联学联建日"),
    "志愿公益": ("周四志愿行动", "小小心愿墙", "公益集市", "旧衣新生", "爱心雨伞站"),
    "文化共融": ("弄堂音乐会", "邻里艺术节", "老照片展", "百家宴", "端午民俗日"),
    "健康守护": ("健康小屋", "血压档案", "慢病自管小组", "急救进楼道", "心理解忧站"),
    "平安共治": ("消防演练进小区", "防诈骗宣讲", "楼道清障", "非机动车整治", "夜间平安巡防"),
    "环境美化": ("楼道微更新", "阳台绿植", "垃圾分类示范楼", "河道护绿", "共享花园", "墙面彩绘"),
    "教育助学": ("爱心暑托", "作业帮", "科普进校园", "职业体验日", "阅读漂流"),
    "为老关爱": ("长者生日会", "独居关爱联络", "银发数字课", "适老微改造", "敬老月慰问"),
    "楼宇服务": ("白领午间课堂", "楼宇法律门诊", "青年联谊季", "企业服务日", "母婴室共建"),
    "自选特色": ("围棋驿站", "宠物文明公约", "邻里修补屋", "银杏观景节", "社区记忆馆"),
}
"""The list of projects by 大类: ten of them, 51 names."""

PROJECT_CATEGORIES: dict[str, str] = {
    "党课共学": "党课宣讲",
    "志愿公益": "志愿服务",
    "文化共融": "文化体育",
    "健康守护": "医疗健康",
    "平安共治": "平安消防",
    "环境美化": "环境绿化",
    "教育助学": "教育辅导",
    "为老关爱": "养老助老",
    "楼宇服务": "营商服务",
}
"""自选特色 is left out on purpose: an office forgets one, and its rows count as `other`."""
