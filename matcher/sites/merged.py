"""Demand that the same sites cover counts as one; the sites that cover the most of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matcher.arrays import BoolArray, IntArray, group_rows
from matcher.matrices import FloatArray, Reach
from matcher.sites.choice import Choice
from matcher.sites.choosing import choose
from matcher.sites.covering import merge_rows
from matcher.sites.large import choose_by_relaxation
from matcher.sites.others import choose_others
from matcher.sites.plan import Wished, is_whole


def choose_cover(
    reach: Reach, people: FloatArray, count: int, is_locked: BoolArray, *, gap: float, seed: int,
    wished: Wished,
) -> list[tuple[BoolArray, float]]:  # fmt: skip
    """Choose sites for one plan or more, each with a bound from below on the demand that such plans miss."""
    starts, site, weight = merge_demand(reach, people)
    choice = Choice.sort(
        starts, site, np.zeros(len(site)), weight, is_locked, count, weight, whole=is_whole(people),
        base=float(people.sum()),
    )  # fmt: skip
    first = choose_by_relaxation(choice, gap=gap, seed=seed) or choose(choice, gap=gap, seed=seed)
    first = replace(first, chosen=take_first(starts, site, first.chosen, is_locked))
    found = [(first.chosen, first.bound)]
    if wished.plans > 1:
        found += choose_others(choice, first, wished, gap=gap, seed=seed)
    return found


def take_first(starts: IntArray, site: IntArray, chosen: BoolArray, is_locked: BoolArray) -> BoolArray:
    """Of sites that cover the same take the first ones, so that it isn't rounding that chooses among them."""
    row = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    by_site, order = group_rows(site, len(chosen))
    kind = merge_rows(by_site, row[order])
    free = np.flatnonzero(~is_locked)
    free = free[np.argsort(kind[free], kind="stable")]
    begins, number = np.unique(kind[free], return_index=True, return_inverse=True)[1:]
    taken = np.bincount(number, chosen[free], len(begins))
    found = is_locked.copy()
    found[free[np.arange(len(free)) - begins[number] < taken[number]]] = True
    return found


def merge_demand(reach: Reach, people: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Merge demand that the same sites cover, leaving out what weighs nothing: starts, sites, weights."""
    row = reach.row
    inside = people[row] > 0
    starts = np.concatenate([[0], np.cumsum(inside)])[reach.starts]
    site = reach.site[inside]
    number = np.unique(merge_rows(starts, site), return_inverse=True)[1]
    kinds = int(number.max(initial=-1)) + 1
    first = np.full(kinds, len(people), np.int64)
    np.minimum.at(first, number, np.arange(len(people)))
    weight = np.bincount(number, people, kinds).astype(np.float64)
    sizes = np.diff(starts)[first]
    at = np.repeat(starts[first] - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
    return np.concatenate([[0], np.cumsum(sizes)]), site[at], weight


def find_covered(reach: Reach, chosen: BoolArray) -> BoolArray:
    """Mark the demand that some chosen site covers."""
    covered = np.zeros(reach.row_count, np.bool_)
    covered[reach.row[chosen[reach.site]]] = True
    return covered
