"""Where people go when ways and crowds both cost: the equilibrium of the rational agent access model.

The equilibrium is the least of a convex function (Beckmann, McGuire and Winsten 1956): the ways of all, and
``N_j**2 / (2 room_j)`` for the people N_j at each site. Point after point moves its people to where they do
best while all others stay, which lowers that function, and brings crowds about right in few rounds; then all
move at once among the sites that could be best for them, until nobody wants to move.
"""

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray
from matcher.interior import Near, balance
from matcher.matrices import FloatArray

GAP = 1e-8
"""Wardrop gap at which the search ends."""

_MOST_ROUNDS = 20
_TURNS = 2
_NEARER = ((0.25, 12), (0.1, 40))
"""How much dearer than the best a site may be that people still look at, as a part of what they bear, and how
many turns they move among these."""
_MARGIN, _SPREAD, _ENOUGH = 0.04, 0.003, 1e-9
_TRIES = 3
_MOST_PAIRS = 20_000_000
_LEAST_MARGIN = 1e-6
_LEAST_FAR = 0.05


def find_equilibrium(
    people: FloatArray, room: FloatArray, starts: IntArray, site: IntArray, way: FloatArray
) -> tuple[FloatArray, float]:
    """Find what the people of each point bear, and how far from the equilibrium that is.

    Parameters
    ----------
    people : float64 array (points)
    room : float64 array (sites)
        People at a site that cost one each; above 0 for every site in `site`.
    starts, site, way : arrays
        Sites in reach row by row, and what the way to each costs.

    Returns
    -------
    float64 array (points)
        Infinite for points without a site.
    float
        The Wardrop gap, relative to what all bear.
    """
    points = np.flatnonzero((people > 0) & (np.diff(starts) > 0))
    if not len(points):
        return _bear(room, starts, site, way, np.zeros(len(room))), 0.0
    search = _Search(people, room, starts, site, way, points)
    for turn in range(_MOST_ROUNDS):
        if search.go_on(2.0**turn) <= GAP:
            break
    return _bear(room, starts, site, way, search.crowd), search.gap


class _Search:
    """Who goes where so far (`going`, by entry), how many are at each site (`crowd`), and the gap of that."""

    def __init__(
        self, people: FloatArray, room: FloatArray, starts: IntArray, site: IntArray, way: FloatArray,
        points: IntArray,
    ) -> None:  # fmt: skip
        self._people, self._room, self._points = people, room, points
        self._entries = starts, site, way
        # Where ways hardly matter, sites that cost much the same are many.
        self._far = float(way.mean())
        self.going, self.crowd, self.gap = np.zeros(len(site)), np.zeros(len(room)), np.inf

    def go_on(self, scale: float) -> float:
        """Move point after point, among nearer and nearer sites, then all at once; give the gap.

        Parameters
        ----------
        scale : float
            Times as far as usual nearer sites reach.
        """
        rows, entries, going, kept = self._points, self._entries, self.going, np.arange(0)
        self._move(rows, self._people, *entries, going, turns=_TURNS)
        # The nearer are sought among the near: what that leaves out is seen when all is measured.
        for margin, turns in _NEARER:
            entry, near = self._find_near(margin * scale, rows, entries, going)
            kept, going = (kept[entry] if len(kept) else entry), going[entry]
            self.crowd[:] = np.bincount(near.site, going, len(self.crowd))
            rows, entries = np.arange(len(near.people)), (near.part, near.site, near.way)
            self._move(rows, near.people, *entries, going, turns=turns)
        self._take(kept, going)
        # A site left out may turn out to be better: it comes in beside those that were looked at.
        for _ in range(_TRIES):
            if self.gap <= GAP:
                break
            entry, near = self._find_near(_MARGIN * scale, self._points, self._entries, self.going)
            self._take(entry, balance(near, self.crowd / self._room, _SPREAD, _ENOUGH))
        return self.gap

    def _move(
        self, rows: IntArray, people: FloatArray, starts: IntArray, site: IntArray, way: FloatArray,
        going: FloatArray, *, turns: int,
    ) -> None:  # fmt: skip
        orders = rows, rows[::-1].copy()
        for turn in range(turns):
            _move_all(orders[turn % 2], people, self._room, starts, site, way, going, self.crowd)

    def _take(self, entry: IntArray, going: FloatArray) -> None:
        self.going[:] = 0.0
        self.going[entry] = going
        self.gap = _measure(self._points, self._people, self._room, *self._entries, self.going, self.crowd)

    def _find_near(
        self, margin: float, rows: IntArray, entries: tuple[IntArray, IntArray, FloatArray],
        going: FloatArray,
    ) -> tuple[IntArray, Near]:  # fmt: skip
        """Find those of some entries that are in use, or cost little more than the best of their points."""
        _, site, way = entries
        least = _bear(self._room, *entries, self.crowd)[rows]
        level = float(least.mean())
        far = min(max(self._far, _LEAST_FAR * level), level)
        while True:
            most = least + margin * far
            entry, count = _list_near(most, rows, self._room, *entries, going, self.crowd)
            if int((count * count).sum()) <= _MOST_PAIRS or margin < _LEAST_MARGIN:
                break
            margin /= 2
        part = np.concatenate([[0], np.cumsum(count)])
        return entry, Near(self._people[self._points], self._room, part, site[entry], way[entry])


