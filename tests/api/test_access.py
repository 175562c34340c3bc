"""What supply needs can count on, at both doors: one document, and the same words in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from api.commands.rounds import ACCESS_MEASURES
from graph.store import open_store
from matcher import rules
from tests.api.terminal import linli, linli_json, store_option


def test_the_measures_to_choose_from_are_those_of_the_rules() -> None:
    assert rules.ACCESS_MEASURES == ACCESS_MEASURES


@pytest.mark.parametrize("measure", ACCESS_MEASURES)
def test_access_is_the_same_at_both_doors(reading: Any, town: Path, measure: str) -> None:
    found = linli_json("access", "--measure", measure.lower(), "--catchment", 1500, *store_option(town))
    assert reading.get(f"/v1/access?measure={measure}&catchment=1500") == found
    assert (found["measure"], found["catchment_m"]) == (measure, 1500)
    assert found["round"] == reading.get("/v1/rounds/current")["id"]
    assert (found["wardrop_gap"] is None) == (measure != "RAAM")
    assert bool(found["zones"]) == (measure in ("E2SFCA", "3SFCA", "BFCA"))
    assert sum(row["places"] for row in found["rows"]) == found["places"]
    assert sum(need["places"] for need in found["needs"]) == found["places"]
    unknown = sum(need["places"] for need in found["needs"] if need["access"] is None)
    assert unknown == found["unreached"] > 0


def test_single_needs_can_be_left_out(reading: Any, town: Path) -> None:
    found = linli_json("access", "--no-needs", *store_option(town))
    assert reading.get("/v1/access?needs=false") == found
    assert (found["needs"], found["measure"], found["catchment_m"]) == (None, "2SFCA", None)
    answer = reading.client.get("/v1/access")
    again = reading.client.get("/v1/access", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("各资源自己的服务半径", "分带", "可及性", "够不着")),
        ("en", ("the reach of each offer", "zones", "Access", "Out of reach")),
    ],
)
def test_people_see_the_measure_its_catchment_and_its_zones(
    town: Path, language: str, words: tuple[str, ...]
) -> None:
    options = ("--lang", language, *store_option(town))
    shown = "".join(linli("access", "--measure", "E2SFCA", *options).stdout.split())
    for word in words:
        assert "".join(word.split()) in shown
    assert "E2SFCA" in shown
    assert "33%×1" in shown
    shown = linli("access", "--measure", "RAAM", "--catchment", 900, *options).stdout
    assert "Wardrop" in shown
    assert "900" in shown
    assert "—" in shown


def test_what_is_no_measure_or_catchment_is_refused_at_both_doors(reading: Any, town: Path) -> None:
    for wrong in (("--measure", "huff"), ("--catchment", "nan"), ("--catchment", "0")):
        linli("access", *wrong, *store_option(town), code=2)
    for wrong in ("measure=huff", "catchment=nan", "catchment=0"):
        assert reading.client.get(f"/v1/access?{wrong}").status_code == 422


def test_gaps_rest_on_the_measure_asked_for(reading: Any, town: Path) -> None:
    store = store_option(town)
    usual = linli_json("gaps", *store)
    assert linli_json("gaps", "--access-measure", "2SFCA", *store) == usual
    other = linli_json("gaps", "--access-measure", "RAAM", "--low-access-share", 0.9, *store)
    assert reading.get("/v1/gaps?access_measure=RAAM&low_access_share=0.9") == other
    assert usual["equity"]["access"]["measure"] == "2SFCA"
    assert other["equity"]["access"] == linli_json("access", "--measure", "RAAM", *store)["evenness"]
    low = [w for w in other["warnings"] if w["warning"] == "low_access"]
    assert low
    assert all(w["measure"] == "RAAM" and w["access"] > w["mean"] for w in low)
    assert other["summary"] == usual["summary"]


def test_a_round_keeps_its_measure(own_town: Path) -> None:
    store = store_option(own_town)
    linli("match", "--access-measure", "BFCA", *store)
    assert linli_json("access", *store)["measure"] == "BFCA"
    assert linli_json("gaps", *store)["equity"]["access"]["measure"] == "BFCA"


def test_access_is_told_before_anything_is_matched(small: Path, tmp_path: Path) -> None:
    store = store_option(tmp_path / "new.db")
    linli("load", small, *store)
    found = linli_json("access", *store)
    assert found["round"] is None
    assert found["places"] == sum(row["places"] for row in found["rows"]) > 0
    linli("access", "--round", "round-9", *store, code=1)


def test_without_lists_people_are_told_to_load_some(tmp_path: Path) -> None:
    option = store_option(tmp_path / "empty.db")
    open_store(option[1]).close()
    assert "load lists first" in linli("access", *option).stdout
    assert "先载入清单" in linli("access", *option, LINLI_LANG="zh").stdout
    assert linli_json("access", *option)["by_category"] == []
    linli("match", *option)
    told = linli("actions", "--budget", 3, *option).stdout
    assert "load lists first" in told
    assert "No action" not in told
