"""What change would do where nobody serves a need: one row for each reason, with numbers and a sentence.

`change` is one of: `more_places` or `more_yuan`, `split` (let the need be split), `reach` (an offer that
reaches so far, or the area), `times` (an offer, at the need's times), `tags` (an offer that has these too),
`people` (an offer that takes so many), `place` (state the place of the need or the offer), `ask_again` (units
that declined), `new_offer` (one of the category by another party), `measure` (an offer counted in the need's
measure). Of gaps also `more_units` (so many units more for projects), `days` (an offer, on the need's days)
and `own_times` (the need's times never come on its own days).

`more_places` and `more_yuan` of a need: so much more at one `offer`, with which solving again serves all of
it; where none is proved to do, what its certificate is short by, for the needs in `together` where these are
more than one. Of a gap: at least so much, for all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from matcher.enough import find_enough
from matcher.headroom import LongerReach
from matcher.instance import Instance
from matcher.sentences import Sentences, category_name, fill
from matcher.solution import Solution

Json = dict[str, Any]

_NAMED: Final = 3

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "more_places": (
        "{units}至少再增加{places}个名额。",
        "It takes at least {places} more {places:place|places} of {units}.",
    ),
    "more_yuan": ("{units}至少再增加{places}元。", "It takes at least {places} yuan more of {units}."),
    "more_places_here": (
        "{unit}的“{title}”再多{places}个名额{total}，它就能全部安排上。",
        "With {places} more {places:place|places} of {title}, {unit}{total}, all of it would be matched.",
    ),
    "more_yuan_here": (
        "{unit}的“{title}”再多{places}元{total}，它就能全部安排上。",
        "With {places} yuan more of {title}, {unit}{total}, all of it would be matched.",
    ),
    "more_projects_here": (
        "{unit}再多认领{places}项，它就能全部安排上。",
        "If {unit} took {places} more, all of it would be matched.",
    ),
    "more_places_together": (
        "这{together}项合起来还差{places}个名额（能服务它们的是{units}）；多出来的名额也可能先给其中别的一项。",
        "These {together} lack {places} {places:place|places} of {units}; more may go to another first.",
    ),
    "more_yuan_together": (
        "这{together}项合起来还差{places}元（能服务它们的是{units}）；多出来的也可能先给其中别的一项。",
        "These {together} are short by {places} yuan of {units}; more may go to another first.",
    ),
    "more_claims": (
        "至少再要{places}家次：请{units}多认领，或找别的单位提供“{category}”。",
        "It takes at least {places} more: let {units} take more projects, or find others for {category}.",
    ),
    "more_units": (
        "至少再要{places}家次：找别的单位提供“{category}”。",
        "It takes at least {places} more: other units would have to offer {category}.",
    ),
    "split": ("允许拆分，就能先服务一部分。", "Allowing it to be split would serve part of it."),
    "reach": ("{unit}的服务半径放宽到{reach_m}米就能到达。", "{unit} would reach it with {reach_m} m."),
    "reach_area": (
        "{unit}把它所在的区域纳入服务区域就行。",
        "{unit} would do if it served the need's area too.",
    ),
    "times": (
        "{unit}的“{title}”能在{times}服务就行（现在{offer_times}）。",
        "{unit} would do if {title} were there {times} (now {offer_times}).",
    ),
    "own_times": (
        "需求自己的时段（{times}）在它有效的日子里一次也没有，改它的时段才行。",
        "The need's own times ({times}) come on none of its days: those would have to change.",
    ),
    "days": (
        "{unit}的“{title}”在{days}有效就行。",
        "{unit} would do if {title} were valid on days of {days}.",
    ),
    "place_of": ("补上地点，才能判断：{named}。", "State the places, so that it can be judged: {named}."),
    "new_tags": (
        "需要满足“{tags}”的“{category}”资源。",
        "Another party would have to offer {category} with {tags}.",
    ),
    "new_people": (
        "需要能接待{people}人的“{category}”资源。",
        "Another party would have to offer {category} that takes {people} {people:person|people}.",
    ),
    "tags": ("{unit}再满足“{tags}”就行。", "{unit} would do if it offered {tags} too."),
    "people": ("{unit}能接待{people}人就行。", "{unit} would do if it took {people} {people:person|people}."),
    "place": ("补上{whose}的地点，才能判断。", "State the place of the {whose}, so that it can be judged."),
    "ask_again": ("再问问{units}。", "Ask {units} again."),
    "new_offer": ("需要另一方提供“{category}”资源。", "Another party would have to offer {category}."),
    "measure": (
        "需要按同一单位计量的“{category}”资源。",
        "An offer of {category} in the same measure would do.",
    ),
}

_GAINS: Final[dict[str, tuple[str, str]]] = {
    "gains": ("这样共可多服务{gain_places}项次。", "It would serve {gain_places} more in all."),
    "gains_at_least": ("这样至少多服务{gain_places}项次。", "It would serve at least {gain_places} more."),
    "gains_nothing": ("但光这样不会多服务。", "But that alone would serve nobody more."),
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
    sentences = Sentences(instance)
    return [
        tell_change(sentences, _of_reason(instance, solution, need, reason, unserved, closest))
        for reason in unserved["by_reason"]
    ]


def _of_reason(
    instance: Instance, solution: Solution, need: int, reason: str, unserved: Json, closest: Json | None
) -> Json:
    if reason == "no_capacity":
        return _more(instance, solution, need, unserved)
    if reason == "held_by_rule":
        return {"change": "split"}
    if reason == "out_of_reach":
        return _reach(instance, solution, unserved["nearest"])
    if reason == "wrong_time":
        times = unserved["times"]
        return {
            "change": "times",
            **{name: times[name] for name in ("offer", "unit", "need_times", "offer_times")},
        }
    if reason == "refused":
        return {"change": "ask_again", "units": [item["unit"] for item in unserved["refused_by"]]}
    if reason == "unknown_place":
        return {"change": "place", "of": unserved["unknown"]}
    return _capable(instance, need, unserved["missing"], closest)


def _more(instance: Instance, solution: Solution, need: int, unserved: Json) -> Json:
    """What one offer would have to have more; where no single one is proved to do, what all are short by."""
    change = "more_yuan" if instance.measure == "yuan" else "more_places"
    places = unserved["by_reason"]["no_capacity"]
    enough = find_enough(instance, solution, need, places)
    if enough is not None:
        supply, offer = instance.supply, enough.offer
        return {
            "change": change,
            "places": places,
            "offer": supply.ids[offer] if supply.table_row[offer] >= 0 else None,
            "unit": instance.unit_ids[supply.unit[offer]],
            "of_total": enough.of_total,
        }
    certificate = unserved["certificate"]
    if certificate is None:
        return {"change": change, "places": places, "holders": []}
    together = len(certificate.get("needs") or certificate["projects"])
    row = {"change": change, "places": certificate["short_by"], "holders": certificate["holders"]}
    return {**row, "together": together} if together > 1 else row


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


def tell_change(sentences: Sentences, row: Json) -> Json:
    """A row with what it takes in a sentence, Chinese and English."""
    units = _name_units(sentences, row)
    texts = []
    for at, template in enumerate(_TEXTS[_text_key(row)]):
        values = {
            **row,
            "tags": "、".join(row.get("tags") or ()),
            "unit": sentences.party(row["unit"]) if row.get("unit") else "",
            "title": sentences.offer(row.get("offer"))[at],
            "units": units[at],
            "times": _times(row.get("need_times"))[at],
            "offer_times": _times(row.get("offer_times"))[at],
            "days": "–".join(row.get("need_days") or ()),
            "total": _of_total(row)[at],
            "named": _few(row.get("named", ()))[at],
            "whose": {"need": ("需求", "need"), "offer": ("资源", "offer")}[row.get("of", "need")][at],
            "category": category_name(row.get("category"))[at] or ("任何类别", "any category")[at],
        }
        texts.append(fill(template, values))
    if "gain_places" in row:
        key = "gains_nothing" if not row["gain_places"] else "gains" if row["exact"] else "gains_at_least"
        zh, en = (fill(text, row) for text in _GAINS[key])
        texts = [texts[0] + zh, f"{texts[1]} {en}".rstrip()]
    return {**row, "sentence_zh": texts[0], "sentence_en": texts[1]}


def _text_key(row: Json) -> str:
    """Which sentence tells a change: some have several."""
    change = str(row["change"])
    if change == "reach" and "reach_m" not in row:
        return "reach_area"
    if change in ("tags", "people") and "unit" not in row:
        return f"new_{change}"
    if change == "more_units" and row.get("units"):
        return "more_claims"
    if change in ("more_places", "more_yuan") and "unit" in row:
        return f"{change}_here" if row["offer"] else "more_projects_here"
    if "together" in row:
        return f"{change}_together"
    return "place_of" if change == "place" and row.get("named") else change


def _times(text: str | None) -> tuple[str, str]:
    return (text, text) if text else ("任何时间", "at any time")


def _of_total(row: Json) -> tuple[str, str]:
    return ("（单位总量也随之增加）", " (and as many more in its total)") if row.get("of_total") else ("", "")


def _few(names: Sequence[str]) -> tuple[str, str]:
    """Some names, three at most, and how many there are."""
    few, more = names[:_NAMED], len(names) - _NAMED
    return (
        "、".join(few) + (f"等{len(names)}项" if more > 0 else ""),
        ", ".join(few) + (f" and {more} more" if more > 0 else ""),
    )


def _name_units(sentences: Sentences, row: Json) -> tuple[str, str]:
    """Names of the units behind holders, or of those to be asked again; three at most."""
    units = list(row.get("units", ()))
    for holder in row.get("holders", ()):
        if holder["kind"] == "unit":
            units.append(holder["id"])
        elif holder["kind"] == "offer" or "offer" in holder:
            units.append(sentences.provider(holder.get("offer") or holder["id"]) or holder.get("id"))
        else:
            units.append(holder["unit"])
    units = list(dict.fromkeys(units))
    # Only those shown are looked up: a city's certificate has hundreds.
    few = [sentences.party(unit) for unit in units[:_NAMED]]
    if not few:
        return "能服务它的资源", "the offers that could serve it"
    more = len(units) - len(few)
    return (
        "、".join(few) + (f"等{len(units)}家" if more else ""),
        ", ".join(few) + (f" and {more} more" if more else ""),
    )
