"""What is remembered of a server that went away, so that not everybody waits for it anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from math import inf
from typing import Final

LOOK_S: Final = 1.0
"""A server that is away is looked for so often."""


class Absence:
    """Whether a server is known to be away; from the time that is noted, one caller a second looks for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next_look: float | None = None

    def note(self) -> None:
        """It didn't answer."""
        with self._lock:
            self._next_look = time.monotonic() + LOOK_S

    def forget(self) -> None:
        """It answered."""
        with self._lock:
            self._next_look = None

    def lasts(self, answers: Callable[[], bool]) -> bool:
        """Whether it is still away; `answers` looks for it, and is asked seldom."""
        with self._lock:
            if self._next_look is None:
                return False
            if time.monotonic() < self._next_look:
                return True
            self._next_look = inf  # nobody waits for who is looking
        is_back = False
        try:
            is_back = answers()
        finally:
            (self.forget if is_back else self.note)()
        return not is_back
