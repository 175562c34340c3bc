"""What a planner says of lists once and for all, as JSON and as the records that keep it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from api.services.errors import SayingError
from graph.wording import word

if TYPE_CHECKING:
    from graph.model import Record

Json = dict[str, Any]


def read_saying(saying: Mapping[str, Any]) -> Record:
    """The record that keeps a saying.

    Parameters
    ----------
    saying : mapping
        `kind` `category`, `heading` or `name`, `written` and `meaning`; or `kind` `list`, `headers`, `table`
        and `columns` (by position, null for a note).

    Returns
    -------
    Record
        An alias; of a heading (大类) the rule that the table of categories keeps.

    Raises
    ------
    SayingError
        If it stands for nothing that there is, or holds somebody's number.
    """
    from graph.model import CategoryRule
    from loaders.aliases import make_alias
    from loaders.frame import Scrubbed, scrub

    if saying["kind"] == "list":
        return _read_list(saying)
    written, meaning = (" ".join(str(saying[name]).split()) for name in ("written", "meaning"))
    if not written or not meaning:
        raise SayingError(**word("half_saying"))
    if isinstance(scrub(written, land_lines=True), Scrubbed):
        raise SayingError(**word("number_in_saying"))
    if saying["kind"] == "heading":
        return CategoryRule(id=written, list_category=written, category=_category(meaning))
    return make_alias(
        saying["kind"], written, _category(meaning) if saying["kind"] == "category" else meaning
    )


def _category(text: str) -> str:
    from loaders.cells import read_category

    category = read_category(text)
    if not isinstance(category, str):
        raise SayingError(**word("not_a_category", text=text))
    return category


def _read_list(saying: Mapping[str, Any]) -> Record:
    from loaders.aliases import Form, read_form
    from loaders.frame import Scrubbed, scrub

    headers, columns = tuple(saying["headers"]), tuple(saying["columns"])
    if any(isinstance(scrub(title, land_lines=True), Scrubbed) for title in headers):
        raise SayingError(**word("number_in_headers"))
    alias = Form(headers, saying["table"], columns).as_alias()
    if read_form(alias.written, alias.meaning) is None:
        raise SayingError(**word("no_columns_named"))
    return alias


def write_sayings(records: Iterable[Record]) -> list[Json]:
    """Sayings as JSON, as `read_saying` takes them."""
    from graph.model import Alias, CategoryRule
    from loaders.aliases import read_form

    sayings: list[Json] = []
    for record in records:
        if isinstance(record, CategoryRule):
            sayings.append({"kind": "heading", "written": record.list_category, "meaning": record.category})
        elif isinstance(record, Alias):
            form = read_form(record.written, record.meaning) if record.kind == "list" else None
            if form is None:
                sayings.append({"kind": record.kind, "written": record.written, "meaning": record.meaning})
            else:
                listed = {"headers": list(form.headers), "table": form.table, "columns": list(form.columns)}
                sayings.append({"kind": "list", **listed})
    return sayings
