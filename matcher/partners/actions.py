"""What would close the gaps: the actions, and the best set of them for a budget.

``from matcher.partners import actions``: `plan_actions` chooses, `KINDS` are what it chooses from, and an
`Action` says what one of them takes; an `ActionError` refuses a budget or costs that make no sense. How
actions are found, and what each gains, is worked out in `matcher.actions`.
"""

from __future__ import annotations

from typing import Final

from matcher.actions import kinds
from matcher.actions.kinds import Action
from matcher.actions.limits import ActionError
from matcher.actions.report import plan_actions

__all__ = ["Action", "ActionError", "plan_actions"]

KINDS: Final = kinds.KINDS
"""The kinds of action, the least effort first."""
