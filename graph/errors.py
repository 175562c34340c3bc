"""The errors that the graph raises, one class for each thing a caller may want to catch."""

from __future__ import annotations

from typing import Final

from graph.wording import word

REVISIONS_NAMED: Final = 5
"""So many revisions are named where one was asked for that isn't there."""


class LinliError(Exception):
    """Anything that linli refuses, with a sentence that a planner understands.

    Parameters
    ----------
    message : str
        What was refused and why.
    remedy : str, optional
        What to do about it, one sentence.
    message_zh, remedy_zh : str, optional
        The same in Chinese, for errors that planners meet.
    """

    def __init__(self, message: str, *, remedy: str = "", message_zh: str = "", remedy_zh: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.message_zh = message_zh
        self.remedy_zh = remedy_zh


class NotFoundError(LinliError, LookupError):
    """No record, revision or round of that id is in the store."""


class AmbiguousError(LinliError, LookupError):
    """A name stands for several records; an id or a parent's name would tell them apart."""


class TransitionError(LinliError, ValueError):
    """A record can't go from its state to the one asked for."""


class CapacityError(LinliError, ValueError):
    """A claim asks for more places than are left."""


class ConflictError(LinliError):
    """Somebody else changed the record since it was read."""


class BusyError(LinliError):
    """So much work waits already that no more is taken."""


class StoreError(LinliError):
    """The store can't be opened, read or written."""


class ServerAwayError(StoreError):
    """The server that holds the store doesn't answer."""


def no_revision(revision: int, countable: list[int]) -> NotFoundError:
    """The error for a missing revision; `countable` are those that can be taken back, newest first."""
    if not countable:
        return NotFoundError(**word("no_revision_to_undo", revision=revision))
    return NotFoundError(**word("no_revision", revision=revision, numbers=countable[:REVISIONS_NAMED]))


def nothing_to_undo(undoings: list[int]) -> NotFoundError:
    """The error where every revision is taken back; `undoings` can be taken back themselves, newest first."""
    if not undoings:
        return NotFoundError(**word("nothing_to_undo"))
    return NotFoundError(**word("all_undone", newest=undoings[0]))


class StoreUrlError(StoreError, ValueError):
    """A store's address that linli doesn't know how to open."""
