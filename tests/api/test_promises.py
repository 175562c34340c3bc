"""Promises and refusals: the later word holds; a claim without dates belongs to when it was made."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from api.services.edits import add_record, change_record
from api.services.exports import export_store
from api.services.loads import check_paths, load_paths
from api.services.promises import claim_document, lock, refuse
from api.services.rounds import make_round
from graph.model import Claim, Need, Offer, Unit
from graph.periods import Period, this_year, today
from graph.store import Batch, Store, open_store

TOWN = (
    Unit(id="u1", name="东队"),
    Unit(id="u2", name="西队"),
    Offer(id="o1", title="修灯", unit="u1", category="repair", capacity=2, reach_any=True),
    Offer(id="o2", title="修锁", unit="u2", category="repair", capacity=2, reach_any=True),
    Need(id="d1", title="灯", category="repair", quantity=2, priority=1),
)


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path / 'town.db'}"
    opened = open_store(url)
    opened.write(Batch(put=TOWN))
    yield opened
    opened.close()


def test_a_refusal_withdraws_the_promise_and_a_promise_the_refusal(store: Store) -> None:
    promised = lock(store, "d1", "o1", 1)
    revision = store.revision()[0]
    refused = refuse(store, "d1", "o1", "太远")
    assert refused.withdrawn == (promised.claim.id,)
    assert store.revision()[0] == revision + 1
    assert store.get("claims", promised.claim.id).status == "withdrawn"
    rows = make_round(store).results["assignments"]
    assert ("d1", "o1") not in {(row.get("need"), row["offer"]) for row in rows}
    again = lock(store, "d1", "o1", 1)
    assert again.withdrawn == (refused.claim.id,)
    assert store.revision()[0] == revision + 2
    rows = make_round(store).results["assignments"]
    assert ("d1", "o1", True) in {(row.get("need"), row["offer"], row["locked"]) for row in rows}
    store.undo()
    assert store.get("claims", refused.claim.id).status == "declined"
    assert claim_document(again)["withdrawn"] == [refused.claim.id]


def test_promises_of_other_pairs_days_and_those_done_stay(store: Store) -> None:
    year = this_year().first.year
    for name, changes in {
        "other": {"offer": "o2"},
        "before": {"valid_to": date(year - 1, 12, 31)},
        "made-before": {"notes": (("made_on", f"{year - 1}-05-01"),)},
        "done": {"status": "done"},
    }.items():
        cells = {"target": "d1", "target_table": "needs", "by": "u1", "offer": "o1", "status": "agreed"}
        store.write(Batch(put=[Claim(id=name, **{**cells, **changes})]))
    assert refuse(store, "d1", "o1", "太远").withdrawn == ()


# -- when a claim was made ----------------------------------------------------------------------------

CLAIMS = "target,by,offer,quantity,status\nd1,u1,o1,1,agreed\n"


def made_on(store: Store) -> str | None:
    [claim] = store.find("claims")
    return dict(claim.notes).get("made_on")


def claims_file(folder: Path, text: str = CLAIMS) -> Path:
    file = folder / "claims.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_claim_without_dates_counts_in_the_round_it_was_made_in(store: Store, tmp_path: Path) -> None:
    assert load_paths(store, [claims_file(tmp_path)])["kept"] == {"claims": 1}
    assert made_on(store) == today().isoformat()
    year = this_year().first.year
    for period, is_locked in (
        (this_year(), True),
        (Period(date(year + 1, 1, 1), date(year + 1, 12, 31)), False),
    ):
        rows = make_round(store, period=period).results["assignments"]
        assert any(row["locked"] for row in rows) is is_locked


def test_the_day_a_claim_was_made_stays(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = claims_file(tmp_path)
    load_paths(store, [file])
    day = made_on(store)
    monkeypatch.setattr("graph.periods.today", lambda: date(2099, 1, 1))
    revision = store.revision()[0]
    assert check_paths(store, [file])["unchanged"] == {"claims": 1}
    assert load_paths(store, [file])["unchanged"] == {"claims": 1}
    assert (store.revision()[0], made_on(store)) == (revision, day)
    export_store(store, tmp_path / "out", "csv")
    other = open_store("memory:")
    load_paths(other, [tmp_path / "out"])
    assert made_on(other) == day


def test_the_day_comes_from_the_list_or_is_not_needed(store: Store, tmp_path: Path) -> None:
    load_paths(
        store,
        [
            claims_file(
                tmp_path, CLAIMS.replace("status", "status,made_on").replace("agreed", "agreed,2024-02-29")
            )
        ],
    )
    assert made_on(store) == "2024-02-29"
    store.undo()
    load_paths(
        store,
        [
            claims_file(
                tmp_path, CLAIMS.replace("status", "status,valid_to").replace("agreed", "agreed,2024-02-29")
            )
        ],
    )
    assert made_on(store) is None


def test_a_claim_added_by_hand_says_when_it_was_made(store: Store) -> None:
    added, _ = add_record(store, "claims", {"target": "d1", "by": "u1", "status": "declined"})
    assert made_on(store) == today().isoformat()
    changed, _ = change_record(store, "claims", added.id, {"why": "太远"})
    assert changed.notes == added.notes
