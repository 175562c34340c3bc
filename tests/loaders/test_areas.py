"""The table of Shanghai's areas is complete, and codes nest."""

from __future__ import annotations

from collections import Counter

import pytest

from loaders import areas


def test_the_table_of_areas_is_complete() -> None:
    assert Counter(area.level for area in areas.shanghai_areas()) == {
        "city": 1,
        "district": 16,
        "subdistrict": 234,
        "neighbourhood": 6509,
    }
    codes = {area.code for area in areas.shanghai_areas()}
    assert len(codes) == 6760
    assert all(area.parent in codes for area in areas.shanghai_areas() if area.parent is not None)


def test_codes_nest_by_their_digits() -> None:
    assert areas.parent_code("310106021003") == "310106021"
    assert areas.parent_code("310106021") == "310106"
    assert areas.parent_code("310106") == "31"
    assert areas.parent_code("31") is None
    assert areas.level_of("310106021000") == "subdistrict"
    assert [areas.normal_code(code) for code in ("310000000000", "310100", "3101", "310110000000")] == [
        "31",
        "31",
        "31",
        "310110",
    ]


@pytest.mark.parametrize("code", ["", "31010", "3101060210031", "31010６", "平凉路街道", "-31010"])
def test_a_text_that_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="statistical code"):
        areas.level_of(code)


def test_former_names_and_codes_lead_to_the_code_in_force() -> None:
    assert areas.codes_of("五角场镇") == areas.codes_of("长海路街道") == ("310110021",)
    assert areas.current_code("310108000000") == "310106"
    assert areas.codes_of("不存在的街道") == ()
    codes = {area.code for area in areas.shanghai_areas()}
    assert set(areas.FORMER_NAMES.values()) | set(areas.FORMER_CODES.values()) <= codes
    assert not set(areas.FORMER_CODES) & codes
