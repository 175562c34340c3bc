"""Publishing a round takes effect after a while, in which it can be taken back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from graph.errors import LinliError, TransitionError
from graph.lifecycle import move
from graph.store import Store


class Publisher:
    """Publishes rounds after a delay. A service that ends before publishes nothing.

    Parameters
    ----------
    store : Store
    delay_s : float
        How long publishing can be taken back.
    on_error : callable
        Told what kept a round from being published.
    """

    def __init__(self, store: Store, delay_s: float, on_error: Callable[[BaseException], None]) -> None:
        self._store = store
        self._delay_s = delay_s
        self._on_error = on_error
        self._pending: dict[str, tuple[threading.Timer, datetime]] = {}
        self._lock = threading.Lock()

    def publish(self, round_id: str) -> datetime:
        """Begin to publish a round; gives when it takes effect. Asking again changes nothing.

        Raises
        ------
        NotFoundError, TransitionError
            If there is no such round, or it isn't a draft.
        """
        with self._lock:
            if round_id in self._pending:
                return self._pending[round_id][1]
            status = self._store.get_round(round_id).status
            move("round", status, "published")
            if status == "published":
                raise TransitionError(f"the round {round_id} is published already")
            at = datetime.now(UTC) + timedelta(seconds=self._delay_s)
            timer = threading.Timer(self._delay_s, self._finish, (round_id,))
            timer.daemon = True
            self._pending[round_id] = (timer, at)
            timer.start()
            return at

    def take_back(self, round_id: str) -> None:
        """Stop a publication that hasn't taken effect.

        Raises
        ------
        TransitionError
            If it has, or nobody asked for it.
        """
        with self._lock:
            pending = self._pending.pop(round_id, None)
        if pending is None:
            raise TransitionError(
                f"the round {round_id} is not being published",
                remedy="A published round stays; make a new one instead.",
            )
        pending[0].cancel()

    def takes_effect_at(self, round_id: str) -> datetime | None:
        """When a round's publication takes effect; None if none is pending."""
        with self._lock:
            pending = self._pending.get(round_id)
        return None if pending is None else pending[1]

    def close(self) -> None:
        """Forget what is pending."""
        with self._lock:
            for timer, _ in self._pending.values():
                timer.cancel()
            self._pending.clear()

    def _finish(self, round_id: str) -> None:
        with self._lock:
            if self._pending.pop(round_id, None) is None:
                return
            try:
                self._store.change_round(round_id, "published")
            except LinliError as error:
                self._on_error(error)
