"""Commands on lists: load, check, undo."""

from pathlib import Path

import openpyxl

from graph.store import open_store
from tests.api.terminal import linli, linli_json, store_option, write_list


def test_load_keeps_good_rows_and_locates_the_others(workbook: Path, tmp_path: Path) -> None:
    document = linli_json("load", workbook, *store_option(tmp_path / "b.db"), code=3)
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


def test_no_list_is_a_failure_that_says_what_is_looked_for(tmp_path: Path) -> None:
    store = tmp_path / "town.db"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.docx").write_bytes(b"PK")
    document = linli_json("load", tmp_path / "in", *store_option(store), code=1)
    assert document["type"].endswith("nothing-read")
    assert "needs 需求清单" in document["remedy"]
    assert not store.exists()


def test_what_holds_nothing_makes_no_store(tmp_path: Path) -> None:
    store = tmp_path / "town.db"
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    assert "a.pdf" in linli("load", tmp_path / "a.pdf", *store_option(store), code=1).stderr
    headers_only = write_list(tmp_path, "needs", "title,category,quantity")
    [problem] = linli_json("load", headers_only, *store_option(store))["problems"]
    assert (problem["problem"], problem["file"], problem["row"]) == ("empty_list", "needs.csv", 1)
    assert not store.exists()


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
    nothing = linli_json("undo", *store, code=1)
    assert nothing["type"].endswith("not-found")
    assert nothing["remedy"].endswith("linli undo 2.")
    assert linli_json("undo", 99, *store, code=1)["remedy"] == "The last that can be undone: 2."
    assert linli_json("undo", 2, *store) == {"undone": 2, "revision": 3}
    assert open_store(store[1]).count("needs") == 3


def test_undo_says_which_promises_lost_what_they_are_of(small: Path, tmp_path: Path) -> None:
    store = store_option(tmp_path / "a.db")
    linli("load", small, *store)
    (need, *_) = (item.id for item in open_store(store[1]).find("needs", category="health"))
    (offer,) = (item.id for item in open_store(store[1]).find("offers", category="health"))
    linli("lock", need, offer, *store)
    told = " ".join(linli("undo", 1, *store).output.split())
    assert "1 promise has lost the need or offer; linli undo 3 redoes it" in told
    assert linli_json("undo", 3, *store) == {"undone": 3, "revision": 4}
    assert linli_json("undo", 4, *store) == {"undone": 4, "revision": 5, "claims_left": 1}
