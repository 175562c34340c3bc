"""Commands on a round: match, assignments, gaps, explain, lock, refuse."""

import json
from pathlib import Path
from typing import Any

from graph.store import open_store
from tests.api.terminal import linli, linli_json, store_option

REASONS = {
    "no_capable_unit",
    "unknown_place",
    "out_of_reach",
    "wrong_time",
    "refused",
    "no_capacity",
    "held_by_rule",
}


def test_a_refusal_says_what_it_withdraws(own_town: Path) -> None:
    row = next(
        row
        for row in linli_json("assignments", *store_option(own_town))
        if row["offer"] and not row["locked"]
    )
    pair = (row["need"], row["offer"])
    locked = linli_json("lock", *pair, 1, *store_option(own_town))
    assert locked["withdrawn"] == []
    shown = linli("refuse", *pair, "--why", "太远", *store_option(own_town)).stdout
    assert locked["id"] in " ".join(shown.split())
    again = linli_json("lock", *pair, 1, *store_option(own_town))
    assert len(again["withdrawn"]) == 1


def test_bold_columns_and_coordinates_suffice(small: Path, tmp_path: Path) -> None:
    store = store_option(tmp_path / "a.db")
    linli("load", small, *store)
    match = linli_json("match", *store)
    assert (match["status"], match["places_wanted"], match["places_served"]) == ("optimal", 3, 1)
    assert match["assumed_offers"] == 2
    assert match["places_served_upper"] == 2
    gaps = linli_json("gaps", *store)
    assert gaps["summary"]["no_capacity"] == 1
    assert gaps["unserved"] == 2


def test_without_needs_it_says_what_to_load_instead_of_what_is_best(small: Path, tmp_path: Path) -> None:
    store = store_option(tmp_path / "a.db")
    linli("load", small / "units.csv", small / "offers.csv", *store)
    for language, first, no_needs, proved in (
        ("en", "linli load", "No needs", "Proved"),
        ("zh", "先载入清单", "没有需求", "已证"),
    ):
        shown = linli("match", *store, LINLI_LANG=language).stdout
        assert first in shown
        assert proved not in shown
        assert no_needs in linli("gaps", *store, LINLI_LANG=language).stdout
    linli("load", small, *store)
    assert "Proved best" in linli("match", *store).stdout


def test_match_gives_the_contracts_figures(own_town: Path) -> None:
    match = linli_json("match", *store_option(own_town))
    names = (
        "status round needs places_wanted places_served places_served_upper assumed_offers ask_first"
        " served_by_priority people_reached cost distance_m places_without_distance projects nearest_first"
    )
    assert set(names.split()) <= match.keys()
    assert sum(match["served_by_priority"].values()) == match["places_served"]
    assert sum(match["wanted_by_priority"].values()) == match["places_wanted"]
    assert set(match["served_by_priority"]) == set("12345")
    assert match["places_served"] >= match["nearest_first"]["places_served"]


def test_every_door_shows_the_same_round(own_town: Path) -> None:
    store = store_option(own_town)
    match, gaps, rows = (linli_json(command, *store) for command in ("match", "gaps", "assignments"))
    assert sum(row["places"] for row in rows if "need" in row) == match["places_served"]
    assert gaps["unserved"] == match["places_wanted"] - match["places_served"]
    assert sum(gaps["summary"].values()) == gaps["unserved"] == sum(gap["places"] for gap in gaps["gaps"])
    assert set(gaps["summary"]) == REASONS
    assert linli_json("gaps", "--round", match["round"]["id"], *store) == gaps
    assert linli_json("gaps", "--round", "1999-1", *store, code=1)["type"].endswith("no-round")


