"""The nearest known name to one that nobody knows, to propose in a remedy; never taken without asking.

Edit distance misleads on Chinese organisation names. What works is that a short name is an ordered
subsequence of the long one; names with different numerals never match. Areas and headers, whose names
are short and typed by hand, may also differ in one character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from loaders.counts import fold

_NUMERALS: Final = re.compile(r"\d+|[一二三四五六七八九十]+")
_LONGEST: Final = 40
_LEAST_CLOSE: Final = 5
_LEAST_RATIO: Final = 0.8


def is_subsequence(short: str, long: str) -> bool:
    """Whether the characters of one text come in the other in the same order."""
    characters = iter(long)
    return all(character in characters for character in short)


def edit_distance(one: str, other: str, most: int = 2) -> int:
    """Least number of changed, added or left out characters; `most` + 1 for anything larger."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    previous = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        current = [i]
        for j, b in enumerate(other, start=1):
            current.append(min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (a != b)))
        previous = current
    return min(previous[-1], most + 1)


def nearest_name(text: str, names: Iterable[str]) -> str:
    """The organisation whose short name the text may be, or the other way round; empty if none."""
    wanted = fold(text)[:_LONGEST]
    if len(wanted) < 2:
        return ""
    numerals = _NUMERALS.findall(wanted)
    best, best_extra = "", 1_000
    for name in names:
        folded = fold(name)[:_LONGEST]
        short, long = sorted((wanted, folded), key=len)
        extra = len(long) - len(short)
        if (
            len(short) >= 2
            and extra < best_extra
            and short[0] in long[: extra + 1]
            and is_subsequence(short, long)
            and _NUMERALS.findall(folded) == numerals
        ):
            best, best_extra = name, extra
    return best


def closest_name(text: str, names: Iterable[str]) -> str:
    """The organisation whose name is written almost so, such as one of other last words; empty if none.

    Names of five or more characters, about equally long, that have at least four fifths of their characters
    in common in the same order, and the same numerals.
    """
    wanted = fold(text)[:_LONGEST]
    if len(wanted) < _LEAST_CLOSE:
        return ""
    numerals, characters = _NUMERALS.findall(wanted), set(wanted)
    best, best_ratio = "", _LEAST_RATIO
    for name in names:
        folded = fold(name)[:_LONGEST]
        longest = max(len(folded), len(wanted))
        if (
            len(folded) < _LEAST_CLOSE
            or abs(len(folded) - len(wanted)) > longest // 4
            or len(characters.intersection(folded)) * 2 < longest
            or _NUMERALS.findall(folded) != numerals
        ):
            continue
        ratio = 2 * common_length(wanted, folded) / (len(wanted) + len(folded))
        if ratio >= best_ratio and (ratio > best_ratio or not best):
            best, best_ratio = name, ratio
    return best


def common_length(one: str, other: str) -> int:
    """Length of the longest text whose characters come in both in the same order."""
    previous = [0] * (len(other) + 1)
    for a in one:
        current = [0]
        for j, b in enumerate(other, start=1):
            current.append(previous[j - 1] + 1 if a == b else max(previous[j], current[j - 1]))
        previous = current
    return previous[-1]


def nearest_words(text: str, words: Iterable[str]) -> str:
    """The word that contains the text, is contained in it, or differs in one character; empty if none."""
    wanted = fold(text)
    if not wanted:
        return ""
    listed = list(words)
    contained = [word for word in listed if len(fold(word)) >= 2 and _one_holds_other(wanted, fold(word))]
    if contained:
        return min(contained, key=lambda word: abs(len(fold(word)) - len(wanted)))
    most = 1 if len(wanted) < 6 else 2
    close = [(edit_distance(wanted, fold(word), most), word) for word in listed if len(fold(word)) >= 2]
    distance, word = min(close, default=(most + 1, ""))
    return word if distance <= most and distance < len(wanted) else ""


def _one_holds_other(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= 2 and short in long
