"""The version of linli that runs."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Final


def _read() -> str:
    try:
        return version("linli")
    except PackageNotFoundError:
        return "0"


VERSION: Final = _read()
"""As installed; `0` where it runs from a folder that nobody installed."""
