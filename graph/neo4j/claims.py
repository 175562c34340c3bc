"""What a claim has to read, in few queries: the rules ask for one thing after another.

Whoever claims holds the store's lock, so nothing of this changes until the claim is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from graph.codec import Row, codec
from graph.model import Claim, Record
from graph.neo4j.connection import Transaction
from graph.neo4j.rows import TransactionReader
from graph.neo4j.shape import to_row

_ENDS: Final = (
    "OPTIONAL MATCH (o:Offer {id: $offer}) WITH coalesce(o.unit, $by) AS unit "
    "OPTIONAL MATCH (u:Unit {id: unit}) WITH unit, u "
    "RETURN unit, properties(u), CASE WHEN u.capacity IS NULL THEN [] "
    "ELSE COLLECT { MATCH (x:Offer {unit: unit}) RETURN properties(x) } END, "
    "COLLECT { MATCH (n:Offer {id: $offer}) RETURN properties(n) }, "
    "COLLECT { MATCH (n:Need {id: $target}) RETURN properties(n) }, "
    "COLLECT { MATCH (n:Project {id: $target}) RETURN properties(n) }, "
    "COLLECT { UNWIND $claims AS id MATCH (n:Claim {id: id}) RETURN properties(n) }"
)
_RIVALS: Final = (
    "CALL () { UNWIND $targets AS id MATCH (c:Claim {target: id}) RETURN c "
    "UNION UNWIND $offers AS id MATCH (c:Claim {offer: id}) RETURN c "
    "UNION MATCH (c:Claim {by: $unit}) RETURN c } "
    "RETURN properties(c), COLLECT { MATCH (t:Need {id: c.target}) RETURN properties(t) }, "
    "COLLECT { MATCH (t:Project {id: c.target}) RETURN properties(t) }"
)


class ClaimReader(TransactionReader):
    """Looks up what a claim needs; what it was read for is there already, all else is asked for.

    Parameters
    ----------
    transaction : Transaction
        Holds the store's lock.
    claim : Claim
    ends : sequence of str
        Claims that end with it.
    """

    def __init__(self, transaction: Transaction, claim: Claim, ends: Sequence[str]) -> None:
        super().__init__(transaction)
        self._groups: dict[tuple[str, str, Any], list[Record]] = {}
        self.claim_rows: dict[str, Row] = {}
        """Rows of every claim that was read."""
        offer = claim.target if claim.target_table == "offers" else claim.offer
        is_project = claim.target_table == "projects"
        unit, unit_row, offers, offer_row, need, project, claims = transaction.many(
            _ENDS,
            offer=None if is_project else offer,
            by=claim.by,
            target=claim.target,
            claims=[claim.id, *ends],
        )[0]
        self._keep("units", unit, [unit_row] if unit_row else [])
        self._keep("needs", claim.target, need)
        self._keep("projects", claim.target, project)
        if offer is not None and not is_project:
            self._keep("offers", offer, offer_row)
        for claim_id in (claim.id, *ends):
            self._keep("claims", claim_id, [row for row in claims if row["id"] == claim_id])
        served = [self._remember("offers", row) for row in offers]
        if offers:
            self._groups["offers", "unit", unit] = served
        self._read_rivals(transaction, claim.target, unit, {offer, *(found.id for found in served)} - {None})

    def _read_rivals(self, transaction: Transaction, target: str, unit: str, offers: set[Any]) -> None:
        """Claims on the same target, on these offers, and by the unit, with what they are on."""
        rows = transaction.many(_RIVALS, targets=sorted({target, *offers}), offers=sorted(offers), unit=unit)
        found: list[Claim] = []
        for properties, needs, projects in rows:
            known = self._remember("claims", properties)
            assert isinstance(known, Claim)
            found.append(known)
            self._keep("needs", known.target, needs)
            self._keep("projects", known.target, projects)
        found.sort(key=lambda known: known.id)
        self._groups["claims", "by", unit] = [known for known in found if known.by == unit]
        for one in {target, *offers}:
            self._groups["claims", "target", one] = [known for known in found if known.target == one]
        for one in offers:
            self._groups["claims", "offer", one] = [known for known in found if known.offer == one]

    def _remember(self, table: str, properties: dict[str, Any]) -> Record:
        row = to_row(table, properties)
        record = codec(table).decode(row)
        self._seen[table, record.id] = record
        if table == "claims":
            self.claim_rows[record.id] = row
        return record

    def _keep(self, table: str, record_id: str, rows: Sequence[dict[str, Any]]) -> None:
        """Note what there is of an id, or that there is nothing."""
        self._seen[table, record_id] = None
        for row in rows:
            self._remember(table, row)

    def where(self, table: str, **fields: object) -> Iterator[Record]:
        """Records of a table whose fields equal the given ones, in order of id."""
        for name, value in fields.items():
            group = self._groups.get((table, name, value))
            if group is not None:
                others = [
                    record for record in group if all(getattr(record, k) == v for k, v in fields.items())
                ]
                yield from others
                return
        yield from super().where(table, **fields)
