"""What to do next, at both doors: one document."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from api.commands.texts import Language, say
from api.render_gaps import tell_by_priority
from api.render_planning import show_actions
from graph.periods import TIME_ZONE, today
from graph.store import Batch, open_store
from matcher.actions import part
from matcher.rules import Rules
from tests.api.terminal import linli, linli_json, store_option, write_list


def test_sites_are_the_same_at_both_doors(reading: Any, town: Path) -> None:
    store = store_option(town)
    asked = ("--p", 1, "--p", 2, "--reach", 700, "--demand", "unserved", "--anew", "--category", "养老助老")
    found = linli_json("sites", *asked, *store)
    query = "p=1&p=2&reach=700&demand=unserved&anew=true&category=elder_care"
    assert reading.get(f"/v1/sites?{query}") == found
    assert [plan["p"] for plan in found["plans"]] == [1, 2]
    for plan in found["plans"]:
        assert plan["status"] == "optimal"
        assert plan["value"] == plan["bound"] == sum(site["adds"] for site in plan["chosen"])
        assert len(plan["chosen"]) == plan["p"]
    answer = reading.client.get(f"/v1/sites?{query}")
    again = reading.client.get(f"/v1/sites?{query}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert reading.client.get("/v1/sites?category=beauty").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_people_see_what_stations_reach(town: Path, language: str) -> None:
    options = ("--lang", language, *store_option(town))
    asked = ("--reach", 600, "--anew", "--demand", "people", "--territories")
    shown = linli("sites", *asked, *options).stdout
    assert ("Proved best" if language == "en" else "已证最优") in shown
    assert ("never below" if language == "en" else "就近连片") in " ".join(shown.split())
    shown = linli("sites", "--reach", 100_000, "--demand", "people", *options).stdout
    assert ("no fewer" if language == "en" else "至少") in shown


@pytest.mark.parametrize(
    ("language", "fewer"), [("en", "There are only {n} other sites, fewer than 9999"), ("zh", "只有{n}个")]
)
def test_people_see_every_plan_and_how_many_sites_there_are(town: Path, language: str, fewer: str) -> None:
    options = ("--anew", "--reach", 600, *store_option(town))
    asked = linli_json("sites", "--p", 1, "--plans", 3, *options)
    [plan] = asked["plans"]
    assert len(plan["others"]) == 2
    shown = linli("sites", "--p", 1, "--plans", 3, *options, LINLI_LANG=language).stdout
    for one in (plan, *plan["others"]):
        assert f"{one['chosen'][0]['name']} +{one['chosen'][0]['adds']}" in shown
    sites = asked["candidates"]
    shown = linli("sites", "--p", 9999, *options, LINLI_LANG=language).stdout
    assert fewer.format(n=sites) in " ".join(shown.split())
    assert any(line.split()[:1] == [str(sites)] for line in shown.splitlines())
    assert not any(line.split()[:1] == ["9999"] for line in shown.splitlines())


def test_stations_are_tried_at_areas_and_units_alone(reading: Any, town: Path) -> None:
    told = linli("sites", "--at", "nowhere", *store_option(town), code=1)
    assert "“nowhere”" in told.stderr
    assert told.stdout == ""
    answer = reading.client.get("/v1/sites?at=nowhere")
    assert answer.status_code == 404
    assert "nowhere" in answer.json()["detail_en"]


@pytest.mark.parametrize(("language", "sentence"), [("en", "linli load"), ("zh", "先载入")])
def test_without_places_for_stations_people_see_what_to_load(
    tmp_path: Path, language: str, sentence: str
) -> None:
    options = ("--lang", language, *store_option(tmp_path / "a.db"))
    linli("load", write_list(tmp_path, "units", "id,name", "u1,A"), *options)
    found = linli_json("sites", *options)
    assert (found["candidates"], found["plans"]) == (0, [])
    assert sentence in " ".join(linli("sites", *options).stdout.split())
    # A unit that no station can stand at is told so, and nothing as tried.
    shown = linli("sites", "--at", "u1", *options).stdout
    assert "“u1”" in shown
    assert say("sites_tried", "en", names="", value=0, adds=0)[:14] not in shown
    assert say("sites_tried", "zh", names="", value=0, adds=0)[:5] not in shown


def test_before_the_first_match(small: Path, tmp_path: Path) -> None:
    store = store_option(tmp_path / "a.db")
    linli("load", small, *store)
    assert linli_json("sites", *store)["round"] is None
    linli("sites", "--demand", "unserved", *store, code=1)
    linli("sites", "--category", "beauty", *store, code=1)
    linli("sites", "--p", -1, *store, code=2)


def test_actions_are_the_same_at_both_doors(reading: Any, town: Path) -> None:
    found = linli_json("actions", "--budget", 3, "--cost", "ask_capacity=0.5", *store_option(town))
    assert reading.get("/v1/actions?budget=3&cost=ask_capacity=0.5") == found
    assert found["status"] == "optimal"
    assert found["value"] == found["bound"] == sum(row["adds_places"] for row in found["actions"])
    assert found["spent"] == sum(row["cost"] for row in found["actions"]) <= 3
    for row in found["actions"]:
        assert sum(row["gain"].values()) == row["gain_places"] > 0
        assert row["where"].keys() == {"area", "unit", "offer", "category"}
    assert reading.client.get("/v1/actions?budget=1&cost=beauty=2").status_code == 422
    assert reading.client.get("/v1/actions").status_code == 422


@pytest.mark.parametrize("language", ["zh", "en"])
def test_people_see_what_to_do(small: Path, tmp_path: Path, language: str) -> None:
    options = ("--lang", language, *store_option(tmp_path / "a.db"))
    linli("load", small, *options)
    linli("match", *options)
    shown = linli("actions", "--budget", 2, *options).stdout
    assert ("proved best" if language == "en" else "已证") in " ".join(shown.split())
    linli("actions", "--budget", 1, "--cost", "recruit=0", *options, code=1)
    linli("actions", *options, code=2)


@pytest.mark.parametrize(
    ("language", "proved", "at_most"),
    [
        ("zh", "已证没有更好的组合", "任何组合都不超过{bound}"),
        ("en", "proved best", "serves more than {bound}"),
    ],
)
def test_people_see_how_good_an_unproved_choice_of_actions_is(
    town: Path, monkeypatch: pytest.MonkeyPatch, language: str, proved: str, at_most: str
) -> None:
    """In large parts actions are taken one by one: what is told then is a bound, in all and by priority."""
    monkeypatch.setattr(part, "FEW_ARCS", 0)
    options = ("--budget", 5, *store_option(town))
    found = linli_json("actions", *options)
    assert found["status"] == "bounded"
    assert found["value"] < found["bound"]
    # A line may end anywhere.
    told = "".join(linli("actions", *options, LINLI_LANG=language).stdout.split())
    assert proved.replace(" ", "") not in told
    assert at_most.format(bound=found["bound"]).replace(" ", "") in told
    for name in ("value_by_priority", "bound_by_priority"):
        listed = tell_by_priority(found[name], "en" if language == "en" else "zh")
        assert "".join(listed.split()) in told
        assert listed.count("+") == sum(places > 0 for places in found[name].values()) > 0


@pytest.mark.parametrize(
    ("language", "swapped", "sentence"),
    [
        ("en", "Urgent +1, Normal -1", "in place of others: Urgent +1, Normal -1"),
        ("zh", "紧急 +1，一般 -1", "别的让出：紧急 +1，一般 -1"),
    ],
)
def test_actions_that_serve_the_urgent_in_place_of_others_say_so(
    language: Language, swapped: str, sentence: str
) -> None:
    gain = {"1": 1, "2": 0, "3": -1, "4": 0, "5": 0}
    more = {"1": 0, "2": 0, "3": 2, "4": 0, "5": 0}
    document = {
        "budget": 2.0, "candidates": 4, "status": "optimal", "value": 0, "bound": 0, "units": 0, "spent": 1.0,
        "value_by_priority": gain, "bound_by_priority": gain, "value_project_units": 1,
        "actions": [
            {"sentence_en": "A-swap", "sentence_zh": "A-swap", "cost": 1.0, "gain": gain, "gain_places": 0,
             "adds": gain, "adds_places": 0, "gain_project_units": 0, "adds_project_units": 0},
            {"sentence_en": "A-more", "sentence_zh": "A-more", "cost": 1.0, "gain": more, "gain_places": 2,
             "adds": more, "adds_places": 2, "gain_project_units": 0, "adds_project_units": 1},
        ],
    }  # fmt: skip
    out = io.StringIO()
    show_actions(document)(Console(file=out, width=200), language)
    swap, added = [line for line in out.getvalue().splitlines() if "A-" in line]
    assert swap.count(swapped) == 2
    split = "+1, projects +1" if language == "en" else "+1，项目+1家"
    assert added.split() == ["A-more", "+2", *split.split(), "1"]
    assert sentence in out.getvalue()


@pytest.mark.parametrize("number", ["nan", "inf", "-1", "some"])
def test_what_is_no_number_is_refused_at_both_doors(reading: Any, town: Path, number: str) -> None:
    store = store_option(town)
    for command, option in (("actions", "--budget"), ("sites", "--reach"), ("sites", "--gap")):
        told = linli(command, f"{option}={number}", *store, code=2).stderr
        assert f"{option} is “{number}”, but wants a number from 0" in " ".join(told.split())
        answer = reading.client.get(f"/v1/{command}?{option[2:]}={number}")
        assert answer.status_code == 422
        expected = "at least 0" if number == "-1" else "a number"
        assert answer.json()["errors"][0]["expected"].removesuffix(".0") == expected


@pytest.mark.parametrize(("language", "sentence"), [("en", "Nothing is affordable"), ("zh", "一个也做不了")])
def test_too_small_a_budget_is_called_so(town: Path, language: str, sentence: str) -> None:
    for budget in (0, 0.5):
        found = linli_json("actions", "--budget", budget, *store_option(town))
        assert found["actions"] == []
        assert found["candidates"] > 0
        told = linli("actions", "--budget", budget, *store_option(town), LINLI_LANG=language).stdout
        assert sentence in told


def test_gaps_of_an_earlier_day_and_what_became_of_them(
    own_town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_option(own_town)
    before = linli_json("gaps", *store)
    gap = next(g for g in before["gaps"] if g["fix"] and g["fix"]["kind"] == "more_capacity")
    offer = gap["fix"]["where"]["offer"] or pytest.fail("a unit's total is no offer")
    opened = open_store(f"sqlite:///{own_town}")
    opened.write(Batch(put=[replace(opened.get("offers", offer), capacity=100)]))
    last = opened.revision()[0]
    opened.close()
    # Each revision a day later than the one before it.
    begin = datetime(2026, 1, 1, 12, tzinfo=TIME_ZONE)
    monkeypatch.setattr("api.services.past._local", lambda event: begin + timedelta(days=event.revision))
    loaded, changed = ((begin + timedelta(days=n)).date().isoformat() for n in (last - 1, last))
    linli("gaps", "--as-of", "2026-01-01", *store, code=1)
    linli("gaps", "--as-of", loaded, "--since", loaded, *store, code=2)
    then = linli_json("gaps", "--as-of", loaded, *store)
    assert then.pop("as_of") == {"day": loaded, "revision": last - 1}
    assert then == before
    assert linli_json("gaps", "--as-of", changed, *store)["unserved"] < before["unserved"]
    changes = linli_json("gaps", "--since", loaded, *store)
    assert (
        changes["now"]["unserved"] - before["unserved"] == changes["places_opened"] - changes["places_closed"]
    )
    closed = [row for row in changes["closed"] if row["how"] == "offers"]
    assert closed[0]["by"][0]["id"] == offer
    assert closed[0]["by"][0]["what"] == "changed"
    shown = linli("gaps", "--since", loaded, *store).stdout
    assert "changed offers" in " ".join(shown.split())


def test_the_route_tells_the_past_too(hamlet: Any) -> None:
    day = today().isoformat()
    same = hamlet.get(f"/v1/gaps?since={day}")
    assert (same["closed"], same["opened"], same["since"]["day"]) == ([], [], day)
    assert hamlet.get(f"/v1/gaps?as_of={day}")["unserved"] == hamlet.get("/v1/gaps")["unserved"]
    assert hamlet.client.get("/v1/gaps?as_of=1999-01-01").status_code == 404


def test_a_day_to_come_is_refused_at_both_doors(reading: Any, town: Path) -> None:
    day = (today() + timedelta(days=1)).isoformat()
    for name in ("since", "as-of"):
        told = linli("gaps", f"--{name}", day, *store_option(town), code=1).stderr
        assert f"{day} is still to come" in told
        answer = reading.client.get(f"/v1/gaps?{name.replace('-', '_')}={day}")
        assert answer.status_code == 422
        assert answer.json()["detail_en"] == f"{day} is still to come"


def test_low_access_is_warned_of_below_the_share_asked_for(reading: Any, town: Path) -> None:
    store = store_option(town)
    usual = linli_json("gaps", *store)
    assert linli_json("gaps", "--low-access-share", 0.25, *store) == usual
    strict = linli_json("gaps", "--low-access-share", 1, *store)
    assert reading.get("/v1/gaps?low_access_share=1") == strict
    few, many = (
        [w for w in document["warnings"] if w["warning"] == "low_access"] for document in (usual, strict)
    )
    assert len(many) > len(few)
    assert all(warning["access"] <= warning["mean"] for warning in many)
    assert [w for w in strict["warnings"] if w not in many] == [w for w in usual["warnings"] if w not in few]
    assert strict["summary"] == usual["summary"]


@pytest.mark.parametrize("share", ["0", "-0.5", "1.01", "nan", "some"])
def test_a_share_that_is_none_is_refused_at_both_doors(reading: Any, town: Path, share: str) -> None:
    for command in ("gaps", "match"):
        told = linli(command, f"--low-access-share={share}", *store_option(town), code=2).stderr
        assert "--low-access-share" in told
        assert "number above 0" in " ".join(told.split())
    answer = reading.client.get(f"/v1/gaps?low_access_share={share}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == ["query", "low_access_share"]
    assert answer.json()["errors"][0]["expected"] != "another kind of value"
    with pytest.raises(ValueError, match=r"low_access_share|could not convert"):
        Rules(low_access_share=float(share))
