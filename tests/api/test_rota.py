"""Turns of duty at both doors: one document."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from api.render_rota import show_rota
from tests.api.terminal import linli, linli_json


@pytest.fixture
def store(reading: Any) -> tuple[str, str]:
    return "--store", reading.settings.store_url


def test_a_year_of_turns(reading: Any, store: tuple[str, str]) -> None:
    document = linli_json("rota", *store)
    assert document == reading.get("/v1/rota")
    assert document["status"] == "optimal"
    assert len(document["turns"]) == 12
    assert sum(row["turns"] for row in document["load"]) == 12
    for language in ("zh", "en"):
        shown = linli("rota", "--lang", language, *store).stdout
        assert document["turns"][0]["name"] in shown


def test_who_is_away_has_no_turn(reading: Any, store: tuple[str, str]) -> None:
    party = linli_json("rota", "--every", "quarter", *store)["turns"][0]
    away = f"{party['name']}:{party['from']}..{party['to']}"
    asked = "every=quarter&gap=1&equal=true"
    document = linli_json("rota", "--every", "quarter", "--gap", "1", "--equal", "--away", away, *store)
    assert document["turns"][0]["party"] != party["party"]
    assert document == reading.get(f"/v1/rota?{asked}&away={away}")


def test_an_impossible_rota_names_the_rules(reading: Any, store: tuple[str, str]) -> None:
    document = linli_json("rota", "--every", "quarter", "--by-area", "--gap", "1", *store)
    assert (document["status"], document["turns"]) == ("impossible", [])
    assert document["conflict"]["rules"]
    shown = linli("rota", "--every", "quarter", "--by-area", "--gap", "1", "--lang", "zh", *store).stdout
    assert document["conflict"]["rules"][0]["text"] in shown
    assert document["conflict"]["smallest"]
    assert "没有更少的" in shown
    document["conflict"]["smallest"] = False
    out = io.StringIO()
    show_rota(document)(Console(file=out, width=200), "en")
    assert "not proved" in out.getvalue()


def test_wrong_wishes_are_refused(reading: Any, store: tuple[str, str]) -> None:
    linli("rota", "--away", "someone, some day", *store, code=1)
    linli("rota", "--body", "nobody", *store, code=1)
    linli("rota", "--every", "decade", *store, code=2)
    for query in ("away=x:2026-13-01", "from=2026-05-01&to=2026-04-01", "every=decade", "body=nobody"):
        refused = reading.client.get(f"/v1/rota?{query}")
        assert refused.status_code in (404, 422)
        assert refused.json()["remedy"]


def test_without_an_alliance_nobody_takes_turns(hamlet: Any, tmp_path: Path) -> None:
    failed = linli_json("rota", "--store", hamlet.settings.store_url, code=1)
    assert "members" in failed["remedy"]
