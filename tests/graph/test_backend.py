"""The networkx backend: equal answers, refusals, and views that use it by themselves."""

from __future__ import annotations

import functools
import itertools
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.backend import interface
from graph.backend.about import FUNCTIONS, get_info, render_page
from graph.backend.views import View

WEIGHTS = (1, 2, 0.5, 3.25)


@st.composite
def graphs(draw: st.DrawFn) -> nx.Graph:
    """Graphs with nodes in any order, now and then a self-tie, and weights; some without any tie or node."""
    nodes = draw(st.permutations(range(draw(st.integers(0, 9)))))
    graph = nx.Graph()
    graph.add_nodes_from(nodes)
    if nodes:
        ends = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes), st.sampled_from(WEIGHTS))
        graph.add_weighted_edges_from(draw(st.lists(ends, max_size=20)))
    return graph


def answer(name: str, graph: nx.Graph, **arguments: Any) -> Any:
    """What a function gives, iterators as lists, or the name of what it raises."""
    function = getattr(nx, name, None) or getattr(nx.community, name)
    try:
        found = function(graph, **arguments)
        return list(found) if isinstance(found, Iterator) else found
    except (nx.NetworkXException, ValueError, ZeroDivisionError, KeyError) as error:
        return type(error).__name__


def compiled(name: str, graph: nx.Graph, **arguments: Any) -> Any:
    """What the backend gives for the same call, with the weights that the call names."""
    weight = {arguments["weight"]: 1} if arguments.get("weight") else None
    rows = interface.convert_from_nx(graph, edge_attrs=weight)
    try:
        found = getattr(interface, name)(rows, **arguments)
        return list(found) if isinstance(found, Iterator) else found
    except (nx.NetworkXException, ValueError, ZeroDivisionError, KeyError) as error:
        return type(error).__name__


def assert_equal(expected: Any, found: Any) -> None:
    """Equal in order and type of the values; numbers but for rounding, NaN equal to NaN."""
    if isinstance(expected, dict):
        assert list(expected) == list(found)
        for key, value in expected.items():
            assert_equal(value, found[key])
    elif isinstance(expected, float):
        assert isinstance(found, float | int)
        same = math.isnan(expected) and math.isnan(found)
        assert same or math.isclose(expected, found, rel_tol=1e-9, abs_tol=1e-12)
    else:
        assert expected == found


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@given(graph=graphs(), seed=st.integers(0, 5))
def test_answers_are_networkxs_own(name: str, graph: nx.Graph, seed: int) -> None:
    options: dict[str, Any] = {"seed": seed} if "louvain" in name else {}
    if name == "node_connected_component":
        options = {"n": seed}
    elif name == "pagerank" or "louvain" in name:
        options["weight"] = "weight"
    assert_equal(answer(name, graph, **options), compiled(name, graph, **options))


@given(graphs(), st.integers(0, 5), st.integers(1, 9), st.booleans(), st.booleans())
def test_betweenness_draws_the_same_sources(
    graph: nx.Graph, seed: int, k: int, normalized: bool, endpoints: bool
) -> None:
    options = {"k": k, "seed": seed, "normalized": normalized, "endpoints": endpoints}
    assert_equal(
        answer("betweenness_centrality", graph, **options),
        compiled("betweenness_centrality", graph, **options),
    )


@given(graphs(), st.data())
def test_some_nodes_or_one_can_be_asked_for(graph: nx.Graph, data: st.DataObject) -> None:
    some = data.draw(st.lists(st.integers(0, 9), max_size=4))
    for name in ("triangles", "clustering"):
        for nodes in (some, *list(graph)[:1]):
            assert_equal(answer(name, graph, nodes=nodes), compiled(name, graph, nodes=nodes))
    chosen = [node for node in some if node in graph]
    simple = graph.copy()
    simple.remove_edges_from(list(nx.selfloop_edges(graph)))
    assert_equal(
        answer("effective_size", simple, nodes=chosen), compiled("effective_size", simple, nodes=chosen)
    )
    for weight in (None, "weight"):
        options = {"nodes": chosen, "weight": weight}
        assert_equal(answer("constraint", graph, **options), compiled("constraint", graph, **options))
    for node in list(graph)[:1]:
        assert_equal(
            answer("closeness_centrality", graph, u=node), compiled("closeness_centrality", graph, u=node)
        )


@given(graphs())
def test_weights_count_in_constraint(graph: nx.Graph) -> None:
    options = {"weight": "weight"}
    assert_equal(answer("constraint", graph, **options), compiled("constraint", graph, **options))


