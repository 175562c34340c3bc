"""A service that really listens, over a synthetic sub-district that was matched once."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.services.rounds import make_round
from api.settings import Settings
from graph.model import Area, Need, Offer, Unit
from graph.store import Batch, open_store
from tests.api.terminal import write_list
from tests.stores import copy_store

WAIT_S = 120


@dataclass(frozen=True)
class Service:
    """A running service, how to ask it, and the store behind it."""

    client: httpx.Client
    app: FastAPI
    settings: Settings

    @property
    def store(self) -> Any:
        return self.app.state.context.store

    def get(self, path: str, **extra: Any) -> Any:
        """The JSON of an answer that must be fine."""
        answer = self.client.get(path, **extra)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return answer.json()

    def wait(self, job_id: str) -> dict[str, Any]:
        """A job once it is over."""
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            job: dict[str, Any] = self.get(f"/v1/jobs/{job_id}")
            if job["status"] in ("done", "failed", "cancelled"):
                return job
            time.sleep(0.05)
        raise AssertionError("the job did not end")


@contextmanager
def serving(settings: Settings) -> Iterator[Service]:
    """A service on a free port of this machine, for as long as the block lasts."""
    app = create_app(settings)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        deadline = time.monotonic() + WAIT_S
        while not server.started:
            assert thread.is_alive()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=base, timeout=WAIT_S) as client:
            try:
                yield Service(client, app, settings)
            finally:
                server.should_exit = True
                thread.join(WAIT_S)


@pytest.fixture
def own_town(town: Path, tmp_path: Path) -> Path:
    """A copy of that store which a test may change."""
    return copy_store(town, tmp_path)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder of tables with only the bold columns and coordinates."""
    folder = tmp_path / "lists"
    folder.mkdir()
    write_list(folder, "units", "name,lon,lat", "Clinic,121.470,31.230", "School,121.480,31.230")
    write_list(
        folder, "offers", "unit,category,lon,lat", "Clinic,health,121.470,31.230", "School,education,,"
    )
    write_list(
        folder, "needs", "category,lon,lat", "health,121.471,31.230", "health,121.472,31.231", "legal,,"
    )
    return folder


@pytest.fixture(scope="session")
def reading(town: Path) -> Iterator[Service]:
    """A service that tests only read from."""
    with serving(Settings(store_url=f"sqlite:///{town}", publish_delay_s=0.2)) as service:
        yield service


@pytest.fixture
def serve(tmp_path: Path, town: Path) -> Iterator[Callable[..., Service]]:
    """Starts services over a copy of the town (`is_empty`: over a new store), with settings if given."""
    running = []

    def start(*, is_empty: bool = False, **changes: Any) -> Service:
        file = tmp_path / f"store{len(running)}" / "town.db"
        file.parent.mkdir()
        if not is_empty:
            copy_store(town, file.parent)
        settings = replace(Settings(store_url=f"sqlite:///{file}"), **changes)
        context = serving(settings)
        running.append(context)
        return context.__enter__()

    yield start
    for context in running:
        context.__exit__(None, None, None)


@pytest.fixture
def service(serve: Callable[..., Service]) -> Service:
    """A service over a town of the test's own."""
    return serve()


@contextmanager
def serving_hamlet(folder: Path) -> Iterator[Service]:
    """A service over a tiny town, matched."""
    file = folder / "town.db"
    store = open_store(f"sqlite:///{file}")
    records = [
        Area(id="a", name="梧桐", lon=121.5, lat=31.2),
        Unit(id="u", name="便民维修队", area="a", lon=121.5, lat=31.2),
        Offer(id="o", unit="u", category="repair", title="上门维修", capacity=1),
        Need(id="n", category="repair", area="a", title="修灯", quantity=2),
    ]
    store.write(Batch(put=records))
    make_round(store)
    store.close()
    with serving(Settings(store_url=f"sqlite:///{file}")) as service:
        yield service


@pytest.fixture(scope="session")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A tiny town that tests only read from."""
    with serving_hamlet(tmp_path_factory.mktemp("hamlet")) as service:
        yield service


@pytest.fixture(scope="session")
def playground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A tiny town for requests that nobody would send, and that may change it."""
    with serving_hamlet(tmp_path_factory.mktemp("playground")) as service:
        yield service
