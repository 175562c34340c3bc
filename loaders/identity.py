"""Ids for rows that bring none: a readable prefix and a hash of what tells the row from others.

The same row gets the same id whatever the order of rows, the language of headers, the format of the file
or the store it goes to.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from loaders.counts import fold

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH: Final = 13
_PSEUDONYM: Final = re.compile(rf"resident-[{_ALPHABET}]{{{_LENGTH}}}")

PREFIXES: Final[Mapping[str, str]] = {
    "areas": "area", "units": "unit", "branches": "branch", "alliances": "alliance", "members": "member",
    "stations": "station", "categories": "category", "aliases": "alias", "offers": "offer", "needs": "need",
    "projects": "project",
    "pairings": "pairing", "claims": "claim", "services": "service", "duties": "duty", "posts": "post",
    "registrations": "registration", "bookings": "booking", "lists": "list",
}  # fmt: skip
"""First part of a derived id, per table; also what disambiguates a reference (`project:12`)."""

COMPONENTS: Final = (
    "party", "unit", "name", "title", "category", "area", "lon", "lat", "parties", "target", "by", "offer",
    "alliance", "role", "claim", "body", "written", "valid_from", "valid_to", "from", "to",
)  # fmt: skip
"""Columns that an id is derived from, where the table has them; empty ones don't count."""


@lru_cache(maxsize=262_144)
def identity_text(text: str) -> str:
    """A cell's text for comparing rows: full-width characters, case and blanks don't count."""
    return fold(text)


def derive_id(table: str, components: Iterable[tuple[str, str]]) -> str:
    """An id from the table and from (column, text) pairs in the order of `COMPONENTS`; 65 bits of hash."""
    content = "\x1e".join(f"{name}\x1f{text}" for name, text in components)
    return f"{PREFIXES[table]}-{_digest(table, content)}"


def derive_name_id(table: str, name: str) -> str:
    """The id of a record known by its name only, such as a draft unit."""
    return derive_id(table, (("name", identity_text(name)),))


def pseudonym(need_id: str) -> str:
    """What stands for the resident behind a need; follows from the need's id alone."""
    return f"resident-{_digest('resident', need_id)}"


def is_pseudonym(text: str) -> bool:
    """Whether a text is a pseudonym that `pseudonym` made, as in a list that was exported."""
    return _PSEUDONYM.fullmatch(text) is not None


def _digest(kind: str, content: str) -> str:
    raw = hashlib.blake2b(f"{kind}\x1d{content}".encode(), digest_size=9).digest()
    number = int.from_bytes(raw, "big")
    letters = []
    for _ in range(_LENGTH):
        number, rest = divmod(number, 32)
        letters.append(_ALPHABET[rest])
    return "".join(letters)
