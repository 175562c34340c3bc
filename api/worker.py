"""The child process that solves for a service: started when it is first needed, ended to cancel.

A child that has nothing to do outlives its service and solves for the next one of this process, since what it
loads to begin with takes longer than most rounds. With this process it ends.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

_GRACE_S: Final = 2.0
_HOUSE: Final = Path(__file__).resolve().parent.parent
_spare: Final[list[subprocess.Popen[str]]] = []


class Worker:
    """A child process that makes rounds; started when it is first needed, and again after it was ended."""

    def __init__(self, store_url: str) -> None:
        self._store_url = store_url
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._job_id: str | None = None

    def run(
        self,
        job_id: str,
        task: Mapping[str, Any],
        progress: Callable[[tuple[str, int, int]], None],
        is_cancelled: Callable[[], bool],
    ) -> dict[str, Any]:
        """Have the child make a round; gives what changes about the job at the end.

        Raises
        ------
        EOFError, OSError
            If the child ends before it is done.
        """
        with self._lock:
            self._job_id = job_id
            process = self._ready()
        try:
            # A cancellation that came before the job had its child found nothing to end.
            return {} if is_cancelled() else self._ask(process, task, progress)
        except (EOFError, OSError):
            self.end(job_id)
            raise
        finally:
            with self._lock:
                self._job_id = None

    def _ask(
        self,
        process: subprocess.Popen[str],
        task: Mapping[str, Any],
        progress: Callable[[tuple[str, int, int]], None],
    ) -> dict[str, Any]:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({**task, "store": self._store_url}) + "\n")
        process.stdin.flush()
        for line in process.stdout:
            message: dict[str, Any] = json.loads(line)
            if "end" in message:
                return dict(message["end"])
            step, done, total = message["progress"]
            progress((step, done, total))
        raise EOFError

    def end(self, job_id: str | None = None) -> None:
        """Do without the child, if there is one; where a job is named, only while it works on that."""
        with self._lock:
            if job_id is not None and job_id != self._job_id:
                return
            process, self._process = self._process, None
            is_idle = self._job_id is None
        if process is None:
            return
        if is_idle and process.poll() is None and not _spare:
            _spare.append(process)
            return
        _end(process)

    def _ready(self) -> subprocess.Popen[str]:
        if self._process is None and _spare:
            self._process = _spare.pop()
        if self._process is None or self._process.poll() is not None:
            # -P: no module beside the working folder stands in for one of ours.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "api.solver"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(_HOUSE), "PYTHONUTF8": "1"},
                encoding="utf-8",
                # Ctrl-C reaches the whole group of processes; the service ends its child itself.
                start_new_session=True,
            )
        return self._process


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@atexit.register
def _end_spare() -> None:
    while _spare:
        _end(_spare.pop())
