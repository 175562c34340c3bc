"""Partners to pair with, on a terminal: what speaks for each, and who would lose by it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from api.commands.texts import Language, say
from api.render import Json, Show, add_row, make_table


def show_partners(rows: Sequence[Json]) -> Show:
    """Each partner with its score, what signing gains, and why."""

    def show(console: Console, language: Language) -> None:
        if not rows:
            console.print(escape(say("pair_none", language)))
            return
        table = make_table(language, "party", "score#", "pair_gain#", "why")
        for row in rows:
            add_row(table, row["name"], f"{row['score']:.3f}", row["gain_places"], _why(row, language))
        console.print(table)
        for row in rows:
            if (
                row["gain_places"]
                or row["blind_spots"]["newly_paired"]
                or row["blind_spots"]["no_longer_silent"]
            ):
                console.print(escape(f"{row['name']}: {_spots(row, language)}"))
            _warn(console, row["name"], row, language)

    return show


def show_proposal(document: Json) -> Show:
    """The pairings proposed for all, and what they gain together."""

    def show(console: Console, language: Language) -> None:
        if not document["pairs"]:
            console.print(escape(say("pair_none", language)))
            return
        console.print(
            escape(say("pair_joint", language, n=len(document["pairs"]), gain=document["gain_places"]))
        )
        table = make_table(language, "party", "partner", "score#", "why")
        for row in document["pairs"]:
            add_row(table, *row["names"], f"{row['score']:.3f}", _why(row, language))
        console.print(table)
        console.print(escape(_spots(document, language)))
        _warn(console, say("pair_all", language), document, language)

    return show


def _why(row: Json, language: Language) -> str:
    key = "text" if language == "zh" else "text_en"
    return ("；" if language == "zh" else "; ").join(reason[key] for reason in row["reasons"])


def _spots(row: Json, language: Language) -> str:
    """What becomes of gaps and blind spots."""
    return str(row["blind_spots"]["text" if language == "zh" else "text_en"])


def _warn(console: Console, name: str, row: Json, language: Language) -> None:
    key = "text" if language == "zh" else "text_en"
    for warning in row["warnings"]:
        console.print(escape(f"△ {name}: {warning[key]}"))
