"""What the command line says, in Chinese and English; the domain's own words come from the word table."""

from __future__ import annotations

import os
from typing import Final, Literal, cast

from api.commands.beside_texts import BESIDE
from api.commands.planning_texts import PLANNING

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
    "published": ("已发布：轮次{id}，{first}至{last}", "Published: round {id}, {first} to {last}"),
    "within_cost": (
        "各优先级的项次已证明最多，代价与最小的相差不超过{x}%",
        "places proved best; cost within {x} % of the least",
    ),
    "within_places": (
        "已证明：总共最多还能多{n}项次",
        "proved: at most {n} places more in all",
    ),
    "within_best": (
        "已证明：优先级1到{p}的项次最多，总共最多还能多{n}项次",
        "up to priority {p} places proved best; at most {n} places more in all",
    ),
    "nothing_wanted": (
        "这一轮没有需求也没有项目，没有可安排的：先载入清单，linli load 文件",
        "No needs and no projects in this round, so nothing to match: load lists first, linli load PATH",
    ),
    "no_needs": ("这一轮没有需求", "No needs in this round"),
    "access_none": (
        "这一轮没有需求，没有可算的可及性：先载入清单，linli load 文件",
        "No needs in this round, so no access to measure: load lists first, linli load PATH",
    ),
    "stale": ("清单改过了，这是改之前的安排", "The lists have changed; this is the match before that"),
    "figures": (
        "需求{wanted}项次，已安排{served}，未安排{unserved}",
        "{wanted} {wanted:place|places} needed; {served} matched, {unserved} unmatched",
    ),
    "urgent": ("其中紧急{served}/{wanted}", "Urgent: {served} of {wanted}"),
    "by_hand": ("比手工就近法多{n}项次", "{n} {n:place|places} more than by hand"),
    "by_hand_same": ("与手工就近法一样多", "As many places as by hand"),
    "keep": (
        "发布的第{round}轮有{of}项次：{stay}项次不变，{moved}项次换了，{gone}项次不再成立",
        "Of {of} places of published round {round}, {stay} stay, {moved} {moved:moves|move}, {gone} can't",
    ),
    "keep_optimal": (
        "最多换{most}项次：这样限制下已是最好",
        "At most {most} {most:place moves|places move}: the best by that rule",
    ),
    "keep_bounded": (
        "最多换{most}项次：这样限制下，离最好至多差{gap}米",
        "At most {most} {most:place moves|places move}: at most {gap} m from the best by that rule",
    ),
    "keep_exceeded": (
        "最多换{most}项次做不到：要服务这么多，已证至少要换{fewest}项次",
        "{most} moved at most can't be kept to: serving as many is proved to move at least {fewest}",
    ),
    "keep_unproved": (
        "最多换{most}项次做到了；离这样限制下的最好差多少，不知道",
        "At most {most} {most:place moves|places move}; how far from the best by that rule isn't known",
    ),
    "keep_heuristic": (
        "最多换{most}项次没有做到；有没有别的办法，不知道",
        "No more than {most} {most:place|places} wasn't kept to; whether it could be isn't known",
    ),
    "load": (
        "分担：{units}家单位有安排，最多的一家{most_places}项次",
        "Spread over {units} {units:unit|units}, at most {most_places} {most_places:place|places} at one",
    ),
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
    **BESIDE,
    **PLANNING,
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
