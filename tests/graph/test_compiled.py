from __future__ import annotations

import os
import sys
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from graph.compiled import compiled


def test_code_of_other_sources_goes_once_nobody_can_be_writing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "__pycache__"
    hours = {"a": 0.0, "b": 0.1, "c": 0.2, "d": 5.0, "e": 6.0}
    for name, old in hours.items():
        folder = kept / f"compiled-{name}"
        folder.mkdir(parents=True)
        then = time.time() - 3600 * old
        os.utime(folder, (then, then))
    source = tmp_path / "loops.py"
    source.write_text("def double(n):\n    return 2 * n\n", encoding="utf-8")
    spec = spec_from_file_location("loops_of_a_test", source)
    assert spec is not None
    assert spec.loader is not None
    loops = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, loops)  # what belongs to no module is kept with all it sees
    spec.loader.exec_module(loops)
    assert compiled(loops.double)(21) == 42
    there = {folder.name.removeprefix("compiled-") for folder in kept.glob("compiled-*")}
    assert {"a", "b", "c"} < there, "a process of other sources may be about to write there"
    assert not there & {"d", "e"}
    assert len(there) == 4, "its own too"
