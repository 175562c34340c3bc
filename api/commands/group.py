"""The command `group`: even, connected groups of parties that are of use to each other."""

from __future__ import annotations

from datetime import datetime

import click

from api.commands.door import Command, Door, Number, door_options
from api.commands.rounds import DAY


@click.command(
    cls=Command,
    examples=("linli group --into 4", "linli group --into 3 --body 示例街道邻里联盟 --slack 2 --json"),
)
@click.option("--into", type=click.IntRange(1, 100), required=True, help="How many groups.")
@click.option("--body", metavar="ID", help="Only the members of an alliance, by id or name; by default all.")
@click.option(
    "--beside",
    type=click.Choice(["alliance", "branch", "area"]),
    default="alliance",
    show_default=True,
    help="Today's groups, to compare with.",
)
@click.option(
    "--slack",
    type=click.IntRange(0, 100),
    default=1,
    show_default=True,
    help="Sizes differ from an even share by so many at most, if groups can hang together so.",
)
@click.option(
    "--step",
    "step_m",
    type=Number(min=0),
    default=2000,
    show_default=True,
    help="Metres: two parties no farther apart hang together.",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True, help="For what is drawn."
)
@click.option("--as-of", type=DAY, metavar="YYYY-MM-DD", help="Only what is valid on that day, for its year.")
@door_options
def group(
    door: Door,
    into: int,
    body: str | None,
    beside: str,
    slack: int,
    step_m: float,
    seed: int,
    as_of: datetime | None,
) -> None:
    """Put parties into even groups (街区) that are near and of use to each other, and compare with today's.

    By local search: the bound says how far from the best the groups could be at most.
    """
    from api.render_group import show_groups
    from api.services.group import make_groups

    with door.store() as store:
        document = make_groups(
            store,
            into=into,
            body=body,
            beside=beside,
            slack=slack,
            step_m=step_m,
            seed=seed,
            as_of=as_of.date() if as_of else None,
        )
    door.answer(document, show_groups(document))
