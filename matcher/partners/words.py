"""What speaks for a pairing, and what it would take away, in sentences with numbers."""

from __future__ import annotations

from typing import Any, Final

from matcher.partners.score import UNKNOWN_M

Json = dict[str, Any]

_REASONS: Final[dict[str, tuple[str, str]]] = {
    "gain": (
        "结对后可多服务{value}项次（双方现缺{lacked}）",
        "places served more: {value} (both lack {lacked} now)",
    ),
    "gain_bound": (
        "按价格看，结对后至多可多服务{value}项次（双方现缺{lacked}）",
        "places served more, by prices: up to {value} (both lack {lacked} now)",
    ),
    "gain_none": ("结对本身不增加服务项次", "signing it would serve no more places by itself"),
    "complement": (
        "供需互补：对方能对上这边{taken}项次需求，这边能对上对方{given}项次",
        "what one needs the other offers: {taken} of the places asked for here, {given} of those there",
    ),
    "distance": ("相距{value}米", "{value} m apart"),
    "distance_unknown": ("距离不详，按{assumed}米计", "nobody knows how far apart: taken as {assumed} m"),
    "single_point": (
        "{value}项次现在只靠一家单位，结对后有了后备",
        "places that hang on one unit alone and get a second one: {value}",
    ),
    "bridge": ("双方的结对网络还没有连上", "no chain of pairings ties the two yet"),
    "bridge_community": (
        "分属两个结对圈子，能打破内循环",
        "they belong to two circles of pairings: it ties the circles",
    ),
    "reciprocity": (
        "双向：给{given}项次，得{taken}项次",
        "both give and take: {given} given, {taken} taken",
    ),
    "load": ("双方现有结对共{value}项", "pairings that the two have now: {value}"),
}

_WARNINGS: Final[dict[str, tuple[str, str]]] = {
    "partner_taken": (
        "{name}现在靠{partner}服务{before}项次，结对后只剩{after}",
        "{name} lives by {partner}, which serves {before} of its places now and would serve {after}",
    ),
    "places_lost": (
        "{name}得到的服务会从{before}项次减到{after}",
        "{name} would have {after} of its places served instead of {before}",
    ),
}


def tell_reasons(terms: dict[str, float], counts: dict[str, float], gain_places: int | None) -> list[Json]:
    """List what speaks for a pairing, what counts most first.

    Parameters
    ----------
    terms : dict of str to float
        What each term adds to the score, above zero where it speaks for the pairing.
    counts : dict of str to float
        Numbers behind them, see `matcher.partners.score.Table`.
    gain_places : int, optional
        Of the match solved again; None where it wasn't, then the bound by prices stands.

    Returns
    -------
    list of dict
        `reason`, `value`, `text` (Chinese), `text_en`, `points` (what it adds to the score).
    """
    values = {
        "gain": counts["could_gain"] if gain_places is None else gain_places,
        "complement": counts["taken"] + counts["given"],
        "distance": counts["metres"],
        "single_point": counts["backed"],
        "bridge": 1.0,
        "reciprocity": min(counts["taken"], counts["given"]),
        "load": counts["ties"],
    }
    numbers = {name: _whole(value) for name, value in counts.items()} | {"assumed": UNKNOWN_M}
    rows = []
    for name in sorted(terms, key=lambda name: -terms[name]):
        if terms[name] <= 0:
            continue
        value = _whole(values[name])
        key = {
            "bridge": "bridge_community" if counts["is_circle"] else "bridge",
            "gain": "gain_bound" if gain_places is None else "gain",
            "distance": "distance" if value is not None else "distance_unknown",
        }.get(name, name)
        zh, en = (text.format(**{**numbers, "value": value}) for text in _REASONS[key])
        rows.append(
            {"reason": name, "value": value, "text": zh, "text_en": en, "points": round(terms[name], 6)}
        )
    if gain_places is not None and terms["gain"] <= 0:
        zh, en = _REASONS["gain_none"]
        rows.append({"reason": "gain", "value": gain_places, "text": zh, "text_en": en, "points": 0.0})
    return rows


def tell_blind_spots(before: int, after: int, paired: list[str], woken: list[str]) -> Json:
    """One sentence on what becomes of gaps and blind spots, `text` and `text_en`; names are given."""
    zh, en = [f"没安排上的{before}项次，签后{after}"], [f"places unserved: {before} now, {after} then"]
    if paired:
        zh.append(f"{'、'.join(paired)}有了结对")
        en.append(f"paired for the first time: {', '.join(paired)}")
    if woken:
        zh.append(f"{'、'.join(woken)}不再闲着")
        en.append(f"no longer silent: {', '.join(woken)}")
    return {"text": "；".join(zh), "text_en": "; ".join(en)}


def tell_warning(kind: str, **numbers: Any) -> Json:
    """One warning with its sentence."""
    zh, en = (text.format(**numbers) for text in _WARNINGS[kind])
    return {"warning": kind, **numbers, "text": zh, "text_en": en}


def _whole(value: float) -> int | None:
    """A number as people say it; metres and places are whole."""
    return None if value != value else round(value)
