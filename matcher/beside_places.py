"""What one place more or less is worth to a planner: where one more helps, where one less costs most.

A list of offers and of units' totals, with the interval in which all prices of the optimum lie: the worth of
one place more to the cost of one place less (see `matcher.intervals`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from matcher.instance import PROJECTS, Instance
from matcher.intervals import Help, PriceIntervals, Worth, where_a_place_helps, where_a_place_is_missed
from matcher.problem import CandidateGraph
from matcher.sentences import Sentences

Json = dict[str, Any]


def list_places(
    instance: Instance,
    graph: CandidateGraph,
    intervals: PriceIntervals,
    limit: int | None,
    of: str | None = None,
) -> Json:
    """Give `more_places` and `less_places` of the document of `linli beside`.

    Parameters
    ----------
    instance : Instance
    graph : CandidateGraph
        Its graph, whole needs split.
    intervals : PriceIntervals
        Of that graph.
    limit : int, optional
        So many rows of each at most.
    of : str, optional
        Only those of the unit with this id.

    Returns
    -------
    dict
        Rows have `kind` (`offer`; `total`, a unit's; `offer_and_total`; `max_claims` and
        `max_claims_and_total` of projects), `offer` (None where it is none alone), `unit`, and sentences.
        Of one more: `more_priority` served more, `less_priority` served less (None: none), `cost_saved`, and
        `one_less`, the same row's cost of a place less, None where both of offer and total are meant. Of one
        less, there and in `less_places`: `lost_priority`, `instead_priority` and `cost` by which all rises.
    """
    most = limit if of is None else None

    def chosen(found: Iterable[Help]) -> Iterator[Help]:
        mine = (item for item in found if of is None or instance.unit_ids[_unit_row(instance, item)] == of)
        return islice(mine, limit)

    more = chosen(where_a_place_helps(graph, intervals, most))
    less = chosen(where_a_place_is_missed(intervals, most))
    return {
        "more_places": [_more_json(instance, intervals, item) for item in more],
        "less_places": [_less_json(instance, item) for item in less],
    }


def _unit_row(instance: Instance, item: Help) -> int:
    """The unit that a row is of."""
    return item.row if item.kind == "unit" else int(instance.supply.unit[item.row])


def _named(instance: Instance, item: Help) -> Json:
    """What a row is about."""
    supply = instance.supply
    of_projects = item.kind != "unit" and supply.kind[item.row] == PROJECTS
    return {
        "kind": {"offer": "max_claims", "both": "max_claims_and_total"}.get(item.kind, item.kind)
        if of_projects
        else {"both": "offer_and_total", "unit": "total"}.get(item.kind, item.kind),
        "offer": None if item.kind == "unit" or of_projects else supply.ids[item.row],
        "unit": instance.unit_ids[_unit_row(instance, item)],
    }


def _name(instance: Instance, item: Help, row: Json) -> str:
    """What people call the offer or unit of a row."""
    name = Sentences(instance).party(row["unit"])
    if not row["offer"]:
        return name
    title = instance.snapshot.column("offers", "title")[instance.supply.table_row[item.row]]
    return f"{name}“{title}”" if title else name


def _more_json(instance: Instance, intervals: PriceIntervals, item: Help) -> Json:
    """One place where one more would help, as JSON values with a sentence."""
    row: Json = {
        **_named(instance, item),
        "more_priority": item.more or None,
        "less_priority": item.less or None,
        "cost_saved": item.cost,
        "one_less": _one_less(intervals, item),
    }
    zh, en = (
        _MORE[at].format(name=_name(instance, item, row), what=_KINDS[row["kind"]][at], gain=gain)
        for at, gain in enumerate(_gain(item))
    )
    return {**row, "sentence_zh": zh, "sentence_en": en}


def _one_less(intervals: PriceIntervals, item: Help) -> Json | None:
    """What a place less of the same row costs; None where two capacities are meant at once."""
    if item.kind == "both":
        return None
    worth: Worth = intervals.unit_loss if item.kind == "unit" else intervals.offer_loss
    return _loss_json(*(int(part[item.row]) for part in (worth.more, worth.less, worth.cost)))


def _loss_json(lost: int, instead: int, cost: int) -> Json:
    return {"lost_priority": lost or None, "instead_priority": instead or None, "cost": cost}


def _less_json(instance: Instance, item: Help) -> Json:
    """One place where one less would cost something, as JSON values with a sentence."""
    row: Json = {**_named(instance, item), **_loss_json(item.more, item.less, item.cost)}
    zh, en = (
        _LESS[at].format(name=_name(instance, item, row), what=_KINDS_LESS[row["kind"]][at], loss=loss)
        for at, loss in enumerate(_loss(item))
    )
    return {**row, "sentence_zh": zh, "sentence_en": en}


_KINDS: Final = {
    "offer": ("这项资源多一个名额", "one place more of this offer"),
    "total": ("总承载量多一个", "one place more in all"),
    "offer_and_total": ("这项资源和总承载量各多一个", "one place more of this offer and in all"),
    "max_claims": ("可认领的项目多一个", "one project more"),
    "max_claims_and_total": ("可认领的项目和总承载量各多一个", "one project more, and one place in all"),
}
_KINDS_LESS: Final = {
    "offer": ("这项资源少一个名额", "one place less of this offer"),
    "total": ("总承载量少一个", "one place less in all"),
    "max_claims": ("可认领的项目少一个", "one project less"),
}
_MORE: Final = ("{name}：{what}，{gain}。", "{name}: {what} would {gain}.")
_LESS: Final = ("{name}：{what}，{loss}。", "{name}: {what} would {loss}.")


def _saved(saved: int) -> tuple[str, str]:
    return (
        f"代价{'少' if saved >= 0 else '多'}{abs(saved)}米（折算）",
        f"{'save' if saved >= 0 else 'cost'} {abs(saved)} metres (or their equivalent)",
    )


def _gain(item: Help) -> tuple[str, str]:
    return _tell(item, item.cost, ("多", "more"), ("少", "fewer"))


def _loss(item: Help) -> tuple[str, str]:
    return _tell(item, -item.cost, ("少", "fewer"), ("多", "more"))


def _tell(item: Help, saved: int, there: tuple[str, str], here: tuple[str, str]) -> tuple[str, str]:
    """Say what is served more or less there, what instead here, and what it saves."""
    cost = _saved(saved)
    if item.more == item.less:
        return cost
    zh = f"{there[0]}服务一项次优先级{item.more}的需求"
    en = f"serve one place {there[1]} of priority {item.more}"
    if item.less:
        zh = f"{zh}（{here[0]}一项次优先级{item.less}的）"
        en = f"{en} (one {here[1]} of priority {item.less})"
    return f"{zh}，{cost[0]}", f"{en} and {cost[1]}"
