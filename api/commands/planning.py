"""Commands about what to do next: `sites`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.commands.door import Command, Door, door_options
from api.commands.rounds import round_option

if TYPE_CHECKING:
    from matcher.sites.town import Asked


@click.command(
    cls=Command,
    examples=(
        "linli sites",
        "linli sites --p 1 --p 2 --reach 800 --demand people",
        "linli sites --demand unserved --category elder_care --json",
    ),
)
@click.option(
    "--p", "numbers", type=click.IntRange(0, 10_000), multiple=True, help="New stations; may be given again."
)
@click.option(
    "--demand",
    type=click.Choice(["needs", "unserved", "people", "units"]),
    default="needs",
    show_default=True,
    help="Whom stations should reach.",
)
@click.option("--category", metavar="CATEGORY", help="Only needs of this category.")
@click.option("--reach", "reach_m", type=click.FloatRange(min=0), metavar="METRES", help="Of a new station.")
@click.option("--anew", is_flag=True, help="As if there were no stations yet.")
@click.option(
    "--plans", type=click.IntRange(1, 20), default=1, show_default=True, help="Plans that differ for each p."
)
@click.option(
    "--gap",
    type=click.FloatRange(0, 0.5),
    default=0.0,
    show_default=True,
    help="May fall short by this part.",
)
@round_option
@door_options
def sites(
    door: Door, *, round_id: str | None, numbers: tuple[int, ...], demand: Asked, category: str | None,
    reach_m: float | None, anew: bool, plans: int, gap: float,
) -> None:  # fmt: skip
    """Show where new stations should stand: at areas' points, or at units that have a branch.

    Existing stations stay. Each plan says what it reaches and that no plan reaches more than its bound.
    """
    from api.render_planning import show_sites
    from api.services.planning import plan_sites, read_category
    from matcher.sites.town import Wish

    wish = Wish(demand, numbers, read_category(category), reach_m, not anew, plans, gap)
    with door.store() as store:
        document = plan_sites(store, wish, round_id=round_id)
    door.answer(document, show_sites(document))
