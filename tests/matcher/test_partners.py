"""Partners: what signing does, bounds by prices, rankings with reasons, and one proposal for all."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import Alliance, Area, Branch, Membership, Need, Offer, Pairing, Project, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher import solve, verify
from matcher.candidates import build_instance
from matcher.partners.proposal import choose, propose_pairings
from matcher.partners.recommend import open_desk, recommend_partners
from matcher.partners.score import SCALE, TERMS, Weights, score_pairs
from matcher.partners.signing import Signing
from matcher.partners.standing import Standing
from matcher.rules import Rules
from tests.towns import FIRST, LAST, few, towns

RULES = Rules(period=Period(FIRST, LAST))
SIGNERS = ("u1", "u2", "u3", "n1", "n2", "st1")


def at(metres: float) -> dict[str, float]:
    return {"lon": 121.45 + metres / 95_000, "lat": 31.25}


def need(name, area, category="repair", **more):
    return Need(id=name, area=area, category=category, **more)


def offer(name, unit, category="repair", **more):
    return Offer(id=name, unit=unit, category=category, **{"capacity": 1, "reach_m": 500.0} | more)


TOWN = (
    Area(id="elm", name="榆树", **at(0)),
    Area(id="oak", name="橡树", **at(5000)),
    Unit(id="near", name="近处维修", **at(200)),
    Unit(id="far", name="远处维修", **at(4800)),
    Unit(id="sings", name="合唱团", **at(4900)),
    need("lamp", "elm", quantity=3, title="修灯"),
    need("tap", "oak", quantity=1, title="修水管"),
    need("hall", "elm", "venue", party="resident-9"),
    offer("a", "near"),
    offer("b", "far", capacity=4),
    offer("c", "sings", "culture", capacity=9),
    offer("d", "elm", "venue", capacity=2),
    need("stage", "oak", "venue", party="sings"),
)


def solved(records, rules=RULES):
    instance = build_instance(Snapshot.from_records(records), rules)
    return instance, solve(instance.graph)


def partners(records, party, **options):
    return {row["party"]: row for row in recommend_partners(*solved(records), party, **options)}


def test_who_would_serve_what_is_missing_comes_first():
    ranked = recommend_partners(*solved(TOWN), "elm")
    assert ranked[0]["party"] == "far"
    best = ranked[0]
    assert (best["name"], best["gain_places"], best["exact"]) == ("远处维修", 2, True)
    assert best["gain_by_priority"] == {"1": 0, "2": 0, "3": 2, "4": 0, "5": 0}
    assert best["come_further"] == [{"offer": "b", "places": 2}]
    assert best["blind_spots"]["newly_paired"] == ["elm"]
    assert "paired for the first time" in best["blind_spots"]["text_en"]
    assert best["blind_spots"]["unserved_before"] - best["blind_spots"]["unserved_after"] == 2
    reasons = {row["reason"]: row for row in best["reasons"]}
    assert reasons["gain"]["value"] == 2
    assert "2" in reasons["gain"]["text"]
    assert "served more: 2" in reasons["gain"]["text_en"]
    assert best["score"] == pytest.approx(sum(row["points"] for row in best["reasons"]), abs=1e-5)
    assert "resident-9" not in {row["party"] for row in ranked}


def test_giving_and_taking_is_seen_from_both_sides():
    of_elm, of_choir = partners(TOWN, "elm")["sings"], partners(TOWN, "sings")["elm"]
    assert of_elm["score"] == of_choir["score"]
    assert of_choir["gain_places"] == 1  # its stage, in the hall of the neighbourhood
    assert of_choir["come_further"] == [{"offer": "d", "places": 1}]


def test_whom_it_is_tied_to_already_is_not_proposed():
    records = (
        *TOWN,
        Branch(id="cell", name="支部", units=("far",)),
        Branch(id="committee", name="党总支", area="elm"),
        Alliance(id="ring", name="联盟"),
        Membership(id="m1", alliance="ring", party="near"),
        Pairing(id="p", parties=("committee", "cell")),
        Pairing(id="over", parties=("elm", "sings"), valid_to=FIRST.replace(year=2020)),
    )
    found = partners(records, "elm")
    assert found.keys() == {"near", "sings", "oak"}  # not the unit of the cell, not its own committee
    assert partners(records, "near").keys() == {"elm", "oak", "far", "sings"}
    members = partners(records, "ring")
    assert members.keys() == {"elm", "oak", "far", "sings"}  # not its own member
    assert {row["reason"] for row in members["elm"]["reasons"]} >= {"complement", "bridge", "load"}


def test_a_neighbourhood_that_would_lose_its_only_partner_is_named():
    records = (
        *TOWN,
        need("urgent", "elm", quantity=6, priority=1),
        Pairing(id="p", parties=("oak", "far")),
    )
    row = partners(records, "elm")["far"]
    taken = {warning["warning"]: warning for warning in row["warnings"]}
    assert (taken["partner_taken"]["area"], taken["partner_taken"]["party"]) == ("oak", "far")
    assert (taken["partner_taken"]["before"], taken["partner_taken"]["after"]) == (1, 0)
    assert "橡树" in taken["places_lost"]["text"]
    assert row["gain_by_priority"]["1"] > 0


def test_everyones_best_partner_is_the_same_and_the_proposal_shares_out():
    records = [
        *(Area(id=f"n{i}", name=f"第{i}居民区", **at(3000 * i)) for i in range(3)),
        *(need(f"x{i}", f"n{i}", quantity=2) for i in range(3)),
        *(Unit(id=f"u{i}", name=f"第{i}家", **at(-4000 - i)) for i in range(3)),
        *(offer(f"o{i}", f"u{i}", capacity=2 + 4 * (i == 0), reach_m=1.0) for i in range(3)),
    ]
    best = [recommend_partners(*solved(records), f"n{i}", top=1)[0]["party"] for i in range(3)]
    assert len(set(best)) == 1
    proposal = propose_pairings(*solved(records))
    assert sorted(party for row in proposal["pairs"] for party in row["parties"]) == sorted(
        f"{kind}{i}" for kind in "nu" for i in range(3)
    )
    assert (proposal["gain_places"], proposal["status"], proposal["warnings"]) == (6, "optimal", [])
    assert len(proposal["blind_spots"]["newly_paired"]) == 3
    assert len(propose_pairings(*solved(records), most=2)["pairs"]) == 6


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 9), min_size=width, max_size=width), min_size=1, max_size=3
        )
    ),
    st.integers(1, 2),
)
def test_no_set_of_pairs_scores_more(rows, most):
    score = np.array(rows, dtype=np.int64)
    chosen = choose(score, most)
    taken = np.zeros(score.shape, dtype=int)
    for pair in chosen:
        taken[pair] = 1
    assert max(taken.sum(axis=0).max(), taken.sum(axis=1).max()) <= most
    best = 0
    for cells in product((0, 1), repeat=score.size):
        other = np.reshape(cells, score.shape)
        if other.sum(axis=0).max() <= most and other.sum(axis=1).max() <= most:
            best = max(best, int((other * score).sum()))
    assert int((taken * score).sum()) == best


@few
@given(towns(claims=3), st.sampled_from(SIGNERS), st.sampled_from(SIGNERS))
def test_signing_without_coming_further_is_what_a_recorded_pairing_does(records, one, other):
    if one == other:
        return
    instance, solution = solved(records)
    graph = Signing(instance, solution).with_pairings(
        [(frozenset([one]), frozenset([other]))], come_further=False
    )
    recorded = build_instance(
        Snapshot.from_records([*records, Pairing(id="signed", parties=(one, other))]), RULES
    ).graph
    assert np.array_equal(graph.edge_cost, recorded.edge_cost)
    assert np.array_equal(graph.edge_need, recorded.edge_need)


@few
@given(towns(projects=0, pairings=4))
def test_prices_bound_what_a_pairing_gains_and_terms_stay_within_their_range(records):
    plain = [record for record in records if not getattr(record, "whole", False)]
    assert not any(isinstance(record, Project) for record in plain)
    instance, solution = solved(plain)
    desk = open_desk(instance, solution)
    table = score_pairs(desk.standing, desk.state, SIGNERS, SIGNERS, Weights())
    for values in table.terms.values():
        assert ((values >= 0) & (values <= 1)).all()
    assert np.array_equal(table.score, table.score.T)
    assert (table.score <= SCALE).all()
    sides = [desk.standing.side(party) for party in SIGNERS]
    for one, other in ((0, 3), (1, 4), (2, 5), (3, 4)):
        signed = desk.signing.sign([(sides[one], sides[other])])
        verify(signed.difference.after.graph, signed.difference.after)
        assert 0 <= signed.gain_places <= table.counts["could_gain"][one, other]


def test_nothing_to_propose_and_wrong_questions():
    assert recommend_partners(*solved([Unit(id="u", name="一家")]), "u") == []
    lonely = propose_pairings(*solved([Unit(id="u", name="一家")]))
    assert (lonely["pairs"], lonely["gain_places"], lonely["score"]) == ([], 0, 0)
    assert Standing(solved(TOWN)[0]).table_of("resident-9") is None
    assert set(TERMS) == set(Weights.__dataclass_fields__)
    with pytest.raises(ValueError, match="top is 0"):
        recommend_partners(*solved(TOWN), "elm", top=0)
    with pytest.raises(ValueError, match="called “resident-9”"):
        recommend_partners(*solved(TOWN), "resident-9")
    with pytest.raises(ValueError, match="most is 0"):
        propose_pairings(*solved(TOWN), most=0)
    with pytest.raises(ValueError, match="weight of load"):
        Weights(load=-1)
