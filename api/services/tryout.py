"""One number changed: who moves and why, before anything is kept; and keeping it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from api.services.edits import read_changes
from api.services.errors import BadChangeError
from api.services.history import snapshot_of_round, with_records
from api.services.kept import document_of
from api.services.naming import Naming
from api.services.rounds import current_round, make_round, match_of
from api.services.rules import rules_of
from graph.errors import ConflictError, NotFoundError
from graph.wording import word

if TYPE_CHECKING:
    from graph.model import Record
    from graph.snapshot import Snapshot
    from graph.store import Store

Progress = Callable[[str, int, int], None]
Json = dict[str, Any]

TABLES: Final = ("offers", "units", "needs", "projects")
"""Tables of which something can be tried."""

URGENT: Final = "1"


def try_changes(
    store: Store,
    changes: Sequence[Mapping[str, Any]],
    *,
    added: Sequence[Mapping[str, Any]] = (),
    more: Sequence[Mapping[str, Any]] = (),
    gone: Sequence[str] = (),
    forced: Sequence[Mapping[str, Any]] = (),
    round_id: str | None = None,
    snapshot: Snapshot | None = None,
    language: str = "zh",
    progress: Progress | None = None,
) -> Json:
    """Solve a round again with some things supposed to be otherwise; nothing is kept.

    Parameters
    ----------
    store : Store
    changes : sequence of mapping
        `table` (offers, units, needs, projects), `id`, `field`, `value` (as a list's cell would say it; None
        empties it).
    added : sequence of mapping
        Offers that aren't there, as an action's `offer_to_try` says them: `unit`, `category`, `capacity`,
        `list_category`, `reach_m`, `reach_areas`, `tags`, `lon`, `lat`, `precision`.
    more : sequence of mapping
        Places more in the round: `table` (offers, or units for their totals), `id`, `places` (below zero:
        less); see `suppose_more`.
    gone : sequence of str
        Units that are no longer there, but for what they promised already.
    forced : sequence of mapping
        Pairs that must serve: `need` (or project), `offer` (for a project also a unit), `places`.
    round_id : str, optional
        By default the newest round.
    snapshot : Snapshot, optional
        What the round was solved from, where somebody has it already.
    language : str
        Of the problems' sentences.

    Returns
    -------
    dict
        `before` and `after` (figures), `gained`, `lost` and `moved` places of needs, `distance_change_m`,
        `places_change` (places gained less places lost), the same by priority, `cost_change`, `certified`
        (both are proved the best there is), and under `projects` the same three lists of units.

    Raises
    ------
    NoRoundError
        If nothing has been matched yet.
    BadChangeError, CellsError
        If a change names no record or field, its value can't be read, a pair has no places left to force, or
        an offer to add is of no known category, or what should have more places has no limit.
    """
    from api.services.suppose import suppose, suppose_more, suppose_offers
    from matcher.match import assign
    from matcher.report import assignment_document, assignments

    round_ = current_round(store, round_id)
    base = snapshot or snapshot_of_round(store, round_)
    changed = _changed_records(store, changes, base.record, language)
    supposed = suppose(base, changed, gone, forced, round_.period)
    tried = with_records(base, {**changed, **supposed, **suppose_offers(base, added)})
    if more:
        tried = with_records(tried, suppose_more(tried, more, round_.period))
    made = assign(tried, rules_of(round_), progress=progress)
    before, after = match_of(round_), assignment_document(made)
    refuse_overfull(before, after, forced)
    rows = assignments(made)
    compared = compare(document_of(round_, "assignments"), rows, tried)
    return {
        "before": figures(before),
        "after": figures(after),
        **compared["needs"],
        "distance_change_m": round(after["distance_m"] - before["distance_m"], 1),
        "places_change": after["places_served"] - before["places_served"],
        "places_change_by_priority": {
            priority: places - before["served_by_priority"][priority]
            for priority, places in after["served_by_priority"].items()
        },
        "cost_change": after["cost"] - before["cost"],
        "certified": before["status"] == after["status"] == "optimal",
        "projects": compared["projects"],
    }


def refuse_overfull(
    before: Mapping[str, Any], after: Mapping[str, Any], forced: Sequence[Mapping[str, Any]]
) -> None:
    """Refuse forced pairs that promise more than there is.

    Raises
    ------
    BadChangeError
        If somebody is promised, or promises, more places than before and than there are.
    """
    known = [item for item in before["warnings"] if item["warning"] == "overpromised"]
    new = [item for item in after["warnings"] if item["warning"] == "overpromised" and item not in known]
    if forced and new:
        ids = "、".join(sorted({item["id"] for item in new}))
        raise BadChangeError(**word("forced_too_many", ids=ids))


def keep_changes(
    store: Store,
    changes: Sequence[Mapping[str, Any]],
    *,
    round_id: str | None = None,
    expect_revision: int | None = None,
    language: str = "zh",
    progress: Progress | None = None,
) -> Json:
    """Write changes as one revision and match again for the same days; gives `revision` and `round`.

    Raises
    ------
    ConflictError
        If the store isn't at `expect_revision` any more; nothing is written then.
    """
    round_ = current_round(store, round_id)
    revision = write_changes(store, changes, expect_revision=expect_revision, language=language)
    rules = rules_of(round_)
    made = make_round(
        store, period=round_.period, fit=rules.fit, reciprocity_m=rules.reciprocity_m,
        keep=rules.keep, load_m=rules.load_m,
        low_access_share=rules.low_access_share, access_measure=rules.access_measure, progress=progress,
    )  # fmt: skip
    return {"revision": revision, "round": made.id}


def write_changes(
    store: Store,
    changes: Sequence[Mapping[str, Any]],
    *,
    expect_revision: int | None = None,
    language: str = "zh",
) -> int:
    """Write changes as one revision; gives the store's newest one. See `keep_changes`."""
    from graph.store import Batch

    newest = store.revision()[0]
    if expect_revision is not None and expect_revision != newest:
        raise ConflictError(**word("changed_before_trial", newest=newest, expected=expect_revision))
    changed = _changed_records(store, changes, store.get, language)
    batch = Batch(put=list(changed.values()), action="edit")
    return store.write(batch, expect_revision=newest).revision


