"""What a choice of sites comes to: the sites, its value, and how far any other choice could be from it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from graph.errors import LinliError
from graph.wording import word
from matcher.arrays import BoolArray, IntArray, freeze
from matcher.matrices import FloatArray, MatrixError, is_number, is_whole_number

Status = Literal["optimal", "bounded"]

_NAMED = 10


@dataclass(frozen=True, slots=True, eq=False)
class SitePlan:
    """A choice of sites.

    Attributes
    ----------
    chosen : int64 array
        Columns, ascending, the locked ones included. Read-only.
    value : int or float
        An int where all that it is made of is whole.
    bound : int or float
        No choice is better than this: more for what is maximised, less for what is minimised.
    status : str
        `optimal`: the value is the bound (with fractions, up to the rounding of 64-bit arithmetic and the
        solver's tolerance of one millionth); `bounded`: the best found, no farther from the best than the
        bound says.
    others : tuple of SitePlan
        Where several plans were asked for: the best of those that differ from this one and from each other.
        The bound of each is that of any plan that differs so from all before it.
    """

    chosen: IntArray
    value: int | float
    bound: int | float
    status: Status
    others: tuple[SitePlan, ...] = ()

    @property
    def gap(self) -> float:
        """How far value and bound are apart, as a part of the value; infinite where only that is 0."""
        apart = abs(self.bound - self.value)
        if apart == 0:
            return 0.0
        return float(apart / abs(self.value)) if self.value else float("inf")


class InfeasibleError(LinliError, ValueError):
    """No choice of sites does what was asked.

    Attributes
    ----------
    demand : int64 array
        Rows of the demand points that make it so; the words of the refusal, `code`, name the first of them.
    """

    def __init__(self, code: str, demand: IntArray, **values: object) -> None:
        named: object = demand[:_NAMED].tolist()
        if len(demand) > _NAMED:
            named = word("and_more", named=named, all=len(demand), more=len(demand) - _NAMED)
        super().__init__(**word(code, demand=named, **values))
        self.demand = demand


def check_reached(starts: IntArray, needed: BoolArray) -> None:
    """Refuse demand that no site reaches.

    Raises
    ------
    InfeasibleError
    """
    alone = np.flatnonzero((np.diff(starts) == 0) & needed)
    if len(alone):
        raise InfeasibleError("unreached", alone)


def read_locked(locked: Iterable[int], sites: int) -> BoolArray:
    """Mark the sites that exist already.

    Raises
    ------
    MatrixError
    """
    rows = np.asarray(list(locked))
    is_whole = rows.dtype.kind in "iu" or not rows.size
    if not is_whole or rows.ndim != 1 or ((rows < 0) | (rows >= sites)).any():
        raise MatrixError(**word("bad_locked", locked=str(rows.tolist()), last=sites - 1))
    is_locked = np.zeros(sites, np.bool_)
    is_locked[rows.astype(np.int64)] = True
    return is_locked


def check_count(p: int, is_locked: BoolArray) -> int:
    """Take the number of sites, the locked ones included.

    Raises
    ------
    MatrixError
    """
    sites, least = len(is_locked), int(is_locked.sum())
    if not is_whole_number(p) or not least <= p <= sites:
        raise MatrixError(**word("bad_p", p=p, least=least, sites=sites))
    return int(p)


class Wished(NamedTuple):
    """How many plans are wanted, and how many of each one's new sites the others leave out at least."""

    plans: int = 1
    differ: int = 1


def check_plans(plans: int, differ: int) -> Wished:
    """Take how many plans are wanted, and in how many sites they must differ.

    Raises
    ------
    MatrixError
    """
    for name, number in (("plans", plans), ("differ", differ)):
        if not is_whole_number(number) or number < 1:
            raise MatrixError(**word("not_whole", name=name, number=number))
    return Wished(int(plans), int(differ))


def check_gap(gap: float) -> float:
    """Take the part of the value by which an answer may be off.

    Raises
    ------
    MatrixError
    """
    if not is_number(gap) or not 0 <= gap < 1:
        raise MatrixError(**word("bad_gap", gap=gap))
    return float(gap)


def is_whole(values: FloatArray) -> bool:
    """Whether all are whole numbers small enough to be exact."""
    return bool((values == np.rint(values)).all() and (np.abs(values) < 2.0**53).all())


def leave_for_rounding(value: float, *, whole: bool) -> float:
    """Give how much of a bound may be rounding; below the half of one where values are whole."""
    return min(0.5, 1e-6 + 1e-9 * abs(value)) if whole else 1e-6 * max(1.0, abs(value))


def find_aim(value: float, allowed: float, *, whole: bool) -> float:
    """Give what must be undercut to be better by more than is allowed, and by one where values are whole."""
    rounding = leave_for_rounding(value, whole=whole)
    return value - max(1 - rounding if whole else 0.01 * rounding, allowed)


def bound_left_out(aim: float, *, whole: bool) -> float:
    """Give what all that costs more than the aim costs at least."""
    return math.floor(aim) + 1.0 if whole else aim


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """Plans of which another one must leave out some sites each, those that exist already aside.

    Attributes
    ----------
    plans : tuple of bool arrays (sites)
        Without the locked sites.
    differ : int
    """

    plans: tuple[BoolArray, ...]
    differ: int

    def limits(self, held: BoolArray) -> list[tuple[FloatArray, float]]:
        """How many of each plan's sites may be chosen beside those that are held to be."""
        return [(plan.astype(np.float64), float((plan & ~held).sum() - self.differ)) for plan in self.plans]

    def holds(self, chosen: BoolArray) -> bool:
        """Whether a choice leaves out enough of each plan."""
        return all((plan & ~chosen).sum() >= self.differ for plan in self.plans)


def with_others(plans: Iterable[SitePlan]) -> SitePlan:
    """Put the plans that differ behind the first."""
    first, *others = plans
    return replace(first, others=tuple(others))


def make_plan(
    chosen: BoolArray, value: float, bound: float, *, whole: bool, sense: Literal[1, -1]
) -> SitePlan:
    """Put an answer together.

    Parameters
    ----------
    chosen : bool array (sites)
    value, bound : float
    whole : bool
        Every value is a whole number, so that the bound may be rounded to one.
    sense : int
        1: less is better; -1: more is better.
    """
    slack = leave_for_rounding(bound, whole=whole)
    if whole:
        value, bound = round(value), sense * math.ceil(sense * bound - slack)
    status: Status = "optimal" if sense * (value - bound) <= (0 if whole else slack) else "bounded"
    sites = np.flatnonzero(chosen).astype(np.int64)
    freeze(sites)
    return SitePlan(sites, value, value if status == "optimal" else bound, status)
