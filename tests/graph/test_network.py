from __future__ import annotations

import io
from datetime import UTC, date, datetime
from importlib.util import find_spec

import networkx as nx
import numpy as np
import pytest

from graph.measures.run import measure
from graph.model import Area, Branch, Claim, Membership, Need, Offer, Pairing, ServiceRecord, Unit
from graph.network import KINDS, as_csr, as_frame, as_igraph, view
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
    assert graph.edges["clinic", "school"] == {"records": "p; q", "weight": 2, "doubts": "undated"}
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


TOWN = Snapshot.from_records(
    [
        *(Area(id=name, name=name) for name in ("east", "west")),
        *(Unit(id=name, name=name) for name in ("a", "b", "c")),
        *(Membership(id=f"m{at}", alliance=body, party=party)
          for at, (body, party) in enumerate([("x", "a"), ("x", "b"), ("y", "a"), ("y", "b"), ("y", "c")])),
        Pairing(id="three", parties=("a", "b", "east"), valid_from=date(2026, 1, 1), source="年报",
                notes=(("approx", "约"), ("date_basis", "year"), ("incomplete", "1"))),
        Need(id="n1", category="health", party="resident-1", area="east", quantity=3),
        Need(id="n2", category="venue", party="b", quantity=2),
        Need(id="n3", category="health", party="a"),
        Offer(id="o1", unit="a", category="health.tcm"),
        Offer(id="o2", unit="east", category="venue"),
        Offer(id="o3", unit="b", category="venue", status="closed"),
        Claim(id="k", target="n1", target_table="needs", by="a", status="done"),
        ServiceRecord(id="s1", unit="a", area="west", services=20, from_date=date(2026, 2, 1), approx="余"),
        ServiceRecord(id="s2", claim="k", from_date=date(2026, 5, 1)),
        ServiceRecord(id="s3", unit="c"),
    ]
)  # fmt: skip


def weights(kind: str, **options: date) -> dict[frozenset[str], float]:
    return {frozenset(edge[:2]): edge[2] for edge in view(TOWN, kind, **options).edges(data="weight")}


def pair(one: str, other: str) -> frozenset[str]:
    return frozenset((one, other))


def test_agreements_of_three_stay_whole() -> None:
    graph = view(TOWN, "agreements")
    assert set(graph["three"]) == {"a", "b", "east"}
    assert graph.nodes["three"]["table"] == "pairings"


def test_members_of_one_alliance_are_tied_once_for_each_that_they_share() -> None:
    assert weights("alliances") == {pair("a", "b"): 2, pair("a", "c"): 1, pair("b", "c"): 1}


def test_services_tie_units_and_areas_by_what_was_delivered() -> None:
    assert weights("services") == {pair("a", "west"): 20, pair("a", "east"): 1}
    assert weights("services", as_of=date(2026, 3, 1)) == {pair("a", "west"): 20}
    edges = view(TOWN, "services").edges
    assert edges["a", "west"]["doubts"] == "approximate"
    assert edges["a", "east"]["doubts"] == "unknown_amount"


def test_who_claims_an_offer_is_served_by_whoever_offers() -> None:
    taken = Snapshot.from_records(
        [
            *(Area(id=name, name=name) for name in ("east", "west")),
            *(Unit(id=name, name=name) for name in ("a", "b")),
            Offer(id="o", unit="a", category="health"),
            Need(id="n", party="resident-1", area="west", category="health"),
            Claim(id="taking", target="o", target_table="offers", by="east", status="done"),
            Claim(id="giving", target="n", target_table="needs", by="b", status="done"),
            ServiceRecord(id="s1", claim="taking", services=4),
            ServiceRecord(id="s2", claim="giving", services=2),
        ]
    )
    assert {frozenset(tie) for tie in view(taken, "services").edges} == {pair("a", "east"), pair("b", "west")}
    found = measure(taken, "reciprocity").parties
    assert found is not None
    given = {party.id: (party.details["given"], party.details["taken"]) for party in found}
    assert given == {"a": (1, 0), "b": (1, 0), "east": (0, 1), "west": (0, 1)}
    assert measure(taken, "hhi").value == pytest.approx((4 / 6) ** 2 + (2 / 6) ** 2)


def test_who_needs_is_tied_with_who_offers_and_no_pseudonym_is_shown() -> None:
    assert weights("complement") == {pair("east", "a"): 3, pair("b", "east"): 2}


def test_all_needs_between_two_are_one_tie_whoever_asks() -> None:
    records = [
        *(Unit(id=name, name=name) for name in "ab"),
        Need(id="n1", party="a", category="health", quantity=2),
        Need(id="n2", party="b", category="venue"),
        Need(id="n3", party="a", category="health.tcm", quantity=4),
        Need(id="n4", party="a", category="venue"),
        Need(id="n5", party="b", category="venue", referred_to="elsewhere"),
        Offer(id="o1", unit="b", category="health"),
        Offer(id="o2", unit="a", category="venue", status="exhausted"),
    ]
    edges = list(view(Snapshot.from_records(records), "complement").edges(data=True))
    assert edges == [("a", "b", {"weight": 7, "records": "n1; n2; n3"})]