@compiled
def _move_all(  # noqa: C901 (one loop: it is the hottest)
    points: IntArray,
    people: FloatArray,
    room: FloatArray,
    starts: IntArray,
    site: IntArray,
    way: FloatArray,
    going: FloatArray,
    crowd: FloatArray,
) -> None:
    """Let the people of one point after another go where they do best while all others stay."""
    each = 1.0 / room
    longest = 0
    for point in points:
        longest = max(longest, starts[point + 1] - starts[point])
    cost = np.empty(longest)
    open_to = np.empty(longest, np.int64)
    for point in points:
        first, last = starts[point], starts[point + 1]
        level = np.inf
        for k in range(first, last):
            j = site[k]
            if going[k] > 0.0:
                crowd[j] = max(crowd[j] - going[k], 0.0)
                going[k] = 0.0
            cost[k - first] = way[k] + crowd[j] * each[j]
            alone = cost[k - first] + people[point] * each[j]
            if alone < level:
                level = alone
        # Where everybody could go alone is above the level that all bear: what costs more is out of question.
        count = 0
        for k in range(first, last):
            if cost[k - first] < level:
                open_to[count] = k
                count += 1
        # The level that all could bear falls to where just all find room (Newton on a convex function).
        while True:
            filled = 0.0
            slope = 0.0
            for k in open_to[:count]:
                below = level - cost[k - first]
                if below > 0:
                    filled += below * room[site[k]]
                    slope += room[site[k]]
            if slope == 0.0:
                break
            lower = level - (filled - people[point]) / slope
            if not lower < level:
                break
            level = lower
        total = 0.0
        for k in open_to[:count]:
            going[k] = max(0.0, (level - cost[k - first]) * room[site[k]])
            total += going[k]
        for k in open_to[:count]:
            going[k] *= people[point] / total
            crowd[site[k]] += going[k]


@compiled
def _measure(
    points: IntArray,
    people: FloatArray,
    room: FloatArray,
    starts: IntArray,
    site: IntArray,
    way: FloatArray,
    going: FloatArray,
    crowd: FloatArray,
) -> float:
    """Add crowds up anew; give what people bear beyond the best open to them, relative to what they bear."""
    crowd[:] = 0.0
    for point in points:
        for k in range(starts[point], starts[point + 1]):
            crowd[site[k]] += going[k]
    price = crowd / room
    borne = 0.0
    beyond = 0.0
    for point in points:
        least = np.inf
        total = 0.0
        for k in range(starts[point], starts[point + 1]):
            here = way[k] + price[site[k]]
            if here < least:
                least = here
            if going[k] > 0:
                total += going[k] * here
        borne += total
        beyond += total - people[point] * least
    return beyond / borne if beyond > 0 else 0.0


@compiled
def _list_near(
    most: FloatArray,
    points: IntArray,
    room: FloatArray,
    starts: IntArray,
    site: IntArray,
    way: FloatArray,
    going: FloatArray,
    crowd: FloatArray,
) -> tuple[IntArray, IntArray]:
    """List the entries of each point that are in use or cost no more than so much."""
    price = crowd / room
    entry = np.empty(len(site), np.int64)
    count = np.zeros(len(points), np.int64)
    size = 0
    for at, point in enumerate(points):
        for k in range(starts[point], starts[point + 1]):
            if going[k] > 0 or way[k] + price[site[k]] <= most[at]:
                entry[size] = k
                size += 1
                count[at] += 1
    return entry[:size].copy(), count


@compiled
def _bear(
    room: FloatArray, starts: IntArray, site: IntArray, way: FloatArray, crowd: FloatArray
) -> FloatArray:
    """Give the least that somebody of each point would bear."""
    price = crowd / room
    least = np.full(len(starts) - 1, np.inf)
    for point in range(len(least)):
        for k in range(starts[point], starts[point + 1]):
            here = way[k] + price[site[k]]
            if here < least[point]:
                least[point] = here
    return least
