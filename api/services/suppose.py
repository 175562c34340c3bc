"""Records of a town as it isn't: a unit gone, a pair forced to serve, offers and places more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from api.services.errors import BadChangeError
from graph.errors import NotFoundError
from graph.model import PARTY_TABLES, UNLIMITED, Claim, Need, Offer, Unit
from graph.taxonomy import is_category, is_within
from graph.wording import word

if TYPE_CHECKING:
    from graph.model import Record
    from graph.periods import Period
    from graph.snapshot import Snapshot

Key = tuple[str, str]


def suppose(
    snapshot: Snapshot,
    changed: Mapping[Key, Record],
    gone: Sequence[str],
    forced: Sequence[Mapping[str, Any]],
    period: Period,
) -> dict[Key, Record | None]:
    """Give the records that make units be gone and pairs be promised, by table and id.

    Parameters
    ----------
    snapshot : Snapshot
    changed : mapping
        Records that are changed besides; a unit that is gone takes its offers away changed or not.
    gone : sequence of str
        Ids of units; their offers are withdrawn, what they promised stays.
    forced : sequence of mapping
        `need` (id of a need or project), `offer` (id of an offer; for a project also of a unit), `places`.
    period : Period
        The round's days.

    Raises
    ------
    NotFoundError
        If there is no such record.
    BadChangeError
        If a need is named together with no offer.
    """
    records: dict[Key, Record | None] = {}
    for unit in gone:
        if not any(snapshot.record(table, unit) for table in PARTY_TABLES):
            raise NotFoundError(**word("no_unit", unit=unit))
        rows = (snapshot.column("offers", "unit") == unit).nonzero()[0]
        for offer in snapshot.records("offers", rows.tolist()):
            found = changed.get(("offers", offer.id), offer)
            assert isinstance(found, Offer)
            records["offers", offer.id] = replace(found, status="withdrawn")
    for number, pair in enumerate(forced):
        claim = _promise(snapshot, pair, period, number)
        records["claims", claim.id] = claim
    return records


def suppose_more(
    snapshot: Snapshot, more: Sequence[Mapping[str, Any]], period: Period
) -> dict[Key, Record | None]:
    """Give offers and units with so many places more or less in the round, by table and id.

    Parameters
    ----------
    snapshot : Snapshot
        With all else that is supposed.
    more : sequence of mapping
        `table` (`offers`, or `units` for their totals), `id`, `places` (below zero: less). What nobody knows
        counts as in a match, as one place; nothing has less than none.
    period : Period
        The round's days.

    Raises
    ------
    NotFoundError
        If there is no such record.
    BadChangeError
        If an offer gives any number, or a unit has no total.
    """
    from matcher.supply import round_capacity

    records: dict[Key, Record | None] = {}
    for item in more:
        key = (item["table"], item["id"])
        found = records.get(key) or snapshot.record(*key)
        if isinstance(found, Offer):
            if found.capacity == UNLIMITED:
                raise BadChangeError(**word("more_of_any", id=found.id))
            places = found.capacity or 0
            if key not in records:
                capacity, _ = round_capacity(snapshot, snapshot.rows_of("offers", [found.id]), period)
                places = int(capacity[0])
            # Said for the round, since a number per month can't be one place more in all.
            records[key] = replace(found, capacity=max(places + item["places"], 0), per="round")
        elif isinstance(found, Unit):
            if found.capacity is None:
                raise BadChangeError(**word("more_of_no_total", id=found.id))
            records[key] = replace(found, capacity=max(found.capacity + item["places"], 0))
        else:
            raise NotFoundError(**word("no_record", table=item["table"], id=item["id"]))
    return records


def suppose_offers(snapshot: Snapshot, added: Sequence[Mapping[str, Any]]) -> dict[Key, Record | None]:
    """Give offers that aren't there yet, by table and id.

    Parameters
    ----------
    snapshot : Snapshot
    added : sequence of mapping
        Fields of an offer. Its party need not be known: a resident who is yet to be found is none. `tags`
        None: it can do all that is asked for in its category.

    Raises
    ------
    NotFoundError
        If an area that it serves isn't there.
    BadChangeError
        If there is no such category, or its place is half said, is 0 and 0, or is neither said nor known.
    """
    records: dict[Key, Record | None] = {}
    for number, given in enumerate(added):
        if not is_category(given["category"]):
            raise BadChangeError(**word("no_category_to_try", category=given["category"]))
        _check_place(snapshot, given, number)
        for area in given["reach_areas"]:
            if snapshot.record("areas", area) is None:
                raise NotFoundError(**word("no_record", table="areas", id=area))
        values = {**given, "reach_areas": tuple(given["reach_areas"]), "tags": _tags(snapshot, given)}
        offer = Offer(id=f"supposed-offer-{number}", **values)
        records["offers", offer.id] = offer
    return records


def _check_place(snapshot: Snapshot, given: Mapping[str, Any], number: int) -> None:
    """Refuse an offer whose place is half said, is 0 and 0, or is neither said nor known."""
    place = {name: given.get(name) for name in ("lon", "lat")}
    missing = [name for name, value in place.items() if value is None]
    if len(missing) == 1:
        raise BadChangeError(**word("half_a_place", field=f"added.{number}.{missing[0]}"))
    if not missing:
        # As in lists, where 0 and 0 stands for a place that nobody knows.
        if not any(place.values()):
            raise BadChangeError(**word("no_place_at_all", field=f"added.{number}.lon"))
        return
    known = any(snapshot.record(table, given["unit"]) for table in PARTY_TABLES)
    if not known and not given["reach_areas"]:
        raise BadChangeError(**word("place_wanted", field=f"added.{number}.unit", unit=given["unit"]))


def _tags(snapshot: Snapshot, given: Mapping[str, Any]) -> tuple[str, ...]:
    """Tags of an offer; not said: all that needs of its category ask for."""
    if given["tags"] is not None:
        return tuple(given["tags"])
    asked = zip(snapshot.column("needs", "category"), snapshot.column("needs", "tags"), strict=True)
    return tuple(
        sorted({tag for category, tags in asked if is_within(category, given["category"]) for tag in tags})
    )


def _promise(snapshot: Snapshot, pair: Mapping[str, Any], period: Period, number: int) -> Claim:
    target = snapshot.record("needs", pair["need"]) or snapshot.record("projects", pair["need"])
    if target is None:
        raise NotFoundError(**word("no_target", id=pair["need"]))
    offer = snapshot.record("offers", pair["offer"])
    of_need = isinstance(target, Need)
    if of_need and not isinstance(offer, Offer):
        raise BadChangeError(**word("no_offer_for", id=pair["offer"]))
    return Claim(
        id=f"supposed-{number}",
        target=target.id,
        target_table="needs" if of_need else "projects",
        by=offer.unit if isinstance(offer, Offer) else pair["offer"],
        offer=offer.id if of_need and isinstance(offer, Offer) else None,
        quantity=pair["places"],
        status="agreed",
        valid_from=period.first,
        valid_to=period.last,
    )
