"""Commands about what to do next: `sites`, `actions`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from api.commands.door import Command, Door, Number, door_options
from api.commands.rounds import round_option

if TYPE_CHECKING:
    from matcher.sites.town import Asked


@click.command(
    cls=Command,
    examples=(
        "linli sites",
        "linli sites --p 1 --p 2 --reach 800 --demand people",
        "linli sites --demand unserved --category elder_care --json",
        "linli sites --at 310199001001 --reach 800",
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
@click.option("--reach", "reach_m", type=Number(0, 1e6), metavar="METRES", help="Of a new station.")
@click.option("--anew", is_flag=True, help="As if there were no stations yet.")
@click.option(
    "--plans", type=click.IntRange(1, 20), default=1, show_default=True, help="Plans that differ for each p."
)
@click.option(
    "--gap",
    type=Number(0, 0.5),
    default=0.0,
    show_default=True,
    help="May fall short by this part.",
)
@click.option("--territories", is_flag=True, help="Say which neighbourhoods each station would look after.")
@click.option(
    "--at",
    "places",
    multiple=True,
    metavar="ID",
    help="Try new stations at these areas or units: counts who is within reach, not who would be served.",
)
@round_option
@door_options
def sites(
    door: Door, *, round_id: str | None, numbers: tuple[int, ...], demand: Asked, category: str | None,
    reach_m: float | None, anew: bool, plans: int, gap: float, territories: bool, places: tuple[str, ...],
) -> None:  # fmt: skip
    """Show where new stations should stand: at areas' points, or at units that have a branch.

    Existing stations stay. Each plan says what it reaches and that no plan reaches more than its bound.
    Who is within reach is counted, not who would be served.
    """
    from api.render_planning import show_sites
    from api.services.planning import plan_sites, read_category
    from matcher.sites.town import Wish

    wish = Wish(demand, numbers, read_category(category), reach_m, not anew, plans, gap, territories, places)
    with door.store() as store:
        document = plan_sites(store, wish, round_id=round_id)
    door.answer(document, show_sites(document))


@click.command(
    cls=Command,
    examples=(
        "linli actions --budget 5",
        "linli actions --budget 10 --cost new_station=4 --cost ask_capacity=0.1 --json",
    ),
)
@click.option(
    "--budget",
    type=Number(0, 1e9),
    required=True,
    help="What they may cost together; each costs 1.",
)
@click.option("--cost", "costs", multiple=True, metavar="KIND=NUMBER", help="What an action of a kind costs.")
@round_option
@door_options
def actions(door: Door, budget: float, costs: tuple[str, ...], round_id: str | None) -> None:
    """Show what would close the newest round's gaps best for a budget.

    The set serves most places of the urgent first; it is proved, and solved again with all of it done.
    """
    from api.render_planning import show_actions
    from api.services.planning import plan_actions, read_costs

    with door.store() as store:
        document = plan_actions(store, budget, costs=read_costs(costs), round_id=round_id)
        is_bare = not any(store.count(table) for table in ("needs", "projects"))
    door.answer(document, show_actions(document, is_bare=is_bare))
