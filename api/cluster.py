"""Tiles of a match solved side by side on Dask: on this machine, or on the workers of a scheduler.

What goes to a worker are numbers: quantities, capacities, pairs and costs by row. No id, name or place of a
need leaves this process. A worker that is lost in the middle loses nothing: Dask gives its part to another,
and a part's answer depends on nothing but the part.
"""

from __future__ import annotations

import os
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from api.version import VERSION
from graph.errors import LinliError
from graph.wording import word

if TYPE_CHECKING:
    from matcher.shards.parts import Answer, Run, Task

LOCAL: Final = "local"
"""Stands for a cluster on this machine, ended with the command."""

_CONNECT_S: Final = 10.0
_AHEAD: Final = 2


class ClusterError(LinliError):
    """The cluster can't be used: Dask isn't installed, nobody answers, or its workers run another linli."""


@contextmanager
def open_cluster(address: str | None, tiles: int) -> Iterator[Run | None]:
    """Give what solves the parts of a match on a cluster, for as long as the block lasts.

    Parameters
    ----------
    address : str or None
        `local` for workers on this machine, or a scheduler's address, such as `tcp://HOST:8786`. None or
        empty: no cluster; nothing of Dask is loaded then.
    tiles : int
        How many parts there are to solve; so many workers are started at most on this machine.

    Yields
    ------
    callable or None
        For `matcher.shards.solve.solve_tiles`; None without a cluster, or where there is only one tile.

    Raises
    ------
    ClusterError
        If Dask isn't installed, the scheduler doesn't answer, has no workers, or its workers run another
        linli; or if a part failed on several workers.
    """
    if not address or tiles == 1:
        yield None
        return
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ClusterError(**word("no_dask")) from error
    if address == LOCAL:
        workers = min(tiles, os.cpu_count() or 1)
        # No dashboard: it would be a door into this machine that nobody asked for. What goes wrong is raised;
        # a worker that asks for the scheduler while both are being ended is nobody's concern.
        with (
            LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs="CRITICAL"
            ) as cluster,
            Client(cluster) as client,
        ):
            yield _Dask(client).run
        return
    with _connect(Client, address) as client:
        _check_workers(client, address)
        yield _Dask(client).run


def _connect(make: Callable[..., Any], address: str) -> Any:
    try:
        return make(address, timeout=_CONNECT_S)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(**word("no_scheduler", address=address)) from error


def _check_workers(client: Any, address: str) -> None:
    """See that there are workers, and that they run the same linli."""
    found = client.run(find_version, on_error="return")
    if not found:
        raise ClusterError(**word("no_workers", address=address))
    for worker, version in found.items():
        if version != VERSION:
            says = "no linli" if isinstance(version, BaseException) else f"linli {version}"
            raise ClusterError(**word("other_worker", worker=worker, says=says, version=VERSION))


def find_version() -> str:
    """The version of linli where this runs."""
    return VERSION


class _Dask:
    """Solves tasks on the workers of a client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def run(self, work: Callable[[Task], Answer], tasks: Iterable[Task]) -> Iterator[Answer]:
        """Give the answers in the order of the tasks; only as many tasks are out as keep all workers busy."""
        out: deque[Any] = deque()
        most = _AHEAD * max(len(self._client.scheduler_info(n_workers=-1)["workers"]), 1)
        try:
            for task in tasks:
                out.append(self._submit(work, task))
                if len(out) >= most:
                    yield self._take(out.popleft())
            while out:
                yield self._take(out.popleft())
        finally:
            for future in out:
                future.cancel()

    def _submit(self, work: Callable[[Task], Answer], task: Task) -> Any:
        # The scheduler keeps what goes with a call until it is answered; what was scattered to a worker
        # beforehand would be lost with it. Dask warns of large calls, for which it knows no better way.
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Sending large graph")
            return self._client.submit(work, task, pure=False)

    def _take(self, future: Any) -> Answer:
        from distributed import KilledWorker

        try:
            answer: Answer = future.result()
        except (KilledWorker, OSError) as error:
            raise ClusterError(**word("workers_ended")) from error
        return answer