def _changed_records(
    store: Store,
    changes: Sequence[Mapping[str, Any]],
    lookup: Callable[[str, str], Record | None],
    language: str,
) -> dict[tuple[str, str], Record]:
    """Records as they are with all their changes, read as a list's cells would be."""
    fields: dict[tuple[str, str], dict[str, Any]] = {}
    for change in changes:
        fields.setdefault((change["table"], change["id"]), {})[change["field"]] = change["value"]
    records = {}
    for (table, record_id), values in fields.items():
        if table not in TABLES:
            raise BadChangeError(**word("not_tried", table=table, tables=TABLES))
        known = lookup(table, record_id)
        if known is None:
            raise NotFoundError(**word("no_record", table=table, id=record_id))
        records[table, record_id] = read_changes(store, table, known, values, language=language)
    return records


def figures(document: Mapping[str, Any]) -> Json:
    """The figures of a match that the page's sentences show."""
    return {
        "needs": document["needs"],
        "places_wanted": document["places_wanted"],
        "places_served": document["places_served"],
        "unserved": document["places_wanted"] - document["places_served"],
        "urgent_wanted": document["wanted_by_priority"][URGENT],
        "urgent_served": document["served_by_priority"][URGENT],
        "more_than_by_hand": document["places_served"] - document["nearest_first"]["places_served"],
        "solution_status": document["status"],
        "bound_percent": bound_percent(document),
        "cost_bound_percent": cost_bound_percent(document),
    }


def bound_percent(document: Mapping[str, Any]) -> float | None:
    """How far the places served may be from the most that can be, in percent; None where nobody knows."""
    if document["status"] == "optimal":
        return 0.0
    bound, reached = document.get("places_bound"), document["places_served"] + document["projects"]["units"]
    if bound is None or not reached:
        return None
    # Rounded up: what isn't proved best must not look as if it were.
    return max(0, ceil(10_000 * (int(bound) - int(reached)) / int(reached))) / 100


