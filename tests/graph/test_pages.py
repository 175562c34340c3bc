from __future__ import annotations

from graph.codec import table_fields
from graph.lifecycle import MACHINES
from graph.model import TABLES
from graph.pages import field_words, meaning, names, render_glossary, render_schema
from graph.taxonomy import REASONS, WARNINGS, words


def test_every_field_is_named_and_explained() -> None:
    for table in TABLES:
        for item in table_fields(table):
            assert meaning(table, item.name).endswith(".")
            assert all(names(table, item.name))


def test_nothing_is_explained_that_is_not_there() -> None:
    assert set(field_words()) == {item.name for table in TABLES for item in table_fields(table)}


def test_the_schema_shows_all_tables_fields_and_states() -> None:
    page = render_schema()
    for table in TABLES:
        assert f"## `{table}`" in page
        assert all(f"| `{item.name}` |" in page for item in table_fields(table))
    assert all(f"| `{state}` |" in page for machine in MACHINES.values() for state in machine)


def test_the_glossary_shows_every_word() -> None:
    page = render_glossary()
    for section in ("terms", "categories", "reasons", "warnings", "tables", "columns"):
        assert all(entry["zh"] in page and entry["en"] in page for entry in words()[section].values())
    assert list(words()["reasons"]) == list(REASONS)
    assert list(words()["warnings"]) == list(WARNINGS)


def test_rows_of_tables_have_as_many_cells_as_their_head() -> None:
    for page in (render_schema(), render_glossary()):
        width = 0
        for line in page.splitlines():
            cells = line.replace("\\|", "").count("|")
            if not line.startswith("|"):
                width = 0
            elif width:
                assert cells == width, line
            else:
                width = cells
