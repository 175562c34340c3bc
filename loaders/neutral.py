"""Text that can't attack whoever opens it: cells that no spreadsheet runs, names that every folder takes."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_DANGEROUS: Final = re.compile(r"'*[=+\-@\t\r\n]")
_NEUTRAL: Final = re.compile(r"'+[=+\-@\t\r\n]")
_UNSAFE: Final = re.compile(r"[\x00-\x1f<>:\"/\\|?*\[\]']+")
_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))}
)
_LONGEST: Final = 60


def neutralise(text: str) -> str:
    """Text that a spreadsheet shows as it is, and never runs as a formula.

    An apostrophe is put before what begins with `=`, `+`, `-`, `@`, a tab or a line's end (or with
    apostrophes and one of these, so that `restore` gives back exactly what was written).
    """
    return f"'{text}" if _DANGEROUS.match(text) else text


def restore(text: str) -> str:
    """The text that `neutralise` was given."""
    return text[1:] if _NEUTRAL.match(text) else text


def restore_row(row: list[str]) -> list[str]:
    """The texts of a row as `neutralise` was given them; most rows have no apostrophe and are quick."""
    return list(map(restore, row)) if "'" in "".join(row) else row


def safe_name(text: str, longest: int = _LONGEST) -> str:
    """A name that every system takes for a file, and Excel for a sheet: no separators, no leading dot."""
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", text)).strip(" ._")[:longest].strip(" ._")
    if not name or name.casefold().partition(".")[0] in _RESERVED:
        name = f"_{name}"
    return name


def unique_names(texts: list[str], longest: int = _LONGEST) -> list[str]:
    """Safe names, equal ones numbered (case doesn't count, as some systems don't tell it apart)."""
    taken: set[str] = set()
    names = []
    for text in texts:
        name = first = safe_name(text, longest)
        number = 1
        while name.casefold() in taken:
            number += 1
            tail = f"-{number}"
            name = first[: longest - len(tail)] + tail
        taken.add(name.casefold())
        names.append(name)
    return names
