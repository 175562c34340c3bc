"""Whom to pair next, at both doors: one document."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from graph.model import Area, Need, Offer, Pairing, Unit
from graph.store import Batch, open_store
from tests.api.terminal import linli, linli_json, store_option


def test_partners_come_ranked_with_reasons(reading: Any) -> None:
    store = ("--store", reading.settings.store_url)
    rows = linli_json("pair", "--for", "桂花", "--top", "3", *store)
    assert len(rows) == 3
    assert rows == reading.get("/v1/pair?for=桂花&top=3")
    for row in rows:
        assert row.keys() >= {"party", "name", "score", "reasons", "gain_places", "warnings"}
        assert all(reason.keys() >= {"reason", "value", "text"} for reason in row["reasons"])
        assert row["reasons"]
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
    for language, heading in (("zh", "得分"), ("en", "Score")):
        text = linli("pair", "--for", "桂花", "--top", "1", "--lang", language, *store).stdout
        assert heading in text
        assert rows[0]["name"] in text


def test_the_proposal_for_all_is_one_document(reading: Any) -> None:
    store = ("--store", reading.settings.store_url)
    proposal = linli_json("pair", "--most", "1", *store)
    assert proposal == reading.get("/v1/pair?most=1")
    parties = [party for row in proposal["pairs"] for party in row["parties"]]
    assert len(parties) == len(set(parties)) > 0
    assert proposal["gain_places"] > 0
    assert proposal["pairs"][0]["names"][0] in linli("pair", "--lang", "zh", *store).stdout


def test_on_a_day_only_what_held_then_counts(tmp_path: Path) -> None:
    path = tmp_path / "years.db"
    store = open_store(f"sqlite:///{path}")
    late = date(2024, 7, 1)
    store.write(
        Batch(
            put=(
                Unit(id="early", name="便民维修队"),
                Unit(id="late", name="口腔诊所", valid_from=late),
                Area(id="lane", name="里弄", level="neighbourhood"),
                Need(id="n", party="lane", area="lane", category="health"),
                Offer(id="o", unit="late", category="health", capacity=1, reach_any=True),
                Pairing(id="p", parties=("early", "lane"), valid_from=late),
            )
        )
    )
    store.close()
    asked = "--for", "里弄", *store_option(path)
    assert [row["party"] for row in linli_json("pair", *asked, "--as-of", "2024-03-01")] == ["early"]
    assert [row["party"] for row in linli_json("pair", *asked, "--as-of", "2024-08-01")] == ["late"]
    refused = linli("pair", "--for", "late", "--as-of", "2024-03-01", *store_option(path), code=1).stderr
    assert "on no list on 2024-03-01" in refused
    grouped = [
        sum(linli_json("group", "--into", "1", "--as-of", day, *store_option(path))["sizes"])
        for day in ("2024-03-01", "2024-08-01")
    ]
    assert grouped == [2, 3]


def test_a_party_nobody_knows_and_nobody_to_pair(tmp_path: Path) -> None:
    path = tmp_path / "alone.db"
    store = open_store(f"sqlite:///{path}")
    store.write(Batch(put=(Unit(id="u", name="便民维修队"),)))
    store.close()
    linli("pair", "--for", "nobody", *store_option(path), code=1)
    linli("pair", "--top", "0", *store_option(path), code=2)
    for asked in ((), ("--for", "便民维修队")):
        assert "no pairing" in linli("pair", *asked, *store_option(path)).stdout
