"""Pages of the documentation that follow from the records, the word tables and the states."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from inspect import getdoc
from typing import Any, Final

from graph.codec import Field, table_fields
from graph.lifecycle import MACHINES, WORD_SECTIONS
from graph.model import TABLES
from graph.neo4j.shape import all_labels, references, target_labels, tie_type
from graph.taxonomy import REASONS, WARNINGS, words

NOTICE: Final = "<!-- Written by tools/docs.py; change its sources instead. -->\n\n"
_KINDS: Final = {
    "text": "text", "integer": "whole number", "real": "number", "flag": "yes or no", "date": "date",
    "texts": "list of texts", "pairs": "list of (column, text)",
}  # fmt: skip
_VALUE_NAMES: Final = {
    "level": "Levels of areas",
    "precision": "Precision of points",
    "crs": "Coordinate systems",
    "per": "Rhythms",
    "mode": "Ways to serve",
    "measure": "Measures",
    "priority": "Priorities",
    "stage": "Stages of an alliance",
    "coverage": "Coverage",
    "solution_status": "How good an assignment is",
    "fit": "Fit of categories",
}


@cache
def field_words() -> Mapping[str, Any]:
    """What each field means, and the names of those that are no column of the lists."""
    table: dict[str, Any] = json.loads(
        files("graph").joinpath("words/fields.json").read_text(encoding="utf-8")
    )
    return table


def meaning(table: str, field: str) -> str:
    """What a field of a table means."""
    return _of_table(field_words()[field]["meaning"], table)


def names(table: str, field: str) -> tuple[str, str]:
    """Chinese and English name of a field of a table."""
    entry = field_words()[field] if "zh" in field_words()[field] else words()["columns"][field]
    return _of_table(entry["zh"], table), _of_table(entry["en"], table)


def _of_table(text: str | Mapping[str, str], table: str) -> str:
    return text if isinstance(text, str) else text[table]


def render_schema() -> str:
    """Give the page of all tables with their fields, and of all states, as Markdown."""
    return NOTICE + "\n".join(_schema_lines()) + "\n"


def _schema_lines() -> Iterator[str]:
    yield "# Tables and states\n"
    yield "What the store holds: one table for each kind of record. A field that may be empty is unknown when"
    yield "empty, never zero. References hold ids. Lists bring these tables under the names of the"
    yield "[glossary](glossary.md). In Neo4j a table is a label, a field a property, a reference a"
    yield "relationship too; [cypher.md](cypher.md) has examples.\n"
    for table, record in TABLES.items():
        entry = words()["tables"][table]
        yield f"## `{table}` {entry['zh']}\n"
        yield (getdoc(record) or "").split("\n\n")[0].replace("\n", " ") + "\n"
        yield _in_neo4j(table) + "\n"
        rows = [_field_row(table, item) for item in table_fields(table)]
        yield from _table(("field", "中文", "English", "type", "meaning"), rows)
    yield "## States\n"
    yield "Each record of these kinds is in one state; the states that may follow it are listed beside it.\n"
    for kind, machine in MACHINES.items():
        yield f"### {kind.capitalize()}\n"
        named = words()["values"][WORD_SECTIONS[kind]]
        rows = [
            (f"`{state}`", named[state]["zh"], named[state]["en"], ", ".join(f"`{to}`" for to in then) or "—")
            for state, then in machine.items()
        ]
        yield from _table(("state", "中文", "English", "then"), rows)


def _in_neo4j(table: str) -> str:
    ties = [
        f"`{tie_type(field)}` to {' or '.join(f'`{name}`' for name, _ in target_labels(table, field))}"
        for field in references(table)
    ]
    return f"Neo4j: `:{all_labels(table)}`" + ("; " + ", ".join(ties) if ties else "") + "."


def _field_row(table: str, item: Field) -> tuple[str, ...]:
    kind = _KINDS[item.kind] + (", may be empty" if item.optional else "")
    return f"`{item.name}`", *names(table, item.name), kind, meaning(table, item.name)


def render_glossary() -> str:
    """Give the page of terms, categories, reasons, warnings, values and list headers, as Markdown."""
    return NOTICE + "\n".join(_glossary_lines()) + "\n"


def _glossary_lines() -> Iterator[str]:
    table = words()
    yield "# Glossary\n"
    yield "The words of the domain in Chinese and English, as lists, pages and reports use them.\n"
    yield "## Terms\n"
    terms = table["terms"]
    rows = [(item["zh"], item["en"], item["meaning_zh"], item["meaning_en"]) for item in terms.values()]
    yield from _table(("中文", "English", "意思", "meaning"), rows)
    yield "## Service categories\n"
    yield "Lists may add children (`health.tcm`). Where an offer doesn't say how far it reaches, and its"
    yield "provider's sub-district is unknown, the default reach is assumed.\n"
    categories = table["categories"]
    yield from _table(
        ("id", "中文", "English", "default reach (m)", "also"),
        [
            (f"`{key}`", item["zh"], item["en"], str(item["reach_m"]), _also(item))
            for key, item in categories.items()
        ],
    )
    yield "## Reasons for an unserved place\n"
    yield "The first that holds, in this order.\n"
    yield from _words_table(table["reasons"], REASONS)
    yield "## Warnings\n"
    yield from _words_table(table["warnings"], WARNINGS)
    yield "## Values of columns\n"
    for name, title in _VALUE_NAMES.items():
        yield f"### {title}\n"
        yield from _words_table(table["values"][name], table["values"][name])
    yield "## Names of tables\n"
    yield from _words_table(table["tables"], table["tables"])
    yield "## Headers of columns\n"
    yield from _words_table(table["columns"], table["columns"])


def _words_table(entries: Mapping[str, Any], keys: Iterable[str]) -> Iterator[str]:
    rows = [(f"`{key}`", entries[key]["zh"], entries[key]["en"], _also(entries[key])) for key in keys]
    yield from _table(("id", "中文", "English", "also"), rows)


def _also(entry: Mapping[str, Any]) -> str:
    return ", ".join(entry.get("aliases", ()))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join('---' for _ in head)}|"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""
