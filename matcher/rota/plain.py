"""Conflicts that can be read off a wish, and a size below which there is none: no search is needed for these.

Where each slot (a period and an area) of some set gets a party of its own that is free then, neither the
gap nor the rule against two places at once can be broken. By Hall's theorem that fails only if some k slots
have fewer than k parties between them. With c parties for the area that has fewest, that takes c + 1 slots
and one of these two rules, or, for fewer slots, at least an absence (or a settled turn elsewhere) for each
party too many: never less than c + 2 rules. Smaller are only these: one slot at which everybody is away
(one rule more than its parties), and settled turns that contradict each other, an absence, or their party's
area (1 to 3).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from matcher.rota.problem import Kept, Rule, Wish, touches

Rules = tuple[Rule, ...]


def find_plain_conflict(wish: Wish) -> Rules | None:
    """The smallest conflict of a wish, where it is one of those that are seen without search.

    Returns
    -------
    tuple of Rule or None
        No smaller set of rules is in conflict. None if there may be a conflict, but none that is so plain.
    """
    found = min((*_settled(wish), *_all_away(wish), *_too_few(wish)), key=len, default=None)
    return found if found is not None and len(found) <= least_size(wish) else None


def least_size(wish: Wish) -> int:
    """So many rules at least are in any conflict that isn't plain."""
    return 2 + min(sum(taker.area in (None, area) for taker in wish.takers) for area in wish.areas)


def _settled(wish: Wish) -> Iterator[Rules]:
    """Settled turns that contradict an area, an absence, or each other."""
    of = {taker.id: taker for taker in wish.takers}
    for turn in wish.kept:
        taker = of[turn.party]
        if taker.area not in (None, turn.area):
            yield (_kept(turn),)
        if touches(taker.away, wish.periods[turn.period]):
            yield _kept(turn), Rule("away", turn.period, party=turn.party)
    for one, other in combinations(dict.fromkeys(wish.kept), 2):
        apart = abs(one.period - other.period)
        if one.party != other.party:
            if (one.period, one.area) == (other.period, other.area):
                yield _kept(one), _kept(other)
        elif apart == 0:
            yield _kept(one), _kept(other), Rule("once")
        elif apart <= (wish.gap or 0):
            yield _kept(one), _kept(other), Rule("gap")


def _kept(turn: Kept) -> Rule:
    return Rule("kept", turn.period, turn.area, turn.party)


def _all_away(wish: Wish) -> Iterator[Rules]:
    """A period and an area for which there is nobody."""
    for area in wish.areas:
        mine = [taker for taker in wish.takers if taker.area in (None, area)]
        for period, days in enumerate(wish.periods):
            if all(touches(taker.away, days) for taker in mine):
                away = (Rule("away", period, party=taker.id) for taker in mine)
                yield Rule("cover", period, area), *away


def _too_few(wish: Wish) -> Iterator[Rules]:
    """More turns of an area within a gap, or at the same time, than there are parties."""
    for area in wish.areas:
        slots = 1 + sum(taker.area in (None, area) for taker in wish.takers)
        if wish.gap and slots <= min(wish.gap + 1, len(wish.periods)):
            yield *(Rule("cover", period, area) for period in range(slots)), Rule("gap")
    if len(wish.takers) < len(wish.areas):
        covers = (Rule("cover", 0, area) for area in wish.areas[: len(wish.takers) + 1])
        yield *covers, Rule("once")
