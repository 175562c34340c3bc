from __future__ import annotations

from itertools import pairwise

import pytest

from graph.errors import TransitionError
from graph.lifecycle import ENDED, FIRST_STATE, MACHINES, MATCHED_NEEDS, PROMISED, WORD_SECTIONS, move
from graph.model import Claim, Need, Offer, Project
from graph.taxonomy import words

KINDS = sorted(MACHINES)


@pytest.mark.parametrize("kind", KINDS)
def test_every_move_is_allowed_or_refused_by_the_table(kind: str) -> None:
    for state, followers in MACHINES[kind].items():
        for to in MACHINES[kind]:
            if to == state or to in followers:
                assert move(kind, state, to) == to
            else:
                with pytest.raises(TransitionError) as caught:
                    move(kind, state, to)
                assert all(name in caught.value.remedy for name in followers)


@pytest.mark.parametrize("kind", KINDS)
def test_states_are_those_of_the_word_table(kind: str) -> None:
    assert set(MACHINES[kind]) == set(words()["values"][WORD_SECTIONS[kind]])


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_can_be_reached(kind: str) -> None:
    reached, front = {FIRST_STATE[kind]}, {FIRST_STATE[kind]}
    while front:
        front = {to for state in front for to in MACHINES[kind][state]} - reached
        reached |= front
    assert reached == set(MACHINES[kind])


def test_the_design_s_main_roads_are_open() -> None:
    roads = {
        "need": "reported confirmed open claimed in_service served closed",
        "offer": "draft open exhausted closed",
        "claim": "proposed agreed delivering done",
        "round": "open proposed published closed",
    }
    for kind, road in roads.items():
        states = road.split()
        assert [move(kind, *pair) for pair in pairwise(states)] == states[1:]


def test_a_published_round_stays_as_it_is() -> None:
    for to in ("open", "proposed"):
        with pytest.raises(TransitionError):
            move("round", "published", to)


def test_unknown_states_are_refused_with_the_known_ones() -> None:
    with pytest.raises(TransitionError) as caught:
        move("claim", "proposed", "promised")
    assert "agreed" in caught.value.remedy


def test_groups_of_states_and_defaults_belong_to_their_machines() -> None:
    assert set(PROMISED) | set(ENDED) <= set(MACHINES["claim"])
    assert all(set(MACHINES["claim"][state]) <= set(ENDED) for state in ENDED)
    assert set(MATCHED_NEEDS) <= set(MACHINES["need"])
    assert Need(id="n", category="health").status in MACHINES["need"]
    assert Project(id="p", name="x").status in MACHINES["project"]
    assert Offer(id="o", unit="u", category="health").status in MACHINES["offer"]
    assert Claim(id="c", target="n", target_table="needs", by="u").status in MACHINES["claim"]
