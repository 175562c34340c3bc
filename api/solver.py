"""The child process that makes rounds: takes tasks as lines of JSON, answers with progress and an end.

It ends when its service does, since then nobody holds the other end of its input.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

from api.problems import DoorError, describe
from graph.errors import LinliError
from graph.periods import Period
from graph.store import open_store

Tell = Callable[[dict[str, Any]], None]


def main() -> None:
    """Take tasks until the input ends."""
    # Whatever a library prints must not come between the lines of the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(message: dict[str, Any]) -> None:
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    for line in sys.stdin:
        tell({"end": run(json.loads(line), tell)})


def run(task: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Make a round; gives what changes about its job at the end."""
    from api.services.rounds import make_round

    days = task["days"]
    period = None if days is None else Period(*map(date.fromisoformat, days))

    def progress(step: str, done: int, total: int) -> None:
        tell({"progress": [step, done, total]})

    try:
        store = open_store(task["store"])
        try:
            made = make_round(store, period=period, fit=task["fit"], progress=progress)
        finally:
            store.close()
    except LinliError as error:
        return {"status": "failed", "problem": describe(error)}
    except BrokenPipeError:
        raise
    except Exception as error:
        # What exactly went wrong may quote a list; the log gets the places alone.
        from api.guards import log_error

        log_error(error)
        return {"status": "failed", "problem": describe(DoorError("solve-failed"))}
    return {"status": "done", "round": made.id}


if __name__ == "__main__":
    main()
