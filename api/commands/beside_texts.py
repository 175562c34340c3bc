"""What the commands `beside` and `try` show, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

BESIDE: Final[Mapping[str, tuple[str, str]]] = {
    "beside_split": (
        "有不可拆分的需求，下面都按可拆分计算",
        "Some needs may not be split; all below counts as if they could be",
    ),
    "beside_more": ("哪里多一个名额最有用", "Where a place more would help most"),
    "beside_none": ("哪里多一个名额都不会更好", "A place more would help nowhere"),
    "beside_instead": ("换个做法", "Instead"),
    "beside_places": ("服务项次", "Places"),
    "beside_people": ("惠及人数", "People reached"),
    "beside_cost": ("米（折算）", "Metres (or equivalent)"),
    "beside_fewer": ("少{n}", "{n} fewer"),
    "beside_further": ("多{n}", "{n} more"),
    "beside_impossible": (
        "没有办法保证各方都至少满足{share}%，一起最高{largest}%",
        "Not all can have at least {share} %; the most that they can have at once is {largest} %",
    ),
    "beside_impossible_by": (
        "没有办法保证各方都至少满足{share}%，一起最高{largest}%：再高，{names}就顾不过来",
        "Not all can have at least {share} %; the most is {largest} %, beyond which {names} can't have it",
    ),
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
    "beside_leaves": ("如果一家退出（连同它的承诺）", "If a unit left, and its promises with it"),
    "beside_lost": ("没人能接的项次", "Places nobody else could serve"),
    "beside_missed": ("哪里少一个名额损失最大", "Where a place less would cost most"),
    "beside_share_steps": ("保证各方至少满足", "At least, for all"),
    "beside_cap_steps": ("最远不超过", "Nobody farther than"),
    "beside_pair": ("需求", "Need"),
    "beside_wants": ("更愿意要", "Would rather have"),
    "beside_instead_of": ("现在", "Instead of"),
    "beside_in_the_way": ("谁得让开", "Who would have to make room"),
    "beside_open": ("还没有人", "Nobody yet"),
    "beside_room": ("有空位", "Nobody: there is room"),
    "beside_pairs_shown": (
        "双方都更愿意换的，前{n}对",
        "Pairs that would both rather have each other, the first {n}",
    ),
    "try_total": (
        "安排{before} → {after}项次（{change}），代价{cost}米（折算），实际路程{metres}米；什么都没有保存",
        (
            "{before} → {after} places matched ({change}), cost {cost} metres (or equivalent), "
            "{metres} m of way; nothing is kept"
        ),
    ),
    "try_priority": ("优先级{priority}：{places}", "Priority {priority}: {places}"),
    "try_certified": ("前后都已证最优", "Both are proved best"),
    "try_uncertified": (
        "前后未都证最优，差额是约数",
        "Not both are proved best: the difference is approximate",
    ),
    "try_gained": ("新得{n}", "Gained: {n}"),
    "try_moved": ("换单位{n}", "Moved: {n}"),
    "try_lost": ("失去{n}", "Lost: {n}"),
    "try_needs": ("{what}项次", "{what}"),
    "try_projects": ("项目：{what}家单位", "Projects: {what}"),
    "try_title": ("名称", "Title"),
    "try_area": ("居民区", "Neighbourhood"),
    "try_places": ("项次", "Places"),
    "try_from": ("从", "From"),
    "try_to": ("到", "To"),
}
"""Texts of the commands, zh and en."""
