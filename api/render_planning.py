"""What a planner could do next, on a terminal: sites for new stations."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from api.commands.texts import Language, say
from api.render import Json, Show, add_row, make_table, word


def show_sites(document: Json) -> Show:
    """What stations reach now, the best sites for each number of new ones, and how many reach everybody."""

    def show(console: Console, language: Language) -> None:
        about = {key: document[key] for key in ("total", "reached", "within_reach", "unplaced", "candidates")}
        asked = say(f"asked_{document['demand']}", language)
        console.print(
            escape(say("sites", language, asked=asked, stations=len(document["existing"]), **about)),
            style="bold",
        )
        if document["unplaced"]:
            console.print(escape(say("sites_unplaced", language, n=document["unplaced"])))
        if not document["plans"]:
            console.print(escape(say("sites_none", language)))
            return
        table = make_table(
            language, "sites_new#", "sites_reached#", "sites_share#", "sites_proof", "sites_where"
        )
        for plan in document["plans"]:
            names = (f"{site['name']} +{site['adds']}" for site in plan["chosen"])
            share = None if plan["share"] is None else f"{100 * plan['share']:.1f}"
            add_row(table, plan["p"], plan["value"], share, _proof(plan, language), "、".join(names))
        console.print(table)
        everybody = document["everybody"]
        if everybody is not None:
            key = "sites_all" if everybody["status"] == "optimal" else "sites_all_bounded"
            sentence = say(key, language, n=everybody["p"], bound=everybody["bound"])
            console.print(escape(sentence))

    return show


def _proof(plan: Json, language: Language) -> str:
    if plan["status"] == "optimal":
        return word("solution_status", "optimal", language)
    return say("at_most", language, n=plan["bound"])
