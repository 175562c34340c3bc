"""What lies beside the optimum, on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape

from api.commands.texts import Language, say
from api.render import Json, Show, add_row, make_table

Names = Mapping[str, str]


def show_beside(document: Json, names: Names) -> Show:
    """Where a place more would help, and what else would cost; only what the document has."""

    def show(console: Console, language: Language) -> None:
        if not document["exact"]:
            console.print(escape(say("beside_split", language)))
        for key, heading in (("more_places", "beside_more"), ("less_places", "beside_missed")):
            if document.get(key) or (key in document and key == "more_places"):
                console.print(escape(say(heading, language)), style="bold")
                for row in document[key]:
                    console.print(escape(row[f"sentence_{language}"]))
                if not document[key]:
                    console.print(escape(say("beside_none", language)))
        _show_instead(console, document, names, language)
        if document.get("if_one_leaves"):
            table = make_table(language, "unit", "beside_lost#", title=say("beside_leaves", language))
            for row in document["if_one_leaves"]:
                least = "" if row["exact"] else "≥"
                add_row(table, names.get(row["unit"], row["unit"]), f"{least}{row['places']}")
            console.print(table)

    return show


def _show_instead(console: Console, document: Json, names: Names, language: Language) -> None:
    """What a fair share, a distance cap and free choice would cost."""
    fair, cap, stable = (document.get(name) for name in ("fair_share", "distance_cap", "stability"))
    rows: list[tuple[str, Json]] = []
    if fair is not None and fair["toll"] is not None:
        rows.append((say("beside_share", language, share=_percent(fair["share"])), fair["toll"]))
    if cap is not None:
        told = say("beside_cap", language, cap=round(cap["cap_m"]), was=round(cap["farthest_m"]))
        rows.append((told, cap["toll"]))
    if stable is not None:
        rows += [(say(f"beside_{side}", language), stable[side]) for side in ("by_needs", "by_offers")]
    _show_tolls(console, "beside_instead", rows, language)
    if fair is not None:
        console.print(escape(_how_fair(fair, names, language)))
        steps = [(f"{_percent(step['share'])} %", step["toll"]) for step in fair["steps"]]
        _show_tolls(console, "beside_share_steps", steps, language)
    if cap is not None:
        steps = [(f"{round(step['cap_m'])} m", step["toll"]) for step in cap["steps"]]
        _show_tolls(console, "beside_cap_steps", steps, language)
    if stable is not None:
        console.print(escape(say("beside_blocking", language, n=stable["blocking_pairs"])))
        _show_pairs(console, stable["pairs"], names, language)


def _show_tolls(console: Console, heading: str, rows: Sequence[tuple[str, Json]], language: Language) -> None:
    if not rows:
        return
    table = make_table(language, heading, "beside_places#", "beside_people#", "beside_cost#")
    for name, toll in rows:
        lost = (_fewer(toll[figure], language) for figure in ("places", "people_reached"))
        add_row(table, name, *lost, _fewer(-toll["cost"], language))
    console.print(table)


def _show_pairs(console: Console, pairs: Sequence[Json], names: Names, language: Language) -> None:
    """Who would rather have whom, and who would be in the way."""
    if not pairs:
        return
    columns = ("beside_pair", "beside_wants", "beside_instead_of", "beside_in_the_way")
    table = make_table(language, *columns, title=say("beside_pairs_shown", language, n=len(pairs)))
    for pair in pairs:
        instead, way = pair["instead_of"], pair["in_the_way"]
        add_row(
            table,
            names.get(pair["need"], pair["need"]),
            names.get(pair["unit"], pair["unit"]),
            say("beside_open", language) if instead is None else names.get(instead["unit"], instead["unit"]),
            say("beside_room", language) if way is None else names.get(way["need"], way["need"]),
        )
    console.print(table)


def _percent(share: float) -> float:
    return round(100 * share, 2)


def _fewer(lost: int, language: Language) -> str:
    """So many fewer or more than the optimum has."""
    return say("beside_fewer" if lost > 0 else "beside_further", language, n=abs(lost)) if lost else "0"


def _how_fair(fair: Json, names: Names, language: Language) -> str:
    """The largest share that all can have; of a share that they can't, who is in each other's way."""
    largest = _percent(fair["largest_share"])
    if fair["toll"] is not None:
        return say("beside_largest", language, share=largest)
    limiting = [names.get(name, name) for name in fair["limited_by"]]
    key = "beside_impossible_by" if limiting else "beside_impossible"
    named = ("、" if language == "zh" else ", ").join(limiting)
    return say(key, language, share=_percent(fair["share"]), largest=largest, names=named)
