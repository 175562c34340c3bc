from __future__ import annotations

import os
import time
from pathlib import Path

from graph.compiled import compiled


def test_code_of_other_sources_goes_once_nobody_can_be_writing_it(tmp_path: Path) -> None:
    kept = tmp_path / "__pycache__"
    hours = {"a": 0.0, "b": 0.1, "c": 0.2, "d": 5.0, "e": 6.0}
    for name, old in hours.items():
        folder = kept / f"compiled-{name}"
        folder.mkdir(parents=True)
        then = time.time() - 3600 * old
        os.utime(folder, (then, then))
    source = tmp_path / "loops.py"
    source.write_text("def double(n):\n    return 2 * n\n", encoding="utf-8")
    names: dict[str, object] = {}
    exec(compile(source.read_text(encoding="utf-8"), str(source), "exec"), names)
    assert compiled(names["double"])(21) == 42  # type: ignore[arg-type,operator]
    there = {folder.name.removeprefix("compiled-") for folder in kept.iterdir()}
    assert {"a", "b", "c"} < there, "a process of other sources may be about to write there"
    assert not there & {"d", "e"}
    assert len(there) == 4, "its own too"
