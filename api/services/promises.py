"""One promise or one refusal by hand: `linli lock` and `linli refuse`.

The later word on a pair holds: a refusal withdraws what was promised, a promise ends the refusal, both in
the same revision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from api.services.edits import retried
from api.services.errors import NoRoundError
from api.services.kept import document_of
from api.services.records import find_record
from api.services.rounds import current_round
from graph.errors import CapacityError, NotFoundError
from graph.wording import word

if TYPE_CHECKING:
    from graph.model import Claim, Need, Offer, Project, Record
    from graph.periods import Period
    from graph.store import Round, Store


@dataclass(frozen=True, slots=True)
class Settled:
    """A claim made by hand, and the ids of the earlier ones on its pair that it put an end to."""

    claim: Claim
    withdrawn: tuple[str, ...] = ()


def lock(
    store: Store, need: str, offer: str, places: int | None = None, *, round_id: str | None = None
) -> Settled:
    """Promise places of an offer to a need: an agreed claim, kept before all in every later match.

    If the pair was refused in these days, the refusal is withdrawn.

    Parameters
    ----------
    store : Store
    need : str
        Id or name of a need, or of a project.
    offer : str
        Id or name of an offer; for a project, of an offer or of the unit that takes it.
    places : int, optional
        By default as many as the newest round gives this pair and nobody promised yet, else the need's whole
        quantity.
    round_id : str, optional
        The round whose days the promise holds for; by default the newest, else this calendar year.

    Raises
    ------
    CapacityError
        If need or offer have fewer places left.
    """
    from graph.model import Claim

    round_ = _round(store, round_id)
    period = _period(round_)
    target, given, unit = _pair(store, need, offer)
    is_project = _table(target) == "projects"
    usual = 1 if is_project else _assigned(round_, target.id, given) or _quantity(target)
    wanted = usual if places is None else places
    if wanted < 1:
        raise CapacityError(**word("no_such_promise", places=places))
    claim = Claim(
        id=_claim_id(store, target.id, unit, given, period),
        target=target.id,
        target_table=_table(target),
        by=unit,
        offer=None if is_project or given is None else given.id,
        quantity=wanted,
        status="agreed",
        valid_from=period.first,
        valid_to=period.last,
        source="linli lock",
    )
    refused = [
        other.id for other in _on_pair(store, target, given, unit, period) if other.status == "declined"
    ]
    return Settled(store.claim(claim, period, ends=refused), tuple(refused))


def refuse(store: Store, need: str, offer: str, why: str, *, round_id: str | None = None) -> Settled:
    """Note that an offer's unit declined a need (or project): later matches leave the pair out.

    What was promised to the pair in these days, and isn't done yet, is withdrawn.

    Parameters
    ----------
    store, need, offer, round_id
        As for `lock`.
    why : str
        The reason, in a few words.
    """
    from graph.lifecycle import move
    from graph.model import Claim
    from graph.store import Batch

    period = _period(_round(store, round_id))
    target, given, unit = _pair(store, need, offer)

    def attempt() -> Settled:
        revision = store.revision()[0]
        claim = Claim(
            id=_claim_id(store, target.id, unit, given, period),
            target=target.id,
            target_table=_table(target),
            by=unit,
            offer=None if given is None else given.id,
            status="declined",
            why=why,
            valid_from=period.first,
            valid_to=period.last,
            source="linli refuse",
        )
        withdrawn = [
            replace(other, status=move("claim", other.status, "withdrawn"))
            for other in _on_pair(store, target, given, unit, period)
            if other.status in ("agreed", "delivering")
        ]
        store.write(Batch(put=[claim, *withdrawn], action="refuse"), expect_revision=revision)
        return Settled(claim, tuple(other.id for other in withdrawn))

    return retried(attempt)


def claim_document(settled: Settled) -> dict[str, Any]:
    """A claim as the doors show it, with `withdrawn`: ids of the claims that it put an end to."""
    from graph.codec import codec

    return {**codec("claims").to_json(settled.claim), "withdrawn": list(settled.withdrawn)}


def _on_pair(
    store: Store, target: Need | Project, given: Offer | None, unit: str, period: Period
) -> Iterator[Claim]:
    """Claims on a pair that count in a period.

    For a project these are its unit's. For a need they name the offer; one of the unit's that names none
    counts if it declines (all of the unit's offers), or if the unit has no other offer.
    """
    from graph.model import Claim
    from graph.room import belongs_to

    table = _table(target)
    for other in store.find("claims", target=target.id):
        assert isinstance(other, Claim)
        if other.target_table != table or not belongs_to(other, period):
            continue
        if table == "projects":
            is_pair = other.by == unit
        elif other.offer:
            is_pair = given is not None and other.offer == given.id
        else:
            is_pair = other.by == unit and (other.status == "declined" or _has_one_offer(store, unit))
        if is_pair:
            yield other


def _has_one_offer(store: Store, unit: str) -> bool:
    return len(list(store.find("offers", unit=unit, limit=2))) == 1


def _pair(store: Store, need: str, offer: str) -> tuple[Need | Project, Offer | None, str]:
    """The need or project, the offer (None where a unit was named for a project), and the unit."""
    target = cast("Need | Project", find_record(store, need, ("needs", "projects")))
    if _table(target) == "projects":
        given: Record = find_record(store, offer, ("offers", "units"))
        if _table(given) == "units":
            return target, None, given.id
    else:
        given = find_record(store, offer, ("offers",))
    chosen = cast("Offer", given)
    return target, chosen, chosen.unit


def _round(store: Store, round_id: str | None) -> Round | None:
    try:
        return current_round(store, round_id)
    except NoRoundError:
        if round_id is not None:
            raise
        return None


def _period(round_: Round | None) -> Period:
    from graph.periods import this_year

    return round_.period if round_ is not None else this_year()


def _assigned(round_: Round | None, need: str, offer: Offer | None) -> int:
    """Places that a round gives a need from an offer, beyond those promised already."""
    if round_ is None or offer is None:
        return 0
    rows = document_of(round_, "assignments")
    return sum(
        row["places"] - row["locked_places"]
        for row in rows
        if row.get("need") == need and row["offer"] == offer.id
    )


def _quantity(target: Need | Project) -> int:
    return int(getattr(target, "quantity", 1))


def _claim_id(store: Store, target: str, unit: str, offer: Offer | None, period: Period) -> str:
    """An id that follows from the pair and the period; a second promise for the same gets `-2`."""
    from loaders.identity import derive_id

    parts = [("target", target), ("by", unit), ("offer", "" if offer is None else offer.id)]
    days = [("valid_from", period.first.isoformat()), ("valid_to", period.last.isoformat())]
    first = candidate = derive_id("claims", [part for part in parts if part[1]] + days)
    number = 1
    while _has_claim(store, candidate):
        number += 1
        candidate = f"{first}-{number}"
    return candidate


def _has_claim(store: Store, claim_id: str) -> bool:
    try:
        store.get("claims", claim_id)
    except NotFoundError:
        return False
    return True


def _table(record: Record) -> str:
    from graph.model import table_of

    return table_of(record)
