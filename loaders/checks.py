"""What several cells of a row say together: numbers with their rhythm, places, dates, categories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np

from graph.model import UNLIMITED
from graph.periods import Period, count_per
from graph.taxonomy import OTHER
from loaders.aliases import read_form
from loaders.cells import read_category, read_heading_category
from loaders.columns import table_columns
from loaders.coordinates import judge_point, to_wgs84
from loaders.counts import Count, fold
from loaders.frame import Frame, required_empty
from loaders.problems import Fault, fault

_MATCHED_COUNTS: Final = frozenset({("offers", "capacity"), ("needs", "quantity")})
_TOTALS: Final = frozenset({("needs", "quantity"), ("units", "capacity")})
_ONE_IF_UNKNOWN: Final = frozenset({("needs", "quantity"), ("projects", "wanted")})
_NO_LIMIT_IS_NONE: Final = frozenset(
    {
        ("units", "capacity"),
        ("units", "max_claims"),
        ("offers", "min_people"),
        ("offers", "max_people"),
        ("needs", "people"),
    }
)
_NO_LIMIT: Final = frozenset({("offers", "capacity"), ("posts", "places")})
_ANYWHERE: Final = frozenset({"不限", "any", "全部", "所有区域", "全市", "all"})
_DATE_PAIRS: Final = (("valid_from", "valid_to"), ("from", "to"))


@dataclass(slots=True)
class Headings:
    """What lists' own headings (大类) mean, and which of them were warned about.

    Attributes
    ----------
    rules : dict
        Heading -> category, from the source's table of categories and from what was known.
    """

    rules: dict[str, str]
    _read: dict[str, str | None] = field(default_factory=dict)
    _warned: set[str] = field(default_factory=set)

    def category_of(self, heading: str) -> str | None:
        """The category of a heading: by a rule, else by its own words; None if neither says."""
        if heading not in self._read:
            rule = self.rules.get(heading)
            self._read[heading] = rule if rule is not None else read_heading_category(heading)
        return self._read[heading]

    def is_new(self, heading: str) -> bool:
        """Whether a heading without a category is met for the first time."""
        if heading in self._warned:
            return False
        self._warned.add(heading)
        return True


def check_frame(frame: Frame, headings: Headings) -> None:
    """Bring a frame's values to what records hold, and report what doesn't go together."""
    _check_dates(frame)
    _settle_counts(frame)
    _settle_amounts(frame)
    if "lon" in table_columns(frame.table):
        _settle_places(frame)
    if "reach_m" in table_columns(frame.table):
        _settle_reach(frame)
    if frame.table == "offers":
        _check_people(frame)
    if frame.table in ("offers", "needs", "projects"):
        _settle_categories(frame, headings)
    elif "category" in frame.texts:
        _require_category(frame)
    if frame.table == "aliases":
        _check_aliases(frame)
    if "times" in frame.texts:
        for position, text in enumerate(frame.texts["times"]):
            if text and frame.values["times"][position] is None:
                frame.notes[position]["times"] = text


def _check_dates(frame: Frame) -> None:
    for first_name, last_name in _DATE_PAIRS:
        if first_name not in frame.values or last_name not in frame.values:
            continue
        pairs = zip(frame.values[first_name], frame.values[last_name], strict=True)
        for position, (first, last) in enumerate(pairs):
            if first is not None and last is not None and last < first:
                frame.report(position, last_name, fault("date_order", first=first.isoformat()))


def _check_people(frame: Frame) -> None:
    pairs = zip(frame.column("min_people"), frame.column("max_people"), strict=True)
    for position, (fewest, most) in enumerate(pairs):
        if fewest is not None and most is not None and most < fewest:
            frame.report(position, "max_people", fault("people_order", first=str(fewest)))


def _settle_counts(frame: Frame) -> None:
    for name, column in table_columns(frame.table).items():
        if column.reader not in ("quantity", "capacity") or name not in frame.values:
            continue
        least = "1" if column.reader == "quantity" else "0"
        values = frame.values[name]
        wan = _is_wan_yuan(frame) if (frame.table, name) in _MATCHED_COUNTS else None
        for position, count in enumerate(values):
            if count is not None:
                values[position] = count.value
                is_plain = count.value not in (None, UNLIMITED) and not (
                    count.per or count.measure or count.approx
                )
                if not is_plain:
                    values[position] = _settle_count(frame, name, position, count, least)
                if wan is not None and wan[position] and not count.measure and values[position] is not None:
                    values[position] *= 10_000


def _is_wan_yuan(frame: Frame) -> list[bool] | None:
    texts = frame.texts.get("measure")
    return [fold(text) == "万元" for text in texts] if texts is not None else None


def _settle_count(frame: Frame, name: str, position: int, count: Count, least: str) -> int | None:
    key = (frame.table, name)
    if count.value is None:
        if key in _ONE_IF_UNKNOWN:
            frame.report(position, name, fault("quantity_unknown"))
        return None
    if count.value == UNLIMITED:
        if key in _NO_LIMIT:
            return UNLIMITED
        if key not in _NO_LIMIT_IS_NONE:
            frame.report(position, name, fault("number_unreadable", least=least))
        return None
    if (count.measure == "yuan" and key not in _MATCHED_COUNTS) or (
        count.per and key != ("offers", "capacity") and key not in _TOTALS
    ):
        frame.report(position, name, fault("number_unreadable", least=least))
        return None
    if count.approx:
        _note_approx(frame, name, position, count.approx)
    if key in _MATCHED_COUNTS and count.measure:
        _settle_measure(frame, name, position, count.measure)
    return _settle_rhythm(frame, name, position, count) if count.per else count.value


def _note_approx(frame: Frame, name: str, position: int, approx: str) -> None:
    if "approx" in table_columns(frame.table):
        values = frame.values.setdefault("approx", [None] * len(frame.rows))
        values[position] = values[position] or approx
    else:
        frame.notes[position][f"approx_{name}"] = approx


def _settle_measure(frame: Frame, name: str, position: int, measure: str) -> None:
    values = frame.values.setdefault("measure", [None] * len(frame.rows))
    if values[position] is not None and values[position] != measure:
        frame.report(position, name, fault("measure_conflict", wanted=frame.texts["measure"][position]))
    values[position] = measure


def _settle_rhythm(frame: Frame, name: str, position: int, count: Count) -> int | None:
    value = count.value
    assert value is not None
    text = frame.texts[name][position]
    if frame.table == "offers":
        values = frame.values.setdefault("per", [None] * len(frame.rows))
        if values[position] is not None and values[position] != count.per:
            frame.report(position, name, fault("per_conflict", wanted=frame.texts["per"][position]))
        values[position] = count.per
        if count.turned:
            frame.report(position, name, fault("rhythm_counted", heading=f"{text} = {value} / 年 (year)"))
        return value
    first, last = frame.column("valid_from")[position], frame.column("valid_to")[position]
    times = 12 // {"month": 1, "quarter": 3, "year": 12}[count.per]
    if isinstance(first, date) and isinstance(last, date) and first <= last:
        times = count_per(count.per, Period(first, last))
    frame.report(
        position, name, fault("rhythm_counted", heading=f"{text} = {value} × {times} = {value * times}")
    )
    return value * times


def _settle_amounts(frame: Frame) -> None:
    for name, column in table_columns(frame.table).items():
        if column.reader == "amount" and name in frame.values:
            values = frame.values[name]
            for position, amount in enumerate(values):
                if amount is not None:
                    values[position], approx = amount
                    if approx:
                        _note_approx(frame, name, position, approx)


def _settle_places(frame: Frame) -> None:
    """Drop places that can't be, and bring the rest to WGS-84."""
    if "lon" not in frame.values and "lat" not in frame.values:
        return
    lons, lats = frame.column("lon"), frame.column("lat")
    frame.values["lon"], frame.values["lat"] = lons, lats
    crs, crs_texts = frame.column("crs"), frame.text("crs")
    to_convert: dict[str, list[int]] = {}
    for position, (lon, lat) in enumerate(zip(lons, lats, strict=True)):
        if lon is None and lat is None:
            continue
        found = _judge(frame, position, lon, lat)
        if found is not None:
            name = "lat" if lon is None else "lon"
            frame.report(position, name, found, found=_both(frame, position))
        if found is not None or lon is None or lat is None or (crs_texts[position] and crs[position] is None):
            lons[position] = lats[position] = None
        elif crs[position] not in (None, "wgs84"):
            to_convert.setdefault(crs[position], []).append(position)
    for system, positions in to_convert.items():
        given = (np.array([lons[p] for p in positions]), np.array([lats[p] for p in positions]))
        for position, lon, lat in zip(
            positions, *(axis.round(9).tolist() for axis in to_wgs84(*given, system)), strict=True
        ):
            lons[position], lats[position] = lon, lat


