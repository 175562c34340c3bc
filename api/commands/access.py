"""The command `access`: what supply needs can count on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.commands.door import Command, Door, Number, door_options
from api.commands.rounds import ACCESS_MEASURES, round_option

if TYPE_CHECKING:
    from matcher.rules import AccessMeasure


@click.command(
    cls=Command,
    examples=(
        "linli access",
        "linli access --measure E2SFCA --json",
        "linli access --measure RAAM --catchment 1000",
    ),
)
@click.option(
    "--measure",
    type=click.Choice(ACCESS_MEASURES, case_sensitive=False),
    metavar="|".join(ACCESS_MEASURES),
    help="Which measure; by default the one that the round's low access rests on (2SFCA).",
)
@click.option(
    "--catchment",
    "catchment_m",
    type=Number(1, 1e6),
    metavar="METRES",
    help="The same catchment for all; by default the reach of each offer.",
)
@click.option("--no-needs", is_flag=True, help="Leave single needs out of the JSON document.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Rows shown.")
@round_option
@door_options
def access(
    door: Door,
    *,
    round_id: str | None,
    measure: AccessMeasure | None,
    catchment_m: float | None,
    no_needs: bool,
    limit: int,
) -> None:
    """Show what supply needs can count on, by category and area, whoever is matched with whom.

    Nobody in reach is unknown (—); somebody in reach without places is 0. By RAAM less is better.
    """
    from api.render_access import show_access
    from api.services.access import tell_access
    from api.services.records import names_of

    with door.store() as store:
        document = tell_access(
            store, measure=measure, catchment_m=catchment_m, with_needs=not no_needs, round_id=round_id
        )
        names = {} if door.as_json else names_of(store, ("areas",))
    door.answer(document, show_access(document, names, limit))