def cost_bound_percent(document: Mapping[str, Any]) -> float | None:
    """How far the cost may be from the least, in percent, where the places are proved best; else None."""
    percent = (document.get("within") or {}).get("cost_percent")
    return None if percent is None else float(percent)


def compare(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]], snapshot: Snapshot
) -> Json:
    """What differs between two assignments, as places gained, lost and moved.

    Of one need, places that one unit no longer gives and another one does have moved; what is left over was
    gained or lost. So gained places less lost ones are the change of places served.

    Returns
    -------
    dict
        For `needs` and `projects`: `gained`, `lost` [{need, title, area, area_name, places, unit,
        unit_name}] and `moved` [{need, ..., places, from_unit, from_unit_name, to_unit, to_unit_name,
        distance_change_m}], the most places first.
    """
    old, new = _by_target(before), _by_target(after)
    changed = [key for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)]
    names = Naming(snapshot, [*_rows_of(before, changed), *_rows_of(after, changed)])
    result: Json = {}
    for table, name in (("needs", "need"), ("projects", "project")):
        lists: dict[str, list[Json]] = {"gained": [], "lost": [], "moved": []}
        for key in changed:
            if key[0] == name:
                _compare_one(key, old.get(key, {}), new.get(key, {}), names, lists)
        for rows in lists.values():
            rows.sort(key=lambda row: (-row["places"], row["need"]))
        result[table] = lists
    return result


Given = dict[str, tuple[int, float | None]]
"""Of one need: per unit its places, and its metres a place where they are known."""


def _by_target(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Given]:
    found: dict[tuple[str, str], Given] = {}
    for row in rows:
        given = found.setdefault(_key(row), {})
        places, metres = given.get(row["unit"], (0, 0.0))
        total = places + row["places"]
        known = metres is not None and row["distance_m"] is not None
        mean = (
            (metres * places + row["distance_m"] * row["places"]) / total
            if known and metres is not None
            else None
        )
        given[row["unit"]] = (total, mean)
    return found


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return ("need", row["need"]) if row.get("need") else ("project", row["project"])


def _rows_of(rows: Iterable[Mapping[str, Any]], keys: Iterable[tuple[str, str]]) -> list[Mapping[str, Any]]:
    wanted = set(keys)
    return [row for row in rows if _key(row) in wanted]


def _compare_one(
    key: tuple[str, str], old: Given, new: Given, names: Naming, lists: dict[str, list[Json]]
) -> None:
    target = names.target({key[0]: key[1]})
    area = names.area(target)
    about = {
        "need": target.id,
        "title": names.title(target),
        "area": area.id if area is not None else None,
        "area_name": area.name if area is not None else None,
    }
    change = {unit: new.get(unit, (0, None))[0] - old.get(unit, (0, None))[0] for unit in {*old, *new}}
    less = {unit: -places for unit, places in sorted(change.items()) if places < 0}
    more = {unit: places for unit, places in sorted(change.items()) if places > 0}
    for source, taker, places in _moves(less, more):
        was, now = old[source][1], new[taker][1]
        lists["moved"].append(
            {
                **about,
                "places": places,
                "from_unit": source,
                "from_unit_name": names.party_name(source),
                "to_unit": taker,
                "to_unit_name": names.party_name(taker),
                "distance_change_m": None if was is None or now is None else round(now - was, 1),
            }
        )
    for kind, units in (("lost", less), ("gained", more)):
        for unit, places in units.items():
            if places:
                lists[kind].append(
                    {**about, "places": places, "unit": unit, "unit_name": names.party_name(unit)}
                )


def _moves(less: dict[str, int], more: dict[str, int]) -> Iterator[tuple[str, str, int]]:
    """Places that one unit gave before and another gives now; both are brought down to what is left over."""
    for source in list(less):
        for taker in list(more):
            places = min(less[source], more[taker])
            if places:
                less[source] -= places
                more[taker] -= places
                yield source, taker, places
