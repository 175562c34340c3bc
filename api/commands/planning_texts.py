"""What the command line says of stations, access, actions and what changed, in Chinese and English."""

from __future__ import annotations

from typing import Final

PLANNING: Final[dict[str, tuple[str, str]]] = {
    "fix": ("怎么补（多服务）", "Cheapest fix (and what it adds)"),
    "gain_split": ("{places}，项目{units}家", "{places}, projects {units}"),
    "gain_mixed": ("≈{total}（可能含项目的单位）", "≈{total} (maybe with units of projects)"),
    "gain_here": ("{gain}（本缺口{here}）", "{gain} ({here} of this gap)"),
    "gain_here_unknown": ("{gain}（本缺口多少不详）", "{gain} (of this gap: unknown)"),
    "asked_needs": ("需求", "places wanted"),
    "asked_unserved": ("未安排的需求", "unmatched places"),
    "asked_people": ("居民", "residents"),
    "asked_units": ("没有任何覆盖的单位", "units without any coverage"),
    "sites": (
        "{asked}：共{total}；现有{stations}个站点覆盖{reached}，加上{candidates}个备选点最多{within_reach}",
        (
            "{asked}: {total}; {stations} {stations:station|stations} that exist reach {reached}, "
            "with all {candidates} other sites at most {within_reach}"
        ),
    ),
    "sites_unplaced": ("其中{n}地点不明，没有计入", "Of these {n} have no known place and count nowhere"),
    "sites_station": ("站点", "Station"),
    "sites_load": ("承担", "Carries"),
    "territories": (
        "新增{n}个时就近连片：最重的承担{heaviest}（不可能少于{least}）",
        "Who looks after what with {n} new: the heaviest carries {heaviest} (never below {least})",
    ),
    "sites_tried": (
        "试设站点：{names}，一共覆盖{value}，多{adds}；没有保存；只算够得着多少，不算由谁、能安排多少",
        (
            "Stations tried: {names}; {value} are reached, {adds} more; nothing is kept. "
            "Only who is within reach is counted, not who would be served"
        ),
    ),
    "sites_not_possible": (
        "“{name}”处设不了站点：地点不明、区域太大，或单位没有支部",
        "No station can stand at “{name}”: its place is unknown, it is too large, or the unit has no branch",
    ),
    "sites_none": ("再添站点也不会多覆盖", "A new station would reach nobody more"),
    "sites_no_places": (
        "没有可以设站点的地方：先载入有经纬度的居民区（或更小的区域），或有支部的单位：linli load 清单.xlsx",
        (
            "There is no place for a new station: load neighbourhoods (or smaller areas) that have "
            "coordinates, or units that have a branch, with linli load YOUR-LISTS.xlsx"
        ),
    ),
    "sites_fewer": (
        "备选点只有{n}个，要的是{asked}个：全部用上",
        "There {n:is|are} only {n} other {n:site|sites}, fewer than {asked}: all are taken",
    ),
    "sites_new": ("新增站点", "New stations"),
    "sites_reached": ("覆盖", "Reached"),
    "sites_share": ("%", "%"),
    "sites_proof": ("证明", "Proof"),
    "sites_where": ("放在哪里（各多覆盖）", "Where (and what each adds)"),
    "at_most": ("最多不超过{n}", "{n} at most"),
    "sites_all": (
        "能覆盖的全部覆盖，至少要新增{n}个",
        "To reach all that can be reached takes {n} new {n:station|stations}, no fewer",
    ),
    "sites_all_bounded": (
        "能覆盖的全部覆盖，新增{n}个就够，至少要{bound}个",
        "To reach all that can be reached {n} new {n:station|stations} will do; at least {bound} are needed",
    ),
    "access_reach": ("各资源自己的服务半径", "the reach of each offer"),
    "access_metres": ("{n}米", "{n} m"),
    "access_2SFCA": (
        "两步移动搜寻法（2SFCA）：每项次需求能指望几项次资源；范围：{catchment}",
        "2SFCA: places to be had for each place wanted; catchment: {catchment}",
    ),
    "access_E2SFCA": (
        "增强两步移动搜寻法（E2SFCA）：每项次需求能指望几项次资源，近的算得多；范围：{catchment}",
        "E2SFCA: places to be had for each place wanted, the near ones more; catchment: {catchment}",
    ),
    "access_3SFCA": (
        "三步移动搜寻法（3SFCA）：每项次需求能指望几项次资源，可选的多就向每家少要；范围：{catchment}",
        "3SFCA: places to be had for each place wanted, the choosy less of each; catchment: {catchment}",
    ),
    "access_BFCA": (
        "平衡移动搜寻法（BFCA）：各条需求分到的服务水平（不是每项次几项次）；范围：{catchment}",
        "BFCA: each need's part of the level of service, not places for each place; catchment: {catchment}",
    ),
    "access_RAAM": (
        "理性选择法（RAAM）：路程加拥挤，越小越好；范围：{catchment}",
        "RAAM: way and crowd together, less is better; catchment: {catchment}",
    ),
    "access_zones": ("；分带（到范围的几成×权重）：{zones}", "; zones (part of it × weight): {zones}"),
    "access_gap": ("；τ={tau}个范围，Wardrop间隙{gap}", "; tau {tau} catchments, Wardrop gap {gap}"),
    "access_places": (
        "需求{places}项次：够不着任何资源{unreached}（不详，记—），够得着但没有名额{empty}（记0）",
        "{places} wanted: {unreached} in nobody's reach (unknown, —), {empty} in reach but nothing there (0)",
    ),
    "access_assumed": (
        "其中{n}项资源的数量没写，按1计",
        "{n} {n:offer|offers} in reach of somebody don't say how much there is: counted as 1",
    ),
    "access_even": (
        "居民区之间：基尼系数{gini}，泰尔指数{theil}；最差的{part}%：{areas}，平均{access}",
        "Between neighbourhoods: Gini {gini}, Theil {theil}; the worst {part} %: {areas}, {access}",
    ),
    "access_more": ("……还有{n}行，用--json看全部", "… and {n} more rows; --json gives all"),
    "access_value": ("可及性", "Access"),
    "access_unreached": ("够不着", "Out of reach"),
    "access_empty": ("没名额", "Empty"),
    "actions_none": ("没有能多安排的行动", "No action would serve anybody more"),
    "actions_too_dear": (
        "{budget}一个也做不了：有用的行动有{n}个，费用都更高；提高--budget，或用--cost改费用",
        (
            "Nothing is affordable for {budget}: {n} {n:action|actions} would help and cost more. "
            "Raise --budget, or change what they cost with --cost"
        ),
    ),
    "actions_what": ("做什么", "What to do"),
    "actions_alone": ("单做多服务", "Alone"),
    "actions_adds": ("再多服务", "Adds"),
    "actions_cost": ("费用", "Cost"),
    "actions_all": (
        "先顾更急的需求：合起来多服务{value}项次，费用{spent}；在{candidates}个有用的行动里，已证没有更好的组合",
        (
            "More urgent needs come first: together they serve {value} {value:place|places} more "
            "for {spent}; proved best of all sets of the {candidates} that would help"
        ),
    ),
    "actions_all_bounded": (
        "先顾更急的需求：合起来多服务{value}项次，费用{spent}；更急的需求一样得到服务时，任何组合都不超过{bound}",
        (
            "More urgent needs come first: together they serve {value} {value:place|places} more "
            "for {spent}; no set that serves the urgent as well serves more than {bound}"
        ),
    ),
    "actions_by_priority": (
        "按优先级：{gains}；更急的一样得到服务时，最多{bounds}",
        "By priority: {gains}; where the more urgent get as much, at most {bounds}",
    ),
    "actions_swapped": (
        "更急的先得，别的让出：{gains}",
        "The more urgent are served in place of others: {gains}",
    ),
    "actions_projects": (
        "其中{n}是项目的单位，不是项次",
        "Of these {n} {n:is a unit of a project|are units of projects}, not places",
    ),
    "actions_mixed": (
        "其中可能有项目的单位，没有分开算",
        "Units of projects may be among these; nobody counted how many",
    ),
    "actions_units": ("另覆盖{n}家没有任何覆盖的单位", "And reach {n} {n:unit|units} without any coverage"),
    "no_fix_common": ("其中{n}项没有补法：{why}", "No fix for {n} of these: {why}"),
    "gaps_since": (
        "{day}以来：未安排从{before}变为{now}，补上{closed}，新增{opened}",
        "Since {day} unmatched places went from {before} to {now}: {closed} closed, {opened} opened",
    ),
    "gaps_closed": ("补上的", "Closed"),
    "gaps_opened": ("新增的", "Opened"),
    "gaps_how": ("因为", "Because of"),
    "how_need": ("需求本身有变", "the need itself"),
    "how_offers": ("资源有变：", "changed offers:"),
    "how_elsewhere": ("别处的变动", "changes elsewhere"),
    "spots_since": ("空白点：消除{closed}，新增{opened}", "Blind spots: {closed} closed, {opened} opened"),
}
