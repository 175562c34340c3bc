"""Measures of the network as short tables on a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape

from api.commands.texts import Language, say
from api.render import Json, Show, add_row, make_table
from graph.measures.words import measure_words


def show_measure(measure: str, document: list[dict[str, Any]] | dict[str, Any], most: int) -> Show:
    """What a measure says to a planner, then its values, the largest first."""
    about = measure_words()["measures"][measure]

    def show(console: Console, language: Language) -> None:
        console.print(f"[bold]{escape(about[language])}[/bold]")
        console.print(escape(about[f"says_{language}"]))
        if isinstance(document, dict):
            _show_whole(console, document, language)
            return
        table = make_table(language, "party", "value#", "note")
        for row in document[:most]:
            add_row(table, row["name"], _number(row["value"]), _reason(row, language) or _span(row, language))
        console.print(table)
        if len(document) > most:
            console.print(say("parties_more", language, n=len(document) - most))

    return show


def _show_whole(console: Console, document: Json, language: Language) -> None:
    if document["value"] is None:
        console.print(_reason(document, language))
        return
    line = _number(document["value"]) or ""
    if document["z"] is not None:
        null = document["null"]
        line = say("against_chance", language, value=line, z=_number(document["z"]),
                   expected=_number(null["expected"]), samples=null["samples"])  # fmt: skip
    console.print(escape(" ".join(part for part in (line, _span(document, language)) if part)))
    if document.get("groups"):
        table = make_table(language, "group", "value#", "ties_inside#", "ties_outside#")
        for group in sorted(document["groups"], key=lambda one: (one["value"], one["id"])):
            add_row(table, group["name"], _number(group["value"]), group["inside"], group["outside"])
        console.print(table)


def _number(value: float | None) -> str | None:
    """A number with three figures after the point, where it has any."""
    return None if value is None else str(value) if isinstance(value, int) else f"{value:.3f}"


def _span(document: Json, language: Language) -> str:
    """Between which values a number may lie, where it isn't sure."""
    low, high = document.get("from"), document.get("to")
    if low == high:
        return ""
    between = f"{_number(low)}–{_number(high)}"
    return f"（可能在{between}）" if language == "zh" else f"(may be {between})"


def _reason(row: Json, language: Language) -> str:
    reason = row.get("reason")
    return str(measure_words()["reasons"][reason][language]) if reason else ""
