"""The command `network`: one measure of how the alliance is tied."""

from __future__ import annotations

from datetime import datetime

import click

from api.commands.door import Command, Door, door_options
from api.commands.rounds import DAY
from graph.measures.names import BYS, KINDS, MEASURES, By


@click.command(
    cls=Command,
    examples=(
        "linli network --measure betweenness",
        "linli network --measure ei --by kind --json",
        "linli network --measure articulation --as-of 2026-07-01",
        "linli network --measure components --kind tree",
    ),
)
@click.option("--measure", type=click.Choice(MEASURES), required=True, help="What to measure.")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default="pairings",
    show_default=True,
    help="Ties of the network, as in docs/measures.md.",
)
@click.option(
    "--by", type=click.Choice(BYS), default="area", show_default=True, help="Groups, for ei and brokerage."
)
@click.option("--as-of", type=DAY, metavar="YYYY-MM-DD", help="Only what is valid on that day.")
@click.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True, help="For what is drawn."
)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Rows shown.")
@door_options
def network(
    door: Door, measure: str, kind: str, by: By, as_of: datetime | None, seed: int, limit: int
) -> None:
    """Measure how the alliance is tied: who connects, where it turns in on itself, what breaks.

    docs/measures.md has each measure's formula, source and range.
    """
    from api.render_network import show_measure
    from api.services.network import take_measure

    with door.store() as store:
        day = as_of.date() if as_of else None
        document = take_measure(store.snapshot(), measure, kind=kind, by=by, as_of=day, seed=seed)
    door.answer(document, show_measure(measure, document, limit, kind))
