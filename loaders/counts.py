"""Numbers as lists write them: `20人`, `每月一次`, `约三百`, `２万元`, 若干, 不限."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from graph.model import UNLIMITED
from loaders.problems import Fault, fault

MOST: Final = 100_000_000
"""The largest count that a list can mean."""

_DIGITS: Final = dict(zip("零一二三四五六七八九〇两壹贰叁", (*range(10), 0, 2, 1, 2, 3), strict=True))
_TENS: Final = {"十": 10, "百": 100, "千": 1000}
_CHINESE: Final = "零〇一二两三四五六七八九十百千万壹贰叁"
_UNLIMITED: Final = frozenset(
    ["不限", "any", "无限", "不限量", "不限次", "不限次数", "无限制", "unlimited", "不限人数", "不限制"]
)
_UNKNOWN: Final = frozenset(
    [
        "若干",
        "不详",
        "未知",
        "待定",
        "不明",
        "不确定",
        "待确认",
        "unknown",
        "tbd",
        "多次",
        "几次",
        "视情况",
        "视情况而定",
        "按需",
    ]
)
_PLACES: Final = (
    "人次 场次 项次 户次 课时 次 场 户 人 项 个 件 份 位 名 家 间 张 批 节 组 套 期 课 堂 台 对 项目 单位"
)
_MEASURE: Final = "|".join(sorted((*_PLACES.split(), "places", "place", "times"), key=len, reverse=True))
_PERIODS_A_YEAR: Final = {
    "天": 365, "日": 365, "周": 52, "星期": 52, "礼拜": 52, "月": 12, "季度": 4, "季": 4, "半年": 2,
    "年": 1, "年度": 1,
    "day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1,
}  # fmt: skip
_PERIOD: Final = "|".join(sorted(_PERIODS_A_YEAR, key=len, reverse=True))
_PER: Final = {"月": "month", "季度": "quarter", "季": "quarter", "年": "year", "年度": "year"} | {
    name: name for name in ("month", "quarter", "year")
}
_MOST: Final = 1e30
_MOST_POWER_DIGITS: Final = 4
_NUMBER: Final = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?|[{_CHINESE}]+"
_RHYTHM_FIRST: Final = re.compile(
    rf"(?:每|一|per|every|each)(?P<every>\d+|[{_CHINESE}]+)?个?(?P<period>{_PERIOD})度?(?:内|提供|服务|可|不少于)*(?P<rest>.+)"
)
_RHYTHM_LAST: Final = re.compile(rf"(?P<rest>.+?)(?:/|每|per|a)(?:一)?个?(?P<period>{_PERIOD})")
_COUNT: Final = re.compile(
    rf"(?P<before>约为?|大约|近|余|共|合计|上限|最多|至多|不超过)?(?P<number>{_NUMBER})(?P<scale>[万千])?"
    rf"(?P<some>余|多|来|\+)?(?P<scale_after>[万千])?(?P<measure>{_MEASURE}|万?元)?(?P<after>左右|上下|余|以内|以下)?(?P<yuan>人民币)?"
)
_APPROX: Final = {
    "约": "约", "约为": "约", "大约": "约", "近": "近", "余": "余", "多": "余", "来": "余", "+": "余",
    "左右": "约", "上下": "约",
}  # fmt: skip
_VAGUE: Final = re.compile(
    rf"(?P<low>\d+|[{_CHINESE}]+)(?:{_MEASURE})?[-~至到或、](?P<high>\d+|[{_CHINESE}]+)(?:{_MEASURE})?"
)
_TWO_DIGITS: Final = re.compile(r"([一二两三四五六七八九])([一二两三四五六七八九])")


@dataclass(frozen=True, slots=True)
class Count:
    """A number of a list with what it carries.

    Attributes
    ----------
    value : int or None
        None: the list says that nobody knows. `graph.model.UNLIMITED` where it says 不限.
    per : str
        `month`, `quarter`, `year`, or empty where it has no rhythm.
    measure : str
        `places`, `yuan`, or empty where none is written.
    approx : str
        约, 近 or 余, or empty.
    turned : bool
        Whether a rhythm that no `per` holds (每周两次) was turned into one a year.
    """

    value: int | None
    per: str = ""
    measure: str = ""
    approx: str = ""
    turned: bool = False


def fold(text: str) -> str:
    """Full-width characters made plain, case and blanks taken away."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def read_count(text: str, least: int = 1) -> Count | Fault:
    """Read a count of times or places, or of yuan.

    Parameters
    ----------
    text : str
        What stands in the cell; not empty.
    least : int
        The smallest number that makes sense there: 1 for quantities, 0 for capacities.

    Returns
    -------
    Count or Fault
        A fault for what can't be read without guessing: 两三次, 3-5次, 3.5, a negative number.
    """
    folded = fold(text).rstrip("。.;")
    bare = re.sub(rf"(?:{_MEASURE})$", "", folded)
    if folded in _UNLIMITED or bare in _UNLIMITED:
        return Count(UNLIMITED)
    if folded in _UNKNOWN or bare in _UNKNOWN:
        return Count(None)
    if folded.startswith("-") and re.fullmatch(rf"-(?:{_NUMBER})(?:{_MEASURE})?", folded):
        return fault("number_too_small", least=str(least))
    vague = _vague_choices(folded)
    if vague:
        return fault("number_vague", least=str(least), choices=vague)
    every, period, rest = _split_rhythm(folded)
    match = _COUNT.fullmatch(rest)
    if match is None or every is None:
        return fault("number_unreadable", least=str(least))
    return _finish(match, every, period, least)


