"""The child process that makes rounds: takes tasks as lines of JSON, answers with progress and an end.

It ends when its service does, since then nobody holds the other end of its input.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

from api.problems import DoorError, record
from graph.errors import LinliError, NotFoundError, StoreError
from graph.jobs import JobBoard, LeaseLostError
from graph.periods import Period
from graph.store import Store, open_store

if TYPE_CHECKING:
    from matcher.rules import Keep

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


def _read_keep(store: Store, task: dict[str, Any]) -> Keep | None:
    """Read what a task is to keep."""
    from api.services.rules import read_keep

    if task.get("keep_round") is None:
        return None
    return read_keep(store, task["keep_round"], task["keep_m"], task["most_moves"])


def run(task: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Make a round for a job and end the job; where that didn't come to be, says why.

    Returns
    -------
    dict
        Nothing, or `lost`: somebody else has the job; or a `problem`, with `is_away` where the store failed.
    """
    from api.cluster import open_cluster
    from api.services.rounds import solve_round

    days = task["days"]
    period = None if days is None else Period(*map(date.fromisoformat, days))

    def progress(step: str, done: int, total: int) -> None:
        tell({"progress": [step, done, total]})

    try:
        with closing(open_store(task["store"])) as store:
            # A job that an older version put in line says nothing of share, measure, tiles and rules.
            share, tiles = task.get("low_access_share"), task.get("tiles", 1)
            with open_cluster(os.environ.get("LINLI_CLUSTER"), tiles) as where:
                made = solve_round(
                    store.snapshot(), period=period, fit=task["fit"], low_access_share=share,
                    keep=_read_keep(store, task), load_m=task.get("load_m", 0),
                    access_measure=task.get("access_measure"), tiles=tiles, run=where, progress=progress,
                )  # fmt: skip
            JobBoard(store).finish(task["job"], task["key"], made=made)
    except (LeaseLostError, NotFoundError):
        return {"lost": True}
    except StoreError as error:
        return {"problem": record(error), "is_away": True}
    except LinliError as error:
        return {"problem": record(error)}
    except BrokenPipeError:
        raise
    except Exception as error:
        # What exactly went wrong may quote a list; the log gets the places alone.
        from api.guards import log_error

        log_error(error)
        return {"problem": record(DoorError("solve-failed"))}
    return {}


if __name__ == "__main__":
    main()
