"""What was loaded before, as far as a list may refer to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, Protocol

from graph.model import Area, Branch, CategoryRule, Membership, Pairing
from loaders.aliases import Aliases

Names = Mapping[str, Sequence[tuple[str, str, str | None]]]
Group = tuple[str, ...]

TYING: Final = ("branches", "pairings", "members")
"""Tables that tie parties to each other."""


def group_of(record: Any) -> Group:
    """Parties that a branch, a pairing or a membership ties; empty for other records."""
    if isinstance(record, Branch):
        return (record.id, *record.units)
    if isinstance(record, Pairing):
        return record.parties
    if isinstance(record, Membership):
        return (record.alliance, record.party)
    return ()


class _NamingStore(Protocol):
    """What `Known.from_store` asks of a store."""

    def names(self) -> Names: ...

    def find(self, table: str) -> Iterator[Any]: ...


@dataclass(frozen=True, slots=True)
class Known:
    """What was loaded before, so that a single list can refer to it.

    Attributes
    ----------
    names : mapping
        Per table: (id, name, id of the parent or area).
    category_rules : mapping
        A list's heading -> category, as the table `categories` said earlier.
    areas : mapping
        Full records of areas by id: outlines are set on them, and kept when a list says nothing of them.
    claim_ids : frozenset of str
        Claims that service records may refer to.
    groups : tuple of tuple of str
        Parties tied to each other, which may speak for one another in claims; see `group_of`.
    aliases : Aliases
        Other words, other names and lists known by their headers.
    """

    names: Names = field(default_factory=lambda: MappingProxyType({}))
    category_rules: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    areas: Mapping[str, Area] = field(default_factory=lambda: MappingProxyType({}))
    claim_ids: frozenset[str] = frozenset()
    groups: tuple[Group, ...] = ()
    aliases: Aliases = field(default_factory=Aliases)

    @classmethod
    def empty(cls) -> Known:
        """Nothing is known yet."""
        return cls()

    @classmethod
    def from_store(cls, store: _NamingStore) -> Known:
        """What a store holds."""
        return cls(
            names=store.names(),
            category_rules=_rules(store.find("categories")),
            areas={record.id: record for record in store.find("areas") if isinstance(record, Area)},
            claim_ids=frozenset(record.id for record in store.find("claims")),
            groups=tuple(group_of(record) for table in TYING for record in store.find(table)),
            aliases=Aliases.of(store.find("aliases")),
        )

    def and_said(self, records: Iterable[Any]) -> Known:
        """What was known, and what somebody said since: aliases and category rules, which count more."""
        said = list(records)
        return replace(
            self,
            category_rules={**self.category_rules, **_rules(said)},
            aliases=self.aliases.with_more(said),
        )


def _rules(records: Iterable[Any]) -> dict[str, str]:
    return {rule.list_category: rule.category for rule in records if isinstance(rule, CategoryRule)}
