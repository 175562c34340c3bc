"""The command `rota`: whose turn it is when."""

from __future__ import annotations

from datetime import datetime

import click

from api.commands.door import Command, Door, door_options
from api.commands.rounds import DAY, read_period
from matcher.rota.problem import EVERY, Every


@click.command(
    cls=Command,
    examples=(
        "linli rota",
        "linli rota --body 示例街道邻里联盟 --every month --gap 2",
        "linli rota --by-area --away 银杏医院:2026-07-01..2026-08-31 --json",
    ),
)
@click.option("--body", metavar="ID", help="Id or name of an alliance; by default the one with most members.")
@click.option(
    "--every", type=click.Choice(EVERY), default="month", show_default=True, help="Length of a turn."
)
@click.option(
    "--gap",
    type=click.IntRange(0, 366),
    help="Turns at least between two of one member; default: all that go.",
)
@click.option("--by-area", is_flag=True, help="Each area where members stand has one of its own on duty.")
@click.option("--equal", is_flag=True, help="All take alike, instead of by capacity.")
@click.option("--away", multiple=True, metavar="PARTY:FROM..TO", help="Who can't when; may be repeated.")
@click.option("--from", "first", type=DAY, metavar="YYYY-MM-DD", help="First day.")
@click.option("--to", "last", type=DAY, metavar="YYYY-MM-DD", help="Last day.")
@door_options
def rota(
    door: Door,
    body: str | None,
    every: Every,
    gap: int | None,
    by_area: bool,
    equal: bool,
    away: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
) -> None:
    """Plan an alliance's turns of duty over the year: covered, fair, far apart; or say why that can't be.

    Turns go by the members' capacity. Turns recorded already (duties) stay.
    """
    from api.render_rota import show_rota
    from api.services.rota import make_rota

    period = read_period(first, last)
    with door.store() as store:
        document = make_rota(
            store, body=body, period=period, every=every, gap=gap, by_area=by_area, equal=equal, away=away
        )
    door.answer(document, show_rota(document))
