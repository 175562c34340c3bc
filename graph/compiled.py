"""One decorator for the loops that must run as machine code.

Compiled with Numba at the first call and kept on disk beside the module, so that only the first process after
an installation waits. Modules that use it are imported when they are first needed: loading the compiler takes
longer than most commands.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numba
from numba import njit

P = ParamSpec("P")
R = TypeVar("R")

_FOLDERS_KEPT = 3
_IN_USE_S = 3600
"""So long after its last change a folder may still be written to by a process of other sources."""


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of numbers and arrays; whole numbers stay 64-bit and wrap round if they overflow."""
    with _kept_in(_find_folder(Path(function.__code__.co_filename).parent)):
        kept: Callable[P, R] = njit(cache=True, nogil=True)(function)
    return kept


def compiled_part(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that only `compiled` ones call: what Python would need to call it is left out."""
    options: Any = {"nogil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    part: Callable[P, R] = njit(**options)(function)
    return part


@cache
def _find_folder(home: Path) -> Path:
    """Give the folder for machine code made from exactly these sources.

    A loop holds the code of those it calls and the constants it names, but Numba only looks at the loop's own
    file: with one folder for all versions, a change elsewhere would go on running as it was.
    """
    digest = hashlib.sha256()
    shared = [home.parent / name for name in ("arrays.py", "heap.py")]
    for source in [Path(__file__), *shared, *sorted(home.glob("*.py"))]:
        if source.exists():
            digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    folder = home / "__pycache__" / f"compiled-{digest.hexdigest()[:16]}"
    others = [item for item in folder.parent.glob("compiled-*") if item != folder]
    for old in sorted(others, key=_last_changed)[: -(_FOLDERS_KEPT - 1)]:
        if _last_changed(old) < time.time() - _IN_USE_S:
            shutil.rmtree(old, ignore_errors=True)
    return folder


def _last_changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another process was quicker to remove it
        return 0.0


@contextmanager
def _kept_in(folder: Path) -> Iterator[None]:
    """Let Numba keep what is decorated meanwhile in a folder; elsewhere if that can't be written to."""
    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        config.CACHE_DIR = before
