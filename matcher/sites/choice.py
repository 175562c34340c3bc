"""Choosing p sites so that all demand together pays least: found by exchange, proved by Lagrange and search.

Each row pays for its cheapest chosen site, or a fallback. The p-median is this with distances; the largest
cover is this with nothing to pay where covered and the weight where not. First greedy and exchange give a
good choice; then prices on rows give a bound (Cornuejols, Fisher and Nemhauser 1977) and show which sites no
better choice can have or lack; what remains is small, as a rule, and goes to a mixed-integer solver.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from matcher.arrays import BoolArray, IntArray, group_rows
from matcher.matrices import FloatArray
from matcher.sites.plan import Apart, bound_left_out, find_aim
from matcher.sites.program import run_program

_ROUNDS = 1_500
_EXCHANGE_ROUNDS = 30
_TRIED = 6
_SHAKES = 60
_SHAKEN_ENTRIES = 100_000_000
# Pairs looked at in all shakes together, about.
_MORE_SHAKES = 600
_MORE_ENTRIES = 800_000_000


Prove = Callable[[IntArray, IntArray, FloatArray, BoolArray, int, float], float]
"""Bounds what rows pay at least, given rows, sites, fallbacks, free sites, how many of them, and a bound that
will do."""


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The problem: rows with sites at rising cost, all costs times the row's weight.

    Attributes
    ----------
    starts, site, cost : arrays
    fallback : float64 array (rows)
        What a row pays without a chosen site; more than what any choice could cost where it must have one.
    locked : bool array (sites)
    count : int
        How many sites, the locked ones included.
    weight : float64 array (rows)
        What costs were multiplied by; prices move in proportion.
    whole : bool
        All costs are whole numbers.
    base : float
        What the value is measured from: a gap is a part of ``abs(base - value)``.
    limit : float
        What costs so much or more is no choice; infinite where any will do.
    """

    starts: IntArray
    site: IntArray
    cost: FloatArray
    fallback: FloatArray
    locked: BoolArray
    count: int
    weight: FloatArray
    whole: bool
    base: float = 0.0
    limit: float = np.inf

    @classmethod
    def sort(
        cls, starts: IntArray, site: IntArray, cost: FloatArray, fallback: FloatArray, locked: BoolArray,
        count: int, weight: FloatArray, *, whole: bool, base: float = 0.0, limit: float = np.inf,
    ) -> Choice:  # fmt: skip
        """Sort the sites of each row by cost."""
        row = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        if len(cost) and not bool(((np.diff(cost) >= 0) | (np.diff(row) > 0)).all()):
            order = np.lexsort((site, cost, row))
            site, cost = site[order], cost[order]
        return cls(starts, site, cost, fallback, locked, count, weight, whole, base, limit)

    def find_aim(self, value: float, gap: float) -> float:
        """Give what a choice must cost at most to be better than the value by more than the gap."""
        return find_aim(value, gap * abs(self.base - value), whole=self.whole)

    def take_best(self, worth: FloatArray) -> tuple[BoolArray, float]:
        """Mark the locked sites and the most worthy others, and give the most that any choice is worth."""
        taken = self.locked.copy()
        free = np.flatnonzero(~self.locked)
        left = self.count - int(self.locked.sum())
        if left:
            taken[free[np.argsort(-worth[free], kind="stable")[:left]]] = True
        return taken, float(worth[taken].sum())


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A choice, what it costs, a bound that no choice is below, and the prices on rows that give it."""

    chosen: BoolArray
    value: float
    bound: float
    price: FloatArray


def choose(choice: Choice, *, gap: float, seed: int, start: BoolArray | None = None) -> Found:
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
    """
    from matcher.sites.median_loops import add_greedily, exchange, pay

    lists = list_by_site(choice)
    turns = np.random.default_rng(seed).permutation(len(choice.locked))
    chosen = choice.locked.copy() if start is None else start.copy()
    add_greedily(*lists, choice.fallback.copy(), chosen, choice.count)
    rows = (choice.starts, choice.site, choice.cost, choice.fallback)
    value = exchange(*rows, *lists, chosen, choice.locked, turns, _EXCHANGE_ROUNDS)
    shakes = min(_SHAKES, _SHAKEN_ENTRIES // (3 * len(choice.site) + 1))
    chosen, value = _shake(choice, lists, chosen, value, shakes=shakes, seed=seed)
    bound, prices = -np.inf, find_first_prices(choice, chosen)
    for _ in range(2):
        raised, prices, seen = raise_bound(choice, chosen, value, gap, prices)
        bound, before = max(bound, raised), value
        for tried in seen:
            total = exchange(*rows, *lists, tried, choice.locked, turns, _EXCHANGE_ROUNDS)
            if total < value:
                chosen, value = tried, total
        # A better choice lets prices say more.
        if value == before or bound > choice.find_aim(value, gap):
            break
    if bound <= choice.find_aim(value, gap):
        found, lowest = search_rest(choice, prices, choice.find_aim(value, gap))
        bound = max(bound, lowest)
        if found is not None and pay(*rows, found) < value:
            chosen, value = found, pay(*rows, found)
    more = min(_MORE_SHAKES, _MORE_ENTRIES // (3 * len(choice.site) + 1)) if gap > 0 else 0
    for turn in range(0, more, _SHAKES):
        if bound > choice.find_aim(value, gap):
            break
        # What can't be searched through is looked for longer, as long as it falls short of what was asked.
        chosen, value = _shake(choice, lists, chosen, value, shakes=_SHAKES, seed=seed + 1 + turn)
    return Found(chosen, value, bound, prices)


def list_by_site(choice: Choice) -> tuple[IntArray, IntArray, FloatArray]:
    """List the pairs by site: where each site's begin, their rows, their costs."""
    row = np.repeat(np.arange(len(choice.starts) - 1), np.diff(choice.starts))
    by_site, order = group_rows(choice.site, len(choice.locked))
    return by_site, row[order], choice.cost[order]


def _shake(
    choice: Choice, lists: tuple[IntArray, IntArray, FloatArray], chosen: BoolArray, value: float, *,
    shakes: int, seed: int,
) -> tuple[BoolArray, float]:  # fmt: skip
    """Exchange a few sites at random, exchange on for the better, and keep what is cheaper in the end."""
    from matcher.sites.median_loops import exchange

    rng = np.random.default_rng(seed)
    rows = (choice.starts, choice.site, choice.cost, choice.fallback)
    free = int((chosen & ~choice.locked).sum())
    most = min(free, len(chosen) - int(chosen.sum()))
    for shake in range(shakes if most else 0):
        tried = chosen.copy()
        some = min(most, 1 + shake % 4)
        tried[rng.choice(np.flatnonzero(chosen & ~choice.locked), some, replace=False)] = False
        tried[rng.choice(np.flatnonzero(~chosen), some, replace=False)] = True
        found = exchange(*rows, *lists, tried, choice.locked, rng.permutation(len(tried)), _EXCHANGE_ROUNDS)
        if found < value:
            chosen, value = tried, found
    return chosen, value


def find_first_prices(choice: Choice, chosen: BoolArray) -> FloatArray:
    """Price each row at what it would pay without its nearest chosen site."""
    from matcher.sites.median_loops import find_prices

    pays, price = find_prices(choice.starts, choice.site, choice.cost, choice.fallback, chosen)
    # A row that one chosen site alone reaches has no second price to begin with.
    single = price >= choice.fallback
    return np.where(single & (pays > 0), np.minimum(choice.fallback, 1.5 * pays), price)


def raise_bound(
    choice: Choice, chosen: BoolArray, value: float, gap: float, price: FloatArray, *, rounds: int = _ROUNDS
) -> tuple[float, FloatArray, list[BoolArray]]:
    """Raise the Lagrangian bound by subgradients (Held, Wolfe and Crowder 1974), in so many rounds at most.

    Returns
    -------
    bound : float
    prices : float64 array (rows)
        Those that give the bound.
    seen : list of bool arrays (sites)
        Choices that prices suggested on the way.
    """
    from matcher.sites.median_loops import count_takers, price_sites

    lists = (choice.starts, choice.site, choice.cost)
    best, best_price, seen = -np.inf, price, [chosen]
    worth, slope, way = np.empty(len(chosen)), np.empty_like(price), np.zeros_like(price)
    length, idle = 1.0, 0
    for turn in range(rounds):
        price_sites(*lists, price, worth)
        taken, most = choice.take_best(worth)
        bound = float(price.sum() - most)
        idle += 1
        if bound > best:
            best, best_price, idle = bound, price, 0
        if turn % 50 == 49:
            seen.append(taken)
        if best > choice.find_aim(value, gap) or length < 1e-4:
            break
        if count_takers(*lists, price, taken, choice.fallback, slope) == 0:
            break
        # Part of the way taken so far is kept, which keeps prices from swinging to and fro (Crowder 1976).
        way = 0.9 * way + 0.1 * slope
        squares = float((way * way * choice.weight).sum())
        if squares == 0:
            break
        if idle >= 30:
            length, idle, price = length / 2, 0, best_price
        price = np.clip(
            price + length * (value - bound) / squares * way * choice.weight, 0.0, choice.fallback
        )
    seen.append(taken)
    return best, best_price, [sites.copy() for sites in seen[-_TRIED:]]


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
    row = np.repeat(np.arange(len(price)), np.diff(choice.starts))
    over = base + np.maximum(choice.cost - price[row], 0) + enter[choice.site]
    nearest_held = choice.fallback.copy()
    np.minimum.at(nearest_held, row[held[choice.site]], choice.cost[held[choice.site]])
    used = ~out[choice.site] & ~held[choice.site] & (over <= aim) & (choice.cost < nearest_held[row])
    starts = np.concatenate([[0], np.cumsum(used)])[choice.starts]
    rest = replace(
        choice, starts=starts, site=choice.site[used], cost=choice.cost[used], fallback=nearest_held,
        locked=held,
    )  # fmt: skip
    if prove is not None:
        left = rest.starts, rest.site, rest.fallback, ~held & ~out, rest.count - int(held.sum())
        if prove(*left, aim) > aim:
            return None, bound_left_out(aim, whole=choice.whole)
    found, lowest = run_program(
        rest.starts, rest.site, rest.cost, rest.fallback, ~held & ~out, rest.count - int(held.sum()),
        limits=() if apart is None else apart.limits(held),
    )  # fmt: skip
    bound = min(lowest, bound_left_out(aim, whole=choice.whole))
    return (None if found is None else held | found), bound
