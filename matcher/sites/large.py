"""Covers by their relaxation: its prices bound, its shares say where to look, cases raise the bound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.arrays import BoolArray, IntArray, group_rows
from matcher.matrices import FloatArray
from matcher.sites.branching import bound_rest, raise_by_cases
from matcher.sites.choice import Choice, Found, exchange_on, list_by_site
from matcher.sites.prices import find_first_prices, raise_bound, search_rest
from matcher.sites.relaxed import Relaxed, is_in_reach, relax_cover

_MOVES_A_SITE = 1_000
_MOVED_ENTRIES = 400_000_000
_HOT, _COLD = 0.1, 0.01
"""Heat in parts of what the least worthy site of the relaxation covers."""
_OPEN = 0.01
_FEW_ROUNDS = 200
_FEW_ENTRIES = 1_000_000
"""Pairs up to which a few rounds of prices are tried before the relaxation."""


def choose_by_relaxation(choice: Choice, *, gap: float, seed: int) -> Found | None:
    """Find a choice and a bound; None where the relaxation is out of reach, or there is nothing to choose.

    Parameters
    ----------
    choice : Choice
        Without costs: rows are covered, or pay all of their weight.
    gap, seed
        As for `choose`.
    """
    rest = _Rest.of(choice)
    if (
        not 0 < rest.count < len(rest.sites)
        or not len(rest.weight)
        or not is_in_reach(rest.starts, len(rest.sites))
    ):
        return None
    if gap > 0 and len(choice.site) <= _FEW_ENTRIES:
        soon = _choose_soon(choice, gap=gap, seed=seed)
        if soon is not None:
            return soon
    relaxed = relax_cover(rest.starts, rest.site, rest.weight, len(rest.sites), rest.count)
    price = rest.spread(relaxed.price, choice)
    bound = rest.lost + relaxed.bound
    search = _Search(choice, rest, relaxed)
    search.start(seed)
    aim = choice.find_aim(search.value, gap)
    if bound <= aim:
        search.exchange_warmly(seed)
        aim = choice.find_aim(search.value, gap)
    if bound <= aim:
        found, lowest = search_rest(choice, price, aim, prove=bound_rest if gap == 0 else None)
        bound = max(bound, lowest)
        if found is not None:
            search.offer(found)
    if gap > 0 and bound <= choice.find_aim(search.value, gap):
        enough = choice.find_aim(search.value, gap) - rest.lost
        bound = max(bound, rest.lost + raise_by_cases(*rest.problem, relaxed, enough))
    return Found(search.chosen, search.value, bound, price)


def _choose_soon(choice: Choice, *, gap: float, seed: int) -> Found | None:
    """Find a choice near enough by exchanges and a few rounds of prices; None where these don't prove it.

    Where few sites are chosen that is common, and takes a hundredth of the time of the relaxation.
    """
    from matcher.sites.median_loops import add_greedily

    lists = list_by_site(choice)
    chosen = choice.locked.copy()
    add_greedily(*lists, choice.fallback.copy(), chosen, choice.count)
    turns = np.random.default_rng(seed).permutation(len(chosen))
    chosen, value = exchange_on(choice, lists, chosen, turns)
    prices = find_first_prices(choice, chosen)
    aim = choice.find_aim(value, gap)
    raised = raise_bound(choice, chosen, value, aim, prices, rounds=_FEW_ROUNDS)
    return Found(chosen, value, raised.bound, raised.price) if raised.bound > aim else None


@dataclass(frozen=True, slots=True, eq=False)
class _Rest:
    """What is left to choose once the locked sites stand.

    Attributes
    ----------
    starts, site : int64 arrays
        Rows that some free site could cover and no locked one does; `site` numbers the free ones.
    weight : float64 array (rows)
    row, sites : int64 arrays
        Which rows and sites of the choice these are.
    count : int
    lost : float
        The weight of rows that no site covers.
    """

    starts: IntArray
    site: IntArray
    weight: FloatArray
    row: IntArray
    sites: IntArray
    count: int
    lost: float

    @classmethod
    def of(cls, choice: Choice) -> _Rest:
        sizes = np.diff(choice.starts)
        row = np.repeat(np.arange(len(sizes)), sizes)
        done = np.zeros(len(sizes), np.bool_)
        done[row[choice.locked[choice.site]]] = True
        kept = ~done & (sizes > 0) & (choice.fallback > 0)
        number = np.cumsum(~choice.locked) - 1
        return cls(
            np.concatenate([[0], np.cumsum(sizes[kept])]), number[choice.site[kept[row]]],
            choice.fallback[kept], np.flatnonzero(kept), np.flatnonzero(~choice.locked),
            choice.count - int(choice.locked.sum()), float(choice.fallback[sizes == 0].sum()),
        )  # fmt: skip

    @property
    def problem(self) -> tuple[IntArray, IntArray, FloatArray, int, int]:
        """Rows, sites, weights, and how many sites there are and are chosen."""
        return self.starts, self.site, self.weight, len(self.sites), self.count

    def spread(self, price: FloatArray, choice: Choice) -> FloatArray:
        """Prices of all rows: what no site covers pays all, what is covered already pays nothing."""
        every = np.where(np.diff(choice.starts) == 0, choice.fallback, 0.0)
        every[self.row] = price
        return every


class _Search:
    """The best choice so far."""

    def __init__(self, choice: Choice, rest: _Rest, relaxed: Relaxed) -> None:
        self._choice, self._rest, self._relaxed = choice, rest, relaxed
        self._rows = (choice.starts, choice.site, choice.cost, choice.fallback)
        self.chosen, self.value = choice.locked, np.inf

    def offer(self, chosen: BoolArray) -> None:
        """Take a choice if it is better."""
        from matcher.sites.median_loops import pay

        value = float(pay(*self._rows, chosen))
        if value < self.value:
            self.chosen, self.value = chosen, value

    def start(self, seed: int) -> None:
        """Exchange on from the greedy choice, and from the sites that are open most."""
        from matcher.sites.median_loops import add_greedily

        lists = list_by_site(self._choice)
        turns = np.random.default_rng(seed).permutation(len(self._choice.locked))
        greedy, rounded = self._choice.locked.copy(), self._choice.locked.copy()
        add_greedily(*lists, self._choice.fallback.copy(), greedy, self._choice.count)
        order = np.argsort(-self._relaxed.share, kind="stable")
        rounded[self._rest.sites[order[: self._rest.count]]] = True
        for tried in (rounded, greedy):
            self.offer(exchange_on(self._choice, lists, tried, turns)[0])

    def exchange_warmly(self, seed: int) -> None:
        """Look farther, among the sites that the relaxation opens."""
        from matcher.sites.relaxed_loops import exchange_warmly

        starts, site, weight, sites, count = self._rest.problem
        row = np.repeat(np.arange(len(weight)), np.diff(starts))
        by_site, order = group_rows(site, sites)
        worth = np.bincount(site, self._relaxed.price[row], sites)
        level = float(np.partition(worth, -count)[-count])
        open_sites = np.flatnonzero((self._relaxed.share > _OPEN) & (np.diff(by_site) > 0))
        moves = min(_MOVES_A_SITE, _MOVED_ENTRIES // len(site)) * sites
        if not len(open_sites) or level <= 0:
            return
        found = exchange_warmly(
            by_site, row[order], weight, self.chosen[self._rest.sites], np.zeros(sites, np.bool_), open_sites,
            moves, _HOT * level, _COLD * level, seed,
        )  # fmt: skip
        chosen = self._choice.locked.copy()
        chosen[self._rest.sites[found]] = True
        self.offer(chosen)
