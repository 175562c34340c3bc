"""What would be otherwise, on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from api.commands.texts import Language, say
from api.render import Json, Show, add_row, make_table


def show_trial(document: Json) -> Show:
    """The difference in figures, then who gains, moves and loses."""

    def show(console: Console, language: Language) -> None:
        before, after = document["before"], document["after"]
        console.print(
            escape(
                say(
                    "try_total",
                    language,
                    before=before["places_served"],
                    after=after["places_served"],
                    change=f"{document['places_change']:+d}",
                    cost=f"{document['cost_change']:+d}",
                    metres=f"{document['distance_change_m']:+.0f}",
                )
            )
        )
        changed = {p: n for p, n in document["places_change_by_priority"].items() if n}
        for priority, places in changed.items():
            console.print(escape(say("try_priority", language, priority=priority, places=f"{places:+d}")))
        console.print(escape(say("try_certified" if document["certified"] else "try_uncertified", language)))
        for heading, part in (("try_needs", document), ("try_projects", document["projects"])):
            for kind in ("gained", "moved", "lost"):
                _show_rows(console, (heading, kind), part[kind], language)

    return show


def _show_rows(console: Console, of: tuple[str, str], rows: list[Json], language: Language) -> None:
    if not rows:
        return
    heading, kind = of
    what = say(f"try_{kind}", language, n=sum(row["places"] for row in rows))
    table = make_table(
        language, "try_title", "try_area", "try_places#", "try_from", "try_to",
        title=say(heading, language, what=what),
    )  # fmt: skip
    for row in rows:
        source = row["from_unit_name"] if kind == "moved" else row["unit_name"] if kind == "lost" else None
        taker = row["to_unit_name"] if kind == "moved" else row["unit_name"] if kind == "gained" else None
        add_row(table, row["title"], row["area_name"], row["places"], source, taker)
    console.print(table)
