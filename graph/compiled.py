"""One decorator for the loops that must run as machine code.

Compiled with Numba at the first call and kept on disk beside the module, so that only the first process after
an installation waits. Modules that use it are imported when they are first needed: loading the compiler takes
longer than most commands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of numbers and arrays; whole numbers stay 64-bit and wrap round if they overflow."""
    kept: Callable[P, R] = njit(cache=True, nogil=True)(function)
    return kept
