"""Reads times as people write them in lists, in Chinese and English, into a `Times`.

A text is cut into pieces (dates, days, hours and the marks between them); `RuleBuilder` joins these into
rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from graph import pieces
from graph.pieces import (
    CLOCK,
    DAY_PARTS,
    ENGLISH_DAY,
    FULL_DATE,
    HOLIDAYS,
    NUMBER,
    ORDINAL,
    TO,
    WEEKDAY_CHARS,
    Piece,
)
from graph.timetable import Rule, Times, TimesError
from graph.wording import word

EXAMPLES: Final = "周一至周五 9:00-17:00, 每周四下午, 2026-05-01至2026-06-30, 长期, Mo-Fr 09:00-17:00"
_ANY: Final = (
    "长期|全年|常年|随时|任意时间|任何时间|时间不限|不限时间|不限|全天候|24小时|均可|皆可|都可以?|24/7"
    r"|any ?time|any|always|all ?year|year[- ]round"
)
_FILLERS: Final = (
    r"(?:法定)?节假日(?:除外|休息)|每年|每逢|逢|每周(?![一二三四五六日1-7])|每(?=周)|开放时间|服务时间|时间|开放|营业"
    r"|期间"
    r"|of (?:the|each|every) month|every|each|on\b|的|[()：:]|\s+"
)
_YEAR: Final = r"(?:(\d{4})年\s*)?"
_W: Final = rf"[{WEEKDAY_CHARS}]"
_D: Final = r"[1-7](?![\d:点时月日])"

Handler = Callable[[re.Match[str]], Piece | None]
_READERS: Final[tuple[tuple[re.Pattern[str], Handler], ...]] = tuple(
    (re.compile(pattern), handler)
    for pattern, handler in (
        (r"\s*[;|。\n]\s*", lambda _: Piece("strong")),
        (r"\s*(?:[、,和及与或&/]|以及|\band\b|\bor\b)\s*", lambda _: Piece("weak")),
        (_ANY, lambda _: Piece("any")),
        (rf"{_YEAR}({'|'.join(HOLIDAYS)})", pieces.holidays),
        (
            (
                rf"{FULL_DATE}(?:{TO}(?:(?P<year>\d{{4}})[-/.年](?P<month>\d{{1,2}})[-/.月](?P<day>\d{{1,2}})日?"
                r"|(?:(?P<month2>\d{1,2})月)?(?P<day2>\d{1,2})日)|(?P<open>\s*起))?"
            ),
            pieces.full_dates,
        ),
        (rf"(\d{{8}})(?!\d)(?:{TO}(\d{{8}})(?!\d))?", pieces.compact_dates),
        (rf"{_YEAR}({NUMBER})月(?:份)?(上|中|下)旬", pieces.thirds),
        (
            rf"(?P<m1>{NUMBER})月\s*(?P<d1>{NUMBER})日(?:{TO}(?:(?P<m2>{NUMBER})月)?(?P<d2>{NUMBER})日)?",
            pieces.year_days,
        ),
        (rf"{_YEAR}({NUMBER})(?:月份?)?{TO}(?:(\d{{4}})年)?({NUMBER})月份?", pieces.month_range),
        (rf"{_YEAR}({NUMBER}(?:(?:月份?)?、{NUMBER})*)月份?", pieces.month_list),
        (rf"{_YEAR}第?([1-4一二三四])季度", pieces.quarters),
        (rf"{_YEAR}(上|下)半年", pieces.half_years),
        (rf"(\d{{4}})年(?:{TO}(\d{{4}})年)?", pieces.years),
        (
            (
                rf"每月(?:的)?(?:(?P<last>最后一?)|首|第?(?P<numbers>{NUMBER}(?:[、,和]第?{NUMBER})*))"
                rf"[个周]?(?:的)?周(?P<weekday>{_W})"
            ),
            pieces.chinese_nths,
        ),
        (rf"每月\s*({NUMBER}日?(?:(?:{TO}|[、,和]){NUMBER}日?)*)(?<=日)", pieces.monthdays),
        (r"每月上旬", lambda _: Piece("days", Rule(monthdays=frozenset(range(1, 11))))),
        (r"每月中旬", lambda _: Piece("days", Rule(monthdays=frozenset(range(11, 21))))),
        (r"每月下旬", lambda _: Piece("days", Rule(monthdays=frozenset(range(21, 32))))),
        (r"工作日|weekdays?\b|workdays?\b|working days\b", pieces.days(0, 1, 2, 3, 4)),
        (r"双休日?|周末|休息日|weekends?\b", pieces.days(5, 6)),
        (r"每日|每天|天天|daily\b|every ?day\b", pieces.days(*range(7))),
        (
            rf"周{_W}(?:\s*-\s*周?{_W}|\s*[、,和及]\s*周?{_W}(?![月点时个])|{_W}(?![月点时个]))*",
            pieces.chinese_weekdays,
        ),
        (rf"周{_D}(?:\s*-\s*周?{_D}|\s*[、,和及]\s*周?{_D}|{_D})*", pieces.chinese_weekdays),
        (rf"((?:{ORDINAL})(?:\s*(?:,|\band\b)\s*(?:{ORDINAL}))*)\s+({ENGLISH_DAY})", pieces.english_nths),
        (rf"({ENGLISH_DAY})(?:\s*(?:-|\bto\b|\bthrough\b)\s*({ENGLISH_DAY}))?", pieces.english_weekdays),
        (rf"{CLOCK}{TO}{CLOCK}", pieces.hours),
        (rf"{CLOCK}\s*(?:以后|之后|后|起)", pieces.hours_after),
        ("|".join(DAY_PARTS), pieces.day_part),
        (_FILLERS, lambda _: None),
    )
)


def read_phrase(text: str) -> Times:
    """Read times as people write them.

    Raises
    ------
    TimesError
        If any part of the text can't be read, naming the part.
    """
    builder = RuleBuilder()
    for piece in _pieces(_plain(text)):
        builder.add(piece)
    if not builder.has_read:
        raise TimesError(**word("times_none", text=text))
    return builder.times()


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    plain = re.sub(r"星期天|礼拜天|周天", "周日", plain)
    plain = re.sub(r"星期|礼拜", "周", plain)
    plain = re.sub(r"点钟", "点", plain)
    return re.sub(r"\s*(?:[—–~−]+|-+|至|到)\s*", "-", plain).replace("号", "日")


def _pieces(text: str) -> Iterable[Piece]:
    position = 0
    while position < len(text):
        position, piece = _next_piece(text, position)
        if piece is not None:
            yield piece


def _next_piece(text: str, position: int) -> tuple[int, Piece | None]:
    for pattern, handler in _READERS:
        match = pattern.match(text, position)
        if match is not None and match.end() > position:
            return match.end(), handler(match)
    raise TimesError(**word("times_unread", text=text[position:], examples=EXAMPLES))


class RuleBuilder:
    """Joins pieces into rules.

    Days behind hours, or dates behind days, begin a new rule (周一上午、周三下午), which keeps what stood
    above them in the order dates, days, hours; behind a semicolon everything begins anew.
    """

    def __init__(self) -> None:
        self.has_read = False
        self._rules: list[Rule] = []
        self._current = Rule()
        self._kinds: list[str] = []
        self._is_separated = False

    def add(self, piece: Piece) -> None:
        """Take the next piece of the text."""
        if piece.kind == "weak":
            self._is_separated = True
        elif piece.kind == "strong":
            self._finish(Rule(), [])
        elif piece.kind == "any":
            self.has_read = True
            self._kinds = self._kinds or ["any"]
        else:
            self.has_read = True
            self._join(piece)
            self._is_separated = False

    def times(self) -> Times:
        """All rules read."""
        self._finish(Rule(), [])
        return Times.of(self._rules)

    def _join(self, piece: Piece) -> None:
        order = pieces.ORDER[piece.kind]
        last = self._kinds[-1] if self._kinds else ""
        is_back = last != piece.kind and any(pieces.ORDER.get(kind, -1) > order for kind in self._kinds)
        if is_back and (self._is_separated or piece.kind in self._kinds):
            kept = [kind for kind in self._kinds if pieces.ORDER.get(kind, 3) < order]
            self._finish(_only(self._current, kept), kept)
        self._current = _union(self._current, piece.rule)
        self._kinds.append(piece.kind)

    def _finish(self, start: Rule, kinds: list[str]) -> None:
        if self._kinds:
            self._rules.append(self._current)
        self._current, self._kinds, self._is_separated = start, kinds, False


def _only(rule: Rule, kinds: list[str]) -> Rule:
    dates = rule.dates if "dates" in kinds else ()
    return replace(rule, dates=dates, hours=()) if "days" in kinds else Rule(dates=dates)


def _union(one: Rule, other: Rule) -> Rule:
    return Rule(
        dates=one.dates + other.dates,
        weekdays=one.weekdays | other.weekdays,
        nths=one.nths | other.nths,
        monthdays=one.monthdays | other.monthdays,
        hours=one.hours + other.hours,
    )
