"""Stores that tests share."""

from __future__ import annotations

import shutil
from pathlib import Path

from graph.snapshot_cache import cache_folder


def copy_store(store: Path, folder: Path) -> Path:
    """Copy a store with the snapshot that is kept beside it, so that nobody has to make that anew."""
    kept = cache_folder(store)
    if kept.exists():
        shutil.copytree(kept, folder / kept.name)
    return Path(shutil.copy(store, folder))
