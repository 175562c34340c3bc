"""What change would do where nobody serves a need: one row for each reason, with numbers and a sentence.

`change` is one of: `more_places` (at least so many among the certificate's holders), `split` (let the need be
split), `reach` (an offer that reaches so far, or the area), `times` (an offer, at the need's times), `tags`
(an offer that has these too), `people` (an offer that takes so many), `place` (state the place of the need or
the offer), `ask_again` (units that declined), `new_offer` (one of the category by another party), `measure`
(an offer counted in the need's measure).
"""

from __future__ import annotations

from typing import Any, Final

from matcher.headroom import LongerReach
from matcher.instance import Instance
from matcher.sentences import Sentences, category_name
from matcher.solution import Solution

Json = dict[str, Any]

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "more_places": (
        "{units}至少再增加{places}个名额。",
        "It takes at least {places} more places of {units}.",
    ),
    "split": ("允许拆分，就能先服务一部分。", "Allowing it to be split would serve part of it."),
    "reach": ("{unit}的服务半径放宽到{reach_m}米就能到达。", "{unit} would reach it with {reach_m} m."),
    "reach_area": (
        "{unit}把它所在的区域纳入服务区域就行。",
        "{unit} would do if it served the need's area too.",
    ),
    "times": ("{unit}能在{times}服务就行。", "{unit} would do if it were there {times}."),
    "tags": ("{unit}再满足“{tags}”就行。", "{unit} would do if it offered {tags} too."),
    "people": ("{unit}能接待{people}人就行。", "{unit} would do if it took {people} people."),
    "place": ("补上{whose}的地点，才能判断。", "State the place of the {whose}, so that it can be judged."),
    "ask_again": ("再问问{units}。", "Ask {units} again."),
    "new_offer": ("需要另一方提供“{category}”资源。", "Another party would have to offer {category}."),
    "measure": (
        "需要按同一单位计量的“{category}”资源。",
        "An offer of {category} in the same measure would do.",
    ),
}


def find_remedies(
    instance: Instance, solution: Solution, need: int, unserved: Json, closest: Json | None
) -> list[Json]:
    """Say what change would do for the unserved places of a need row.

    Parameters
    ----------
    instance : Instance
    solution : Solution
        Of the instance's graph.
    need : int
    unserved : dict
        What `Explanation.unserved` says of them.
    closest : dict or None
        The offer that comes closest to serving it (`Alternatives.closest_unable`).

    Returns
    -------
    list of dict
        `change` (see the module), what it takes, `sentence_zh` and `sentence_en`. A wider reach says
        `gain_places` (places of all needs that would be served more) and whether that is `exact`.
    """
    found = []
    for reason in unserved["by_reason"]:
        row = _of_reason(instance, solution, need, reason, unserved, closest)
        zh, en = _tell(instance, need, row)
        found.append({**row, "sentence_zh": zh, "sentence_en": en})
    return found


def _of_reason(
    instance: Instance, solution: Solution, need: int, reason: str, unserved: Json, closest: Json | None
) -> Json:
    if reason == "no_capacity":
        certificate = unserved["certificate"]
        return {
            "change": "more_places",
            "places": certificate["short_by"] if certificate else unserved["by_reason"][reason],
            "holders": certificate["holders"] if certificate else [],
        }
    if reason == "held_by_rule":
        return {"change": "split"}
    if reason == "out_of_reach":
        return _reach(instance, solution, unserved["nearest"])
    if reason == "wrong_time":
        times = unserved["times"]
        return {"change": "times", **{name: times[name] for name in ("offer", "unit", "need_times")}}
    if reason == "refused":
        return {"change": "ask_again", "units": [item["unit"] for item in unserved["refused_by"]]}
    if reason == "unknown_place":
        return {"change": "place", "of": unserved["unknown"]}
    return _capable(instance, need, unserved["missing"], closest)


def _reach(instance: Instance, solution: Solution, nearest: Json) -> Json:
    row = {"change": "reach", "offer": nearest["offer"], "unit": nearest["unit"]}
    metres = nearest["reach_that_would_do_m"]
    if metres is None or nearest["reach_m"] is None:
        return {**row, "area": nearest["area_that_would_do"]}
    longer = LongerReach(instance, solution)
    offer = instance.supply.ids.tolist().index(nearest["offer"])
    return {
        **row,
        "reach_m": metres,
        "gain_places": longer.gain(offer, float(metres)),
        "exact": longer.is_exact,
    }


def _capable(instance: Instance, need: int, missing: str, closest: Json | None) -> Json:
    """What an offer would have to be able to do; the closest one, where only that is missing."""
    if missing in ("tags", "people") and closest is not None and closest["reason"] == missing:
        row = {"change": missing, "offer": closest["offer"], "unit": closest["unit"]}
        asked = {"tags": closest.get("missing_tags"), "people": closest.get("people")}
        return {**row, missing: asked[missing]}
    change = "measure" if missing == "measure" else "new_offer"
    return {"change": change, "category": instance.demand.category[need]}


def _tell(instance: Instance, need: int, row: Json) -> tuple[str, str]:
    sentences = Sentences(instance)
    change = row["change"]
    if change == "reach" and "reach_m" not in row:
        change = "reach_area"
    whose = {"need": ("需求", "need"), "offer": ("资源", "offer")}[row.get("of", "need")]
    names = _name_units(sentences, instance, row)
    category = category_name(row.get("category"))
    texts = [
        template.format(
            places=row.get("places"),
            reach_m=row.get("reach_m"),
            people=row.get("people"),
            tags="、".join(row.get("tags") or ()),
            unit=sentences.party(row["unit"]) if row.get("unit") else "",
            units=names[at],
            times=row.get("need_times") or ("任何时间", "at any time")[at],
            whose=whose[at],
            category=category[at] or ("任何类别", "of any category")[at],
        )
        for at, template in enumerate(_TEXTS[change])
    ]
    if row.get("gain_places"):
        texts[0] += f"这样共可多服务{row['gain_places']}项次。"
        texts[1] += f" It would serve {row['gain_places']} more in all."
    return texts[0], texts[1]


def _name_units(sentences: Sentences, instance: Instance, row: Json) -> tuple[str, str]:
    """Names of the units behind holders, or of those to be asked again; three at most."""
    units = list(row.get("units", ()))
    snapshot = instance.snapshot
    for holder in row.get("holders", ()):
        if holder["kind"] == "unit":
            units.append(holder["id"])
        elif holder["kind"] == "offer" or "offer" in holder:
            record = snapshot.record("offers", holder.get("offer") or holder["id"])
            units.append(getattr(record, "unit", holder.get("id")))
        else:
            units.append(holder["unit"])
    names = [sentences.party(unit) for unit in dict.fromkeys(units)]
    few = names[:3]
    if not few:
        return "能服务它的资源", "the offers that could serve it"
    more = len(names) - len(few)
    return (
        "、".join(few) + (f"等{len(names)}家" if more else ""),
        ", ".join(few) + (f" and {more} more" if more else ""),
    )
