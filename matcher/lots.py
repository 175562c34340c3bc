"""Lots drawn among equals: of all cheapest assignments, always the same one.

Many assignments are equally good where neighbours stand alike. Which of them an engine finds hangs on the
order of its steps, so one number changed elsewhere would move people who needn't move. So each pair draws a
lot from the ids of its need and offer, and among the cheapest assignments the one with the least sum of lots
is taken: whatever the order of rows or the engine, and with few moves after a small change.

Costs are multiplied by a scale that no sum of lots on a cycle comes up to, and lots are added. A flow without
a negative cycle at these costs has none at the true ones either, so it is still one of the cheapest. (That
random weights single out one solution: Mulmuley, Vazirani and Vazirani 1987.)
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from matcher.prices import Pair
from matcher.problem import CandidateGraph
from matcher.remainder import Remainder

Draws = NDArray[np.uint64]

_MOST_BITS = 16
# More tell hardly more pairs apart, and engines that scale costs take a step for each bit.
_COST_END = 1 << 49
_SUM_END = 1 << 62


@dataclass(frozen=True, slots=True, eq=False)
class Lots:
    """The lots of a remainder's edges, told by what its needs and offers drew.

    Attributes
    ----------
    scale : int
        Costs that carry lots are so many times what they were, and a lot below it.
    bits : int
        How many a lot has.
    need_draw, offer_draw : uint64 arrays
        What each row of the remainder drew.
    """

    scale: int
    bits: int
    need_draw: Draws
    offer_draw: Draws

    def carry(self, rest: Remainder) -> Remainder:
        """Give the same problem at costs that carry lots."""
        drawn = self.need_draw[rest.edge_need]
        drawn ^= self.offer_draw[rest.edge_offer]
        lot = (_mix(drawn) >> np.uint64(64 - self.bits)).astype(np.int64)
        return rest.with_costs(rest.edge_cost * self.scale + lot, rest.step_cost * self.scale)

    def strip_off(self, length: Pair) -> Pair:
        """Give the true cost of ways from their cost with lots, whose sum is below half the scale."""
        return Pair(length.level, (length.cost + self.scale // 2) // self.scale)


def draw_lots(graph: CandidateGraph, rest: Remainder) -> Lots | None:
    """Draw the lots of a remainder's edges from the ids of the graph's needs and offers.

    Parameters
    ----------
    graph : CandidateGraph
    rest : Remainder
        That of `graph`.

    Returns
    -------
    Lots or None
        None where the graph has no ids, or costs are too large to carry lots.
    """
    if graph.need_ids is None or graph.offer_ids is None or not rest.edge_count:
        return None
    # A cycle passes each offer at most once, so has at most two edges for each.
    longest = 2 * len(rest.offer_capacity) + 4
    bits = _find_bits(rest, longest)
    if not bits:
        return None
    return Lots(
        longest << (bits + 1),
        bits,
        _draw(graph.need_ids[rest.need_row]),
        _mix(_draw(graph.offer_ids[rest.offer_row])),
    )


def _find_bits(rest: Remainder, longest: int) -> int:
    """Find how many bits lots may have so that every engine's sums stay exact; 0 for none."""
    dearest = rest.dearest_edge + int(rest.step_cost.max(initial=0)) + 1
    nodes = len(rest.offer_capacity) + len(rest.unit_row) + 3
    places = int(rest.need_quantity.sum())
    bits = _MOST_BITS
    while bits:
        carried = dearest * (longest << (bits + 1))
        if 2 * nodes * carried < _COST_END and places * carried < _SUM_END:
            break
        bits -= 1
    return bits


def _draw(ids: np.ndarray) -> np.ndarray:
    """Draw 64 bits from each id; the same ones for the same id, on every machine."""
    drawn = b"".join(blake2b(str(name).encode(), digest_size=8).digest() for name in ids.tolist())
    return np.frombuffer(drawn, dtype="<u8").astype(np.uint64)


def _mix(bits: np.ndarray) -> np.ndarray:
    """Let every bit depend on every other (the finaliser of Steele, Lea and Flood's SplitMix64, 2014)."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: np.ndarray = bits ^ (bits >> np.uint64(31))
    return mixed
