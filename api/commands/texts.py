"""What the command line says, in Chinese and English; the domain's own words come from the word table."""

from __future__ import annotations

import os
from typing import Final, Literal, cast

Language = Literal["zh", "en"]

TEXTS: Final[dict[str, tuple[str, str]]] = {
    # steps of long work
    "step_read": ("读取清单", "Reading lists"),
    "step_write": ("写入", "Writing"),
    "step_candidates": ("找候选", "Finding candidates"),
    "step_assignment": ("求最优安排", "Solving"),
    "step_round": ("分块求解，第{n}轮完成", "Tiles: round {n} done"),
    "step_by hand": ("手工就近法", "By-hand rule"),
    "step_unknown capacities": ("估算不详的数量", "Weighing unknown capacities"),
    "step_gaps": ("查缺口", "Finding gaps"),
    "step_export": ("写文件", "Writing files"),
    "step_copy": ("复制", "Copying"),
    "step_verify": ("核对", "Verifying"),
    # loading
    "loaded": ("已载入（第{revision}版）", "Loaded (revision {revision})"),
    "checked": ("检查过，什么都没存", "Checked; nothing stored"),
    "nothing_changed": ("没有变化", "Nothing changed"),
    "list": ("清单", "List"),
    "rows_kept": ("可用行", "Rows kept"),
    "rows_unchanged": ("其中未变", "Unchanged"),
    "rows_deleted": ("删除", "Deleted"),
    "rows_drafted": (
        "另建草稿（清单里提到，别处没有）",
        "Made as drafts (named in the lists, known nowhere else):",
    ),
    "refused": ("{n}行有错未载入", "{n} {n:row|rows} refused"),
    "unread": ("“{list}”整份没有载入（{n}行）", "“{list}” was not loaded at all ({n} {n:row|rows})"),
    "no_problems": ("没有问题", "No problems"),
    "problems": ("{n}个问题", "{n} {n:problem|problems}"),
    "problems_more": ("……还有{n}个，用--json看全部", "… and {n} more; --json shows all"),
    "where": ("位置", "Where"),
    "found": ("写的是", "Found"),
    "remedy": ("怎么办", "What to do"),
    "row_at": ("第{row}行 {column}", "row {row} {column}"),
    "marked": ("标注版已写到{path}", "Marked copy written to {path}"),
    "claims_left": (
        "△ {n}项约定的需求或资源随之不在了；linli undo {revision} 恢复，或撤回这些约定",
        "△ {n} {n:promise has|promises have} lost the need or offer; linli undo {revision} redoes it",
    ),
    "undone": (
        "已撤销第{undone}版，现为第{revision}版",
        "Revision {undone} undone; now at revision {revision}",
    ),
    # the network
    "party": ("单位", "Party"),
    "value": ("数值", "Value"),
    "group": ("组", "Group"),
    "parties_more": ("……还有{n}家，用--json看全部", "… and {n} more; --json shows all"),
    "ties_inside": ("内部", "Inside"),
    "ties_outside": ("对外", "Across"),
    "by_chance": ("凑巧", "By chance"),
    "z": ("z", "z"),
    "as_inward": ("凑巧也这么内向", "As inward by chance"),
    "removed": ("退出", "Left"),
    "left_targeted": ("最大一片（伙伴多的先退）", "Largest part (best tied first)"),
    "left_random": ("最大一片（随机退）", "Largest part (at random)"),
    "against_chance": (
        "{value}；每家结对数不变、凑巧相连时平均{expected}（{samples}次抽样），相差{z}个标准差",
        "{value}; by chance, each tied as often, {expected} ({samples} draws): {z} standard deviations apart",
    ),
    # pairings to propose
    "partner": ("伙伴", "Partner"),
    "score": ("得分", "Score"),
    "pair_gain": ("可多服务", "Places gained"),
    "pair_none": ("没有可提的结对", "There is no pairing to propose"),
    "pair_joint": (
        "提议{n}对新结对，全部签下可多服务{gain}项次",
        "{n} new {n:pairing|pairings}; all signed, {gain} more {gain:place|places} would be served",
    ),
    "pair_all": ("全部签下", "All signed"),
    # turns of duty
    "rota_made": (
        "{name}：同一家两次值班至少隔{gap}期，与公平份额最多差{away}次",
        "{name}: at least {gap} {gap:turn|turns} between two of one member, {away} off a fair share at most",
    ),
    "rota_impossible": (
        "{name}排不出来，下面几条不能同时做到：",
        "{name}: no rota is possible, since these can't all be kept:",
    ),
    "rota_smallest": ("没有更少的几条会冲突", "No fewer rules clash"),
    "rota_perhaps_fewer": ("也许更少的几条就会冲突，没有证完", "Perhaps fewer clash already: not proved"),
    "rota_from": ("从", "From"),
    "rota_to": ("到", "To"),
    "rota_turns": ("次数", "Turns"),
    "rota_fair": ("公平份额", "Fair share"),
    # rounds
    "round": ("轮次{id}，{first}至{last}，{status}", "Round {id}, {first} to {last}, {status}"),
    "nothing_wanted": (
        "这一轮没有需求也没有项目，没有可安排的：先载入清单，linli load 文件",
        "No needs and no projects in this round, so nothing to match: load lists first, linli load PATH",
    ),
    "no_needs": ("这一轮没有需求", "No needs in this round"),
    "stale": ("清单改过了，这是改之前的安排", "The lists have changed; this is the match before that"),
    "figures": (
        "需求{wanted}项次，已安排{served}，未安排{unserved}",
        "{wanted} {wanted:place|places} needed; {served} matched, {unserved} unmatched",
    ),
    "urgent": ("其中紧急{served}/{wanted}", "Urgent: {served} of {wanted}"),
    "by_hand": ("比手工就近法多{n}项次", "{n} {n:place|places} more than by hand"),
    "by_hand_same": ("与手工就近法一样多", "As many places as by hand"),
    "walked": (
        "距离已知的{known}项次（共{served}）平均{ours}米（手工{theirs}米）",
        "{ours} m on average for the {known} of {served} places whose distance is known (by hand {theirs} m)",
    ),
    "upper": (
        "{n}项资源数量不详，暂按1计；若都不限，可安排{upper}",
        "{n} {n:offer|offers} of unknown capacity, counted as 1; if unlimited, {upper} could be matched",
    ),
    "projects": (
        "项目要{wanted}家单位，已有{units}；满员{full}，部分{partly}，无人{unclaimed}",
        (
            "Projects want {wanted} {wanted:unit|units}, have {units}; "
            "{full} full, {partly} in part, {unclaimed} unclaimed"
        ),
    ),
    "money": (
        "资金另计：需{wanted}元，已安排{served}元",
        "Money apart: {wanted} yuan needed, {served} matched",
    ),
    "ask_first": ("先问谁", "Ask first"),
    "unit": ("单位", "Unit"),
    "offer": ("资源", "Offer"),
    "gain": ("至多再安排", "Up to so many more"),
    "priority": ("优先级", "Priority"),
    "wanted": ("需要", "Wanted"),
    "served": ("已安排", "Matched"),
    "unserved": ("未安排", "Unmatched"),
    "hand": ("手工", "By hand"),
    "need": ("需求", "Need"),
    "places": ("项次", "Places"),
    "metres": ("米", "Metres"),
    "note": ("说明", "Notes"),
    "fit": ("对口", "Fit"),
    "rows_more": (
        "……还有{n}行，用--json或linli export看全部",
        "… and {n} more {n:row|rows}; --json or linli export gives all",
    ),
    "locked_mark": ("锁定", "locked"),
    "locked": (
        "已锁定：{by} → {target}，{quantity}项次（{id}）",
        "Locked: {by} → {target}, {quantity} {quantity:place|places} ({id})",
    ),
    "declined": ("已记下婉拒：{by} → {target}（{id}）", "Noted as declined: {by} → {target} ({id})"),
    "promise_withdrawn": (
        "此前对这一对的承诺已撤回：{ids}",
        "What was promised to this pair before is withdrawn: {ids}",
    ),
    "refusal_withdrawn": (
        "此前对这一对的婉拒已撤回：{ids}",
        "The earlier refusal of this pair is withdrawn: {ids}",
    ),
    "rematch": ("下次安排时生效：linli match", "It counts from the next match on: linli match"),
    # gaps
    "gaps": ("未安排{n}项次，为什么", "{n} {n:place|places} unmatched, and why"),
    "gaps_projects": ("项目还缺{n}家单位", "Projects lack {n} {n:unit|units}"),
    "gaps_money": ("还缺{n}元", "{n} yuan lacking"),
    "gap_units": ("家", "Units"),
    "gap_yuan": ("元", "Yuan"),
    "no_gaps": ("都安排上了", "All matched"),
    "reason": ("原因", "Reason"),
    "category": ("类别", "Category"),
    "area": ("区域", "Area"),
    "short_by": ("差{n}", "short by {n}"),
    "people": ("人数", "People"),
    "priority_short": ("优先", "Pr."),
    "nearest": ("最近的是{offer}", "the nearest is {offer}"),
    "nearest_reach": (
        "最近的是{offer}，半径{reach}米，要{metres}米",
        "the nearest is {offer}, which reaches {reach} m; {metres} m would do",
    ),
    "nearest_assumed": (
        "最近的是{offer}，半径不详，按{reach}米，要{metres}米",
        "the nearest is {offer}, its reach unknown, taken as {reach} m; {metres} m would do",
    ),
    "blind": (
        "闲置资源{offers}，沉默单位{units}，未结对居民区{areas}，未覆盖单位{uncovered}",
        (
            "{offers} unused {offers:offer|offers}, {units} silent {units:unit|units}, "
            "{areas} unpaired {areas:area|areas}, {uncovered} uncovered {uncovered:unit|units}"
        ),
    ),
    "unreached": (
        "够不到的居民区：范围内没有这类资源",
        "Neighbourhoods with no offer of a category within reach",
    ),
    "areas_count": ("居民区数", "How many"),
    "served_by": ("由谁服务", "Served by"),
    "alternatives": ("别的可能", "Alternatives"),
    "why": ("为什么", "Why"),
    "not_served": ("还有{n}项次没安排：{reason}", "{n} {n:place|places} unmatched: {reason}"),
    # beside the optimum
    "beside_split": (
        "有不可拆分的需求，下面都按可拆分计算",
        "Some needs may not be split; all below counts as if they could be",
    ),
    "beside_more": ("哪里多一个名额最有用", "Where a place more would help most"),
    "beside_none": ("哪里多一个名额都不会更好", "A place more would help nowhere"),
    "beside_instead": ("换个做法", "Instead"),
    "beside_places": ("少服务项次", "Places lost"),
    "beside_people": ("少惠及人数", "People lost"),
    "beside_cost": ("多花米（折算）", "Metres more (or equivalent)"),
    "beside_share": ("保证各方至少满足{share}%", "At least {share} % for all"),
    "beside_cap": ("最远不超过{cap}米（现在{was}米）", "Nobody farther than {cap} m (now {was} m)"),
    "beside_by_needs": ("双向认领，需求方先选", "Both sides choose, needs ask"),
    "beside_by_offers": ("双向认领，提供方先选", "Both sides choose, offers ask"),
    "beside_largest": (
        "各方同时能保证的最高比例：{share}%",
        "The largest share that all can have at once: {share} %",
    ),
    "beside_blocking": (
        "现在的安排里有{n}对双方都更愿意换",
        "{n} {n:pair|pairs} would both rather have each other than what the optimum gives them",
    ),
    "beside_leaves": ("如果一家退出", "If a unit left"),
    "beside_lost": ("没人能接的项次", "Places nobody else could serve"),
    # planning
    "fix": ("怎么补（多服务）", "Cheapest fix (and what it adds)"),
    "gain_split": ("{places}，项目{units}家", "{places}, projects {units}"),
    "gain_mixed": ("≈{total}（可能含项目的单位）", "≈{total} (maybe with units of projects)"),
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
        "按优先级1至5依次多服务{gains}；更急的一样得到服务时，依次最多{bounds}",
        "By priority 1 to 5: {gains} more; where the more urgent get as much, at most {bounds}",
    ),
    "actions_swapped": (
        "更急的先得，别的让出：按优先级1至5依次多服务{gains}",
        "The more urgent are served in place of others; by priority 1 to 5: {gains} more",
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
    # files
    "exported": ("写了{n}个文件到{folder}", "{n} {n:file|files} written to {folder}"),
    "sampled": ("已写到{path}", "Written to {path}"),
    "copied": ("已复制并核对{n}行", "{n} {n:row|rows} copied and verified"),
    "rows": ("行数", "Rows"),
    # demo and service
    "demo_synthetic": ("示例街道（虚构）", "A made-up sub-district"),
    "demo_reports": (
        "另有五篇报道里的{n}条事实，单独成库。打开其中一个：",
        "The facts of five newspaper reports ({n} {n:row|rows}) are in a store of their own. To open either:",
    ),
    "serving": ("工作台：{address}（按Ctrl+C结束）", "Workbench: {address} (Ctrl+C ends it)"),
    "port_taken": ("端口{port}已被占用，改用{other}", "Port {port} is taken; using {other}"),
    "stopped": ("已结束", "Stopped"),
}


class _Number(int):
    """A whole number that also tells which of two words, singular and plural, goes with it."""

    def __format__(self, spec: str) -> str:
        one, bar, more = spec.partition("|")
        return (one if self == 1 else more) if bar else super().__format__(spec)


def say(key: str, language: Language, **values: object) -> str:
    """A sentence in a language, its values filled in; `{n:row|rows}` is the word for so many."""
    counted = {name: _Number(value) if type(value) is int else value for name, value in values.items()}
    return TEXTS[key][0 if language == "zh" else 1].format(**counted)


def say_step(step: str, language: Language) -> str:
    """What a step of long work is called; one that has no name of its own is called what it says."""
    if step.startswith("round "):
        return say("step_round", language, n=step.removeprefix("round "))
    key = f"step_{step}"
    return say(key, language) if key in TEXTS else step


def choose_language(asked: str | None = None) -> Language:
    """The language asked for, else `LINLI_LANG`, else Chinese where the system speaks it, else English."""
    for value in (asked, os.environ.get("LINLI_LANG")):
        if value in ("zh", "en"):
            return cast("Language", value)
    system = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "zh" if system.lower().startswith("zh") else "en"
