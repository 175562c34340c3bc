"""Bounds on all choices of sites by prices on rows, and what such prices leave open.

Prices on rows give a bound (Cornuejols, Fisher and Nemhauser 1977), and show which sites no better choice can
have or lack; what remains is small, as a rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from matcher.arrays import BoolArray, IntArray
from matcher.matrices import FloatArray
from matcher.sites.choice import Choice
from matcher.sites.plan import Apart, bound_left_out
from matcher.sites.program import run_program

_ROUNDS = 1_500
_PATIENCE = 30
_SHORTEST = 1e-4
_KEPT = 0.05
_TRIED = 6


Prove = Callable[[IntArray, IntArray, FloatArray, BoolArray, int, float], float]
"""Bounds what rows pay at least, given rows, sites, fallbacks, free sites, how many of them, and a bound that
will do."""


def find_first_prices(choice: Choice, chosen: BoolArray) -> FloatArray:
    """Price each row at what it would pay without its nearest chosen site."""
    from matcher.sites.median_loops import find_prices

    pays, price = find_prices(choice.starts, choice.site, choice.cost, choice.fallback, chosen)
    # A row that one chosen site alone reaches has no second price to begin with.
    single = price >= choice.fallback
    return np.where(single & (pays > 0), np.minimum(choice.fallback, 1.5 * pays), price)


class Raised(NamedTuple):
    """What rounds of prices come to.

    Attributes
    ----------
    bound : float
    price : float64 array (rows)
        Those that give the bound.
    seen : list of bool arrays (sites)
        Choices that prices suggested on the way.
    share : float64 array (sites)
        How often each site was among them, the last ones counting most: near its share of the answer of the
        relaxation (Barahona and Anbil 2000).
    """

    bound: float
    price: FloatArray
    seen: list[BoolArray]
    share: FloatArray


def raise_bound(
    choice: Choice, chosen: BoolArray, value: float, aim: float, price: FloatArray, *, rounds: int = _ROUNDS,
    length: float = 1.0, patience: int = _PATIENCE,
) -> Raised:  # fmt: skip
    """Raise the Lagrangian bound by subgradients (Held, Wolfe and Crowder 1974) until it is above the aim.

    Parameters
    ----------
    choice : Choice
    chosen : bool array (sites)
        The best choice so far.
    value, aim : float
        What it costs, and what bound will do.
    price : float64 array (rows)
        To begin with.
    rounds : int
        How many at most.
    length : float
        Of the first steps, as a part of what would be right if the value were the best.
    patience : int
        How many rounds without a better bound are followed by shorter steps.
    """
    from matcher.sites.median_loops import count_takers, price_sites

    lists = (choice.starts, choice.site, choice.cost)
    best, best_price, seen = -np.inf, price, [chosen]
    worth, slope, way = np.empty(len(chosen)), np.empty_like(price), np.zeros_like(price)
    share, idle = np.zeros(len(chosen)), 0
    for turn in range(rounds):
        price_sites(*lists, price, worth)
        taken, most = choice.take_best(worth)
        share += (_KEPT if turn else 1.0) * (taken - share)
        bound = float(price.sum() - most)
        idle += 1
        if bound > best:
            best, best_price, idle = bound, price, 0
        if turn % 50 == 49:
            seen.append(taken)
        if best > aim or length < _SHORTEST:
            break
        if count_takers(*lists, price, taken, choice.fallback, slope) == 0:
            break
        # Part of the way taken so far is kept, which keeps prices from swinging to and fro (Crowder 1976).
        way = 0.9 * way + 0.1 * slope
        squares = float((way * way * choice.weight).sum())
        if squares == 0:
            break
        if idle >= patience:
            length, idle, price = length / 2, 0, best_price
        price = np.clip(
            price + length * (value - bound) / squares * way * choice.weight, 0.0, choice.fallback
        )
    seen.append(taken)
    return Raised(best, best_price, [sites.copy() for sites in seen[-_TRIED:]], share)


def decide_sites(
    choice: Choice, price: FloatArray, aim: float
) -> tuple[float, FloatArray, BoolArray, BoolArray]:
    """Find the sites that all choices have which cost the aim at most, and those that none of them has.

    Returns
    -------
    base : float
        The bound that the prices give.
    enter : float64 array (sites)
        How much more a choice costs at least if it has a site.
    held, out : bool arrays (sites)
    """
    from matcher.sites.median_loops import price_sites

    worth = np.empty(len(choice.locked))
    price_sites(choice.starts, choice.site, choice.cost, price, worth)
    taken, _ = choice.take_best(worth)
    free = ~choice.locked
    last_in = worth[taken & free].min(initial=np.inf)
    first_out = worth[~taken].max(initial=-np.inf)
    base = float(price.sum() - worth[taken].sum())
    enter = np.where(taken, 0.0, last_in - worth)
    held = choice.locked | (taken & (base + worth - first_out > aim))
    out = ~taken & (base + enter > aim)
    return base, enter, held, out


def narrow(choice: Choice, price: FloatArray, aim: float) -> tuple[Choice, BoolArray]:
    """Leave out what no choice that costs the aim at most can have, and lock what all of those have.

    Returns
    -------
    rest : Choice
        With the same rows and sites, of which fewer are paired.
    free : bool array (sites)
        Those that may be chosen or not.
    """
    base, enter, held, out = decide_sites(choice, price, aim)
    row = np.repeat(np.arange(len(price)), np.diff(choice.starts))
    over = base + np.maximum(choice.cost - price[row], 0) + enter[choice.site]
    nearest_held = choice.fallback.copy()
    is_held = held[choice.site]
    np.minimum.at(nearest_held, row[is_held], choice.cost[is_held])
    used = ~out[choice.site] & ~is_held & (over <= aim) & (choice.cost < nearest_held[row])
    starts = np.concatenate([[0], np.cumsum(used)])[choice.starts]
    rest = replace(
        choice, starts=starts, site=choice.site[used], cost=choice.cost[used], fallback=nearest_held,
        locked=held,
    )  # fmt: skip
    return rest, ~held & ~out


def search_rest(
    choice: Choice, price: FloatArray, aim: float, *, apart: Apart | None = None, prove: Prove | None = None
) -> tuple[BoolArray | None, float]:
    """Search what prices leave open for choices that cost no more than the aim, and differ from others.

    Where `prove` finds that none does, no program is run.

    Returns
    -------
    chosen : bool array (sites) or None
    bound : float
        No choice costs less.
    """
    rest, free = narrow(choice, price, aim)
    if prove is not None and prove(rest.starts, rest.site, rest.fallback, free, rest.left, aim) > aim:
        return None, bound_left_out(aim, whole=choice.whole)
    found, lowest = run_program(
        rest.starts, rest.site, rest.cost, rest.fallback, free, rest.left,
        limits=() if apart is None else apart.limits(rest.locked),
    )  # fmt: skip
    bound = min(lowest, bound_left_out(aim, whole=choice.whole))
    return (None if found is None else rest.locked | found), bound