@given(graphs(), st.integers(0, 5), st.sampled_from([0.5, 1, 2]), st.sampled_from([None, 1, 2]))
def test_louvain_takes_the_same_steps(
    graph: nx.Graph, seed: int, resolution: float, max_level: int | None
) -> None:
    options = {"seed": seed, "resolution": resolution, "max_level": max_level, "weight": None}
    assert answer("louvain_communities", graph, **options) == compiled(
        "louvain_communities", graph, **options
    )


def circles(count: int, size: int, seed: int) -> tuple[nx.Graph, list[set[int]]]:
    """Closely tied circles with few ties between them, some weak, some of no value, and one party alone."""
    graph = nx.disjoint_union_all(nx.gnm_random_graph(size, 6 * size, seed=seed) for _ in range(count))
    graph.add_edges_from(nx.gnm_random_graph(count * size, count * size // 2, seed=seed).edges)
    parts = [{*range(first, first + size)} for first in range(0, count * size, size)]
    graph.add_weighted_edges_from((tail, head, 2.0) for tail, head in list(graph.edges))
    graph.add_weighted_edges_from((node, node, 1.0) for node in range(0, count * size, 100))
    free = ((node, (node + size) % (count * size)) for node in range(0, count * size, 7))
    graph.add_weighted_edges_from((tail, head, 0.0) for tail, head in free if not graph.has_edge(tail, head))
    graph.add_node("alone")
    return graph, [*parts, {"alone"}]


def test_louvain_finds_the_circles_of_large_graphs() -> None:
    seed = 1
    graph, parts = circles(60, 40, seed)
    quality = functools.partial(nx.community.modularity, graph, weight="weight")
    found = compiled("louvain_communities", graph, seed=seed, weight="weight")
    assert {frozenset(part) for part in found} == {frozenset(part) for part in parts}
    assert sorted(map(str, set().union(*found))) == sorted(map(str, graph))
    assert found == compiled("louvain_communities", graph, seed=seed, weight="weight")
    levels = compiled("louvain_partitions", graph, seed=seed, weight="weight")
    assert quality(found) >= quality(levels[-1]) - 1e-9
    for finer, coarser in itertools.pairwise(levels):
        home = {node: number for number, part in enumerate(coarser) for node in part}
        assert all(len({home[node] for node in part}) == 1 for part in finer)
    assert levels[0] == compiled("louvain_communities", graph, seed=seed, weight="weight", max_level=1)


def test_louvain_on_large_graphs_of_no_clear_circles_is_no_worse_than_networkx() -> None:
    graph = nx.powerlaw_cluster_graph(2100, 2, 0.3, seed=1)
    own, other = (find("louvain_communities", graph, seed=1, weight=None) for find in (compiled, answer))
    assert nx.community.modularity(graph, own) >= nx.community.modularity(graph, other)
    empty = nx.empty_graph(2100)
    assert len(compiled("louvain_communities", empty, seed=1)) == 2100


@given(graphs())
def test_conversion_and_back_keeps_the_graph(graph: nx.Graph) -> None:
    graph.graph["kind"] = "ties"
    rows = interface.convert_from_nx(graph, edge_attrs={"weight": 1})
    back = interface.convert_to_nx(rows)
    assert nx.utils.graphs_equal(graph, back)
    assert (len(rows), rows.number_of_nodes(), rows.number_of_edges()) == (
        len(graph),
        len(graph),
        graph.size(),
    )
    assert list(rows) == list(graph)
    assert not rows.is_directed()
    assert not rows.is_multigraph()
    assert ([] in rows) is False


def test_networkx_hands_calls_over() -> None:
    graph = nx.karate_club_graph()
    assert "linli" in nx.utils.backends.backends, "set-up installs the entry points"
    expected = nx.betweenness_centrality(graph, k=10, seed=1)
    found = nx.betweenness_centrality(graph, k=10, seed=1, backend="linli")
    assert_equal(expected, found)
    assert "linli" in graph.__networkx_cache__["backends"]
    graph.add_edge(0, 33)
    assert "backends" not in graph.__networkx_cache__


@pytest.mark.parametrize(
    ("graph", "name", "arguments"),
    [
        (nx.DiGraph([(0, 1)]), "core_number", {}),
        (nx.MultiGraph([(0, 1), (0, 1)]), "clustering", {}),
        (nx.path_graph(3), "betweenness_centrality", {"weight": "weight"}),
        (nx.path_graph(3), "bridges", {"root": 0}),
        (nx.Graph([(0, 0), (0, 1)]), "effective_size", {"nodes": [0]}),
        (nx.Graph([(0, 1, {"weight": 0})]), "constraint", {"weight": "weight"}),
        (nx.Graph([(0, 1, {"weight": -1})]), "louvain_communities", {}),
        (nx.Graph([(0, 1, {"weight": "much"})]), "pagerank", {}),
    ],
)
def test_what_the_loops_lack_is_refused_by_name(
    graph: nx.Graph, name: str, arguments: dict[str, Any]
) -> None:
    function = getattr(nx, name, None) or getattr(nx.community, name)
    with pytest.raises(NotImplementedError):
        function(graph, **arguments, backend="linli")


def test_a_small_graph_is_not_worth_converting_until_it_is() -> None:
    small, large = nx.path_graph(5), nx.path_graph(200)
    assert interface.should_run("clustering", (small,), {}) is not True
    assert interface.should_run("clustering", (), {"G": large}) is True
    assert interface.should_run("is_connected", (large,), {}) is not True
    nx.is_connected(large, backend="linli")
    assert interface.should_run("is_connected", (large,), {}) is True


def test_a_graph_with_rules_of_its_own_is_left_to_networkx() -> None:
    class Complement(nx.Graph):
        """Neighbours are all that aren't tied."""

        def __getitem__(self, node: Any) -> dict[Any, dict[str, Any]]:
            return {other: {} for other in self._adj if other != node and other not in self._adj[node]}

    graph = Complement(nx.path_graph(4))
    assert interface.can_run("core_number", (graph,), {}) is not True
    with pytest.raises(NotImplementedError, match="rules of their own"):
        interface.convert_from_nx(graph)
    assert interface.can_run("core_number", (nx.path_graph(4).subgraph([0, 1]),), {}) is True


@pytest.fixture
def fallback() -> Iterator[None]:
    before = nx.config.fallback_to_nx
    nx.config.fallback_to_nx = True
    yield
    nx.config.fallback_to_nx = before


@pytest.mark.usefixtures("fallback")
def test_views_run_compiled_by_themselves_and_fall_back(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    @functools.wraps(interface.clustering)
    def run(*arguments: Any, **named: Any) -> Any:
        calls.append("clustering")
        return clustering(*arguments, **named)

    clustering = interface.clustering
    monkeypatch.setattr(interface, "clustering", run)
    view = View(nx.karate_club_graph())
    assert_equal(nx.clustering(nx.karate_club_graph()), nx.clustering(view))
    assert calls == ["clustering"]
    for _ in range(2):  # a second fallback is as quiet as the first
        assert nx.square_clustering(view) == nx.square_clustering(nx.karate_club_graph())
    assert isinstance(nx.k_core(view), nx.Graph)


@pytest.mark.usefixtures("fallback")
def test_views_notice_every_change() -> None:
    view = View([(0, 1), (1, 2)])
    assert set(nx.articulation_points(view)) == {1}
    view.add_edge(0, 2)
    assert set(nx.articulation_points(view)) == set()
    part = view.subgraph([0, 1])
    assert nx.triangles(part) == {0: 0, 1: 0}
    view.remove_edge(0, 1)
    assert nx.is_connected(part) is False
    view[1][2]["weight"] = 9.0
    plain = nx.Graph(view)
    assert type(plain) is nx.Graph
    assert_equal(nx.pagerank(plain), nx.pagerank(view))
    view[1][2]["weight"] = 1.0
    assert_equal(nx.pagerank(nx.Graph(view)), nx.pagerank(view))


def test_what_is_said_of_the_backend_is_what_it_has() -> None:
    assert set(FUNCTIONS) <= set(dir(interface))
    assert set(FUNCTIONS) == set(get_info()["functions"])
    assert all(f"| `{name}` |" in render_page() for name in FUNCTIONS)


def run_networkx_tests(folder: Path, *modules: str) -> str:
    """The end of what networkx's own tests print when each call goes to the backend where it can."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--pyargs", *modules]
    # Plugins of our own tests mean nothing to them, and take seconds to load.
    ours = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "NETWORKX_TEST_BACKEND": "linli"}
    settings = {**os.environ, **ours, "NETWORKX_FALLBACK_TO_NX": "1"}
    done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


def test_networkxs_own_tests_of_a_part_pass(tmp_path: Path) -> None:
    modules = [f"networkx.algorithms.tests.test_{name}" for name in ("structuralholes", "bridges")]
    assert "passed" in run_networkx_tests(
        tmp_path,
        *modules,
        "networkx.algorithms.components.tests.test_biconnected",
        "networkx.algorithms.centrality.tests.test_betweenness_centrality",
    )


@pytest.mark.large
def test_networkxs_own_tests_pass(tmp_path: Path) -> None:
    assert "passed" in run_networkx_tests(tmp_path, "networkx")
