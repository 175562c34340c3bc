"""What a planner could do next, and what became of gaps, on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.commands.texts import Language, say
from api.render import Json, Show, add_row, make_table, word
from api.render_gaps import tell_by_priority, tell_gain


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
        if document["tried"] is not None:
            _show_tried(console, document["tried"], language)
        if not document["candidates"]:
            console.print(escape(say("sites_no_places", language)))
        elif not document["plans"]:
            console.print(escape(say("sites_none", language)))
        if not document["plans"]:
            return
        console.print(_plans(document, language))
        most = max(plan["p"] for plan in document["plans"])
        if most > document["candidates"] > 0:
            console.print(escape(say("sites_fewer", language, n=document["candidates"], asked=most)))
        _show_territories(console, document["plans"][-1], language)
        everybody = document["everybody"]
        if everybody is not None:
            key = "sites_all" if everybody["status"] == "optimal" else "sites_all_bounded"
            sentence = say(key, language, n=everybody["p"], bound=everybody["bound"])
            console.print(escape(sentence))

    return show


def _show_tried(console: Console, tried: Json, language: Language) -> None:
    """What stations at the places somebody named would reach, and where none can stand."""
    if tried["chosen"]:
        places = _names(tried["chosen"])
        console.print(
            escape(say("sites_tried", language, names=places, value=tried["value"], adds=tried["adds"]))
        )
    for name in tried["not_possible"]:
        console.print(escape(say("sites_not_possible", language, name=name)))


def _plans(document: Json, language: Language) -> Table:
    """The plans for each number of new stations, the best first, then those that differ."""
    table = make_table(language, "sites_new#", "sites_reached#", "sites_share#", "sites_proof", "sites_where")
    for plan in document["plans"]:
        for one in (plan, *plan["others"]):
            share = None if one["share"] is None else f"{100 * one['share']:.1f}"
            number = min(plan["p"], document["candidates"])
            add_row(table, number, one["value"], share, _proof(one, language), _names(one["chosen"]))
    return table


def _names(chosen: Iterable[Json]) -> str:
    return "、".join(f"{site['name']} +{site['adds']}" for site in chosen)


def _show_territories(console: Console, plan: Json, language: Language) -> None:
    """Which neighbourhoods each station of a plan would look after, where that was asked for."""
    if "territories" not in plan:
        return
    found = plan["territories"]
    title = say(
        "territories", language, n=plan["p"], heaviest=found["heaviest"], least=found["least_heaviest"]
    )
    table = make_table(language, "sites_station", "areas_count#", "sites_load#", "metres#", title=title)
    for row in found["stations"]:
        add_row(table, row["name"], len(row["areas"]), row["load"], round(row["farthest_m"]))
    console.print(table)


def _proof(plan: Json, language: Language) -> str:
    if plan["status"] == "optimal":
        return word("solution_status", "optimal", language)
    return say("at_most", language, n=plan["bound"])


def show_actions(document: Json, *, is_bare: bool = False) -> Show:
    """What to do, in the order in which it helps most, and what comes of it all together.

    Where nothing is asked for (`is_bare`), lists come first.
    """

    def show(console: Console, language: Language) -> None:
        if is_bare and not document["actions"]:
            console.print(escape(say("nothing_wanted", language)))
            return
        if not document["actions"]:
            # Of those that help, one that can be paid for would have been taken.
            key = "actions_too_dear" if document["candidates"] else "actions_none"
            budget = f"{document['budget']:g}"
            console.print(escape(say(key, language, n=document["candidates"], budget=budget)))
            return
        table = make_table(language, "actions_what", "actions_alone#", "actions_adds#", "actions_cost#")
        for row in document["actions"]:
            alone = tell_gain(row["gain"], row["gain_places"], row["gain_project_units"], language)
            adds = tell_gain(row["adds"], row["adds_places"], row["adds_project_units"], language)
            add_row(table, row[f"sentence_{language}"], alone, adds, f"{row['cost']:g}")
        console.print(table)
        key = "actions_all" if document["status"] == "optimal" else "actions_all_bounded"
        about = {name: document[name] for name in ("value", "bound", "candidates")}
        console.print(escape(say(key, language, spent=f"{document['spent']:g}", **about)))
        gains, bounds = (
            tell_by_priority(document[name], language) for name in ("value_by_priority", "bound_by_priority")
        )
        if document["status"] != "optimal":
            console.print(escape(say("actions_by_priority", language, gains=gains, bounds=bounds)))
        elif min(document["value_by_priority"].values()) < 0:
            console.print(escape(say("actions_swapped", language, gains=gains)))
        if document["value_project_units"] is None:
            console.print(escape(say("actions_mixed", language)))
        elif document["value_project_units"]:
            console.print(escape(say("actions_projects", language, n=document["value_project_units"])))
        if document["units"]:
            console.print(escape(say("actions_units", language, n=document["units"])))

    return show


def show_gap_changes(document: Json, names: Mapping[str, str], most: int) -> Show:
    """Which gaps and blind spots closed and opened since a day, and what did it."""

    def show(console: Console, language: Language) -> None:
        before, now = document["since"], document["now"]
        about = {"day": before["day"], "before": before["unserved"], "now": now["unserved"]}
        about |= {"closed": document["places_closed"], "opened": document["places_opened"]}
        console.print(escape(say("gaps_since", language, **about)), style="bold")
        for key in ("closed", "opened"):
            rows = document[key]
            if not rows:
                continue
            columns = ("need", "places#", "reason", "gaps_how")
            table = make_table(language, *columns, title=say(f"gaps_{key}", language))
            for row in rows[:most]:
                by = "、".join(names.get(change["id"], change["id"]) for change in row["by"])
                how = say(f"how_{row['how']}", language)
                reason = word("reasons", row["reason"], language)
                add_row(
                    table, names.get(row["need"], row["need"]), row["places"], reason, f"{how} {by}".strip()
                )
            console.print(table)
            if len(rows) > most:
                console.print(say("rows_more", language, n=len(rows) - most))
        spots = document["blind_spots"].values()
        counted = {key: sum(len(spot[key]) for spot in spots) for key in ("closed", "opened")}
        console.print(escape(say("spots_since", language, **counted)))

    return show
