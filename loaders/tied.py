"""Claims whose party doesn't provide the offer that they name; a branch or area may speak for a unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from graph.model import PARTY_TABLES, Claim, Offer, Record
from loaders.known import TYING, Group, group_of
from loaders.references import Directory


def foreign_claims(
    records: Mapping[str, Sequence[Record]], directory: Directory, known: Iterable[Group]
) -> Iterator[tuple[int, str, str]]:
    """Claims on needs whose party neither provides the named offer nor is tied to who does.

    Parameters
    ----------
    records : mapping
        A source's records by table.
    directory : Directory
        Names and parents of these, and of what was known before.
    known : iterable of tuple of str
        Parties tied by what was known before; see `group_of`.

    Yields
    ------
    int, str, str
        Place of the claim among the source's claims, name of its party, name of the provider.
    """
    claims = [
        (index, claim)
        for index, claim in enumerate(records["claims"])
        if isinstance(claim, Claim) and claim.offer and claim.target_table == "needs"
    ]
    if not claims:
        return
    wanted = {claim.offer for _, claim in claims}
    units = {
        offer.id: offer.unit for offer in records["offers"] if isinstance(offer, Offer) and offer.id in wanted
    }
    groups = [*known, *(group_of(record) for table in TYING for record in records[table])]
    groups_of: dict[str, set[int]] = {}
    for number, group in enumerate(groups):
        for party in group:
            groups_of.setdefault(party, set()).add(number)
    nowhere: set[int] = set()
    for index, claim in claims:
        unit = units.get(claim.offer or "") or directory.parent_of("offers", claim.offer or "")
        if unit is None or unit == claim.by:
            continue
        is_tied = not groups_of.get(unit, nowhere).isdisjoint(groups_of.get(claim.by, nowhere))
        if not is_tied and not _hang_together(directory, claim.by, unit):
            yield index, _name(directory, claim.by), _name(directory, unit)


def _hang_together(directory: Directory, by: str, unit: str) -> bool:
    """Whether one lies below the other, or the unit in the area of the branch that speaks for it."""
    above = {by, directory.parent_of("branches", by)}
    return any(
        directory.is_below(table, low, high)
        for table in PARTY_TABLES
        for low, high in ((by, unit), *((unit, top) for top in above if top is not None))
        if directory.knows(table, low)
    )


def _name(directory: Directory, party: str) -> str:
    table = next((table for table in PARTY_TABLES if directory.knows(table, party)), "units")
    return directory.name_of(table, party)
