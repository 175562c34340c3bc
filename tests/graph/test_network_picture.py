"""The picture of the network: places follow the ties, the same graph gives the same picture."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from graph.model import Alliance, Membership, Pairing, Unit
from graph.network_layout import lay_out
from graph.network_picture import draw_network
from graph.snapshot import Snapshot

TOWN = Snapshot.from_records(
    [Unit(id=name, name=f"单位{name}", kind="school" if name < "c" else "") for name in "abcdefgh"]
    + [Alliance(id="ring", name="联盟"), Membership(id="m", alliance="ring", party="a")]
    + [Pairing(id="p1", parties=("a", "b", "c")), Pairing(id="p2", parties=("a", "b"))]
    + [Pairing(id="p3", parties=("d", "e"), valid_from=date(2026, 3, 1))]
)


def distances(places):
    return {
        (one, other): np.hypot(*np.subtract(places[one], places[other])) for one, other in places_of(places)
    }


def places_of(places):
    return combinations(sorted(places), 2)


def test_fewer_steps_are_drawn_nearer():
    path = nx.path_graph(12)
    drawn, steps = (
        distances(lay_out(path, dict.fromkeys(path, 0))),
        dict(nx.all_pairs_shortest_path_length(path)),
    )
    apart = [(steps[one][other], metres) for (one, other), metres in drawn.items()]
    assert np.corrcoef(np.array(apart).T)[0, 1] > 0.98
    assert all(0.5 < metres < 1.5 for count, metres in apart if count == 1)


def test_groups_stand_apart_and_parts_do_not_mix():
    clubs = nx.disjoint_union_all(
        [nx.complete_graph(8), nx.complete_graph(8), nx.cycle_graph(5), nx.empty_graph(3)]
    )
    clubs.add_edge(0, 8)
    group = {node: node // 8 for node in range(16)}
    places = lay_out(clubs, group)
    drawn = distances(places)
    inside = max(
        metres for (one, other), metres in drawn.items() if other < 16 and group[one] == group[other]
    )
    across = [metres for (one, other), metres in drawn.items() if other < 16 and group[one] != group[other]]
    assert np.mean(across) > 1.5 * np.mean(
        [m for (i, j), m in drawn.items() if j < 16 and group[i] == group[j]]
    )
    assert inside < max(across)
    low, high = (
        np.array([places[node] for node in range(16)]).min(axis=0),
        np.array([places[node] for node in range(16)]).max(axis=0),
    )
    for node in range(16, 24):
        assert not all(low <= places[node]) or not all(places[node] <= high)
    assert min(drawn.values()) > 0.05  # nobody hides another


def test_the_same_seed_draws_the_same_picture():
    graph = nx.gnm_random_graph(60, 90, seed=1)
    assert lay_out(graph, seed=3) == lay_out(graph, seed=3)
    assert lay_out(graph, seed=3) != lay_out(graph, seed=4)
    assert lay_out(nx.Graph()) == {}
    assert len(lay_out(nx.empty_graph(30))) == 30


def test_a_picture_tells_parties_ties_and_groups():
    found = draw_network(TOWN)
    parties = [party["id"] for party in found["parties"]]
    assert parties == list("abcdefgh")
    first = found["parties"][0]
    assert (first["name"], first["table"], first["kind"], first["alliances"]) == (
        "单位a",
        "units",
        "school",
        ["ring"],
    )
    assert found["names"] == {"ring": "联盟"}
    named = [(parties[one], parties[other], weight) for one, other, weight in found["ties"]]
    assert named == [("a", "b", 2), ("a", "c", 1), ("b", "c", 1), ("d", "e", 1)]
    assert found["ties_total"] == 4
    assert [party["community"] for party in found["parties"]] == [1, 1, 1, 2, 2, None, None, None]
    assert draw_network(TOWN, as_of=date(2026, 1, 1))["ties_total"] == 3


def test_pictures_of_nothing_and_of_members():
    empty = draw_network(Snapshot.from_records([]))
    assert (empty["parties"], empty["ties"]) == ([], [])
    members = draw_network(TOWN, "memberships")
    own = {party["id"]: party["alliances"] for party in members["parties"]}
    assert own["ring"] == own["a"] == ["ring"]
    with pytest.raises(ValueError, match="no network"):
        draw_network(TOWN, "friendship")
