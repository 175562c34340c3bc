"""Choosing p sites so that all demand together pays least: found by exchange, proved by prices and search.

First greedy and exchange give a good choice; then prices on rows give a bound and suggest better choices;
what they leave open is split into cases, or goes to a mixed-integer solver where it is small.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from matcher.arrays import BoolArray, IntArray
from matcher.matrices import FloatArray
from matcher.sites.cases import search_cases
from matcher.sites.choice import Choice, Found, SiteLists, exchange_on, list_by_site, take_largest
from matcher.sites.prices import find_first_prices, raise_bound, search_rest

_TURNS = 3
_SHORTER = 0.3
_LIKELY = 0.01
_DRAWN = 12
_NOISE = 0.6
_SHAKES = 60
_SHAKEN_ENTRIES = 300_000_000
# Pairs looked at in all shakes together, about.
_MORE_SHAKES = 600
_MORE_ENTRIES = 800_000_000


def choose(
    choice: Choice, *, gap: float, seed: int, start: BoolArray | None = None, by_cases: bool = False
) -> Found:
    """Find a choice and a bound that no choice is below.

    Parameters
    ----------
    choice : Choice
    gap : float
        Part of the value by which the answer may be off.
    seed : int
        Order in which exchanges are tried.
    start : bool array (sites), optional
        A choice to start from in place of the greedy one; it has the locked sites.
    by_cases : bool
        Whether what prices leave open is split into cases first.
    """
    from matcher.sites.median_loops import add_greedily, pay

    lists = list_by_site(choice)
    rng = np.random.default_rng(seed)
    chosen = choice.locked.copy() if start is None else start.copy()
    add_greedily(*lists, choice.fallback.copy(), chosen, choice.count)
    chosen, value = exchange_on(choice, lists, chosen, rng.permutation(len(chosen)))
    found, likely = _bound(choice, lists, chosen, value, gap, rng)
    # Where a gap is allowed, a better choice is looked for all the same while that is quick.
    if found.bound <= choice.find_aim(found.value, 0.0):
        pairs = 3 * len(choice.site) * len(likely) // len(chosen)
        shakes = min(_SHAKES, _SHAKEN_ENTRIES // (pairs + 1))
        found = _shake(choice, lists, found, likely, shakes=shakes, seed=seed)
    if by_cases and found.bound <= choice.find_aim(found.value, gap):
        found = search_cases(choice, lists, found, gap, seed)
    aim = choice.find_aim(found.value, gap)
    if found.bound <= aim:
        other, lowest = search_rest(choice, found.price, aim)
        found = replace(found, bound=max(found.bound, lowest))
        rows = (choice.starts, choice.site, choice.cost, choice.fallback)
        if other is not None and pay(*rows, other) < found.value:
            found = replace(found, chosen=other, value=pay(*rows, other))
    more = min(_MORE_SHAKES, _MORE_ENTRIES // (3 * len(choice.site) + 1)) if gap > 0 else 0
    for turn in range(0, more, _SHAKES):
        if found.bound > choice.find_aim(found.value, gap):
            break
        # What can't be searched through is looked for longer, as long as it falls short of what was asked.
        every = np.arange(len(chosen))
        found = _shake(choice, lists, found, every, shakes=_SHAKES, seed=seed + 1 + turn)
    return found


def _bound(
    choice: Choice, lists: SiteLists, chosen: BoolArray, value: float, gap: float,
    rng: np.random.Generator,
) -> tuple[Found, IntArray]:  # fmt: skip
    """Bound all choices by prices, and exchange on from what they suggest; list the sites they open."""
    bound, price = -np.inf, find_first_prices(choice, chosen)
    for turn in range(_TURNS):
        aim = choice.find_aim(value, gap)
        raised = raise_bound(choice, chosen, value, aim, price, length=1.0 if turn == 0 else _SHORTER)
        bound, price, before = max(bound, raised.bound), raised.price, value
        likely = np.flatnonzero((raised.share > _LIKELY) | chosen)
        tries = [*raised.seen, *draw_by_share(choice, raised.share, rng)]
        for tried in tries:
            if bound > choice.find_aim(value, gap):
                break
            some, total = exchange_on(choice, lists, tried, rng.permutation(likely))
            if total < value:
                chosen, value = some, total
        # A better choice lets prices say more.
        if value == before or bound > choice.find_aim(value, gap):
            break
    return Found(chosen, value, bound, price), np.flatnonzero((raised.share > _LIKELY) | chosen)


def draw_by_share(choice: Choice, share: FloatArray, rng: np.random.Generator) -> Iterator[BoolArray]:
    """Give the choice of the sites with the largest shares, and some near it by chance."""
    free = ~choice.locked
    for noise in (0.0, *([_NOISE] * _DRAWN)):
        yield choice.locked | take_largest(share + noise * rng.random(len(share)), free, choice.left)


def _shake(
    choice: Choice, lists: SiteLists, found: Found, among: IntArray, *, shakes: int, seed: int
) -> Found:
    """Exchange a few sites at random, exchange on for the better, and keep what is cheaper in the end.

    Only the sites of a list, and those chosen, take part.
    """
    rng = np.random.default_rng(seed)
    chosen, value = found.chosen, found.value
    free = int((chosen & ~choice.locked).sum())
    most = min(free, int((~chosen[among]).sum()))
    for shake in range(shakes if most else 0):
        tried = chosen.copy()
        some = min(most, 1 + shake % 4)
        tried[rng.choice(np.flatnonzero(chosen & ~choice.locked), some, replace=False)] = False
        tried[rng.choice(among[~chosen[among]], some, replace=False)] = True
        tried, total = exchange_on(choice, lists, tried, rng.permutation(among))
        if total < value:
            chosen, value = tried, total
    return replace(found, chosen=chosen, value=value)
