"""What a claim has to read, in few queries: the rules ask for one thing after another.

Whoever claims locks first all that the claim's room hangs on and that it will be tied to, so that nothing of
this changes until the claim is written, while claims for other units read theirs. The order is the same for
all, so that no two ever wait for each other: a claims' desk, the claims themselves, the units (and other
parties), the offers, what is claimed, each in order of id, and the store's node last. Whatever else writes
takes all desks before the store's node: so it never meets a claim that has begun.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

from graph.codec import Row, codec
from graph.errors import StoreError
from graph.model import Claim, Record
from graph.neo4j.connection import Transaction
from graph.neo4j.rows import TransactionReader
from graph.neo4j.shape import PARTY, to_row
from graph.wording import word

DESKS: Final = 16
"""So many claims for different units may be looked at side by side."""


def _lock(label: str, ids: str) -> str:
    """Cypher that locks what is there of some ids, in their order; see `connection` on the removing."""
    return (
        f"CALL (claims) {{ UNWIND {ids} AS id WITH DISTINCT id ORDER BY id "
        f"MATCH (n:{label} {{id: id}}) REMOVE n.locked RETURN count(n) AS `{label}` }}"
    )


# Offers keep their units while a desk is held, and claims that are locked keep what they are on.
_LOCKS: Final = " ".join(
    (
        "MATCH (d:Desk {id: $desk}) REMOVE d.locked WITH d",
        "CALL (d) { UNWIND $claims AS id MATCH (c:Claim {id: id}) REMOVE c.locked",
        "RETURN collect(c) AS claims }",
        _lock(
            PARTY,
            "[$by] + [c IN claims | c.by] + COLLECT { MATCH (o:Offer) WHERE o.id IN [$offer] RETURN o.unit }",
        ),
        _lock("Offer", "[$offer, $target] + [c IN claims | c.offer] + [c IN claims | c.target]"),
        *(_lock(label, "[$target] + [c IN claims | c.target]") for label in ("Need", "Project")),
        "WITH count(*) AS locked",
    )
)
_ENDS: Final = (
    f"{_LOCKS} "
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


def desk(number: int) -> str:
    """Id of a node that a claim locks before all else."""
    return f"claims-{number:02}"


class ClaimReader(TransactionReader):
    """Looks up what a claim needs; what it was read for is there already, all else is asked for.

    Parameters
    ----------
    transaction : Transaction
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
        found = transaction.one(
            _ENDS,
            offer=None if is_project else offer,
            by=claim.by,
            target=claim.target,
            claims=sorted({claim.id, *ends}),
            desk=desk(zlib.crc32(claim.by.encode()) % DESKS),
        )
        if found is None:  # without its desk
            raise StoreError(**word("store_removed"))
        unit, unit_row, offers, offer_row, need, project, claims = found
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
