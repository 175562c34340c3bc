"""The commands of the spine: load, check, undo, match, assignments, gaps, explain, lock, refuse."""

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from api.cli import COMMANDS, main
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


@pytest.fixture(scope="module")
def matched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the made-up sub-district, matched once."""
    folder = tmp_path_factory.mktemp("cli")
    linli("sample", "subdistrict", "--seed", 1, "-o", folder / "lists.xlsx")
    linli("load", folder / "lists.xlsx", *store_option(folder / "town.db"), code=3)
    linli("match", *store_option(folder / "town.db"))
    return folder


@pytest.fixture
def town(matched: Path, tmp_path: Path) -> Path:
    """A copy of that store which a test may change."""
    shutil.copy(matched / "town.db", tmp_path / "town.db")
    return tmp_path / "town.db"


def write_list(folder: Path, name: str, *rows: str) -> Path:
    path = folder / f"{name}.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder of tables with only the bold columns and coordinates."""
    folder = tmp_path / "lists"
    folder.mkdir()
    write_list(folder, "units", "name,lon,lat", "Clinic,121.470,31.230", "School,121.480,31.230")
    write_list(
        folder, "offers", "unit,category,lon,lat", "Clinic,health,121.470,31.230", "School,education,,"
    )
    write_list(
        folder, "needs", "category,lon,lat", "health,121.471,31.230", "health,121.472,31.231", "legal,,"
    )
    return folder


# -- help and usage -----------------------------------------------------------------------------------


def test_help_lists_every_command_and_loads_none() -> None:
    text = linli("--help").stdout
    for name, (_, summary) in COMMANDS.items():
        assert f"\n  {name} " in text
        assert summary.split(" (", maxsplit=1)[0] in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(name: str) -> None:
    text = linli(name, "--help").stdout
    if name == "sample":
        assert {"city", "subdistrict", "reports"} <= set(text.split())
    else:
        assert "Examples:" in text
        assert f"  linli {name}" in text
        assert {"--store", "--json", "--lang"} <= set(text.replace(",", " ").split())


