"""What to solve anew: what surrounds trouble between prices and assignment, in pieces that don't touch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import BoolArray, IntArray, list_members
from matcher.remainder import Remainder
from matcher.shards.cut import Floats, cut_needs
from matcher.shards.prices import Board, Fixed, Use


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """Needs to solve anew.

    Attributes
    ----------
    needs : bool array (needs)
    core : bool array (offers)
        Offers far enough inside that the region's own prices count there.
    """

    needs: BoolArray
    core: BoolArray


def grow(fixed: Fixed, use: Use, board: Board, needs: BoolArray, offers: BoolArray, hops: int) -> Region:
    """Take in who could move on for the sake of these needs and offers, so many moves away.

    Parameters
    ----------
    fixed : Fixed
    use : Use
    board : Board
    needs, offers : bool arrays
        Where the region begins.
    hops : int
        Moves from offer to offer; the prices of the first half of them are the region's to set.
    """
    rest = fixed.rest
    ends = np.append(fixed.need_start, len(rest.edge_need))
    lacking = np.flatnonzero((use.need < rest.need_quantity)[rest.edge_need])
    holds = np.concatenate([use.edges, lacking])
    hold_need, hold_offer = rest.edge_need[holds], rest.edge_offer[holds]
    # A unit whose total is short gives through one offer what it withholds from another.
    is_short = np.append((board.unit > 0) | (use.unit >= fixed.unit_capacity), False)
    needs, offers, core = needs.copy(), offers.copy(), offers.copy()
    for hop in range(hops):
        reached = list_members(np.flatnonzero(needs), ends)[0]
        offers[rest.edge_offer[reached]] = True
        units = np.zeros(len(is_short), np.bool_)
        units[rest.offer_unit[offers]] = True
        offers |= (units & is_short)[rest.offer_unit]
        if hop <= hops // 2:
            core = offers.copy()
        needs[hold_need[offers[hold_offer]]] = True
    return Region(needs, core)


def find_pieces(
    rest: Remainder, needs: BoolArray, most: int, place: Floats | None, *, machines: int, shifted: bool
) -> tuple[IntArray, int]:
    """Divide needs into pieces of which no two touch, as far as none gets too large for a machine.

    Parameters
    ----------
    rest : Remainder
    needs : bool array (needs)
    most : int
        Pairs up to which a piece stays whole; a larger one is cut by place.
    place : float array (needs, 2), optional
    machines : int
        Small pieces are put together until there are about so many, more where they'd get too large.
    shifted : bool
        Cut what is too large into one piece more, so that seams run elsewhere than in the round before.

    Returns
    -------
    piece : int64 array (needs)
        -1: none.
    count : int
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    edges = np.flatnonzero(needs[rest.edge_need])
    size = len(needs) + len(rest.offer_capacity) + len(rest.unit_row)
    tail: list[NDArray[np.integer]] = [rest.edge_need[edges]]
    head: list[NDArray[np.integer]] = [len(needs) + rest.edge_offer[edges]]
    offers = np.unique(rest.edge_offer[edges])
    offers = offers[rest.offer_unit[offers] >= 0]
    tail.append(len(needs) + offers)
    head.append(len(needs) + len(rest.offer_capacity) + rest.offer_unit[offers])
    row, column = np.concatenate(tail), np.concatenate(head)
    network = csr_array((np.ones(len(row), np.int8), (row, column)), shape=(size, size))
    label = connected_components(network, directed=False)[1][: len(needs)]
    rows = np.flatnonzero(needs)
    parts, part = np.unique(label[rows], return_inverse=True)
    pairs = np.bincount(rest.edge_need[edges], minlength=len(needs))[rows]
    weight = np.bincount(part, pairs, len(parts)).astype(np.int64)
    piece = np.full(len(needs), -1, np.int64)
    count = 0
    load, shared = [0] * machines, [-1] * machines
    for at in np.argsort(-weight, kind="stable").tolist():
        members = rows[part == at]
        if weight[at] > most:
            pieces = int(-(-weight[at] // most)) + shifted
            piece[members] = count + cut_needs(rest, members, pieces, place)
            count += pieces
            continue
        machine = int(np.argmin(load))
        if load[machine] and load[machine] + weight[at] > most:
            machine = len(load)
            load.append(0)
            shared.append(-1)
        if shared[machine] < 0:
            shared[machine] = count
            count += 1
        load[machine] += int(weight[at])
        piece[members] = shared[machine]
    return piece, count
