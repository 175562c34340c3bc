"""The command `beside`: where a place more would help, and what fairness or free choice would cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.commands.door import Command, Door, Number, door_options
from api.commands.rounds import round_option
from graph.model import PARTY_TABLES

if TYPE_CHECKING:
    from matcher.beside import Named

PARTS = ("more_places", "fair_share", "distance_cap", "stability", "if_one_leaves")


@click.command(
    cls=Command,
    examples=(
        "linli beside",
        "linli beside --by group --share 0.6",
        "linli beside --part stability --part distance_cap",
        "linli beside --part more_places --of 银杏医院",
        "linli beside --limit 30 --json",
    ),
)
@click.option("--by", type=click.Choice(["area", "group"]), default="area", help="Who gets a fair share.")
@click.option("--share", type=Number(0, 1), metavar="SHARE", help="By default the largest all can have.")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="Rows of each list.")
@click.option(
    "--part", "parts", type=click.Choice(PARTS), multiple=True, help="Only this; may be given again."
)
@click.option("--of", metavar="UNIT", help="Of what places are worth, only those of this unit.")
@round_option
@door_options
def beside(
    door: Door,
    by: str,
    share: float | None,
    limit: int,
    parts: tuple[Named, ...],
    of: str | None,
    round_id: str | None,
) -> None:
    """Show what lies beside the newest round: where a place more would help, what else would cost."""
    from api.render_beside import show_beside
    from api.services.beside import beside as look_beside
    from api.services.records import names_of

    with door.store() as store:
        document = look_beside(
            store,
            by="group" if by == "group" else "area",
            share=share,
            limit=limit,
            parts=parts,
            of=of,
            round_id=round_id,
        )
        names = {} if door.as_json else names_of(store, (*PARTY_TABLES, "needs", "projects"))
    door.answer(document, show_beside(document, names))
