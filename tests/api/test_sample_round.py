"""The facts of the five reports, matched: five places and nine years have nothing to give to each other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from api.services.loads import load_paths
from api.services.rounds import solve_round
from api.services.samples import reports_folder
from api.services.stores import opened, store_url
from graph.periods import Period
from graph.snapshot import Snapshot
from tests.loaders.shanghai import by_id


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder: Path = tmp_path_factory.mktemp("reports")
    with opened(store_url(folder / "reports.db")) as store:
        report = load_paths(store, [reports_folder()])
        assert report["problems"] == []
        return store.snapshot()


@pytest.mark.parametrize("year", [2013, 2018])  # two reports speak of each
def test_an_offer_serves_only_needs_of_its_own_report(snapshot: Snapshot, year: int) -> None:
    made = solve_round(snapshot, period=Period(date(year, 1, 1), date(year, 12, 31)))
    pairs = [(row["need"], row["offer"]) for row in made.results["assignments"] if row["offer"]]
    assert len(pairs) > 20
    assert [
        pair for pair in pairs if by_id("needs")[pair[0]]["source"] != by_id("offers")[pair[1]]["source"]
    ] == []
    assert [row for row in made.results["match"]["warnings"] if row["warning"] == "overpromised"] == []
