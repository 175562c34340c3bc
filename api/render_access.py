"""What access needs have, on a terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape

from api.commands.texts import Language, say
from api.render import Json, Show, add_row, make_table, word


def show_access(document: Json, names: Mapping[str, str], most: int) -> Show:
    """Access by category, then by area and category, those that nobody reaches and the worst off first."""

    def show(console: Console, language: Language) -> None:
        if not document["by_category"]:
            console.print(escape(say("access_none", language)))
            return
        console.print(escape(_tell_measure(document, language)), style="bold")
        about = {key: document[key] for key in ("places", "unreached", "empty")}
        console.print(escape(say("access_places", language, **about)))
        if document["assumed_offers"]:
            console.print(escape(say("access_assumed", language, n=document["assumed_offers"])))
        even = document["evenness"]
        if even["gini"] is not None:
            areas = ("、" if language == "zh" else ", ").join(names.get(a, a) for a in even["worst"]["areas"])
            about = {"gini": even["gini"], "theil": even["theil"], "areas": areas}
            about |= {"access": f"{even['worst']['access']:.2f}", "part": f"{100 * even['worst']['part']:g}"}
            console.print(escape(say("access_even", language, **about)))
        figures = ("places#", "access_value#", "access_unreached#", "access_empty#")
        table = make_table(language, "category", *figures)
        for row in document["by_category"]:
            add_row(table, word("categories", row["category"], language), *_figures(row))
        console.print(table)
        table = make_table(language, "category", "area", *figures)
        for row in document["rows"][:most]:
            area = row["area"]
            add_row(
                table,
                word("categories", row["category"], language),
                names.get(area, area) if area else None,
                *_figures(row),
            )
        console.print(table)
        if len(document["rows"]) > most:
            console.print(say("access_more", language, n=len(document["rows"]) - most))

    return show


def _tell_measure(document: Json, language: Language) -> str:
    """Which measure it is, over which catchment, with which zones."""
    metres = document["catchment_m"]
    catchment = (
        say("access_reach", language) if metres is None else say("access_metres", language, n=f"{metres:g}")
    )
    sentence = say(f"access_{document['measure']}", language, catchment=catchment)
    if document["zones"]:
        zones = ", ".join(f"{100 * end:.0f}% × {weight:g}" for end, weight in document["zones"])
        sentence += say("access_zones", language, zones=zones)
    if document["wardrop_gap"] is not None:
        sentence += say(
            "access_gap", language, tau=f"{document['tau']:g}", gap=f"{document['wardrop_gap']:.1e}"
        )
    return sentence


def _figures(row: Json) -> tuple[int, str | None, int, int]:
    access = None if row["access"] is None else f"{row['access']:.2f}"
    return row["places"], access, row["unreached"], row["empty"]
