"""What the services refuse, each kind with a code that problem documents and translations go by."""

from __future__ import annotations

from typing import Any, ClassVar

from graph.errors import LinliError, NotFoundError


class RefusedError(LinliError):
    """Something that a service won't do; `code` names it, `details` are further members of its document.

    Parameters
    ----------
    message, remedy, message_zh, remedy_zh : str
        As for every `LinliError`.
    **details
        Plain JSON values that a problem document carries beside them.
    """

    code: ClassVar[str] = "refused"

    def __init__(
        self, message: str, *, remedy: str = "", message_zh: str = "", remedy_zh: str = "", **details: Any
    ) -> None:
        super().__init__(message, remedy=remedy, message_zh=message_zh, remedy_zh=remedy_zh)
        self.details = details


class NoRoundError(RefusedError, NotFoundError):
    """Nothing has been matched yet, or there is no round of that id."""

    code = "no-round"


class OldRoundError(RefusedError):
    """A round that an earlier version of linli made, which kept less of it than this one shows."""

    code = "old-round"


class NoStoreError(RefusedError, NotFoundError):
    """There is no store at that address yet."""

    code = "no-store"


class NothingReadError(RefusedError, ValueError):
    """None of the lists could be read."""

    code = "nothing-read"


class NotEmptyError(RefusedError):
    """The target holds something already."""

    code = "not-empty"


class NotVerifiedError(RefusedError):
    """What was copied differs from its source."""

    code = "not-verified"


class BadChangeError(RefusedError, ValueError):
    """A change that can't be tried: an unknown table or field, or a value that the field can't hold."""

    code = "bad-change"


class SayingError(RefusedError, ValueError):
    """What should be remembered of lists stands for nothing, or must not be kept."""

    code = "invalid"


class BadWishError(RefusedError, ValueError):
    """What a rota is asked for can't be read, or its days lie the wrong way round."""

    code = "invalid"


class ImpossibleWishError(RefusedError, ValueError):
    """What is asked for can be read, but not be worked out: too many of something, or too few."""

    code = "impossible"


class UnsafeHostError(RefusedError, ValueError):
    """The service would be reachable from other machines, and nobody has to sign in yet."""

    code = "unsafe-host"


class PortTakenError(RefusedError):
    """Nobody else can listen there."""

    code = "port-taken"
