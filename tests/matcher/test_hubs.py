"""Hubs: they stand for exactly the edges of needs that the same offers reach."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest

from matcher import CandidateGraph
from matcher.hubs import find_hubs


@pytest.mark.parametrize("has_equal_sums", [False, True])
def test_needs_behind_a_hub_reach_the_same_offers(has_equal_sums: bool) -> None:
    rng = np.random.default_rng(4)
    # Three lists of offers that many needs have, and some offers of their own.
    lists = [np.array([0, 1, 2, 3]), np.array([0, 1, 2]), np.array([1, 3])]
    reach = [np.union1d(lists[k % 3], rng.choice(np.arange(4, 30), 2)) for k in range(90)]
    need = np.repeat(np.arange(90), [len(offers) for offers in reach])
    order = rng.permutation(len(need))
    offer = np.concatenate(reach)
    graph = CandidateGraph([1] * 90, [1] * 90, [1] * 30, need[order], offer[order], np.zeros(len(need), int))
    counts = rng.random(graph.edge_count) < 0.95
    with mock.patch("matcher.hubs.MANY_EDGES", 0), mock.patch("matcher.hubs._LEAST_REACHED", 0.3):
        if has_equal_sums:
            # By chance, sums of draws may be those of another list.
            with mock.patch("matcher.hubs_loops.sum_draws", lambda *given: given[-1].fill(1)):
                hubs = find_hubs(graph, counts)
        else:
            hubs = find_hubs(graph, counts)
    assert hubs.count == (1 if has_equal_sums else 3)
    assert (hubs.hub_of >= 0).sum() >= (20 if has_equal_sums else 60)
    for row in range(90):
        mine = (graph.edge_need == row) & counts & (graph.edge_offer < 4)
        if hubs.hub_of[row] < 0:
            assert not hubs.is_behind[graph.edge_need == row].any()
        else:
            assert set(graph.edge_offer[mine]) == set(hubs.offer[hubs.hub == hubs.hub_of[row]])
            assert np.array_equal(hubs.is_behind & (graph.edge_need == row), mine)
