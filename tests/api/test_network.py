"""Measures of the network at both doors: one document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.measures.names import MEASURES, PARTY_MEASURES, UNFIT
from graph.measures.words import name_of
from graph.model import Claim, Pairing, Unit
from graph.network_ties import ABOUT
from graph.store import Batch, open_store
from tests.api.terminal import linli, linli_json, store_option


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Two clinics of one area, a school of another, and who ties them."""
    path = tmp_path / "town.db"
    store = open_store(f"sqlite:///{path}")
    store.write(
        Batch(
            put=(
                Unit(id="c1", name="诊所一", kind="hospital", area="east"),
                Unit(id="c2", name="诊所二", kind="hospital", area="east"),
                Unit(id="s", name="学校", kind="school", area="west"),
                Unit(id="bank", name="银行", kind="bank", area="west"),
                Pairing(id="p1", parties=("c1", "s")),
                Pairing(id="p2", parties=("c2", "s"), via="bank"),
                Claim(id="k", target="n", target_table="needs", by="s", status="agreed"),
            )
        )
    )
    store.close()
    return path


def test_measures_of_parties_are_a_list(town: Path) -> None:
    rows = linli_json("network", "--measure", "degree", *store_option(town))
    assert rows[0] == {"id": "s", "name": "学校", "value": 2}
    assert rows[-1] == {"id": "bank", "name": "银行", "value": 0}
    constraint = linli_json("network", "--measure", "constraint", *store_option(town))
    assert constraint[-1] == {"id": "bank", "name": "银行", "value": None, "reason": "no_ties"}


def test_measures_of_the_whole_are_one_value(town: Path) -> None:
    found = linli_json("network", "--measure", "ei", "--by", "kind", *store_option(town))
    assert (found["value"], found["z"]) == (1.0, None)
    assert found["null"]["keeps"] == "degrees"
    assert linli_json("network", "--measure", "gini", *store_option(town))["reason"] == "no_services"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_people_read_a_sentence_first(town: Path, language: str) -> None:
    for measure in MEASURES:
        text = linli("network", "--measure", measure, "--lang", language, *store_option(town)).stdout
        assert len(text.splitlines()) >= 2
    text = linli("network", "--measure", "degree", "--limit", "1", "--lang", language, *store_option(town))
    assert "学校" in text.stdout
    assert "银行" not in text.stdout


@pytest.mark.parametrize("wrong", [("--measure", "beauty"), (), ("--measure", "ei", "--by", "colour")])
def test_an_unknown_measure_is_wrong_usage(wrong: tuple[str, ...], town: Path) -> None:
    linli("network", *wrong, *store_option(town), code=2)


@pytest.mark.parametrize("kind", sorted(UNFIT))
def test_every_view_is_measured_or_plainly_refused(kind: str, town: Path, hamlet: Any) -> None:
    for measure in MEASURES:
        answer = hamlet.client.get(f"/v1/network?measure={measure}&kind={kind}")
        assert answer.status_code == (422 if measure in UNFIT[kind] else 200)
    refused = hamlet.client.get(f"/v1/network?measure=effective_size&kind={kind}").json()
    assert "degree" in refused["remedy"]
    assert kind in refused["detail_zh"]
    linli("network", "--measure", "effective_size", "--kind", kind, *store_option(town), code=1)
    for language in ("zh", "en"):
        wish = "network", "--measure", "degree", "--kind", kind, "--lang", language
        shown = linli(*wish, *store_option(town)).stdout
        assert ABOUT[kind][language == "en"] in shown
        assert shown.startswith(name_of("degree", kind)[language])
    assert name_of("degree", kind)["zh"] != name_of("degree", "pairings")["zh"]


def test_open_lists_are_told(town: Path) -> None:
    store = open_store(f"sqlite:///{town}")
    more = Pairing(id="p3", parties=("c1", "c2"), notes=(("incomplete", "等多家"),))
    store.write(Batch(put=(more,)))
    store.close()
    rows = {row["id"]: row for row in linli_json("network", "--measure", "degree", *store_option(town))}
    assert (rows["c1"]["from"], rows["c1"]["to"]) == (2, 3)
    whole = linli_json("network", "--measure", "transitivity", *store_option(town))
    assert (whole["from"] <= whole["value"] <= whole["to"], whole["unsure"]) == (True, "further")
    told = [("degree", "可能在2–3"), ("strength", "至少"), ("ei", "可能在0.333–0.600")]
    for measure, said in (*told, *((one, "名单没有列全") for one in ("betweenness", "robustness", "ei"))):
        shown = linli("network", "--measure", measure, "--lang", "zh", *store_option(town)).stdout
        assert said in "".join(shown.split())
    store = open_store(f"sqlite:///{town}")
    store.write(Batch(put=(Unit(id="x", name="新校", area="east"), Pairing(id="p4", parties=("bank", "x")))))
    store.close()
    found = linli_json("network", "--measure", "ei", *store_option(town))
    assert found["z_from"] < found["z"] <= found["z_to"]
    assert "(z may be" in linli("network", "--measure", "ei", "--lang", "en", *store_option(town)).stdout


def test_the_route_gives_the_same_document(hamlet: Any) -> None:
    store = ("--store", hamlet.settings.store_url)
    for measure in ("betweenness", "ei", "robustness"):
        found = hamlet.get(f"/v1/network?measure={measure}")
        assert found == linli_json("network", "--measure", measure, *store)
    answer = hamlet.client.get("/v1/network?measure=degree")
    again = hamlet.client.get("/v1/network?measure=degree", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    refused = hamlet.client.get("/v1/network?measure=beauty")
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"


def test_every_measure_of_a_real_store_is_a_document(hamlet: Any) -> None:
    for measure in MEASURES:
        found = hamlet.get(f"/v1/network?measure={measure}&as_of=2026-06-01")
        assert isinstance(found, list) == (measure in PARTY_MEASURES)


def test_the_picture_holds_the_parties_of_the_measures(hamlet: Any) -> None:
    drawn = hamlet.get("/v1/network/picture?kind=multilayer")
    degree = {row["id"]: row["value"] for row in hamlet.get("/v1/network?measure=degree&kind=multilayer")}
    assert {party["id"] for party in drawn["parties"]} == degree.keys()
    counts = dict.fromkeys(degree, 0)
    for one, other, _ in drawn["ties"]:
        for row in (one, other):
            counts[drawn["parties"][row]["id"]] += 1
    assert counts == degree
    answer = hamlet.client.get("/v1/network/picture")
    again = hamlet.client.get("/v1/network/picture", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