def _finish(match: re.Match[str], every: int, period: str, least: int) -> Count | Fault:
    number = read_number(match["number"])
    if number is None:
        return fault("number_unreadable", least=str(least))
    for scale in (match["scale"], match["scale_after"]):
        number *= {"万": 10_000, "千": 1000}.get(scale or "", 1)
    measure = match["measure"] or ""
    if measure == "万元":
        number *= 10_000
    approx = next(
        (_APPROX[match[part]] for part in ("before", "some", "after") if match[part] in _APPROX), ""
    )
    per, turned = _PER.get(period, ""), False
    if period and (not per or every != 1):
        number = number * _PERIODS_A_YEAR[period] / every
        per, turned = "year", True
    if number.denominator != 1:
        return fault("number_fraction", least=str(least))
    if number < least:
        return fault("number_too_small", least=str(least))
    if number > MOST:
        return fault("number_too_large", most=str(MOST))
    named = "" if not measure else "yuan" if measure.endswith("元") else "places"
    return Count(int(number), per, named, approx, turned)


def _split_rhythm(folded: str) -> tuple[int | None, str, str]:
    """How many periods, which period, and what is left: 每两个月一次 -> 2, 月, 一次."""
    match = _RHYTHM_FIRST.fullmatch(folded)
    if match is not None:
        number = Fraction(1) if match["every"] is None else read_number(match["every"])
        every = int(number) if number is not None and number >= 1 and number.denominator == 1 else None
        return every, match["period"], match["rest"]
    match = _RHYTHM_LAST.fullmatch(folded)
    if match is not None:
        return 1, match["period"], match["rest"]
    return 1, "", folded


def _vague_choices(folded: str) -> str:
    """The numbers that a vague one may mean (两三次 -> `2、3`), empty if it isn't vague."""
    match = _VAGUE.fullmatch(folded)
    if match is not None:
        ends = (read_number(match["low"]), read_number(match["high"]))
        return "、".join(str(int(end)) for end in ends if end is not None and end.denominator == 1)
    pair = _TWO_DIGITS.search(folded)
    return f"{_DIGITS[pair[1]]}、{_DIGITS[pair[2]]}" if pair is not None else ""


def read_number(text: str) -> Fraction | None:
    """A number in digits or Chinese numerals, exactly; None if neither, ambiguous (一二), or above 1e30."""
    if text[:1].isascii():
        plain = text.replace(",", "")
        # Nothing counted is so large, and a power such as 1e999999999 would be written out in full.
        if len(plain.partition("e")[2]) > _MOST_POWER_DIGITS:
            return None
        try:
            return Fraction(plain) if float(plain) <= _MOST else None
        except (ValueError, ZeroDivisionError):
            return None
    return _read_chinese(text)


def _read_chinese(text: str) -> Fraction | None:
    high, wan, low = text.partition("万")
    if wan:
        above, below = _read_chinese(high), Fraction(0) if not low else _read_chinese(low)
        return None if above is None or below is None else above * 10_000 + below
    total, digit = 0, None
    last_unit = 10_000
    for char in text:
        if char in _TENS:
            unit = _TENS[char]
            if unit >= last_unit or (digit is None and not (unit == 10 and total == 0)):
                return None
            total += (1 if digit is None else digit) * unit
            digit, last_unit = None, unit
        elif char in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[char]
        else:
            return None
    if digit is None:
        return Fraction(total) if text else None
    return Fraction(total + digit)


def read_amount(text: str) -> tuple[float, str] | Fault:
    """A sum of money or a length of time with its 约 or 余: `2万元`, `约300小时`, `1,500.50`."""
    folded = fold(text).removeprefix("¥").removeprefix("人民币").removeprefix("每年")
    match = re.fullmatch(
        rf"(?P<before>约|近|余|共)?(?P<number>{_NUMBER})(?P<scale>[万千亿])?(?P<some>余|多)?(?P<unit>万?元|小时|h|hours)?(?P<after>左右|余|/年|每年)?",
        folded,
    )
    number = None if match is None else read_number(match["number"])
    if match is None or number is None or number < 0:
        return fault("amount_unreadable")
    factor = {"万": 10_000, "千": 1000, "亿": 100_000_000}.get(match["scale"] or "", 1)
    if match["unit"] == "万元":
        factor *= 10_000
    approx = next(
        (_APPROX[match[part]] for part in ("before", "some", "after") if match[part] in _APPROX), ""
    )
    return float(number * factor), approx


def read_reach(text: str) -> float | Fault:
    """A reach in metres, infinite for `any`: `800`, `800米`, `1.5公里`, `2km`, `不限`."""
    folded = fold(text)
    if folded in _UNLIMITED or folded in {"全市", "不限距离", "不限范围", "全部", "all"}:
        return float("inf")
    match = re.fullmatch(
        rf"(?:约)?(?P<number>{_NUMBER})(?P<unit>米|m|metres|meters|公里|千米|km|里)?(?:左右|以内|内)?", folded
    )
    number = None if match is None else read_number(match["number"])
    if match is None or number is None or number <= 0:
        return fault("reach_unreadable")
    metres = float(number) * {"公里": 1000, "千米": 1000, "km": 1000, "里": 500}.get(match["unit"] or "", 1)
    return metres if metres < 2.1e7 else fault("reach_unreadable")
