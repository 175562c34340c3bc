"""Access: how much supply each demand point can count on, by the catchment measures of the literature.

All take ``demand`` (people per point), ``supply`` (places per site) and ``cost`` (points by sites: an absent
or infinite entry is out of reach, a stored zero is distance zero), and give one number for each point: NaN
where no site is in reach, 0.0 where sites are in reach but none has supply.

Written below: D_i demand of point i, S_j supply of site j, c_ij the cost between them, W_ij the weight of the
zone that c_ij lies in (0 outside all zones). A site that only points without demand reach adds nothing to
anybody. A point without demand is measured like every other, as what somebody who came there would find.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike

from matcher.matrices import (
    FloatArray,
    MatrixError,
    Reach,
    read_amounts,
    read_bound,
    read_costs,
    read_positive,
    read_zones,
)

__all__ = ["MatrixError", "balanced_fca", "enhanced_two_step_fca", "raam", "three_step_fca", "two_step_fca"]

Zones = Iterable[tuple[float, float]]

_FEW_ZONES = 12


def two_step_fca(demand: ArrayLike, supply: ArrayLike, cost: Any, *, catchment: float) -> FloatArray:
    """Two-step floating catchment area: places per head, all within the catchment alike.

    ``R_j = S_j / sum(D_k for c_kj <= catchment)``, ``A_i = sum(R_j for c_ij <= catchment)``. It conserves the
    supply reached: ``sum(D_i A_i)`` is the supply of all sites that some demand reaches.

    Parameters
    ----------
    demand : array_like (points)
    supply : array_like (sites)
    cost : sparse matrix or array_like (points, sites)
    catchment : float
        Largest cost within reach, itself included; in the unit of `cost`, at least 0.

    Returns
    -------
    float64 array (points)
        Places per head.

    Raises
    ------
    MatrixError
        An amount or cost that is negative or unknown, or shapes that don't fit.

    References
    ----------
    Luo, W., & Wang, F. (2003). Measures of spatial accessibility to health care in a GIS environment.
    Environment and Planning B, 30(6), 865-884.
    """
    people, places, reach = _read(demand, supply, cost)
    within = reach.cost <= read_bound("catchment", catchment)
    return _share_out(people, places, reach, within.astype(np.float64))


def enhanced_two_step_fca(demand: ArrayLike, supply: ArrayLike, cost: Any, *, zones: Zones) -> FloatArray:
    """Enhanced two-step floating catchment area: nearer zones weigh more, in both steps.

    ``R_j = S_j / sum(D_k W_kj)``, ``A_i = sum(R_j W_ij)``. It conserves the supply reached.

    Parameters
    ----------
    demand : array_like (points)
    supply : array_like (sites)
    cost : sparse matrix or array_like (points, sites)
    zones : iterable of (float, float)
        Upper bound and weight of each zone, bounds rising; a cost equal to a bound lies in its zone. A zone
        of weight 0 is out of reach.

    Returns
    -------
    float64 array (points)
        Places per head.

    Raises
    ------
    MatrixError
        An amount or cost that is negative or unknown, zones that don't rise, or shapes that don't fit.

    References
    ----------
    Luo, W., & Qi, Y. (2009). An enhanced two-step floating catchment area (E2SFCA) method for measuring
    spatial accessibility to primary care physicians. Health & Place, 15(4), 1100-1107.
    """
    people, places, reach = _read(demand, supply, cost)
    return _share_out(people, places, reach, _weigh(reach, zones))


def three_step_fca(demand: ArrayLike, supply: ArrayLike, cost: Any, *, zones: Zones) -> FloatArray:
    """Three-step floating catchment area: a point asks each site less, the more others it can choose from.

    ``G_ij = W_ij / sum(W_ik over sites k)``, ``R_j = S_j / sum(D_k G_kj W_kj)``,
    ``A_i = sum(R_j G_ij W_ij)``. It conserves the supply reached. Sites without supply count
    among those to choose from.

    Parameters
    ----------
    demand : array_like (points)
    supply : array_like (sites)
    cost : sparse matrix or array_like (points, sites)
    zones : iterable of (float, float)
        As for `enhanced_two_step_fca`.

    Returns
    -------
    float64 array (points)
        Places per head.

    Raises
    ------
    MatrixError
        As for `enhanced_two_step_fca`.

    References
    ----------
    Wan, N., Zou, B., & Sternberg, T. (2012). A three-step floating catchment area method for analyzing
    spatial access to health services. International Journal of Geographical Information Science, 26(6),
    1073-1089.
    """
    people, places, reach = _read(demand, supply, cost)
    weight = _weigh(reach, zones)
    chosen = _divide(weight, _sum_rows(reach, weight)[reach.row])
    return _share_out(people, places, reach, chosen * weight)


def balanced_fca(demand: ArrayLike, supply: ArrayLike, cost: Any, *, zones: Zones) -> FloatArray:
    """Balanced floating catchment area: every person and every level of service is shared out just once.

    ``L_j = S_j / sum(D_i W_ij / sum(W_ik over sites k))``, ``A_i = sum(L_j W_ij / sum(W_kj over points k))``.
    It conserves the level of service: ``sum(A_i)`` is ``sum(L_j)``. Not places per head: a point gets its
    part of each site's level, so that values depend on how finely points are drawn.

    Parameters
    ----------
    demand : array_like (points)
    supply : array_like (sites)
    cost : sparse matrix or array_like (points, sites)
    zones : iterable of (float, float)
        As for `enhanced_two_step_fca`.

    Returns
    -------
    float64 array (points)

    Raises
    ------
    MatrixError
        As for `enhanced_two_step_fca`.

    References
    ----------
    Paez, A., Higgins, C. D., & Vivona, S. F. (2019). Demand and level of service inflation in Floating
    Catchment Area (FCA) methods. PLOS ONE, 14(6), e0218773.
    """
    people, places, reach = _read(demand, supply, cost)
    weight = _weigh(reach, zones)
    of_row = _sum_rows(reach, weight)
    of_site = _sum_sites(reach, weight)
    asked = _sum_sites(reach, _divide(weight, of_row[reach.row]) * people[reach.row])
    level = _divide(places, asked)
    share = _divide(weight, of_site[reach.site])
    access = _sum_rows(reach, share * level[reach.site])
    access[of_row == 0] = np.nan
    return access


@overload
def raam(
    demand: ArrayLike, supply: ArrayLike, cost: Any, *, tau: float, return_gap: Literal[False] = False
) -> FloatArray: ...


@overload
def raam(
    demand: ArrayLike, supply: ArrayLike, cost: Any, *, tau: float, return_gap: Literal[True]
) -> tuple[FloatArray, float]: ...


def raam(
    demand: ArrayLike, supply: ArrayLike, cost: Any, *, tau: float, return_gap: bool = False
) -> FloatArray | tuple[FloatArray, float]:
    """Rational agent access model: what people bear when all go where way and crowd cost least.

    One person of point i at site j bears ``c_ij / tau + (N_j / S_j) / (sum(D) / sum(S))``, where N_j people
    go to site j. At the equilibrium of Wardrop (1952) nobody can do better by going elsewhere, so that all
    who start from one point bear the same; that cost is given. It is unique, since the people at each site
    are. Unlike the other measures, **less is better**; 0.0 for a point whose sites all have no supply is the
    mark that all measures share, not a cost.

    Parameters
    ----------
    demand : array_like (points)
    supply : array_like (sites)
    cost : sparse matrix or array_like (points, sites)
    tau : float
        The way that people would take upon themselves to avoid a crowd of the average size; in the unit of
        `cost`, above 0.
    return_gap : bool
        Give the Wardrop gap too.

    Returns
    -------
    float64 array (points), or that and the gap
        The gap is what all people bear beyond the best open to each, as a part of what they bear: 0 at the
        equilibrium. It is at most 1e-8 unless the search was given up.

    Raises
    ------
    MatrixError
        An amount or cost that is negative or unknown, a `tau` that isn't above 0, or shapes that don't fit.

    References
    ----------
    Saxon, J., & Snow, D. (2020). A rational agent model for the spatial accessibility of primary health care.
    Annals of the American Association of Geographers, 110(1), 205-222.
    """
    people, places, reach = _read(demand, supply, cost)
    scale = read_positive("tau", tau)
    reached = np.diff(reach.starts) > 0
    starts, site, way = reach.starts, reach.site, reach.cost / scale
    if not places.all():
        has_supply = places[site] > 0
        starts = np.concatenate([[0], np.cumsum(has_supply)])[starts]
        # Sites without supply leave altogether: nobody is there, and no crowd could be told for them.
        number = np.cumsum(places > 0) - 1
        site, way, places = number[site[has_supply]], way[has_supply], places[places > 0]
    # What a site of that supply takes at the average crowd; with nobody about, crowds cost nothing.
    total = people.sum()
    room = places * (total / places.sum() if total > 0 and places.any() else 1.0)
    from matcher.equilibrium import find_equilibrium

    access, gap = find_equilibrium(people, room, starts, site, way)
    access[np.diff(starts) == 0] = 0.0
    access[~reached] = np.nan
    return (access, gap) if return_gap else access


def _read(demand: ArrayLike, supply: ArrayLike, cost: Any) -> tuple[FloatArray, FloatArray, Reach]:
    people, places = read_amounts("demand", demand), read_amounts("supply", supply)
    return people, places, read_costs(cost, rows=len(people), columns=len(places))


def _weigh(reach: Reach, zones: Zones) -> FloatArray:
    """Give the weight of the zone that each cost lies in."""
    bound, weight = read_zones(zones)
    if len(bound) > _FEW_ZONES:
        return np.append(weight, 0.0)[np.searchsorted(bound, reach.cost, side="left")]
    # Comparing with few bounds one after another is quicker than searching among them.
    zone = np.zeros(len(reach.cost), np.uint8)
    for end in bound:
        zone += reach.cost > end
    return np.append(weight, 0.0)[zone]


def _share_out(people: FloatArray, places: FloatArray, reach: Reach, weight: FloatArray) -> FloatArray:
    """Divide each site's places among those who ask for them by weight, and add up what each point gets."""
    matrix = _matrix(reach, weight)
    ratio = _divide(places, matrix.T @ people)
    access: FloatArray = matrix @ ratio
    # Only who gets nothing may be out of everybody's reach.
    empty = np.flatnonzero(access == 0)
    if len(empty):
        access[empty[matrix[empty] @ np.ones(reach.site_count) == 0]] = np.nan
    return access


def _divide(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Divide, giving 0 where there is nothing to divide by."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _matrix(reach: Reach, values: FloatArray) -> Any:
    from scipy.sparse import csr_array

    return csr_array((values, reach.site, reach.starts), shape=(reach.row_count, reach.site_count))


def _sum_rows(reach: Reach, values: FloatArray) -> FloatArray:
    total: FloatArray = _matrix(reach, values) @ np.ones(reach.site_count)
    return total


def _sum_sites(reach: Reach, values: FloatArray) -> FloatArray:
    total: FloatArray = np.bincount(reach.site, values, reach.site_count).astype(np.float64)
    return total
