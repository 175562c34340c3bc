"""Commands about a round: `match`, `assignments`, `gaps`, `explain`, `lock`, `refuse`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from api.commands.door import Command, Door, door_options
from api.commands.usage import WrongUsageError, read_whole
from graph.model import PARTY_TABLES
from graph.wording import word

if TYPE_CHECKING:
    from graph.periods import Period
    from graph.store import Round, Store
    from matcher.rules import AccessMeasure

DAY = click.DateTime(formats=["%Y-%m-%d"])

round_option = click.option(
    "--round", "round_id", metavar="ROUND", help="A round's id; by default the newest one matched."
)


class Share(click.ParamType[float]):
    """A share: above 0, at most 1."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number that a text stands for."""
        try:
            share = float(value)
        except ValueError:
            share = 0.0
        # NaN compares as neither, so it is refused too.
        if not 0 < share <= 1:
            name = param.opts[0] if param is not None else self.name
            raise WrongUsageError(word("usage_share", name=name, text=value))
        return share


ACCESS_MEASURES = ("2SFCA", "E2SFCA", "3SFCA", "BFCA", "RAAM")

low_access_option = click.option(
    "--low-access-share",
    type=Share(),
    metavar="SHARE",
    help="Warn of served needs whose access is below this share of the mean (0.25).",
)

access_measure_option = click.option(
    "--access-measure",
    type=click.Choice(ACCESS_MEASURES, case_sensitive=False),
    metavar="|".join(ACCESS_MEASURES),
    help="What access is measured by (2SFCA); see linli access.",
)


@click.command(
    cls=Command,
    examples=(
        "linli match",
        "linli match --from 2026-01-01 --to 2026-06-30",
        "linli match --fit exact --json",
        "linli match --tiles 4 --cluster local",
        "linli match --keep 2026-1 --most-moves 20",
        "linli match --load 50",
    ),
)
@click.option("--from", "first", type=DAY, metavar="YYYY-MM-DD", help="First day of the round.")
@click.option("--to", "last", type=DAY, metavar="YYYY-MM-DD", help="Last day of the round.")
@click.option(
    "--fit", type=click.Choice(["broad", "exact"]), default="broad", help="exact: leave broad fits out."
)
@click.option(
    "--reciprocity",
    type=click.IntRange(0, 100_000),
    default=0,
    metavar="METRES",
    help="Let needs of those who got more than they gave cost up to so much more.",
)
@click.option(
    "--keep",
    "keep_round",
    metavar="ROUND",
    help="Keep who serves whom in this published round, unless moving gains enough.",
)
@click.option(
    "--keep-m",
    type=click.IntRange(0, 100_000),
    metavar="METRES",
    help="With --keep: a place moves only where that saves more than this (500).",
)
@click.option(
    "--most-moves",
    type=click.IntRange(0, 1_000_000_000),
    metavar="N",
    help="With --keep: at most N places move, unless more can only be served so.",
)
@click.option(
    "--load",
    "load_m",
    type=click.IntRange(0, 100_000),
    default=0,
    metavar="METRES",
    help="Spread places over units: each further place of a unit costs so much more than the one before.",
)
@low_access_option
@access_measure_option
@click.option(
    "--tiles",
    type=click.IntRange(1, 10_000),
    default=1,
    metavar="N",
    help="Solve in N tiles that agree on prices; the answer is proved best all the same.",
)
@click.option(
    "--cluster",
    metavar="local|ADDRESS",
    envvar="LINLI_CLUSTER",
    help="Solve tiles side by side on Dask: local, or a scheduler's address. Else LINLI_CLUSTER.",
)
@door_options
def match(
    door: Door,
    *,
    first: datetime | None,
    last: datetime | None,
    fit: str,
    reciprocity: int,
    keep_round: str | None,
    keep_m: int | None,
    most_moves: int | None,
    load_m: int,
    low_access_share: float | None,
    access_measure: AccessMeasure | None,
    tiles: int,
    cluster: str | None,
) -> None:
    """Find the best assignment for a round, prove it, and keep it as a proposed round.

    The round is this calendar year unless days are given.
    """
    from api.cluster import open_cluster
    from api.render import show_match
    from api.services.rounds import make_round, match_of
    from api.services.rules import read_keep

    period = read_period(first, last)
    if keep_round is None and not (keep_m is None and most_moves is None):
        raise WrongUsageError(word("usage_keep_which"))
    with door.store() as store, door.progress() as tell, open_cluster(cluster, tiles) as run:
        made = make_round(
            store,
            period=period,
            fit="exact" if fit == "exact" else "broad",
            reciprocity_m=reciprocity,
            keep=read_keep(store, keep_round, 500 if keep_m is None else keep_m, most_moves)
            if keep_round
            else None,
            load_m=load_m,
            low_access_share=low_access_share,
            access_measure=access_measure,
            tiles=tiles,
            run=run,
            progress=tell,
        )
        names = _names(door, store, ("units", "offers"))
    document = match_of(made)
    door.answer(document, show_match(document, names))


