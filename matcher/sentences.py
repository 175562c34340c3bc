"""Explanations in a plain sentence, Chinese and English, with the names that people know."""

from __future__ import annotations

from functools import cache, cached_property
from typing import Any, Final

from graph.model import Need, Offer, Project
from graph.snapshot import Snapshot
from graph.taxonomy import parent_category, words
from matcher.instance import Instance
from matcher.places import PARTY_ORDER

Json = dict[str, Any]
Both = tuple[str, str]
"""The same in Chinese and in English."""

_KINDS: Final[dict[str, Both]] = {
    "promised": ("已经承诺", "it is promised"),
    "only": ("没有别的资源能服务它", "nobody else could serve it"),
    "nearest_with_room": ("还有名额的里数它最近", "it is the nearest with room"),
    "pairing": ("与它有结对", "a standing pairing ties them"),
    "cheapest_overall": ("代价最小", "it costs least"),
    "not_nearest": (
        "更合适的{nearest}要留给别的需求",
        "what would suit better, such as {nearest}, is needed elsewhere",
    ),
}

_ALTERNATIVES: Final[dict[str, Both]] = {
    "chosen": ("{unit}：{gives}。", "{unit}: {gives}."),
    "dearer": (
        "{unit}：比现在的安排多{dearer_by_m}米（折算）。",
        "{unit}: {dearer_by_m} metres (or their equivalent) dearer than the present choice.",
    ),
    "equal": ("{unit}：与现在的安排一样好。", "{unit}: just as good as the present choice."),
    "full": ("{unit}：{nearer}这项资源已满，{held}。", "{unit}: {nearer}this offer is full; {held}."),
    "full_assumed": (
        "{unit}：{nearer}≈数量不详，按1计，已用完，{held}。",
        "{unit}: {nearer}≈ capacity unknown, counted as 1 and used up; {held}.",
    ),
    "unit_full": (
        "{unit}：{nearer}单位总量已满，{held}。",
        "{unit}: {nearer}the unit's total is used up; {held}.",
    ),
    "claims_full": (
        "{unit}：{nearer}可认领的项目数已满，{held}。",
        "{unit}: {nearer}it takes no further project; {held}.",
    ),
    "rule": (
        "{unit}：剩下的名额不够一次服务完，而这项需求不可拆分。",
        "{unit}: what it has left isn't enough for all, and this need may not be split.",
    ),
    "promised_elsewhere": (
        "{unit}：这项需求已有承诺，不再另排。",
        "{unit}: promises fill this need already.",
    ),
    "people": ("{unit}：只接待{limits}，需求是{people}人。", "{unit}: takes {limits} people, not {people}."),
    "tags": ("{unit}：不满足要求：{tags}。", "{unit}: lacks what is asked for: {tags}."),
    "own_party": ("{unit}：是提出方自己。", "{unit}: is who asks, and nobody serves itself."),
    "unknown_place": ("{unit}：地点不明，无法判断远近。", "{unit}: a place is unknown, so nobody can tell."),
    "too_far": ("{unit}：{far}", "{unit}: {far}"),
    "wrong_time": (
        "{unit}：时段不合：需求{need_times}，资源{offer_times}。",
        "{unit}: times don't meet: the need {need_times}, the offer {offer_times}.",
    ),
    "refused": ("{unit}：已婉拒{why}。", "{unit}: declined{why}."),
}

_UNSERVED: Final[dict[str, Both]] = {
    "no_capable_unit": ("{missing}", "{missing}"),
    "unknown_place": (
        "{whose}的地点不明，无法判断远近",
        "the {whose}'s place is unknown, so nobody can tell who reaches it",
    ),
    "out_of_reach": ("{far}", "{far}"),
    "wrong_time": (
        "最近的{unit}时段不合：需求{need_times}，资源{offer_times}",
        "the nearest, {unit}, is there at another time: the need {need_times}, the offer {offer_times}",
    ),
    "refused": ("能服务的都已婉拒：{units}", "all that could serve it declined: {units}"),
    "no_capacity": ("{short}", "{short}"),
    "held_by_rule": (
        "它不可拆分，剩下的名额不够一次服务完",
        "it may not be split, and what is left isn't enough for all of it",
    ),
}

