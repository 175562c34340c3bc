"""The states that needs, offers, claims and rounds go through, one machine for each.

States are those of `graph/words/domain.json` (`need_status` and so on), which holds their names in Chinese
and English.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from graph.errors import TransitionError
from graph.wording import word

_NEED: Final = {
    "reported": ("confirmed", "open", "withdrawn", "expired", "rejected"),
    "confirmed": ("open", "withdrawn", "expired", "rejected"),
    "open": ("claimed", "withdrawn", "expired", "rejected"),
    "claimed": ("open", "in_service", "withdrawn", "expired"),
    "in_service": ("claimed", "served", "withdrawn"),
    "served": ("in_service", "closed"),
    "closed": (),
    "withdrawn": ("reported", "open"),
    "expired": ("open",),
    "rejected": ("reported",),
}
_OFFER: Final = {
    "draft": ("open", "closed"),
    "open": ("paused", "exhausted", "closed"),
    "paused": ("open", "closed"),
    "exhausted": ("open", "paused", "closed"),
    "closed": (),
}
_CLAIM: Final = {
    "proposed": ("agreed", "declined", "lapsed", "withdrawn"),
    "agreed": ("delivering", "done", "lapsed", "withdrawn"),
    "delivering": ("done", "lapsed", "withdrawn"),
    "done": (),
    "declined": ("withdrawn",),
    "lapsed": (),
    "withdrawn": (),
}
_ROUND: Final = {
    "open": ("proposed", "closed"),
    "proposed": ("open", "published", "closed"),
    "published": ("closed",),
    "closed": (),
}

MACHINES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {"need": _NEED, "project": _NEED, "offer": _OFFER, "claim": _CLAIM, "round": _ROUND}
)
"""For each kind of record its states, and the states that may follow each. Projects live as needs do."""

FIRST_STATE: Final[Mapping[str, str]] = MappingProxyType(
    {"need": "reported", "project": "reported", "offer": "draft", "claim": "proposed", "round": "open"}
)
"""The state in which each kind begins; a list may bring a record in any state."""

WORD_SECTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {kind: f"{'need' if kind == 'project' else kind}_status" for kind in MACHINES}
)
"""Where `graph/words/domain.json` names each kind's states, under `values`."""

PROMISED: Final = ("agreed", "delivering", "done")
"""States of a claim in which its places are promised, and off the capacities."""

ENDED: Final = ("done", "declined", "lapsed", "withdrawn")
"""States from which no claim comes back; a refusal can only be withdrawn."""

MATCHED_NEEDS: Final = ("reported", "confirmed", "open", "claimed", "in_service")
"""States of a need or project that a match looks at; promised places are locked in it."""

GONE: Final = ("withdrawn", "expired", "rejected")
"""States of a need or project that came to nothing: promises made on it hold no places any more."""


def move(kind: str, state: str, to: str) -> str:
    """Take a record from one state to another; staying is always allowed.

    Parameters
    ----------
    kind : str
        `need`, `project`, `offer`, `claim` or `round`.
    state, to : str
        The state it is in, and the one asked for.

    Returns
    -------
    str
        The state asked for.

    Raises
    ------
    TransitionError
        If the one can't follow the other; it names the states that can.
    """
    machine = MACHINES[kind]
    if state not in machine or to not in machine:
        unknown = state if state not in machine else to
        raise TransitionError(
            **word("no_state", kind=kind, state=unknown, states=machine, section=WORD_SECTIONS[kind])
        )
    if to != state and to not in machine[state]:
        allowed = machine[state]
        raise TransitionError(
            **word(
                "no_step" if allowed else "no_step_left",
                kind=kind, state=state, to=to, allowed=allowed, section=WORD_SECTIONS[kind],
            )
        )  # fmt: skip
    return to
