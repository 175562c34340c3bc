"""Backup cover: demand that a second station covers counts for something too, in case the first is closed."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from graph.wording import word
from matcher.arrays import BoolArray, IntArray, group_rows
from matcher.matrices import FloatArray, MatrixError, read_amounts, read_cover
from matcher.sites.merged import merge_demand
from matcher.sites.plan import SitePlan, check_count, is_whole, make_plan, read_locked
from matcher.sites.program import MOST_ENTRIES, MOST_NODES


def backup_cover(
    cover: Any, weight: ArrayLike, p: int, *, backup: float = 0.5, locked: Iterable[int] = ()
) -> SitePlan:
    """Choose p sites that cover the most demand, where being covered twice counts for more than once.

    Maximise ``sum(w_i (z_i + backup * b_i))`` where ``z_i + b_i <= sum(y_j for sites j that cover i)``,
    z and b at most 1, ``sum(y_j) == p``, y binary. A first cover never counts less than a second one, so z is
    full before b begins.

    Parameters
    ----------
    cover : sparse matrix or array_like (demand, sites)
        As for `maximal_cover`.
    weight : array_like (demand)
    p : int
        How many sites, the locked ones included.
    backup : float
        What a second cover counts for beside the first: 0 (nothing) to 1 (as much).
    locked : iterable of int
        Sites that exist already.

    Returns
    -------
    SitePlan
        Its value counts both covers. Proved where the program is in reach; beyond it greedy, with the bound
        that no choice adds more than its sites would each add alone (Nemhauser, Wolsey and Fisher 1978).

    Raises
    ------
    MatrixError
        Amounts, matrices or settings that make no sense.

    References
    ----------
    Hogan, K., & ReVelle, C. (1986). Concepts and applications of backup coverage. Management Science, 32(11),
    1434-1444.
    """
    if not 0 <= backup <= 1:
        raise MatrixError(**word("bad_backup", backup=backup))
    people = read_amounts("weight", weight)
    reach = read_cover(cover, rows=len(people))
    is_locked = read_locked(locked, reach.site_count)
    count = check_count(p, is_locked)
    starts, site, merged = merge_demand(reach, people)
    problem = _Problem(starts, site, merged, float(backup), is_locked, count)
    whole = is_whole(people) and is_whole(people * backup)
    if len(site) <= MOST_ENTRIES:
        chosen, bound = problem.solve()
    else:
        chosen, bound = problem.add_greedily()
    return make_plan(chosen, problem.value(chosen), bound, whole=whole, sense=-1)


class _Problem:
    """Merged demand, sites, and what a first and a second cover count for."""

    def __init__(
        self,
        starts: IntArray,
        site: IntArray,
        weight: FloatArray,
        backup: float,
        locked: BoolArray,
        count: int,
    ) -> None:
        self._starts, self._site, self._weight = starts, site, weight
        self._worth = np.array([1.0, backup, 0.0])
        self._locked, self._count = locked, count
        self._row = np.repeat(np.arange(len(weight)), np.diff(starts))

    def value(self, chosen: BoolArray) -> float:
        """What a choice comes to."""
        times = np.bincount(self._row[chosen[self._site]], minlength=len(self._weight))
        counts = np.concatenate([[0.0], np.cumsum(self._worth[:2])])
        return float((self._weight * counts[np.minimum(times, 2)]).sum())

    def solve(self) -> tuple[BoolArray, float]:
        """Search all choices."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array, hstack

        rows, sites = len(self._weight), len(self._locked)
        once = csr_array((np.ones(rows), (np.arange(rows), np.arange(rows))), shape=(rows, rows))
        covers = csr_array((np.ones(len(self._site)), (self._row, self._site)), shape=(rows, sites))
        rules = [
            LinearConstraint(np.append(np.zeros(2 * rows), np.ones(sites))[None], self._count, self._count)
        ]
        if rows:
            rules.append(LinearConstraint(hstack([once, once, -covers], format="csr"), -np.inf, 0.0))
        worth = np.concatenate([self._weight, self._weight * self._worth[1]])
        found = milp(
            np.append(-worth, np.zeros(sites)), constraints=rules,
            bounds=Bounds(np.append(np.zeros(2 * rows), self._locked), 1.0),
            integrality=np.append(np.zeros(2 * rows), np.ones(sites)),
            options={"mip_rel_gap": 0.0, "node_limit": MOST_NODES},
        )  # fmt: skip
        if found.x is None:
            return self.add_greedily()
        return np.asarray(found.x[2 * rows :] > 0.5), -float(found.mip_dual_bound)

    def add_greedily(self) -> tuple[BoolArray, float]:
        """Add what counts most until there are enough; what sites would add alone bounds every choice."""
        by_site, order = group_rows(self._site, len(self._locked))
        row_of = self._row[order]
        chosen = self._locked.copy()
        times = np.bincount(self._row[chosen[self._site]], minlength=len(self._weight))

        def adds(site: int) -> float:
            rows = row_of[by_site[site] : by_site[site + 1]]
            return float((self._weight[rows] * self._worth[np.minimum(times[rows], 2)]).sum())

        free = np.flatnonzero(~chosen).tolist()
        heap = [(-adds(site), site) for site in free]
        heapify(heap)
        bound = self._bound(chosen, [-gain for gain, _ in heap])
        left = self._count - int(chosen.sum())
        while left:
            _, site = heappop(heap)
            now = adds(site)
            if heap and now < -heap[0][0]:
                heappush(heap, (-now, site))
                continue
            chosen[site] = True
            times[row_of[by_site[site] : by_site[site + 1]]] += 1
            left -= 1
        return chosen, min(
            bound, self._bound(chosen, [adds(site) for site in np.flatnonzero(~chosen).tolist()])
        )

    def _bound(self, chosen: BoolArray, gains: list[float]) -> float:
        """The most that any choice can come to, by what sites would add to this one."""
        most = sorted(gains, reverse=True)[: self._count - int(self._locked.sum())]
        return self.value(chosen) + sum(most)