def test_layers_are_counted_and_named() -> None:
    graph = view(TOWN, "multilayer")
    assert graph.edges["a", "east"]["layers"] == "pairings; services"
    assert graph.edges["a", "east"]["weight"] == 2
    assert graph.edges["a", "x"]["layers"] == "memberships"


def test_a_tie_says_what_is_unsure_and_where_it_comes_from() -> None:
    graph = view(TOWN, "pairings")
    assert graph.edges["a", "b"] == {
        "records": "three",
        "weight": 1,
        "doubts": "approximate; incomplete; imprecise_date",
        "sources": "年报",
    }
    assert graph.graph["ties_en"]
    assert graph.graph["ties_zh"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_form_has_the_same_ties(kind: str) -> None:
    graph = view(TOWN, kind)
    matrix, nodes = as_csr(graph)
    assert matrix.shape == (len(graph), len(graph))
    assert (matrix != matrix.T).nnz == 0
    frame = as_frame(graph)
    assert len(frame) == graph.number_of_edges()
    number = {node: row for row, node in enumerate(nodes)}
    for tie in frame.itertuples():
        weight = graph.edges[tie.tail, tie.head]["weight"]
        assert matrix[number[tie.tail], number[tie.head]] == tie.weight == weight
    assert as_csr(graph, None)[0].sum() == np.count_nonzero(matrix.toarray())
    empty = view(Snapshot.from_records([]), kind)
    assert list(as_frame(empty).columns) == list(frame.columns)
    assert as_csr(empty)[0].shape == (0, 0)


@pytest.mark.skipif(find_spec("igraph") is not None, reason="igraph is installed: nothing is asked for")
def test_igraph_is_asked_for() -> None:
    with pytest.raises(ImportError, match="extra `igraph`"):
        as_igraph(view(TOWN, "pairings"))


@pytest.mark.skipif(find_spec("igraph") is None, reason="needs igraph, the extra `igraph`")
@pytest.mark.parametrize("kind", KINDS)
def test_igraph_gets_the_same_graph(kind: str) -> None:
    graph = view(TOWN, kind)
    made = as_igraph(graph)
    assert made.vs["name"] == list(graph)
    ties = {frozenset(made.vs[end]["name"] for end in tie.tuple): tie.attributes() for tie in made.es}
    assert len(ties) == graph.number_of_edges() == made.ecount()
    for tail, head, facts in graph.edges(data=True):
        told = ties[frozenset((tail, head))]
        assert {key: value for key, value in told.items() if value is not None} == facts
    for node, facts in graph.nodes(data=True):
        told = made.vs.find(name=node).attributes()
        assert told.pop("name") == node
        named = {("label" if key == "name" else key): value for key, value in facts.items()}
        assert {key: value for key, value in told.items() if value is not None} == named
    assert as_igraph(view(Snapshot.from_records([]), kind)).vcount() == 0


@pytest.mark.parametrize("day", ["2026-07-01", datetime(2026, 7, 1, 12, tzinfo=UTC)])
def test_a_day_may_be_text_or_a_time(day: date | str) -> None:
    assert set(view(SNAPSHOT, "pairings", as_of=day)) == {"clinic", "school"}
    assert measure(SNAPSHOT, "density", as_of=day) == measure(SNAPSHOT, "density", as_of=date(2026, 7, 1))


def test_what_is_no_day_is_refused_by_name() -> None:
    for ask in (lambda: view(SNAPSHOT, "pairings", as_of="never"), lambda: SNAPSHOT.at("never")):
        with pytest.raises(ValueError, match=r"“never” is no day.*2026-03-31"):
            ask()


def test_who_shares_an_alliance_is_tied_with_the_sources_and_doubts_of_both_memberships() -> None:
    begun = date(2026, 1, 1)
    graph = view(
        Snapshot.from_records(
            [
                Membership(id="1", alliance="x", party="a", valid_from=begun, source="年报"),
                Membership(id="2", alliance="x", party="b", source="章程"),
                Membership(id="3", alliance="x", party="c", valid_from=begun, source="年报"),
                Membership(id="4", alliance="y", party="a", valid_from=begun, notes=(("incomplete", "1"),)),
                Membership(id="5", alliance="y", party="b", valid_from=begun, source="章程"),
            ]
        ),
        "alliances",
    )
    assert graph.edges["a", "b"] == {
        "records": "x; y", "weight": 2, "doubts": "undated; incomplete", "sources": "年报; 章程",
    }  # fmt: skip
    assert graph.edges["a", "c"] == {"records": "x", "weight": 1, "sources": "年报"}