_MISSING: Final[dict[str, Both]] = {
    "category": ("没有这个类别的资源", "there is no offer of its category"),
    "measure": ("这个类别的资源按另一种单位计量", "offers of its category are counted in another measure"),
    "people": ("没有资源接待这个人数", "no offer takes this number of people"),
    "tags": ("没有资源满足它的要求", "no offer has all that it asks for"),
    "party": ("只有提出方自己有这样的资源", "only the party that asks has such an offer"),
}

_LEFT_OUT: Final[dict[str, Both]] = {
    "referred_to": ("“{name}”已转办{to}，不参加安排。", "“{name}” was passed on to {to} and takes no part."),
    "status": ("“{name}”的状态是{to}，不参加安排。", "“{name}” is {to} and takes no part."),
    "not_valid": ("“{name}”在本轮的日子里无效，不参加安排。", "“{name}” doesn't hold on a day of the round."),
}


class Sentences:
    """Writes sentences about an instance.

    Parameters
    ----------
    instance : Instance
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._snapshot: Snapshot = instance.snapshot

    @cached_property
    def _providers(self) -> dict[str, str]:
        of_offer = self._snapshot.column("offers", "unit").tolist()
        return dict(zip(self._snapshot.ids("offers").tolist(), of_offer, strict=True))

    def add_served(self, row: Json, need: int) -> Json:
        """A row of `served_by` with its sentence."""
        kind, nearest = row["why"]["kind"], row["why"]["nearest"]
        near = self.party(nearest["unit"]) if nearest else ""
        distance = row["distance_m"]
        away = ("", "") if distance is None else (f"，相距{distance:.0f}米", f", {distance:.0f} m away")
        why = [text.format(nearest=near) for text in _KINDS[kind]]
        unit, gives = self.party(row["unit"]), self._gives(row["places"], need)
        return {
            **row,
            "sentence_zh": f"{unit}{gives[0]}{away[0]}：{why[0]}。",
            "sentence_en": f"{unit} {gives[1]}{away[1]}: {why[1]}.",
        }

    def add_alternative(self, row: Json, need: int) -> Json:
        """A row of `alternatives` with its sentence."""
        times = _times(row.get("need_times")), _times(row.get("offer_times"))
        texts = []
        told = "full_assumed" if row.get("capacity_assumed") else row["reason"]
        for at, template in enumerate(_ALTERNATIVES[told]):
            values = {
                **row,
                "unit": self.party(row["unit"]),
                "gives": self._gives(row.get("places", 0), need)[at],
                "nearer": _nearer(row)[at],
                "held": _held(row)[at],
                "tags": "、".join(row.get("missing_tags", ())),
                "limits": _limits(row)[at],
                "far": _too_far(row)[at],
                "need_times": times[0][at],
                "offer_times": times[1][at],
                "why": _because(row.get("why", ""))[at],
            }
            texts.append(template.format(**values))
        exactly = self._exactly(row.get("regret"))
        return {**row, "sentence_zh": texts[0] + exactly[0], "sentence_en": texts[1] + exactly[1]}

    def _exactly(self, regret: Json | None) -> Both:
        """What giving the pair a place would cost in all, worked out."""
        if regret is None:
            return "", ""
        if not regret["possible"]:
            return "没有办法让它来承担。", " There is no way to have it serve this."
        others = len({move["need"] for move in regret["moves"]}) - 1
        cost = f"{'' if regret['exact'] else '≈'}{regret['cost']:+d}"
        zh = f"算到底：总代价{cost}米（折算）"
        en = f" Worked out: {cost} metres (or their equivalent) in all"
        for priority, places in regret["places_by_priority"].items():
            if places:
                zh += f"，优先级{priority}{'多' if places > 0 else '少'}服务{abs(places)}项次"
                en += f", {abs(places)} {'more' if places > 0 else 'fewer'} of priority {priority}"
        if others > 0:
            zh, en = (
                f"{zh}，另有{others}项需求变动",
                f"{en}, {others} other need{'s' * (others > 1)} affected",
            )
        return f"{zh}。", f"{en}."

    def add_unserved(self, row: Json, need: int) -> Json:
        """What is said of unserved places, with its sentence."""
        times = row.get("times") or {}
        found = row.get("nearest") or times
        unit = self.party(found["unit"]) if found else ""
        units = "、".join(self.party(item["unit"]) for item in row.get("refused_by", ()))
        texts = []
        for at, template in enumerate(_UNSERVED[row["reason"]]):
            reason = template.format(
                missing=_MISSING.get(row.get("missing", ""), ("", ""))[at],
                whose=(("需求", "资源"), ("need", "offer"))[at][row.get("unknown") == "offer"],
                far=_far_from(unit, row.get("nearest"))[at],
                unit=unit,
                units=units,
                need_times=_times(times.get("need_times"))[at],
                offer_times=_times(times.get("offer_times"))[at],
                short=_short(row.get("certificate"))[at],
            )
            texts.append(reason)
        amount = self._amount(row["places"], need)
        return {
            **row,
            "sentence_zh": f"还有{amount[0]}未安排：{texts[0]}。",
            "sentence_en": f"Unmatched: {amount[1]}, since {texts[1]}.",
        }

    def whole(self, need: int, served: int, served_by: tuple[Json, ...], unserved: Json | None) -> Both:
        """All about a need in a sentence or two."""
        wanted = int(self._instance.graph.need_quantity[need])
        asks, gets = self._amount(wanted, need), self._amount(served, need)
        name = self.need(need)
        zh, en = f"“{name}”需要{asks[0]}，已安排{gets[0]}", f"“{name}” asks for {asks[1]}; {gets[1]} matched"
        if served_by:
            units = list(dict.fromkeys(self.party(row["unit"]) for row in served_by))
            zh, en = f"{zh}（{'、'.join(units)}）", f"{en} ({', '.join(units)})"
        zh, en = f"{zh}。", f"{en}."
        if unserved is not None:
            zh, en = f"{zh}{unserved['sentence_zh']}", f"{en} {unserved['sentence_en']}"
        return zh, en

    def left_out(self, record: Need | Project, why: str) -> Both:
        """Why a need or project takes no part."""
        name = (record.title if isinstance(record, Need) else record.name) or record.id
        zh = en = record.referred_to if isinstance(record, Need) else ""
        if why == "status":
            known = words()["values"]["need_status"].get(record.status, {})
            zh, en = known.get("zh", record.status), known.get("en", record.status).lower()
        return _LEFT_OUT[why][0].format(name=name, to=zh), _LEFT_OUT[why][1].format(name=name, to=en)

    def party(self, party: str) -> str:
        """Name of a party; its id where no table has it."""
        for table in PARTY_ORDER:
            record = self._snapshot.record(table, party)
            if record is not None:
                return str(getattr(record, "name", "")) or party
        return party

    def offer(self, offer: str | None) -> Both:
        """Title of an offer, by its id; else its category."""
        record = self._snapshot.record("offers", offer or "")
        if not isinstance(record, Offer):
            return "", ""
        return (record.title, record.title) if record.title else category_name(record.category)

    def provider(self, offer: str) -> str | None:
        """The party that has an offer; None where the lists have no such offer."""
        return self._providers.get(offer)

    def need(self, need: int) -> str:
        """Title of a need, name of a project; else its category, else its id."""
        demand = self._instance.demand
        table, name = ("projects", "name") if demand.is_project[need] else ("needs", "title")
        title = self._snapshot.column(table, name)[demand.table_row[need]]
        return str(title or category_name(demand.category[need])[0] or demand.ids[need])

    def _gives(self, places: int, need: int) -> Both:
        if self._instance.demand.is_project[need]:
            return "认领这个项目", "takes this project"
        zh, en = self._amount(places, need)
        return f"承担{zh}", f"gives {en}"

    def _amount(self, places: int, need: int) -> Both:
        if self._instance.demand.is_project[need]:
            return f"{places}家单位", f"{places} unit{'s' if places != 1 else ''}"
        if self._instance.measure == "yuan":
            return f"{places}元", f"{places} yuan"
        return f"{places}项次", f"{places} place{'s' if places != 1 else ''}"


class _Counted(int):
    """A number that chooses between two words: `{n:place|places}`."""

    def __format__(self, spec: str) -> str:
        one, bar, many = spec.partition("|")
        return (one if self == 1 else many) if bar else super().__format__(spec)


def fill(text: str, values: Json) -> str:
    """A text with its values filled in; `{n:place|places}` is the word for so many."""
    counted = {name: _Counted(value) if type(value) is int else value for name, value in values.items()}
    return text.format(**counted)


@cache
def category_name(category: str | None) -> Both:
    """Names of a category, or of the nearest one above it that has some."""
    known = words()["categories"]
    while category is not None:
        if category in known:
            return known[category]["zh"], known[category]["en"]
        category = parent_category(category)
    return "", ""


def _times(text: str | None) -> Both:
    return (text, text) if text else ("任何时间", "at any time")


def _because(why: str) -> Both:
    return (f"（{why}）", f" ({why})") if why else ("", "")


def _limits(row: Json) -> Both:
    least, most = row.get("min_people"), row.get("max_people")
    if least is None or most is None:
        return (
            (f"{most}人以下", f"at most {most}") if least is None else (f"{least}人以上", f"at least {least}")
        )
    return f"{least}到{most}人", f"{least} to {most}"


def _too_far(row: Json) -> Both:
    """Why an offer doesn't reach, of an alternative."""
    metres, reach, by = (row.get(name) for name in ("distance_m", "reach_m", "too_far_by_m"))
    if metres is None or reach is None or by is None:
        return "不在它的服务区域。", "the need lies outside the areas it serves."
    mark = "≈" if row.get("reach_assumed") else ""
    return (
        f"超出{mark}{by:.0f}米（相距{metres:.0f}米，服务半径{mark}{reach:.0f}米）。",
        f"too far by {mark}{by:.0f} m ({metres:.0f} m away, it reaches {mark}{reach:.0f} m).",
    )


