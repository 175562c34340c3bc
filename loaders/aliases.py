"""What planners said once and for all: words for categories, other names, lists known by their headers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from graph.model import TABLES, Alias
from loaders.columns import normal_header, table_columns
from loaders.counts import fold
from loaders.headers import Header, named_header
from loaders.identity import derive_id, identity_text

KINDS: Final = ("category", "name", "list")
"""What an alias may stand for."""

_BETWEEN: Final = "|"


@dataclass(frozen=True, slots=True)
class Form:
    """A list that is known by its headers: its table, and what each column is (None: a note).

    Attributes
    ----------
    headers : tuple of str
        As written, by position.
    table : str
    columns : tuple of (str or None)
        Column names of the table, by position.
    """

    headers: tuple[str, ...]
    table: str
    columns: tuple[str | None, ...]

    def as_alias(self) -> Alias:
        """The form as a record."""
        titles = [" ".join(title.replace(_BETWEEN, "/").split()) for title in self.headers]
        return make_alias(
            "list", _BETWEEN.join(titles), _BETWEEN.join((self.table, *(name or "" for name in self.columns)))
        )


@dataclass(frozen=True, slots=True)
class Aliases:
    """Aliases by what they stand for.

    Attributes
    ----------
    categories : mapping of str to str
        Folded text -> category.
    names : mapping of str to str
        Text as identities compare it -> id or name of a record.
    forms : mapping of tuple of str to Form
        Normal headers by position -> the list that has them.
    """

    categories: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    forms: Mapping[tuple[str, ...], Form] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, records: Iterable[Any]) -> Aliases:
        """The aliases among some records; of equal ones the last counts."""
        return cls().with_more(records)

    def with_more(self, records: Iterable[Any]) -> Aliases:
        """These aliases and others, which count more."""
        categories, names, forms = dict(self.categories), dict(self.names), dict(self.forms)
        for record in records:
            if not isinstance(record, Alias):
                continue
            if record.kind == "category":
                categories[fold(record.written)] = record.meaning
            elif record.kind == "name":
                names[identity_text(record.written)] = record.meaning
            elif (form := read_form(record.written, record.meaning)) is not None:
                forms[form_key(form.headers)] = form
        return Aliases(categories, names, forms)

    def find_header(self, rows: Sequence[tuple[int, Sequence[str]]]) -> Header | None:
        """The header among the first rows of a list that is known by its headers; None if it isn't."""
        if not self.forms:
            return None
        for number, cells in rows:
            form = self.forms.get(form_key(cells))
            if form is not None:
                return named_header(form.table, number, cells, form.columns)
        return None


def make_alias(kind: str, written: str, meaning: str) -> Alias:
    """An alias; its id follows from what is written, so that saying it anew replaces it."""
    record_id = derive_id("aliases", (("written", alias_identity(kind, written)),))
    return Alias(id=record_id, kind=kind, written=written, meaning=meaning)


def alias_identity(kind: str, written: str) -> str:
    """What tells an alias from others."""
    return f"{kind}:{identity_text(written)}"


def form_key(headers: Sequence[str]) -> tuple[str, ...]:
    """Headers for comparing; empty ones behind the last don't count."""
    normal = [normal_header(title.replace(_BETWEEN, "/")) for title in headers]
    while normal and not normal[-1]:
        normal.pop()
    return tuple(normal)


def read_form(written: str, meaning: str) -> Form | None:
    """The form that an alias of the kind `list` holds; None if it isn't one."""
    headers = tuple(part.strip() for part in written.split(_BETWEEN))
    table, *names = (part.strip() for part in meaning.split(_BETWEEN))
    if table not in TABLES or len(names) > len(headers) or not any(form_key(headers)):
        return None
    known = table_columns(table)
    if not any(names) or any(name and name not in known for name in names):
        return None
    columns = [name or None for name in names] + [None] * (len(headers) - len(names))
    return Form(headers, table, tuple(columns))
