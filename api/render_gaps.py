"""Gaps on a terminal: what is unmatched and why, what would close it, and what nobody covers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from api.commands.texts import Language, say
from api.render import Json, Show, add_row, make_table, word
from graph.taxonomy import words

NAMES_SHOWN: Final = 2


def show_gaps(document: Json, names: Mapping[str, str], most: int) -> Show:
    """Unmatched places by reason, the largest gaps, and the blind spots."""

    def show(console: Console, language: Language) -> None:
        if not document["unserved"]:
            is_asked = bool(document["equity"]["by_category"])
            console.print(say("no_gaps" if is_asked else "no_needs", language))
        else:
            console.print(say("gaps", language, n=document["unserved"]))
            console.print(_reasons(document["summary"], language))
            _show_list(console, document["gaps"], names, most, language)
        for part in ("projects", "money"):
            lacking = document.get(part)
            if lacking and lacking["unserved"]:
                console.print(say(f"gaps_{part}", language, n=lacking["unserved"]))
                _show_list(console, lacking["gaps"], names, most, language, part)
        counted = {
            "offers": len(document["idle_offers"]),
            "units": len(document["idle_units"]),
            "areas": len(document["unpaired_areas"]),
            "uncovered": len(document["uncovered_units"]),
        }
        console.print(say("blind", language, **counted))
        if document["areas_without_offer"]:
            console.print(_unreached(document["areas_without_offer"], names, language))
        warned = Counter(warning["warning"] for warning in document["warnings"]).most_common()
        if warned:
            mark = " " if language == "en" else ""
            parts = (f"{word('warnings', name, language)}{mark}{count}" for name, count in warned)
            console.print(("，" if language == "zh" else ", ").join(parts))

    return show


def _show_list(
    console: Console,
    gaps: Sequence[Json],
    names: Mapping[str, str],
    most: int,
    language: Language,
    part: str = "needs",
) -> None:
    shown = gaps[:most]
    why = Counter(gap["no_fix"][f"sentence_{language}"] for gap in shown if gap["no_fix"])
    common = {sentence: count for sentence, count in why.items() if count > 1}
    console.print(_gaps(shown, names, language, part, common))
    if len(gaps) > most:
        console.print(say("rows_more", language, n=len(gaps) - most))
    for sentence, count in common.items():
        console.print(say("no_fix_common", language, n=count, why=sentence))


def _reasons(summary: Mapping[str, int], language: Language) -> Table:
    table = make_table(language, "reason", "places#")
    for reason, places in sorted(summary.items(), key=lambda item: -item[1]):
        if places:
            icon = words()["reasons"][reason]["icon"]
            add_row(table, f"{icon} {word('reasons', reason, language)}", places)
    return table


def _gaps(
    gaps: Sequence[Json], names: Mapping[str, str], language: Language, part: str, common: Container[str]
) -> Table:
    counted = {"needs": "places#", "projects": "gap_units#", "money": "gap_yuan#"}[part]
    table = make_table(language, "reason", "category", "area", "priority_short#", "people#", counted, "fix")
    for gap in gaps:
        fix = gap["fix"]
        categories = [word("categories", name, language) for name in _largest(gap["by_category"])]
        areas = [names.get(name, name) for name in _largest(gap["by_area"])]
        add_row(
            table,
            _why(gap, names, language),
            _first_names(categories, language),
            _first_names(areas, language),
            gap["priority"],
            gap["people"],
            gap["places"],
            f"{fix[f'sentence_{language}']} {_gain_of(fix, language)}"
            if fix
            else _without_fix(gap, language, common),
        )
    return table


def _gain_of(fix: Json, language: Language) -> str:
    """What a fix gains, and how much of it is this gap's where that differs."""
    gain = tell_gain(fix["gain"], fix["gain_places"], fix["gain_project_units"], language)
    here = fix["gain_here"]
    if here is None:
        return say("gain_here_unknown", language, gain=gain)
    return gain if here == fix["gain_places"] else say("gain_here", language, gain=gain, here=f"{here:+d}")


def _without_fix(gap: Json, language: Language, common: Container[str]) -> str:
    """Why a gap has no fix, unless that is told for several at once, and what would do instead."""
    told = [row[f"sentence_{language}"] for row in (gap["no_fix"], *gap["would_do"]) if row]
    return ("" if language == "zh" else " ").join(sentence for sentence in told if sentence not in common)


def _why(gap: Json, names: Mapping[str, str], language: Language) -> str:
    """A gap's reason, by how much a group is short, or what is nearest and which reach would do."""
    reason, note = word("reasons", gap["reason"], language), _note(gap, names, language)
    return f"{reason}{'：' if language == 'zh' else ': '}{note}" if note else reason


def _note(gap: Json, names: Mapping[str, str], language: Language) -> str:
    certificate, nearest = gap["certificate"], gap.get("nearest")
    if certificate:
        return say("short_by", language, n=certificate["short_by"])
    if not nearest:
        return ""
    offer = names.get(nearest["offer"], nearest["offer"])
    metres, reach = nearest["reach_that_would_do_m"], nearest["reach_m"]
    if metres is None or reach is None:
        # It serves areas, or nobody knows how far it is: no reach would do.
        return say("nearest", language, offer=offer)
    key = "nearest_assumed" if nearest["reach_assumed"] else "nearest_reach"
    return say(key, language, offer=offer, metres=metres, reach=round(reach))


def tell_gain(gain: Mapping[str, int], total: int, units: int | None, language: Language) -> str:
    """Places gained and units of projects (None: unknown, how many of the total are).

    By priority where the urgent are served in place of others and no more in all.
    """
    if total > 0:
        if units is None:
            return say("gain_mixed", language, total=f"{total:+d}")
        rest = f"{total - units:+d}"
        return rest if not units else say("gain_split", language, places=rest, units=f"{units:+d}")
    return tell_by_priority(gain, language)


def tell_by_priority(gain: Mapping[str, int], language: Language) -> str:
    """Places gained and given up, the most urgent first; only of the priorities where something changes."""
    parts = [
        f"{word('priority', priority, language)} {places:+d}" for priority, places in gain.items() if places
    ]
    return ("，" if language == "zh" else ", ").join(parts) or "0"


def _unreached(rows: Sequence[Json], names: Mapping[str, str], language: Language) -> Table:
    """Neighbourhoods without an offer of a category within reach."""
    table = make_table(language, "category", "areas_count#", "area", title=say("unreached", language))
    for row in rows:
        areas = [names.get(area, area) for area in row["areas"]]
        add_row(
            table, word("categories", row["category"], language), len(areas), _first_names(areas, language)
        )
    return table


def _largest(places: Mapping[str, int]) -> list[str]:
    """Keys by their places, most first, then by name; what nobody knows is left out."""
    return sorted((key for key in places if key), key=lambda key: (-places[key], key))


def _first_names(names: Sequence[str], language: Language) -> str | None:
    """The first two of some names, and how many more there are."""
    shown = ("、" if language == "zh" else ", ").join(names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    return f"{shown} +{more}" if more > 0 else shown or None