def _far_from(unit: str, nearest: Json | None) -> Both:
    """Why the nearest offer doesn't reach, of what is unserved."""
    metres = nearest["distance_m"] if nearest else None
    if nearest is None or metres is None:
        return f"不在{unit}等的服务区域", f"it lies outside the areas served by {unit} and the others"
    if nearest["reach_m"] is None:
        return (
            f"最近的{unit}相距{metres:.0f}米，它不在其服务区域",
            f"the nearest, {unit}, is {metres:.0f} m away and serves other areas",
        )
    return (
        f"最近的{unit}相距{metres:.0f}米，服务半径只有{nearest['reach_m']:.0f}米",
        f"the nearest, {unit}, is {metres:.0f} m away but reaches {nearest['reach_m']:.0f} m",
    )


def _held(row: Json) -> Both:
    """By what a full offer is held."""
    held = row.get("held_by")
    if held is None:
        return "", ""
    if held == "promises":
        return "名额都已承诺出去", "all its places are promised"
    if held == "nothing":
        return "本轮没有名额", "it has no places in this round"
    priority, extra_m = row["extra_displaces_priority"], row["extra_m"]
    if priority is not None:
        return (
            f"让出一个名额，就要少服务一项优先级{priority}的需求",
            f"freeing a place would cost a need of priority {priority} one",
        )
    if row["price"]["displaces_priority"] is not None:
        # Freeing it would take a place from somebody, but this need gives up one in return.
        if extra_m <= 0:
            return "名额都排给了别的需求", "other needs have its places"
        return (
            f"让给这项需求，总代价至少多{extra_m}米（折算）",
            f"a place for this need would cost at least {extra_m} metres (or their equivalent) more in all",
        )
    zh = f"它的一个名额值{row['price']['cost']}米（折算）"
    en = f"its place is worth {row['price']['cost']} metres (or their equivalent) to others"
    if extra_m > 0:
        zh = f"{zh}，让给这项需求，总代价至少多{extra_m}米"
        en = f"{en}, and giving it to this need would cost at least {extra_m} more in all"
    return zh, en


def _nearer(row: Json) -> Both:
    """How much nearer or farther than the present choice something is that is full."""
    metres = row.get("nearer_m")
    if not metres:
        return "", ""
    zh, en = ("近", "nearer") if metres > 0 else ("远", "farther")
    return (
        f"{zh}{abs(metres)}米，{'但' if metres > 0 else ''}",
        f"{abs(metres)} m {en}, {'but' if metres > 0 else 'and'} ",
    )


def _short(certificate: Json | None) -> Both:
    """What a certificate says."""
    if certificate is None:
        return "名额不够", "there are too few places"
    wanted = certificate.get("needs") or certificate.get("projects") or []
    total = sum(item["places"] for item in wanted)
    there = sum(item["places"] for item in certificate["holders"])
    short = certificate["short_by"]
    if len(wanted) == 1:
        zh, en = (
            f"它要{total}，能服务它的总共只有{there}",
            f"it wants {total}, all that could serve it has {there}",
        )
    else:
        zh = f"连它在内{len(wanted)}项共要{total}，能服务它们的总共只有{there}"
        en = f"with it {len(wanted)} want {total}, all that could serve them has {there}"
    return f"{zh}，差{short}", f"{en}, short by {short}"