def test_assignments_have_the_contracts_columns_and_order(own_town: Path) -> None:
    rows = linli_json("assignments", *store_option(own_town))
    names = {"offer", "unit", "places", "distance_m", "estimate", "fit", "assumed", "locked"}
    assert all(names <= row.keys() and ("need" in row) != ("project" in row) for row in rows)
    keys = [(row["need"], row["offer"] or "") for row in rows if "need" in row]
    assert keys == sorted(keys)
    assert all(row["offer"] is None for row in rows if "project" in row)


def test_proposed_rounds_never_influence_a_later_match(own_town: Path) -> None:
    store = store_option(own_town)
    first, again = (linli_json("match", *store) for _ in range(2))
    for document in (first, again):
        del document["round"]
    assert first == again


def test_days_of_the_round(small: Path, tmp_path: Path) -> None:
    store = store_option(tmp_path / "a.db")
    linli("load", small, *store)
    both = linli_json("match", "--from", "2026-03-01", "--to", "2026-05-31", *store)["round"]
    assert (both["from"], both["to"]) == ("2026-03-01", "2026-05-31")
    assert linli_json("match", "--from", "2027-03-01", *store)["round"]["to"] == "2027-12-31"
    assert linli_json("match", "--to", "2027-03-01", *store)["round"]["from"] == "2027-01-01"


def test_exact_fit_leaves_broad_pairs_out(own_town: Path) -> None:
    store = store_option(own_town)
    linli("match", "--fit", "exact", *store)
    assert {row["fit"] for row in linli_json("assignments", *store)} == {"exact"}


def test_a_round_keeps_the_share_below_which_access_is_low(own_town: Path) -> None:
    store = store_option(own_town)
    asked = linli_json("gaps", "--low-access-share", 1, *store)
    assert asked != linli_json("gaps", *store)
    linli("match", "--low-access-share", 1, *store)
    assert linli_json("gaps", *store) == asked


def test_people_see_figures_and_reasons(own_town: Path) -> None:
    store = store_option(own_town)
    match = linli_json("match", *store)
    shown = linli("match", *store).stdout
    gained = match["places_served"] - match["nearest_first"]["places_served"]
    assert f"{match['places_wanted']} places needed; {match['places_served']} matched" in shown
    assert f"{gained} places more than by hand" in shown
    assert "Proved best" in shown
    assert "Not enough capacity" in linli("gaps", *store).stdout
    assert "more rows" in linli("assignments", "--limit", 3, *store).stdout


def test_beside_shows_where_a_place_more_helps_and_what_else_costs(own_town: Path) -> None:
    store = store_option(own_town)
    document = linli_json("beside", "--limit", 2, *store)
    assert len(document["more_places"]) == 2
    shown = linli("beside", "--limit", 2, *store).stdout
    assert "Where a place more would help most" in shown
    assert "At least" in shown


