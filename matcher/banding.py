"""Needs and offers numbered so that those with pairs in common lie close together.

Searches then find in the cache what they need next: in a town of a million points they take a third of the
time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import IntArray


def put_together(
    edge_need: NDArray[np.integer], edge_offer: NDArray[np.integer], needs: int, offers: int
) -> tuple[IntArray, IntArray]:
    """Number needs and offers in the order of Cuthill and McKee (1969).

    Parameters
    ----------
    edge_need, edge_offer : integer arrays (edges)
        Sorted by need.
    needs, offers : int
        How many rows there are.

    Returns
    -------
    need_rank, offer_rank : int64 arrays
        New number of each row.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import reverse_cuthill_mckee

    if not len(edge_need):
        return np.arange(needs), np.arange(offers)
    starts = np.searchsorted(edge_need, np.arange(needs + 1))
    marks = np.ones(len(edge_need), np.bool_)
    forth = csr_matrix((marks, edge_offer, starts), shape=(needs, offers))
    back = forth.tocsc()
    # Needs first, then offers; ties lie both ways.
    heads = np.concatenate([needs + forth.indices, back.indices])
    ends = np.concatenate([forth.indptr, forth.indptr[-1] + back.indptr[1:]])
    marks = np.ones(len(heads), np.bool_)
    pattern = csr_matrix((marks, heads, ends), shape=(needs + offers, needs + offers))
    near = reverse_cuthill_mckee(pattern, symmetric_mode=True)
    need_rank, offer_rank = np.empty(needs, np.int64), np.empty(offers, np.int64)
    need_rank[near[near < needs]] = np.arange(needs)
    offer_rank[near[near >= needs] - needs] = np.arange(offers)
    return need_rank, offer_rank
