"""A rota on a terminal: the turns, who has how many, or why there is none."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from api.commands.texts import Language, say
from api.render import Json, Show, add_row, make_table


def show_rota(document: Json) -> Show:
    """The turns and what falls to each, or the rules in conflict."""

    def show(console: Console, language: Language) -> None:
        if document["conflict"] is not None:
            key = "text" if language == "zh" else "text_en"
            console.print(escape(say("rota_impossible", language, name=document["name"])))
            for rule in document["conflict"]["rules"]:
                console.print(escape(f"· {rule[key]}"))
            is_smallest = document["conflict"]["smallest"]
            console.print(say("rota_smallest" if is_smallest else "rota_perhaps_fewer", language))
            return
        gap, away = document["gap"], document["largest_deviation"]
        console.print(escape(say("rota_made", language, name=document["name"], gap=gap, away=away)))
        table = make_table(language, "rota_from", "rota_to", "area", "party")
        for turn in document["turns"]:
            add_row(table, turn["from"], turn["to"], turn["area_name"], turn["name"])
        console.print(table)
        loads = make_table(language, "party", "rota_turns#", "rota_fair#")
        for row in document["load"]:
            mark = "≈" if row["assumed"] else ""
            add_row(loads, row["name"], row["turns"], f"{mark}{row['fair']:.2f}")
        console.print(loads)

    return show