def _judge(frame: Frame, position: int, lon: float | None, lat: float | None) -> Fault | None:
    if lon is None or lat is None:
        other = "lon" if lon is None else "lat"
        return None if frame.text(other)[position] else fault("coordinate_half")
    return judge_point(lon, lat)


def _both(frame: Frame, position: int) -> str:
    return ", ".join(text for text in (frame.text("lon")[position], frame.text("lat")[position]) if text)


def _settle_reach(frame: Frame) -> None:
    """An infinite reach, or one of all areas, becomes `reach_any`."""
    metres, areas = frame.values.get("reach_m"), frame.values.get("reach_areas")
    anywhere: list[Any] = [None] * len(frame.rows)
    for position in range(len(frame.rows)):
        if metres is not None and metres[position] == float("inf"):
            metres[position], anywhere[position] = None, True
        if areas is not None and areas[position] and all(fold(area) in _ANYWHERE for area in areas[position]):
            areas[position], anywhere[position] = None, True
    frame.values["reach_any"] = anywhere


def _settle_categories(frame: Frame, headings: Headings) -> None:
    """Give rows without a category of their own that of their heading, `other` where it has none."""
    categories = frame.values["category"] = frame.column("category")
    texts, own_headings = frame.text("category"), frame.column("list_category")
    column = table_columns(frame.table)["category"]
    for position, category in enumerate(categories):
        if category is not None or texts[position]:
            continue
        heading = own_headings[position]
        if heading is None:
            if column.is_required:
                frame.report(position, "category", required_empty(column), found="")
            continue
        found = headings.category_of(heading)
        if found is None:
            if headings.is_new(heading):
                frame.report(
                    position, "list_category", fault("category_other", heading=heading, section="categories")
                )
            found = OTHER
        categories[position] = found


def _require_category(frame: Frame) -> None:
    for position, text in enumerate(frame.texts["category"]):
        if not text and frame.table == "categories":
            frame.report(
                position, "category", required_empty(table_columns(frame.table)["category"]), found=""
            )


def _check_aliases(frame: Frame) -> None:
    """Aliases must stand for something that there is; whether a name does is seen where it is used."""
    kinds, written, meanings = (frame.column(name) for name in ("kind", "written", "meaning"))
    for position, (kind, text, meaning) in enumerate(zip(kinds, written, meanings, strict=True)):
        if text is None or meaning is None:
            continue
        if kind == "category":
            category = read_category(meaning)
            if isinstance(category, Fault):
                frame.report(position, "meaning", category)
            else:
                meanings[position] = category
        elif kind == "list" and read_form(text, meaning) is None:
            frame.report(position, "meaning", fault("form_unreadable"))


def rules_of(frame: Frame) -> Mapping[str, str]:
    """Heading -> category of a frame of the table of categories; its good rows only."""
    pairs = zip(frame.column("list_category"), frame.column("category"), strict=True)
    return {
        heading: category
        for position, (heading, category) in enumerate(pairs)
        if position not in frame.refused
    }