def find_served(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return next(row for row in rows if row.get("need") and row["offer"] and not row["locked"])


def test_explain_served_and_unserved_by_id_and_name(own_town: Path) -> None:
    store = store_option(own_town)
    served = find_served(linli_json("assignments", *store))
    document = linli_json("explain", served["need"], *store)
    assert document["need"] == served["need"]
    assert served["offer"] in {row["offer"] for row in document["served_by"]}
    exact = linli_json("explain", served["need"], "--exact", *store)
    worked_out = [row["regret"] for row in exact["alternatives"] if "regret" in row]
    assert all(found["exact"] for found in worked_out if found["possible"])
    assert not any("regret" in row for row in document["alternatives"])
    title_of = {offer.id: offer.title for offer in open_store(store[1]).find("offers")}
    alone = {offer for offer, title in title_of.items() if list(title_of.values()).count(title) == 1}
    asked = next(row["offer"] for row in exact["alternatives"] if "regret" in row and row["offer"] in alone)
    by_name = linli_json("explain", served["need"], "--exact-for", title_of[asked], *store)
    assert by_name == linli_json("explain", served["need"], "--exact-for", asked, *store)
    assert [row["offer"] for row in by_name["alternatives"] if "regret" in row] == [asked]
    shown = linli("explain", served["need"], *store).stdout
    assert [row["reason"] for row in document["alternatives"]].count("chosen") == len(document["served_by"])
    others = len(document["alternatives"]) > len(document["served_by"])
    assert ("Alternatives" in shown) == others
    gap = linli_json("gaps", *store)["gaps"][0]
    unserved = linli_json("explain", gap["needs"][0], *store)
    assert unserved["unserved"]["reason"]
    assert unserved["unserved"]["would_do"][0]["sentence_en"] in linli(
        "explain", gap["needs"][0], *store
    ).stdout.replace("\n", " ")
    assert linli("explain", gap["needs"][0], *store).stdout
    assert linli_json("explain", "不曾有过的需求", *store, code=1)["type"].endswith("not-found")
    assert linli_json("explain", "量血压", *store, code=1)["type"].endswith("ambiguous")


def test_explain_speaks_of_the_round_also_after_the_lists_changed(own_town: Path) -> None:
    store = store_option(own_town)
    gap = next(g for g in linli_json("gaps", *store)["gaps"] if g["reason"] == "no_capacity")
    before = linli_json("explain", gap["needs"][0], *store)
    linli("undo", *store)
    assert linli_json("explain", before["need"], *store, code=1)["type"].endswith("not-found")
    assert "lists have changed" in linli("gaps", *store).stderr
    linli("undo", 2, *store)
    assert linli_json("explain", before["need"], *store) == before
    assert "lists have changed" not in linli("gaps", *store).stderr


def test_lock_is_kept_by_the_next_match(own_town: Path) -> None:
    store = store_option(own_town)
    row = find_served(linli_json("assignments", *store))
    claim = linli_json("lock", row["need"], row["offer"], *store)
    assert (claim["target"], claim["offer"], claim["by"]) == (row["need"], row["offer"], row["unit"])
    assert (claim["status"], claim["quantity"]) == ("agreed", row["places"])
    linli("match", *store)
    again = [r for r in linli_json("assignments", *store) if r.get("need") == row["need"]]
    assert any(r["offer"] == row["offer"] and r["locked"] and r["places"] >= row["places"] for r in again)


def test_lock_beyond_what_is_left_is_refused(own_town: Path) -> None:
    store = store_option(own_town)
    row = find_served(linli_json("assignments", *store))
    document = linli_json("lock", row["need"], row["offer"], 100_000, *store, code=1)
    assert document["type"].endswith("capacity")
    assert document["detail"].startswith("100000 places are asked for")


def test_a_project_is_locked_by_its_unit(own_town: Path) -> None:
    store = store_option(own_town)
    row = next(r for r in linli_json("assignments", *store) if "project" in r and not r["locked"])
    claim = linli_json("lock", row["project"], row["unit"], *store)
    assert (claim["target_table"], claim["offer"], claim["by"]) == ("projects", None, row["unit"])
    linli("match", *store)
    again = linli_json("assignments", *store)
    assert any(r.get("project") == row["project"] and r["unit"] == row["unit"] and r["locked"] for r in again)


def test_refused_pairs_are_left_out_from_the_next_match_on(own_town: Path) -> None:
    store = store_option(own_town)
    row = find_served(linli_json("assignments", *store))
    claim = linli_json("refuse", row["need"], row["offer"], "--why", "太远", *store)
    assert (claim["status"], claim["why"]) == ("declined", "太远")
    linli("match", *store)
    again = linli_json("assignments", *store)
    assert not any(r.get("need") == row["need"] and r["offer"] == row["offer"] for r in again)


def test_json_is_what_the_store_keeps(own_town: Path) -> None:
    store = open_store(f"sqlite:///{own_town}")
    kept = store.get_round(store.rounds()[0].id)
    store.close()
    assert json.loads(json.dumps(kept.results["gaps"])) == linli_json("gaps", *store_option(own_town))
