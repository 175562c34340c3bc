"""Territories: all areas, each once, in one piece, and no less even than they began."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.sites import territories as module
from matcher.sites.territories import find_neighbours, grow_territories


def draw(seed: int, areas: int, stations: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    # A coarse grid, so that points lie in rows and on each other.
    lon, lat = 121 + rng.integers(0, 6, areas) / 100, 31 + rng.integers(0, 6, areas) / 100
    weight = rng.integers(0, 9, areas).astype(float)
    return lon, lat, weight, 121 + rng.random(stations) / 20, 31 + rng.random(stations) / 20


def graph_of(neighbours: list[list[int]]) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(range(len(neighbours)))
    graph.add_edges_from((one, other) for one, some in enumerate(neighbours) for other in some)
    return graph


@given(st.integers(0, 2**32 - 1), st.integers(1, 14), st.integers(1, 4))
def test_each_area_has_one_station_and_each_territory_is_in_one_piece(
    seed: int, areas: int, stations: int
) -> None:
    lon, lat, weight, station_lon, station_lat = draw(seed, areas, stations)
    graph = graph_of(find_neighbours(lon, lat))
    assert nx.is_connected(graph)
    found = grow_territories(lon, lat, weight, station_lon, station_lat)
    assert ((found.owner >= 0) & (found.owner < stations)).all()
    for station in range(stations):
        mine = np.flatnonzero(found.owner == station)
        assert found.load[station] == weight[mine].sum()
        if len(mine):
            assert nx.is_connected(graph.subgraph(mine.tolist()))
            assert found.farthest_m[station] > 0
    assert len(set(found.owner.tolist())) == min(areas, stations)
    assert found.load.max() >= found.least_heaviest - 1e-9 or not weight.sum()


def test_a_row_of_equal_areas_is_shared_evenly() -> None:
    lon = 121 + np.arange(9) / 100
    found = grow_territories(lon, np.full(9, 31.0), np.ones(9), lon[[0, 1, 2]], np.full(3, 31.0))
    assert found.load.tolist() == [1, 1, 7]
    # Beside each other they can't share; apart they do.
    found = grow_territories(lon, np.full(9, 31.0), np.ones(9), lon[[0, 2, 8]], np.full(3, 31.0))
    assert (found.load.sum(), found.load.max(), found.least_heaviest) == (9, 4, 3)


def test_no_stations_or_no_areas() -> None:
    none = np.zeros(0)
    assert grow_territories(none, none, none, np.array([121.0]), np.array([31.0])).load.tolist() == [0]
    assert grow_territories(np.array([121.0]), np.array([31.0]), np.ones(1), none, none).owner.tolist() == [
        -1
    ]


@pytest.mark.parametrize("brute", [True, False])
def test_neighbours_are_the_same_either_way(brute: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    lon, lat = 121 + rng.random(60) / 10, 31 + rng.random(60) / 10
    every = find_neighbours(lon, lat)
    if not brute:
        monkeypatch.setattr(module, "_BRUTE", 3)
    assert find_neighbours(lon, lat) == every
