"""Published rounds are kept, and places spread over units, as asked for at either door."""

from __future__ import annotations

from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from api.render import show_match
from api.services.rounds import current_round, match_of, replay
from api.services.rules import rules_of
from api.services.tryout import keep_changes
from graph.store import open_store
from matcher.report import match_document
from tests.api.terminal import linli, linli_json, store_option


def publish(town: Path) -> str:
    with closing(open_store(f"sqlite:///{town}")) as store:
        found = current_round(store)
        store.change_round(found.id, "published")
        return found.id


def close_offers(town: Path) -> None:
    """Let half of the offers give nothing more, tried and kept."""
    rows = linli_json("assignments", *store_option(town))
    used = sorted({row["offer"] for row in rows if row["offer"]})
    changes = [
        {"table": "offers", "id": offer, "field": "capacity", "value": 0} for offer in used[: len(used) // 2]
    ]
    with closing(open_store(f"sqlite:///{town}")) as store:
        keep_changes(store, changes)


def test_a_published_round_is_kept_and_what_is_kept_is_matched_again_alike(own_town: Path) -> None:
    store = store_option(own_town)
    published = publish(own_town)
    plain = linli_json("match", *store)
    assert plain["keep"] is None
    kept = linli_json("match", "--keep", published, "--keep-m", 100_000, *store)
    told = kept["keep"]
    assert (told["round"], told["asked_m"], told["most_moves"], told["status"]) == (
        published, 100_000, None, "optimal",
    )  # fmt: skip
    assert told["places"] == told["stay"] + told["moved"] + told["gone"]
    assert kept["served_by_priority"] == plain["served_by_priority"]
    with closing(open_store(f"sqlite:///{own_town}")) as opened:
        found = current_round(opened)
        assert rules_of(found).keep is not None
        assert match_document(replay(opened, found))["keep"] == told
    shown = linli("match", "--keep", published, "--most-moves", 0, *store).stdout
    assert f"published round {published}" in " ".join(shown.split())
    chinese = linli("match", "--keep", published, "--most-moves", 0, *store, LINLI_LANG="zh").stdout
    assert "最多换0项次" in "".join(chinese.split())
    linli("explain", linli_json("assignments", *store)[0]["need"], *store)
    linli("beside", *store)
    linli("actions", "--budget", 1, *store)


def test_proposals_are_not_kept_nor_rounds_that_are_not_there(own_town: Path) -> None:
    store = store_option(own_town)
    proposed = linli_json("match", *store)["round"]["id"]
    for round_id, problem in ((proposed, "invalid"), ("2030-9", "no-round")):
        refused = linli_json("match", "--keep", round_id, *store, code=1)
        assert refused["type"].endswith(problem)
    for option in ("--keep-m", "--most-moves"):
        linli("match", option, 3, *store, code=2)


def test_load_is_spread_over_units_at_the_same_service(own_town: Path) -> None:
    store = store_option(own_town)
    plain, spread = linli_json("match", *store), linli_json("match", "--load", 500, *store)
    assert plain["load"] is None
    assert spread["status"] == "optimal"
    assert spread["served_by_priority"] == plain["served_by_priority"]
    assert spread["load"]["step_m"] == 500
    linli("match", "--load", 500, *store)
    linli("gaps", *store)
    linli("beside", *store)
    linli("actions", "--budget", 1, *store)


def test_the_route_takes_the_same_rules(serve: Any) -> None:
    service = serve()
    for wish, status, problem in (
        ({"keep_round": service.get("/v1/rounds/current")["id"]}, 422, "invalid"),
        ({"keep_round": "2030-9"}, 404, "no-round"),
        ({"most_moves": 3}, 422, "invalid"),
        ({"keep_m": 3}, 422, "invalid"),
        ({"keep_round": "x", "most_moves": -1}, 422, "invalid"),
        ({"load_m": -1}, 422, "invalid"),
    ):
        answer = service.client.post("/v1/rounds", json=wish)
        assert (answer.status_code, answer.json()["type"]) == (status, f"urn:linli:problem:{problem}"), wish
    published = service.get("/v1/rounds/current")["id"]
    service.store.change_round(published, "published")
    wish = {"keep_round": published, "keep_m": 200, "most_moves": 0, "load_m": 20}
    job = service.wait(service.client.post("/v1/rounds", json=wish).json()["id"])
    assert job["status"] == "done", job
    made = service.get(f"/v1/match?round={job['round']}")
    assert (made["keep"]["round"], made["keep"]["most_moves"], made["load"]["step_m"]) == (published, 0, 20)
    assert service.get("/v1/live")["served_by_priority"] == made["served_by_priority"]


@pytest.mark.parametrize("most", [None, 3])
def test_what_is_tried_and_kept_keeps_the_round_on(own_town: Path, most: int | None) -> None:
    published = publish(own_town)
    options = [] if most is None else ["--most-moves", most]
    linli("match", "--keep", published, "--keep-m", 50, *options, *store_option(own_town))
    close_offers(own_town)
    with closing(open_store(f"sqlite:///{own_town}")) as store:
        rules = rules_of(current_round(store))
    assert rules.keep is not None
    assert (rules.keep.round, rules.keep.asked_m, rules.keep.most_moves) == (published, 50, most)
    with closing(open_store(f"sqlite:///{own_town}")) as store:
        kept = match_of(current_round(store))["keep"]
    assert kept["moved"] + kept["gone"] > 0


@pytest.mark.parametrize(
    ("status", "moved", "fewest", "gap_m", "said"),
    [
        ("optimal", 2, None, 0, "the best by that rule"),
        ("bounded", 1, None, 40, "at most 40 m from the best"),
        ("bounded", 1, None, None, "At most 2 places move; how far from the best"),
        ("heuristic", 1, None, None, "At most 2 places move; how far from the best"),
        ("bounded", 3, None, None, "wasn't kept to; whether it could be isn't known"),
        ("heuristic", 3, None, None, "wasn't kept to; whether it could be isn't known"),
        ("exceeded", 5, 4, None, "proved to move at least 4"),
    ],
)
def test_how_well_a_limit_is_kept_is_said_as_far_as_it_is_known(
    own_town: Path, status: str, moved: int, fewest: int | None, gap_m: int | None, said: str
) -> None:
    with closing(open_store(f"sqlite:///{own_town}")) as opened:
        document = match_of(current_round(opened))
    document["keep"] = {
        "round": "2026-1", "asked_m": 5, "extra_m": 5, "most_moves": 2, "fewest": fewest, "places": 9,
        "stay": 9 - moved, "moved": moved, "gone": 0, "needs_moved": 1, "status": status, "gap_m": gap_m,
    }  # fmt: skip
    console = Console(record=True, width=300, file=StringIO())
    show_match(document, {})(console, "en")
    assert said in console.export_text()
