"""The command `pair`: whom to pair next, for one party or for all."""

from __future__ import annotations

from datetime import datetime

import click

from api.commands.door import Command, Door, door_options
from api.commands.rounds import DAY, read_period


@click.command(
    cls=Command,
    examples=(
        "linli pair --for 桂花 --top 5",
        "linli pair --for 银杏医院 --top 10 --json",
        "linli pair --most 2",
    ),
)
@click.option("--for", "party", metavar="ID", help="Id or name of a unit, area, alliance, branch or station.")
@click.option(
    "--top", type=click.IntRange(1, 100), default=10, show_default=True, help="So many partners at most."
)
@click.option(
    "--most",
    type=click.IntRange(1, 20),
    default=1,
    show_default=True,
    help="Without --for: new pairings of each party at most.",
)
@click.option("--from", "first", type=DAY, metavar="YYYY-MM-DD", help="First day of the round.")
@click.option("--to", "last", type=DAY, metavar="YYYY-MM-DD", help="Last day of the round.")
@click.option("--as-of", type=DAY, metavar="YYYY-MM-DD", help="Only what is valid on that day, for its year.")
@door_options
def pair(
    door: Door,
    party: str | None,
    top: int,
    most: int,
    first: datetime | None,
    last: datetime | None,
    as_of: datetime | None,
) -> None:
    """Rank whom a party should pair with, and say why; without --for, the best set of pairings for all.

    Each is tried by solving the match again as if it were signed: what would be served more, who would lose.
    """
    from api.render_pair import show_partners, show_proposal
    from api.services.pair import find_partners, propose

    period = read_period(first, last)
    day = as_of.date() if as_of else None
    with door.store() as store:
        if party is None:
            proposal = propose(store.snapshot(), most=most, period=period, as_of=day)
            door.answer(proposal, show_proposal(proposal))
            return
        rows = find_partners(store, store.snapshot(), party, top=top, period=period, as_of=day)
    door.answer(rows, show_partners(rows))