def read_period(first: datetime | None, last: datetime | None) -> Period | None:
    """The round's days of the options `--from` and `--to`; None where neither is given."""
    from graph.periods import Period, this_year

    if first is None and last is None:
        return None
    # With one end given, the round ends or begins with that end's year.
    start = first.date() if first else date(last.year, 1, 1) if last else this_year().first
    end = last.date() if last else date(start.year, 12, 31)
    if end < start:
        raise WrongUsageError(word("usage_to_before_from", end=end, start=start))
    return Period(start, end)


@click.command(cls=Command, examples=("linli assignments", "linli assignments --json"))
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Rows shown.")
@round_option
@door_options
def assignments(door: Door, limit: int, round_id: str | None) -> None:
    """List who serves whom in the newest round, sorted by need and offer."""
    from api.render import show_assignments
    from api.services.kept import document_of

    with door.store() as store:
        shown = _shown_round(door, store, round_id)
        names = _names(door, store, ("needs", "projects", "offers", "units"))
    rows = document_of(shown, "assignments")
    door.answer(rows, show_assignments(rows, names, limit))


@click.command(
    cls=Command,
    examples=(
        "linli gaps",
        "linli gaps --json",
        "linli gaps --since 2026-09-01",
        "linli gaps --low-access-share 0.5",
    ),
)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Gaps shown.")
@click.option("--as-of", type=DAY, metavar="YYYY-MM-DD", help="Of what the store held on that day.")
@click.option("--since", type=DAY, metavar="YYYY-MM-DD", help="What closed and opened since that day.")
@low_access_option
@access_measure_option
@round_option
@door_options
def gaps(
    door: Door, *, limit: int, as_of: datetime | None, since: datetime | None, low_access_share: float | None,
    access_measure: AccessMeasure | None, round_id: str | None,
) -> None:  # fmt: skip
    """Show what is unmatched, for which reason, what would help, and the alliance's blind spots.

    With --low-access-share or --access-measure needs are warned of anew; who serves whom stays.
    """
    from api.render_gaps import show_gaps
    from api.render_planning import show_gap_changes
    from api.services.kept import document_of
    from api.services.past import gaps_as_of, gaps_since
    from api.services.rounds import gaps_with_low_access

    if sum(given is not None for given in (as_of, since, round_id)) > 1:
        raise WrongUsageError(word("usage_together"))
    warned = (low_access_share, access_measure)
    with door.store() as store:
        if since is not None:
            changes = gaps_since(store, since.date(), warned=warned)
            names = _names(door, store, ("needs", "offers", "areas"))
            door.answer(changes, show_gap_changes(changes, names, limit))
            return
        if as_of is not None:
            document = gaps_as_of(store, as_of.date(), warned=warned)
        else:
            shown = _shown_round(door, store, round_id)
            document = document_of(shown, "gaps")
            if warned != (None, None):
                document = gaps_with_low_access(store, shown, warned)
        names = _names(door, store, ("areas", "units", "offers"))
    door.answer(document, show_gaps(document, names, limit))