@pytest.mark.parametrize("name", ["city", "subdistrict", "reports"])
def test_every_sample_has_help_with_examples(name: str) -> None:
    assert f"  linli sample {name}" in linli("sample", name, "--help").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["load"],
        ["load", "no-such-file.xlsx"],
        ["match", "--fit", "loose"],
        ["match", "--from", "2026-13-01"],
        ["match", "--from", "2026-05-01", "--to", "2026-04-01", "--store", "sqlite:///x.db"],
        ["undo", "zero"],
        ["explain"],
        ["refuse", "a", "b"],
        ["export", "out", "--format", "docx"],
        ["sample", "city", "-o", "x"],
        ["gaps", "--store", "ftp://example"],
    ],
)
def test_wrong_usage_is_code_2_and_a_problem_document(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///x.db").close()
    result = linli(*arguments, code=2)
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    document = linli_json(*arguments, code=2)
    assert {"type", "title", "status", "detail", "remedy"} <= document.keys()
    assert document["type"].startswith("urn:linli:problem:")


def test_reading_commands_make_no_store(tmp_path: Path) -> None:
    for command in (
        ["gaps"],
        ["assignments"],
        ["match"],
        ["explain", "x"],
        ["undo"],
        ["export", "out", "--format", "csv"],
    ):
        document = linli_json(*command, *store_option(tmp_path / "none.db"), code=1)
        assert document["type"].endswith("no-store")
        assert "linli load" in document["remedy"]
    assert list(tmp_path.iterdir()) == []


def test_without_a_match_the_remedy_is_to_match(small: Path, tmp_path: Path) -> None:
    linli("load", small, *store_option(tmp_path / "a.db"))
    for command in (["gaps"], ["assignments"], ["explain", "x"]):
        document = linli_json(*command, *store_option(tmp_path / "a.db"), code=1)
        assert document["type"].endswith("no-round")
        assert document["remedy"] == "Run linli match first."


def test_store_from_the_environment_and_by_default(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    linli("load", small, LINLI_STORE="sqlite:///env.db")
    assert (tmp_path / "env.db").exists()
    linli("load", small)
    assert (tmp_path / "linli.db").exists()
    linli("load", small, "--store", "sqlite:///named.db", LINLI_STORE="sqlite:///other.db")
    assert (tmp_path / "named.db").exists()
    assert not (tmp_path / "other.db").exists()


def test_language_follows_option_variable_and_system(town: Path) -> None:
    arguments = ("gaps", *store_option(town))
    assert "places unmatched" in linli(*arguments).stdout
    assert "项次" in linli(*arguments, LINLI_LANG="zh").stdout
    assert "places unmatched" in linli(*arguments, "--lang", "en", LINLI_LANG="zh").stdout
    assert "项次" in linli(*arguments, LINLI_LANG="", LC_ALL="", LC_MESSAGES="", LANG="zh_CN.UTF-8").stdout
    assert "unmatched" in linli(*arguments, LINLI_LANG="", LC_ALL="", LC_MESSAGES="", LANG="C").stdout


# -- loading ------------------------------------------------------------------------------------------


def test_load_keeps_good_rows_and_locates_the_others(matched: Path, tmp_path: Path) -> None:
    document = linli_json("load", matched / "lists.xlsx", *store_option(tmp_path / "b.db"), code=3)
    assert document["refused"] == len(
        {(p["file"], p["sheet"], p["row"]) for p in document["problems"] if p["severity"] == "error"}
    )
    keys = {"problem", "severity", "file", "sheet", "row", "column", "found", "expected", "remedy"}
    assert all(keys <= problem.keys() for problem in document["problems"])
    assert document["unchanged"] == {}
    with_counts = open_store(f"sqlite:///{tmp_path / 'b.db'}")
    assert document["kept"] == {
        table: with_counts.count(table) - document["drafts"].get(table, 0) for table in document["kept"]
    }
    with_counts.close()


def test_the_same_lists_twice_change_nothing(small: Path, tmp_path: Path) -> None:
    store = store_option(tmp_path / "a.db")
    first = linli_json("load", small, *store)
    again = linli_json("load", small, *store)
    assert again["unchanged"] == first["kept"] == again["kept"]
    assert again["revision"] == first["revision"] == 1
    assert "Nothing changed" in linli("load", small, *store).stdout


def test_dry_run_and_check_store_nothing(small: Path, tmp_path: Path) -> None:
    store = store_option(tmp_path / "a.db")
    for command in (["load", small, "--dry-run"], ["check", small]):
        document = linli_json(*command, *store)
        assert document["kept"] == {"units": 2, "offers": 2, "needs": 3}
        assert document["dry_run"] is True
    assert open_store(store[1]).revision()[0] == 0
    linli("load", small, *store)
    assert linli_json("check", small, *store)["unchanged"] == {"units": 2, "offers": 2, "needs": 3}


def test_checking_makes_no_store(small: Path, tmp_path: Path) -> None:
    file = tmp_path / "new" / "town.db"
    file.parent.mkdir()
    for command in (("check", small), ("load", small, "--dry-run")):
        document = linli_json(*command, *store_option(file))
        assert (document["dry_run"], document["revision"]) == (True, 0)
        assert list(file.parent.iterdir()) == []


def test_an_empty_list_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "needs.csv").write_bytes(b"")
    document = linli_json("load", tmp_path / "needs.csv", *store_option(tmp_path / "town.db"))
    [problem] = document["problems"]
    assert (problem["problem"], problem["file"], document["refused"]) == ("empty_list", "needs.csv", 0)


def test_a_refusal_says_what_it_withdraws(town: Path) -> None:
    row = next(
        row for row in linli_json("assignments", *store_option(town)) if row["offer"] and not row["locked"]
    )
    pair = (row["need"], row["offer"])
    locked = linli_json("lock", *pair, 1, *store_option(town))
    assert locked["withdrawn"] == []
    shown = linli("refuse", *pair, "--why", "太远", *store_option(town)).stdout
    assert locked["id"] in " ".join(shown.split())
    again = linli_json("lock", *pair, 1, *store_option(town))
    assert len(again["withdrawn"]) == 1


def test_replace_deletes_in_the_tables_brought_only(small: Path, tmp_path: Path) -> None:
    store = store_option(tmp_path / "a.db")
    linli("load", small, *store)
    (small / "offers.csv").unlink()
    write_list(small, "needs", "id,category,quantity", "n1,health,1", "n2,legal,两三次")
    assert linli_json("load", small, *store, code=3)["deleted"] == {}
    write_list(small, "needs", "id,category,quantity", "n3,health,1", "n1,health,两三次")
    document = linli_json("load", small, "--replace", *store, code=3)
    # A refused row counts as present: n1 stays.
    assert document["deleted"] == {"needs": 3}
    opened = open_store(store[1])
    assert [record.id for record in opened.find("needs")] == ["n1", "n3"]
    assert opened.count("offers") == 2


def test_report_marks_the_planners_own_file(small: Path, tmp_path: Path) -> None:
    write_list(small, "needs", "category,quantity", "health,两三次")
    marked = tmp_path / "marked.xlsx"
    linli("load", small, "--dry-run", "--report", marked, *store_option(tmp_path / "a.db"), code=3)
    texts = [str(cell.value) for page in openpyxl.load_workbook(marked) for row in page for cell in row]
    assert "两三次" in texts


def test_unreadable_lists_are_a_failure_that_names_their_problems(tmp_path: Path) -> None:
    path = tmp_path / "picture.xlsx"
    path.write_bytes(b"not a workbook")
    document = linli_json("load", path, *store_option(tmp_path / "a.db"), code=1)
    assert document["type"].endswith("nothing-read")
    assert [problem["file"] for problem in document["problems"]] == ["picture.xlsx"]


def test_undo_takes_a_load_back(small: Path, tmp_path: Path) -> None:
    store = store_option(tmp_path / "a.db")
    linli("load", small, *store)
    assert linli_json("undo", *store) == {"undone": 1, "revision": 2}
    assert open_store(store[1]).count("needs") == 0
    assert linli_json("undo", *store, code=1)["type"].endswith("not-found")
    assert linli_json("undo", 2, *store) == {"undone": 2, "revision": 3}
    assert open_store(store[1]).count("needs") == 3


# -- a round ------------------------------------------------------------------------------------------


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


def test_match_gives_the_contracts_figures(town: Path) -> None:
    match = linli_json("match", *store_option(town))
    names = (
        "status round needs places_wanted places_served places_served_upper assumed_offers ask_first"
        " served_by_priority people_reached cost distance_m places_without_distance projects nearest_first"
    )
    assert set(names.split()) <= match.keys()
    assert sum(match["served_by_priority"].values()) == match["places_served"]
    assert sum(match["wanted_by_priority"].values()) == match["places_wanted"]
    assert set(match["served_by_priority"]) == set("12345")
    assert match["places_served"] >= match["nearest_first"]["places_served"]


def test_every_door_shows_the_same_round(town: Path) -> None:
    store = store_option(town)
    match, gaps, rows = (linli_json(command, *store) for command in ("match", "gaps", "assignments"))
    assert sum(row["places"] for row in rows if "need" in row) == match["places_served"]
    assert gaps["unserved"] == match["places_wanted"] - match["places_served"]
    assert sum(gaps["summary"].values()) == gaps["unserved"] == sum(gap["places"] for gap in gaps["gaps"])
    assert set(gaps["summary"]) == REASONS
    assert linli_json("gaps", "--round", match["round"]["id"], *store) == gaps
    assert linli_json("gaps", "--round", "1999-1", *store, code=1)["type"].endswith("no-round")


def test_assignments_have_the_contracts_columns_and_order(town: Path) -> None:
    rows = linli_json("assignments", *store_option(town))
    names = {"offer", "unit", "places", "distance_m", "estimate", "fit", "assumed", "locked"}
    assert all(names <= row.keys() and ("need" in row) != ("project" in row) for row in rows)
    keys = [(row["need"], row["offer"] or "") for row in rows if "need" in row]
    assert keys == sorted(keys)
    assert all(row["offer"] is None for row in rows if "project" in row)


def test_proposed_rounds_never_influence_a_later_match(town: Path) -> None:
    store = store_option(town)
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


def test_exact_fit_leaves_broad_pairs_out(town: Path) -> None:
    store = store_option(town)
    linli("match", "--fit", "exact", *store)
    assert {row["fit"] for row in linli_json("assignments", *store)} == {"exact"}


def test_people_see_figures_and_reasons(town: Path) -> None:
    store = store_option(town)
    match = linli_json("match", *store)
    shown = linli("match", *store).stdout
    gained = match["places_served"] - match["nearest_first"]["places_served"]
    assert f"{match['places_wanted']} places needed; {match['places_served']} matched" in shown
    assert f"{gained} places more than by hand" in shown
    assert "Proved best" in shown
    assert "Not enough capacity" in linli("gaps", *store).stdout
    assert "more rows" in linli("assignments", "--limit", 3, *store).stdout


def find_served(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return next(row for row in rows if row.get("need") and row["offer"] and not row["locked"])


def test_explain_served_and_unserved_by_id_and_name(town: Path) -> None:
    store = store_option(town)
    served = find_served(linli_json("assignments", *store))
    document = linli_json("explain", served["need"], *store)
    assert document["need"] == served["need"]
    assert served["offer"] in {row["offer"] for row in document["served_by"]}
    gap = linli_json("gaps", *store)["gaps"][0]
    unserved = linli_json("explain", gap["needs"][0], *store)
    assert unserved["unserved"]["reason"]
    assert linli("explain", gap["needs"][0], *store).stdout
    assert linli_json("explain", "不曾有过的需求", *store, code=1)["type"].endswith("not-found")
    assert linli_json("explain", "量血压", *store, code=1)["type"].endswith("ambiguous")


def test_explain_speaks_of_the_round_also_after_the_lists_changed(town: Path) -> None:
    store = store_option(town)
    gap = next(g for g in linli_json("gaps", *store)["gaps"] if g["reason"] == "no_capacity")
    before = linli_json("explain", gap["needs"][0], *store)
    linli("undo", *store)
    assert linli_json("explain", before["need"], *store, code=1)["type"].endswith("not-found")
    linli("undo", 2, *store)
    assert linli_json("explain", before["need"], *store) == before
    assert "lists have changed" in linli("gaps", *store).stderr


def test_lock_is_kept_by_the_next_match(town: Path) -> None:
    store = store_option(town)
    row = find_served(linli_json("assignments", *store))
    claim = linli_json("lock", row["need"], row["offer"], *store)
    assert (claim["target"], claim["offer"], claim["by"]) == (row["need"], row["offer"], row["unit"])
    assert (claim["status"], claim["quantity"]) == ("agreed", row["places"])
    linli("match", *store)
    again = [r for r in linli_json("assignments", *store) if r.get("need") == row["need"]]
    assert any(r["offer"] == row["offer"] and r["locked"] and r["places"] >= row["places"] for r in again)


def test_lock_beyond_what_is_left_is_refused(town: Path) -> None:
    store = store_option(town)
    row = find_served(linli_json("assignments", *store))
    document = linli_json("lock", row["need"], row["offer"], 100_000, *store, code=1)
    assert document["type"].endswith("capacity")


def test_a_project_is_locked_by_its_unit(town: Path) -> None:
    store = store_option(town)
    row = next(r for r in linli_json("assignments", *store) if "project" in r and not r["locked"])
    claim = linli_json("lock", row["project"], row["unit"], *store)
    assert (claim["target_table"], claim["offer"], claim["by"]) == ("projects", None, row["unit"])
    linli("match", *store)
    again = linli_json("assignments", *store)
    assert any(r.get("project") == row["project"] and r["unit"] == row["unit"] and r["locked"] for r in again)


def test_refused_pairs_are_left_out_from_the_next_match_on(town: Path) -> None:
    store = store_option(town)
    row = find_served(linli_json("assignments", *store))
    claim = linli_json("refuse", row["need"], row["offer"], "--why", "太远", *store)
    assert (claim["status"], claim["why"]) == ("declined", "太远")
    linli("match", *store)
    again = linli_json("assignments", *store)
    assert not any(r.get("need") == row["need"] and r["offer"] == row["offer"] for r in again)


def test_json_is_what_the_store_keeps(town: Path) -> None:
    store = open_store(f"sqlite:///{town}")
    kept = store.get_round(store.rounds()[0].id)
    store.close()
    assert json.loads(json.dumps(kept.results["gaps"])) == linli_json("gaps", *store_option(town))


def test_main_is_the_console_script() -> None:
    assert main.name == "linli"
