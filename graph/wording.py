"""The words of refusals: each said once in Chinese and once in English, by a code.

The texts stand in `graph/words/refusals.json`; who refuses something names a code and what goes into it.
"""

from __future__ import annotations

import json
import string
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, TypedDict

from graph.taxonomy import words

_MARKS: Final = {"zh": "、", "en": ", "}


class Words(TypedDict):
    """What an error says of itself and what to do about it, in both languages; as `LinliError` takes them."""

    message: str
    remedy: str
    message_zh: str
    remedy_zh: str


def word(code: str, /, **values: object) -> Words:
    """The words of a refusal.

    Parameters
    ----------
    code : str
        One of `graph/words/refusals.json`.
    **values
        What its places are filled with. Of several things each language makes its own list; words of another
        refusal stand in the same language. In a text ``{table:tables}`` is the name that the section `tables`
        of the word table has for a table, ``{state:values.need_status}`` that of a need's state.

    Returns
    -------
    Words
        To be handed on: ``raise NotFoundError(**word("no_claim", id=claim_id))``.

    Raises
    ------
    KeyError
        If there is no such code, or a place isn't filled.
    """
    texts = read_texts()[code]
    zh, en = _Filler("zh"), _Filler("en")
    return Words(
        message=en.vformat(texts["en"], (), values),
        remedy=en.vformat(texts["remedy_en"], (), values),
        message_zh=zh.vformat(texts["zh"], (), values),
        remedy_zh=zh.vformat(texts["remedy_zh"], (), values),
    )


@cache
def read_texts() -> Mapping[str, Mapping[str, str]]:
    """Every refusal by its code: `zh`, `en` and what to do about it, `remedy_zh` and `remedy_en`."""
    text = files("graph").joinpath("words/refusals.json").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = json.loads(text)
    return table


class _Filler(string.Formatter):
    """Fills a text's places in one language."""

    def __init__(self, language: Literal["zh", "en"]) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        """One value as the language says it."""
        if isinstance(value, Mapping) and "message_zh" in value:
            return str(value["message_zh" if self._language == "zh" else "message"])
        if isinstance(value, Iterable) and not isinstance(value, str):
            return _MARKS[self._language].join(self.format_field(item, format_spec) for item in value)
        names = _find_names(format_spec)
        if names is not None:
            return str(names.get(value, {}).get(self._language, value))
        return format(value, format_spec)


def _find_names(spec: str) -> Mapping[str, Mapping[str, str]] | None:
    """The part of the word table that a place names, such as ``tables`` or ``values.need_status``."""
    section, _, part = spec.partition(".")
    if section not in words():
        return None
    names: Mapping[str, Any] = words()[section]
    return names.get(part) if part else names
