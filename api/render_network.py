"""Measures of the network as short tables on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from rich.console import Console
from rich.markup import escape

from api.commands.texts import Language, say
from api.render import Json, Show, add_row, make_table
from graph.measures.names import OF_OWN_RECORDS
from graph.measures.words import measure_words, name_of, saying_of
from graph.network_ties import ABOUT

_Write = Callable[[float | None], str | None]

_SMALL: Final = 0.1
_SHARES: Final = ("together",)
_ROLES: Final = ("coordinator", "itinerant", "gatekeeper", "liaison")
_UNSAID_AT_0: Final = (*_ROLES, "incomplete", "records_unknown", "without_date", "left_out", "ties_left_out")


def show_measure(
    measure: str, document: list[dict[str, Any]] | dict[str, Any], most: int, kind: str = "pairings"
) -> Show:
    """What a measure says to a planner, then its values, the largest first."""

    def show(console: Console, language: Language) -> None:
        console.print(f"[bold]{escape(name_of(measure, kind)[language])}[/bold]")
        console.print(escape(saying_of(measure, kind)[language]))
        if kind != "pairings" and measure not in OF_OWN_RECORDS:
            console.print(escape(ABOUT[kind][0 if language == "zh" else 1]))
        if isinstance(document, dict):
            _show_whole(console, document, language)
            _tell_unsure(console, [document], language)
            return
        table = make_table(language, "party", "value#", "note")
        for row in document[:most]:
            note = _reason(row, language) or _join(language, _span(row, language), *_facts(row, language))
            add_row(table, row["name"], _number(row["value"]), note)
        console.print(table)
        _tell_unsure(console, document, language)
        if len(document) > most:
            console.print(say("parties_more", language, n=len(document) - most))

    return show


def _tell_unsure(console: Console, rows: Sequence[Json], language: Language) -> None:
    """What lists that go on leave open, once for all numbers."""
    for unsure in sorted({row["unsure"] for row in rows if row.get("unsure")}):
        console.print(escape(measure_words()["unsure"][unsure][language]))


def _show_whole(console: Console, document: Json, language: Language) -> None:
    if document["value"] is None:
        console.print(_reason(document, language))
        return
    line = _number(document["value"]) or ""
    if document["z"] is not None:
        null = document["null"]
        line = say("against_chance", language, value=line, z=_number(document["z"]),
                   expected=_number(null["expected"]), samples=null["samples"])  # fmt: skip
    told = line, _span(document, language), _z_span(document, language)
    console.print(escape(" ".join(part for part in told if part)))
    if facts := _facts(document, language):
        console.print(escape(_join(language, *facts)))
    if document.get("curve"):
        table = make_table(language, "removed#", "left_targeted#", "left_random#")
        for row in document["curve"]:
            add_row(table, *(f"{row[name]:.0%}" for name in ("removed", "targeted", "random")))
        console.print(table)
    if document.get("groups"):
        table = make_table(
            language, "group", "value#", "by_chance#", "z#", "as_inward#", "ties_inside#", "ties_outside#"
        )
        for group in sorted(document["groups"], key=lambda one: (one["value"], one["id"])):
            value, z = (
                _ranged(_number, group, name, prefix, language)
                for name, prefix in (("value", ""), ("z", "z_"))
            )
            inward = _ranged(_percent, group, "as_inward", "as_inward_", language)
            chance = _number(group["expected"])
            add_row(table, group["name"], value, chance, z, inward, group["inside"], group["outside"])
        console.print(table)


def _number(value: float | None) -> str | None:
    """A number with three figures after the point, or as many that count where it is small."""
    if value is None or isinstance(value, int):
        return None if value is None else str(value)
    return f"{value:.3f}" if value == 0 or abs(value) >= _SMALL else f"{value:.2g}"


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share:.1%}" if 0 < share < _SMALL else f"{share:.0%}"


def _ranged(write: _Write, row: Json, name: str, prefix: str, language: Language) -> str | None:
    """A figure with the least and the most that it may be, where that isn't the same."""
    low, high = row.get(f"{prefix}from"), row.get(f"{prefix}to")
    return write(row[name]) if low == high else f"{write(row[name])} ({_between(write, low, high, language)})"


def _between(write: _Write, low: float | None, high: float | None, language: Language) -> str:
    """Two ends; a dash between them would look like a sign before one below 0."""
    between = "–" if (low or 0) >= 0 and (high or 0) >= 0 else "到" if language == "zh" else " to "
    return f"{write(low)}{between}{write(high)}"


def _facts(document: Json, language: Language) -> list[str]:
    """The further numbers that a value is made of, each with its words."""
    flat = {**document, **document.get("roles", {}), **document.get("layers", {})}
    return [
        words[language].format(
            n=_ranged(_percent if key in _SHARES else _number, flat, key, f"{key}_", language)
        )
        for key, words in measure_words()["details"].items()
        if flat.get(key) is not None and not (flat[key] == 0 and key in _UNSAID_AT_0)
    ]


def _join(language: Language, *parts: str) -> str:
    return ("；" if language == "zh" else "; ").join(part for part in parts if part)


def _span(document: Json, language: Language) -> str:
    """Between which values a number may lie, where it isn't sure."""
    low, high = document.get("from"), document.get("to")
    if low == high:
        return ""
    if high is None:
        return "至少" if language == "zh" else "at least"
    between = _between(_number, low, high, language)
    return f"（可能在{between}）" if language == "zh" else f"(may be {between})"


def _z_span(document: Json, language: Language) -> str:
    low, high = document.get("z_from"), document.get("z_to")
    if low == high:
        return ""
    between = _between(_number, low, high, language)
    return f"（z可能在{between}）" if language == "zh" else f"(z may be {between})"


def _reason(row: Json, language: Language) -> str:
    reason = row.get("reason")
    return str(measure_words()["reasons"][reason][language]) if reason else ""
