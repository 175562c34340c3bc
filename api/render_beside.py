"""What lies beside the optimum, on a terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape

from api.commands.texts import Language, say
from api.render import Json, Show, add_row, make_table


def show_beside(document: Json, names: Mapping[str, str]) -> Show:
    """Where a place more would help, and what else would cost."""

    def show(console: Console, language: Language) -> None:
        if not document["exact"]:
            console.print(escape(say("beside_split", language)))
        console.print(escape(say("beside_more", language)), style="bold")
        for row in document["more_places"]:
            console.print(escape(row[f"sentence_{language}"]))
        if not document["more_places"]:
            console.print(escape(say("beside_none", language)))
        fair, cap, stable = (document[name] for name in ("fair_share", "distance_cap", "stability"))
        table = make_table(language, "beside_instead", "beside_places#", "beside_people#", "beside_cost#")
        share = say("beside_share", language, share=round(100 * fair["share"], 2))
        rows = [(share, fair["toll"])] if fair["toll"] is not None else []
        if cap is not None:
            rows.append(
                (
                    say("beside_cap", language, cap=round(cap["cap_m"]), was=round(cap["farthest_m"])),
                    cap["toll"],
                )
            )
        rows += [(say(f"beside_{side}", language), stable[side]) for side in ("by_needs", "by_offers")]
        for name, toll in rows:
            lost = (_fewer(toll[figure], language) for figure in ("places", "people_reached"))
            add_row(table, name, *lost, _fewer(-toll["cost"], language))
        console.print(table)
        console.print(escape(_how_fair(fair, names, language)))
        console.print(escape(say("beside_blocking", language, n=stable["blocking_pairs"])))
        if document["if_one_leaves"]:
            table = make_table(language, "unit", "beside_lost#", title=say("beside_leaves", language))
            for row in document["if_one_leaves"]:
                least = "" if row["exact"] else "≥"
                add_row(table, names.get(row["unit"], row["unit"]), f"{least}{row['places']}")
            console.print(table)

    return show


def _fewer(lost: int, language: Language) -> str:
    """So many fewer or more than the optimum has."""
    return say("beside_fewer" if lost > 0 else "beside_further", language, n=abs(lost)) if lost else "0"


def _how_fair(fair: Json, names: Mapping[str, str], language: Language) -> str:
    """The largest share that all can have; of a share that they can't, who is in each other's way."""
    largest = round(100 * fair["largest_share"], 2)
    if fair["toll"] is not None:
        return say("beside_largest", language, share=largest)
    limiting = [names.get(name, name) for name in fair["limited_by"]]
    key = "beside_impossible_by" if limiting else "beside_impossible"
    named = ("、" if language == "zh" else ", ").join(limiting)
    return say(key, language, share=round(100 * fair["share"], 2), largest=largest, names=named)
