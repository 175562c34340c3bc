from __future__ import annotations

import pytest

from graph.taxonomy import OTHER, categories, default_reach_m, is_category, is_within, parent_category, words

TOP = (
    "elder_care", "health", "education", "childcare", "youth", "culture", "legal", "repair", "employment",
    "enterprise", "hardship", "volunteers", "party_life", "safety", "environment", "venue", "other",
)  # fmt: skip


def test_the_categories_that_always_exist() -> None:
    assert [name for name in words()["categories"] if "." not in name] == list(TOP)
    assert all(is_category(name) for name in categories())


@pytest.mark.parametrize(
    ("category", "holds"), [("health.tcm.herbs", True), ("cooking", False), ("health.", False), ("", False)]
)
def test_children_may_be_added_below(category: str, holds: bool) -> None:
    assert is_category(category) == holds


def test_ancestors() -> None:
    assert parent_category("health.tcm") == "health"
    assert parent_category("health") is None
    assert is_within("health.tcm", "health")
    assert not is_within("healthy", "health")


def test_a_child_reaches_as_far_as_the_nearest_known_category() -> None:
    assert default_reach_m("health.mental.youth") == default_reach_m("health.mental") == 2000
    assert default_reach_m("cooking") == default_reach_m(OTHER)


def test_no_word_stands_for_two_categories_values_or_tables() -> None:
    groups = [words()["categories"], words()["tables"], *words()["values"].values()]
    for group in groups:
        said = [text for entry in group.values() for text in {entry["zh"], *entry.get("aliases", ())}]
        assert len(said) == len(set(said))
