from __future__ import annotations

import io
from datetime import date

import networkx as nx
import pytest

from graph.model import Area, Branch, Membership, Pairing, Unit
from graph.network import KINDS, view
from graph.snapshot import Snapshot

SNAPSHOT = Snapshot.from_records(
    [
        Area(id="area", name="银杏", lon=121.5, lat=31.2),
        Unit(id="clinic", name="诊所"),
        Unit(id="school", name="学校", lon=121.6, lat=31.3),
        Branch(id="joint", name="联合支部", units=("clinic", "school"), parent="general"),
        Branch(id="general", name="总支"),
        Membership(id="m", alliance="alliance", party="clinic"),
        Pairing(id="p", parties=("clinic", "school", "area"), valid_to=date(2026, 6, 30)),
        Pairing(id="q", parties=("school", "clinic")),
    ]
)


def test_pairings_tie_all_parties_pairwise() -> None:
    graph = view(SNAPSHOT, "pairings")
    assert {frozenset(edge) for edge in graph.edges} == {
        frozenset(pair) for pair in (("clinic", "school"), ("clinic", "area"), ("school", "area"))
    }
    assert graph.edges["clinic", "school"] == {"records": "p; q", "weight": 2}
    assert graph.nodes["area"] == {"table": "areas", "name": "银杏", "lon": 121.5, "lat": 31.2}
    assert graph.nodes["clinic"] == {"table": "units", "name": "诊所"}


def test_a_view_shows_one_day() -> None:
    assert set(view(SNAPSHOT, "pairings", as_of=date(2026, 7, 1))) == {"clinic", "school"}


def test_branches_tie_units_and_the_branch_above() -> None:
    assert {frozenset(edge) for edge in view(SNAPSHOT, "branches").edges} == {
        frozenset(pair) for pair in (("joint", "clinic"), ("joint", "school"), ("joint", "general"))
    }


def test_members_are_tied_to_alliances_that_nobody_described() -> None:
    graph = view(SNAPSHOT, "memberships")
    assert list(graph.edges) == [("clinic", "alliance")]
    assert graph.nodes["alliance"] == {}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_views_fit_the_drawing_programs_formats(kind: str) -> None:
    graph = view(SNAPSHOT, kind)
    for write in (nx.write_graphml, nx.write_gexf):
        sink = io.BytesIO()
        write(graph, sink)
        assert sink.getvalue()
    assert len(view(Snapshot.from_records([]), kind)) == 0


def test_an_unknown_view_is_refused() -> None:
    with pytest.raises(ValueError, match="pairings"):
        view(SNAPSHOT, "friends")
