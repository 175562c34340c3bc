"""New records on their way to the server: a page of them as one text a column, which the server splits.

The driver packs values one by one, each in several steps of Python, and the names of properties with every
record; that took more of the processor than all else of filling a store. A page with a value that such a
text can't hold goes as properties, as `graph.neo4j.shape` has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from math import isfinite
from typing import Any, Final

from graph.codec import EMPTY_LIST, Field, Row, read_list, table_fields
from graph.neo4j.shape import all_labels, is_absent_when_empty, to_properties

_BETWEEN: Final = "\x1f"
_WITHIN: Final = "\x1e"
"""Stands between the items of a list."""

_UNKNOWN: Final = "\x18"
"""Stands for what is unknown where empty text is a value."""

_MARKS: Final = {"between": _BETWEEN, "within": _WITHIN, "unknown": _UNKNOWN}
_LONGS: Final = range(-(2**63), 2**63)


class _UnfitError(Exception):
    """A value can't go in a column of text."""


def to_page(table: str, rows: Sequence[Row]) -> tuple[str, dict[str, Any]]:
    """Cypher that makes nodes of rows, each as `n`, and the values it takes."""
    columns = zip(table_fields(table), zip(*rows, strict=True), strict=True)
    try:
        values = {f"c{at}": _join(*column) for at, column in enumerate(columns)}
        return _by_columns(table), {**values, **_MARKS}
    except (_UnfitError, TypeError):
        query = f"UNWIND $rows AS row CREATE (n:{all_labels(table)}) SET n = row"
        return query, {"rows": [to_properties(table, row) for row in rows]}


def _join(item: Field, values: Sequence[Any]) -> str | None:
    """A column as one text, None where no row has a value."""
    if item.name != "id" and not any(value not in (None, _empty(item)) for value in values):
        return None
    joined = _BETWEEN.join(_TEXTS[item.kind](item, values))
    if joined.count(_BETWEEN) != len(values) - 1:
        raise _UnfitError
    return joined


def _empty(item: Field) -> str | None:
    """What is left out of a node as if it were unknown."""
    if not is_absent_when_empty(item):
        return None
    return "" if item.kind == "text" else EMPTY_LIST


def _plain_texts(item: Field, values: Sequence[Any]) -> Iterable[str]:
    if not item.optional:
        return values
    unknown = "" if item.kind == "date" else _UNKNOWN
    if unknown in values:
        raise _UnfitError
    return (unknown if value is None else value for value in values)


def _list_texts(_: Field, values: Sequence[Any]) -> Iterable[str]:
    return map(_list_text, values)


@lru_cache(maxsize=16_384)
def _list_text(text: str | None) -> str:
    items = read_list(text) if text else ()
    joined = _WITHIN.join(items)
    if (items and not joined) or joined.count(_WITHIN) != max(len(items) - 1, 0):
        raise _UnfitError
    return joined


def _number_texts(item: Field, values: Sequence[Any]) -> Iterable[str]:
    for value in values:
        if value is None:
            yield ""
        elif type(value) is int and item.kind != "real" and value in _LONGS:
            yield str(value)
        elif item.kind == "real" and isfinite(value):
            yield repr(float(value))
        else:
            raise _UnfitError


_TEXTS: Final[Mapping[str, Callable[[Field, Sequence[Any]], Iterable[str]]]] = {
    "text": _plain_texts,
    "pairs": _plain_texts,
    "date": _plain_texts,
    "texts": _list_texts,
    "integer": _number_texts,
    "flag": _number_texts,
    "real": _number_texts,
}


@cache
def _by_columns(table: str) -> str:
    fields = table_fields(table)
    split = ", ".join(f"split($c{at}, $between) AS c{at}" for at in range(len(fields)))
    values = ", ".join(f"`{item.name}`: {_value(item, f'c{at}[i]')}" for at, item in enumerate(fields))
    ids = next(at for at, item in enumerate(fields) if item.name == "id")
    return f"WITH {split} UNWIND range(0, size(c{ids}) - 1) AS i CREATE (n:{all_labels(table)} {{{values}}})"


def _value(item: Field, text: str) -> str:
    """Cypher for a property from its text in a column."""
    if item.name == "id":
        return text
    if item.kind == "integer":
        return f"toInteger({text})"
    if item.kind == "real":
        return f"toFloat({text})"
    if item.kind == "flag":
        return f"toInteger({text}) <> 0"
    if item.kind == "date":
        return f"date(nullIf({text}, ''))"
    if item.kind == "texts":
        return f"split(nullIf({text}, ''), $within)"
    return f"nullIf({text}, {'$unknown' if item.optional else repr(_empty(item) or '')})"
