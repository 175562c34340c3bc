"""What a budget of actions and their costs may be: one check for Python, the command line and the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeGuard

from graph.errors import LinliError
from graph.wording import word
from matcher.actions.kinds import KINDS
from matcher.matrices import is_number

MOST: Final = 1e9
"""No budget is more than this, and a cost is less."""


class ActionError(LinliError, ValueError):
    """A budget or a cost of actions that makes no sense."""


def is_budget(budget: object) -> TypeGuard[float]:
    """Whether it is a number from 0 to `MOST`."""
    return is_number(budget) and 0 <= budget <= MOST


def is_cost(kind: object, cost: object) -> TypeGuard[float]:
    """Whether there is such a kind of action, and the cost is a number above 0 and below `MOST`."""
    return isinstance(kind, str) and kind in KINDS and is_number(cost) and 0 < cost < MOST


def check_limits(budget: object, costs: object) -> None:
    """Refuse a budget, or costs by kind, that make no sense.

    Raises
    ------
    ActionError
    """
    if not is_budget(budget):
        raise ActionError(**word("bad_action_budget", budget=repr(budget)))
    if not isinstance(costs, Mapping | None):
        raise ActionError(**word("bad_action_costs", costs=repr(costs), kinds=KINDS))
    for kind, cost in (costs or {}).items():
        if not is_cost(kind, cost):
            raise ActionError(**word("bad_action_costs", costs=repr({kind: cost}), kinds=KINDS))
