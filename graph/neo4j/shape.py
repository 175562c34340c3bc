"""How records stand in Neo4j: labels for tables, properties for fields, relationships for references.

Labels are the records' names (`Need`, `Offer`), and `Party` beside them for whatever may need, offer and
claim. Properties are named as the fields, with dates, lists and flags as Neo4j has them; unknown values and
empty text are absent, notes are JSON text. A reference is a property, as in every store, and beside it a
relationship of the property's name in capitals to each record that it means:
`(:Need {area: 'x'})-[:AREA]->(:Area {id: 'x'})`. What refers to nothing that is there has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, Final

from graph.codec import EMPTY_LIST, Field, Row, list_text, read_list, table_fields
from graph.errors import NotFoundError
from graph.model import PARTY_TABLES, TABLES
from graph.wording import word

LABELS: Final[Mapping[str, str]] = {table: record.__name__ for table, record in TABLES.items()}
"""The label of each table's records."""

PARTY: Final = "Party"
"""A second label of areas, units, branches, alliances and stations."""

TABLE_OF_LABEL: Final[Mapping[str, str]] = {label: table for table, label in LABELS.items()}

_AREAS: Final = ("areas",)
_TARGETS: Final[Mapping[str, tuple[str, ...]]] = {
    "area": _AREAS,
    "reach_areas": _AREAS,
    "alliance": ("alliances",),
    "body": PARTY_TABLES,
    "by": PARTY_TABLES,
    "chair": PARTY_TABLES,
    "claim": ("claims",),
    "offer": ("offers",),
    "parties": PARTY_TABLES,
    "party": PARTY_TABLES,
    "target": ("needs", "projects", "offers"),
    "unit": PARTY_TABLES,
    "units": ("units",),
}
"""Tables that a field of this name may refer to; a `parent` is of the record's own table."""


@cache
def references(table: str) -> Mapping[str, tuple[str, ...]]:
    """Fields of a table that refer to other records, and the tables where these may stand."""
    found = {item.name: _TARGETS[item.name] for item in table_fields(table) if item.name in _TARGETS}
    if any(item.name == "parent" for item in table_fields(table)):
        found["parent"] = (table,)
    if table == "services":
        found["unit"] = ("units",)
    return found


@cache
def referring(table: str) -> tuple[tuple[str, str], ...]:
    """Tables and fields that may refer to a table's records."""
    return tuple(
        (other, name) for other in TABLES for name, targets in references(other).items() if table in targets
    )


def tie_type(field: str) -> str:
    """The type of the relationships that a field of references gives."""
    return field.upper()


def all_labels(table: str) -> str:
    """Labels of a table's records, as Cypher writes them."""
    return f"{LABELS[table]}:{PARTY}" if table in PARTY_TABLES else LABELS[table]


def target_labels(table: str, field: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Labels among which a field's references are looked for, with the tables that each stands for."""
    targets = references(table)[field]
    return ((PARTY, targets),) if targets == PARTY_TABLES else tuple((LABELS[one], (one,)) for one in targets)


def label(table: str) -> str:
    """The label of a table's records.

    Raises
    ------
    NotFoundError
        If there is no such table.
    """
    if table not in LABELS:
        raise NotFoundError(**word("no_table", table=table))
    return LABELS[table]


def is_list(table: str, field: str) -> bool:
    """Whether a field holds several values."""
    return next(item.kind for item in table_fields(table) if item.name == field) == "texts"


def is_absent_when_empty(item: Field) -> bool:
    """Whether a node leaves the property out where the record's field is empty text or an empty list."""
    return not item.optional and item.kind in ("text", "texts", "pairs") and item.name != "id"


def to_properties(table: str, row: Row) -> dict[str, Any]:
    """A row (see `graph.codec`) as properties of a node; what is unknown or empty is left out."""
    found: dict[str, Any] = {}
    for item, value in zip(table_fields(table), row, strict=True):
        if value is None or (value in ("", EMPTY_LIST) and is_absent_when_empty(item)):
            continue
        found[item.name] = to_property(item, value)
    return found


def to_property(item: Field, value: Any) -> Any:
    """One value of a row as a node holds it."""
    if item.kind == "date":
        return date.fromisoformat(value)
    if item.kind == "texts":
        return list(read_list(value))
    if item.kind == "flag":
        return bool(value)
    return float(value) if item.kind == "real" else value


def to_row(table: str, properties: Mapping[str, Any]) -> Row:
    """A row from a node's properties."""
    return tuple(from_property(item, properties.get(item.name)) for item in table_fields(table))


def from_property(item: Field, value: Any) -> Any:
    """One value of a row from a node's property; dates may be text already."""
    if value is None:
        if not is_absent_when_empty(item):
            return None
        return "" if item.kind == "text" else EMPTY_LIST
    if item.kind == "texts":
        return list_text(tuple(value))
    if item.kind == "date":
        return value if isinstance(value, str) else value.iso_format()
    return int(value) if item.kind == "flag" else value
