"""Canonical times as readers of Chinese and English say them, for printed sheets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

Language = Literal["zh", "en"]

_DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_WEEKDAYS: Final[Mapping[Language, Mapping[str, str]]] = {
    "zh": dict(zip(_DAYS, ("周一", "周二", "周三", "周四", "周五", "周六", "周日"), strict=True)),
    "en": dict(zip(_DAYS, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True)),
}
_ORDINALS: Final[Mapping[Language, Mapping[str, str]]] = {
    "zh": {
        "1": "第一个",
        "2": "第二个",
        "3": "第三个",
        "4": "第四个",
        "5": "第五个",
        "-1": "最后一个",
    },
    "en": {"1": "first ", "2": "second ", "3": "third ", "4": "fourth ", "5": "fifth ", "-1": "last "},
}
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "zh": {
        "rules": "；",
        "parts": "",
        "and": "、",
        "span": "{}至{}",
        "until": "{}前",
        "since": "{}起",
        "monthday": "每月{}日",
        "nth": "每月{}{}",
    },
    "en": {
        "rules": "; ",
        "parts": " ",
        "and": ", ",
        "span": "{} to {}",
        "until": "before {}",
        "since": "from {}",
        "monthday": "day {} of each month",
        "nth": "{}{} of each month",
    },
}
_DAY: Final = "|".join(_DAYS)
_SELECTOR: Final = re.compile(
    rf"(?P<first>{_DAY})(?:-(?P<last>{_DAY})|#(?P<nth>-?\d))?|D(?P<from>\d+)(?:-(?P<to>\d+))?"
)
_MONTH_DAY: Final = re.compile(r"(\d\d)-(\d\d)")


def say_times(canonical: str, language: Language = "zh") -> str:
    """A canonical text of times in words: 周一至周五09:00-17:00；周六10:00-12:00. Empty is any time."""
    rules = canonical.split("; ") if canonical else ()
    return _WORDS[language]["rules"].join(_say_rule(rule, language) for rule in rules)


def _say_rule(rule: str, language: Language) -> str:
    return _WORDS[language]["parts"].join(_say_part(part, language) for part in rule.split(" "))


def _say_part(part: str, language: Language) -> str:
    if re.match(rf"(?:{_DAY}|D\d)", part):
        said = [_say_selector(selector, language) for selector in part.split(",")]
    elif ":" in part:
        said = part.split(",")
    else:
        said = [_say_span(span, language) for span in part.split(",")]
    return _WORDS[language]["and"].join(said)


def _say_selector(selector: str, language: Language) -> str:
    match = _SELECTOR.fullmatch(selector)
    if match is None:
        return selector
    words = _WORDS[language]
    if match["from"]:
        days = words["span"].format(match["from"], match["to"]) if match["to"] else match["from"]
        return words["monthday"].format(days)
    names = _WEEKDAYS[language]
    day = names[match["first"]]
    if match["nth"]:
        return words["nth"].format(_ORDINALS[language][match["nth"]], day)
    return words["span"].format(day, names[match["last"]]) if match["last"] else day


def _say_span(span: str, language: Language) -> str:
    words = _WORDS[language]
    first, dots, last = span.partition("..")
    if not dots:
        return _say_day(first, language)
    if not first:
        return words["until"].format(_say_day(last, language))
    if not last:
        return words["since"].format(_say_day(first, language))
    return words["span"].format(_say_day(first, language), _say_day(last, language))


def _say_day(day: str, language: Language) -> str:
    match = _MONTH_DAY.fullmatch(day)
    if match is None:
        return day
    month, of_month = int(match[1]), int(match[2])
    return f"{month}月{of_month}日" if language == "zh" else f"{of_month} {_MONTHS[month - 1]}"