@click.command(
    cls=Command, examples=("linli explain 陪诊就医（紫薇）", "linli explain 百合/修水管 --exact --json")
)
@click.argument("need", metavar="NEED")
@click.option("--exact", is_flag=True, help="Work out what each alternative would cost in all.")
@click.option(
    "--exact-for", metavar="OFFER", help="The same of one offer (for a project: unit), by id or name."
)
@round_option
@door_options
def explain(door: Door, need: str, exact: bool, exact_for: str | None, round_id: str | None) -> None:
    """Explain one need (or project), by id or name: who serves it, why not others, and why nobody."""
    from api.render import show_explanation
    from api.services.rounds import explain as explain_need

    with door.store() as store:
        _shown_round(door, store, round_id)
        document = explain_need(store, need, round_id=round_id, exact=exact or exact_for or False)
        names = _names(door, store, ("needs", "projects", "offers", "units"))
    door.answer(document, show_explanation(document, names))


class Places(click.ParamType[int]):
    """How many places to promise: a whole number from 1 to 1,000,000,000."""

    name = "places"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number that a text stands for."""
        text = str(value)
        if text.startswith("--"):
            raise click.NoSuchOption(text, ctx=ctx)
        places = read_whole(text)
        if places is None or places < 1:
            raise WrongUsageError(word("usage_places", text=text))
        return places


@click.command(
    # A number below zero is told as such, not as an option that isn't there.
    context_settings={"ignore_unknown_options": True},
    cls=Command,
    examples=(
        "linli lock 智能手机教学（桂花） 长者数字课",
        "linli lock 智能手机教学（桂花） 长者数字课 1 --json",
    ),
)
@click.argument("need", metavar="NEED")
@click.argument("offer", metavar="OFFER")
@click.argument("places", metavar="[PLACES]", type=Places(), required=False)
@door_options
def lock(door: Door, need: str, offer: str, places: int | None) -> None:
    """Promise places of an offer to a need: an agreed claim, kept before all in every later match.

    Without PLACES as many as the newest round gives the pair, else all that the need asks for. A project is
    promised by naming the unit (or one of its offers) as OFFER. If the pair was refused, the refusal ends.
    """
    from api.services import promises

    with door.store() as store:
        document = promises.claim_document(promises.lock(store, need, offer, places))
        names = _names(door, store, ("needs", "projects", *PARTY_TABLES))
    _answer_claim(door, document, names, "locked")


@click.command(cls=Command, examples=("linli refuse 理发（石榴） 公益理发 --why 太远",))
@click.argument("need", metavar="NEED")
@click.argument("offer", metavar="OFFER")
@click.option("--why", required=True, help="The reason, in a few words.")
@door_options
def refuse(door: Door, need: str, offer: str, why: str) -> None:
    """Note that an offer's unit declined a need: later matches leave the pair out.

    If places were promised to the pair, the promise is withdrawn in the same revision.
    """
    from api.services import promises

    with door.store() as store:
        document = promises.claim_document(promises.refuse(store, need, offer, why))
        names = _names(door, store, ("needs", "projects", *PARTY_TABLES))
    _answer_claim(door, document, names, "declined")


def _answer_claim(door: Door, document: dict[str, Any], names: Mapping[str, str], key: str) -> None:
    """Say what was promised or declined, by names; and when it counts."""
    named = {name: names.get(document[name], document[name]) for name in ("by", "target")}
    sentence = door.text(key, **{**document, **named})
    if document["withdrawn"]:
        ended = "promise_withdrawn" if key == "declined" else "refusal_withdrawn"
        sentence += "\n" + door.text(ended, ids="、".join(document["withdrawn"]))
    door.answer(document, lambda console, _: console.print(sentence, markup=False))
    door.remark("rematch")


def _shown_round(door: Door, store: Store, round_id: str | None) -> Round:
    """The round to show; on a terminal it says so if the lists have changed since."""
    from api.services.rounds import current_round, is_stale

    found = current_round(store, round_id)
    if is_stale(store, found):
        door.remark("stale")
    return found


def _names(door: Door, store: Store, tables: tuple[str, ...]) -> dict[str, str]:
    """Names by id for what people read; a JSON document needs none."""
    from api.services.records import names_of

    return {} if door.as_json else names_of(store, tables)
