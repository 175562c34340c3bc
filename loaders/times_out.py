"""Canonical times as a Chinese reader says them, for printed sheets."""

from __future__ import annotations

import re
from typing import Final

_WEEKDAYS: Final = {"Mo": "一", "Tu": "二", "We": "三", "Th": "四", "Fr": "五", "Sa": "六", "Su": "日"}
_ORDINALS: Final = {
    "1": "第一个",
    "2": "第二个",
    "3": "第三个",
    "4": "第四个",
    "5": "第五个",
    "-1": "最后一个",
}
_DAY: Final = "|".join(_WEEKDAYS)
_SELECTOR: Final = re.compile(
    rf"(?P<first>{_DAY})(?:-(?P<last>{_DAY})|#(?P<nth>-?\d))?|D(?P<from>\d+)(?:-(?P<to>\d+))?"
)
_MONTH_DAY: Final = re.compile(r"(\d\d)-(\d\d)")


def say_times(canonical: str) -> str:
    """A canonical text of times in Chinese: 周一至周五09:00-17:00；周六10:00-12:00. Empty is any time."""
    return "；".join(_say_rule(rule) for rule in canonical.split("; ")) if canonical else ""


def _say_rule(rule: str) -> str:
    return "".join(_say_part(part) for part in rule.split(" "))


def _say_part(part: str) -> str:
    if re.match(rf"(?:{_DAY}|D\d)", part):
        return "、".join(map(_say_selector, part.split(",")))
    if ":" in part:
        return part.replace(",", "、")
    return "、".join(map(_say_span, part.split(",")))


def _say_selector(selector: str) -> str:
    match = _SELECTOR.fullmatch(selector)
    if match is None:
        return selector
    if match["from"]:
        return f"每月{match['from']}{'至' + match['to'] if match['to'] else ''}日"
    day = f"周{_WEEKDAYS[match['first']]}"
    if match["nth"]:
        return f"每月{_ORDINALS[match['nth']]}{day}"
    return f"{day}至周{_WEEKDAYS[match['last']]}" if match["last"] else day


def _say_span(span: str) -> str:
    first, dots, last = span.partition("..")
    if not dots:
        return _say_day(first)
    if not first:
        return f"{_say_day(last)}前"
    return f"{_say_day(first)}至{_say_day(last)}" if last else f"{_say_day(first)}起"


def _say_day(day: str) -> str:
    match = _MONTH_DAY.fullmatch(day)
    return f"{int(match[1])}月{int(match[2])}日" if match else day
