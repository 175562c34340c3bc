"""The command `try`: a round solved again with something supposed to be otherwise; nothing is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from api.commands.door import Command, Door, door_options
from api.commands.rounds import round_option
from api.commands.usage import WrongUsageError, read_whole
from graph.model import PARTY_TABLES
from graph.wording import word

if TYPE_CHECKING:
    from graph.store import Store

Json = dict[str, Any]

TABLES = ("offers", "units", "needs", "projects")


@click.command(
    name="try",
    cls=Command,
    examples=(
        "linli try --more 长者数字课",
        "linli try --more 长者数字课=5 --reach 长者数字课=2000",
        "linli try --gone 银杏医院",
        "linli try --force 智能手机教学（桂花） 长者数字课 --json",
        "linli try --set projects 围棋驿站 wanted 2",
    ),
)
@click.option(
    "--more", multiple=True, metavar="OFFER[=N]", help="A place more in the round (or N); a unit: in all."
)
@click.option("--gone", multiple=True, metavar="UNIT", help="A unit gone, but for what it promised.")
@click.option("--reach", multiple=True, metavar="OFFER=METRES", help="Another reach; any: no limit.")
@click.option(
    "--force", nargs=2, multiple=True, metavar="NEED OFFER", help="A pair promised; of a project a unit."
)
@click.option(
    "--set",
    "values",
    nargs=4,
    multiple=True,
    metavar="TABLE ID FIELD VALUE",
    help=f"Any field of {', '.join(TABLES)}.",
)
@round_option
@door_options
def try_(
    door: Door,
    *,
    more: tuple[str, ...],
    gone: tuple[str, ...],
    reach: tuple[str, ...],
    force: tuple[tuple[str, str], ...],
    values: tuple[tuple[str, str, str, str], ...],
    round_id: str | None,
) -> None:
    """Say who would gain, move and lose if something were otherwise; nothing is kept.

    Solves the newest round again with all that is supposed at once, and gives the difference: certified where
    both are proved the best. Offers, units, needs and projects by id or name.
    """
    from api.render_trial import show_trial
    from api.services.tryout import try_changes

    if not (more or gone or reach or force or values):
        raise WrongUsageError(word("usage_nothing_to_try"))
    with door.store() as store, door.progress() as progress:
        document = try_changes(
            store,
            [*(_reach(store, text) for text in reach), *(_change(store, *value) for value in values)],
            more=[_more(store, text) for text in more],
            gone=[_id(store, text, PARTY_TABLES) for text in gone],
            forced=[_forced(store, *pair) for pair in force],
            round_id=round_id,
            language=door.language,
            progress=progress,
        )
    door.answer(document, show_trial(document))


def _id(store: Store, text: str, tables: tuple[str, ...]) -> str:
    from api.services.records import find_record

    return find_record(store, text, tables).id


def _more(store: Store, text: str) -> Json:
    """`OFFER`, `OFFER=N` or the same of a unit; names may hold the sign too."""
    from api.services.records import find_record
    from graph.model import table_of

    name, sign, number = text.rpartition("=")
    if not sign:
        name, number = text, "1"
    places = read_whole(number)
    if places is None:
        raise WrongUsageError(word("usage_more", text=text))
    found = find_record(store, name, ("offers", "units"))
    return {"table": table_of(found), "id": found.id, "places": places}


def _reach(store: Store, text: str) -> Json:
    name, sign, metres = text.rpartition("=")
    if not sign or not metres:
        raise WrongUsageError(word("usage_reach", text=text))
    return {"table": "offers", "id": _id(store, name, ("offers",)), "field": "reach_m", "value": metres}


def _change(store: Store, table: str, text: str, field: str, value: str) -> Json:
    if table not in TABLES:
        raise WrongUsageError(word("not_tried", table=table, tables=TABLES))
    return {"table": table, "id": _id(store, text, (table,)), "field": field, "value": value or None}


def _forced(store: Store, need: str, offer: str) -> Json:
    tables = ("offers", *PARTY_TABLES)
    return {"need": _id(store, need, ("needs", "projects")), "offer": _id(store, offer, tables), "places": 1}
