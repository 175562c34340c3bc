"""The workbench in a real Chromium, served over a synthetic sub-district; nothing else can be reached."""

from __future__ import annotations

import json
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

WEB = Path(__file__).resolve().parents[2] / "web" / "dist"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
SIZES = {"desk": (1440, 900), "phone": (390, 844), "small": (320, 640)}


@dataclass(frozen=True)
class Site:
    """A running workbench."""

    base: str
    store_url: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(store_url: str, **more: Any) -> Iterator[Site]:
    """The service in a thread of this process, on a free port of this machine alone."""
    import uvicorn

    from api.app import create_app
    from api.settings import Settings

    port = free_port()
    app = create_app(Settings(store_url=store_url, **more))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive(), "the service did not start"
        assert time.monotonic() < deadline, "the service did not start in time"
        time.sleep(0.02)
    try:
        yield Site(f"http://127.0.0.1:{port}", store_url)
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no chromium on this machine (Debian, Ubuntu: apt install chromium fonts-noto-cjk)")
    if not (WEB / "index.html").exists():
        pytest.skip("the page isn't built; run make setup")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sample_list(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic sub-district as an office keeps it, in one workbook."""
    from api.services.samples import write_subdistrict

    path = tmp_path_factory.mktemp("lists") / "2026.xlsx"
    write_subdistrict(path, seed=1)
    return path


@pytest.fixture(scope="session")
def matched_store(sample_list: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the sub-district loaded and matched; each site gets a copy of its own."""
    from api.services.loads import load_paths
    from api.services.rounds import make_round
    from api.services.stores import opened

    file = tmp_path_factory.mktemp("store") / "town.db"
    with opened(f"sqlite:///{file}") as store:
        load_paths(store, [sample_list])
        make_round(store)
    return file


@pytest.fixture(scope="session")
def shared_site(matched_store: Path) -> Iterator[Site]:
    """A site for tests that only look."""
    with serving(f"sqlite:///{matched_store}") as site:
        yield site


@pytest.fixture
def site_over(matched_store: Path, tmp_path: Path) -> Iterator[Callable[[Path], Site]]:
    """Makes a site whose map has a ground."""
    from api.services.copies import copy_store

    with ExitStack() as closing:

        def make(ground: Path) -> Site:
            target = f"sqlite:///{tmp_path / 'town.db'}"
            copy_store(f"sqlite:///{matched_store}", target)
            return closing.enter_context(serving(target, pmtiles=ground))

        yield make


@pytest.fixture
def own_site(matched_store: Path, tmp_path: Path) -> Iterator[Site]:
    """A site for a test that writes."""
    from api.services.copies import copy_store

    target = f"sqlite:///{tmp_path / 'town.db'}"
    copy_store(f"sqlite:///{matched_store}", target)
    with serving(target) as site:
        yield site


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    with serving(f"sqlite:///{tmp_path / 'empty.db'}") as site:
        yield site


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens an address of a site; foreign requests, page errors and refused content fail the test."""
    contexts: list[Any] = []
    faults: list[str] = []

    def open_page(
        site: Site, path: str, *, size: str = "desk", theme: str = "light", settle: bool = True
    ) -> Any:
        width, height = SIZES[size]
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        context.add_init_script(
            "if (!localStorage.getItem('linli.theme'))"
            f" localStorage.setItem('linli.theme', {json.dumps(json.dumps(theme))})"
        )
        contexts.append(context)

        def let_pass(route: Any) -> None:
            if route.request.url.startswith(site.base):
                route.continue_()
            else:
                faults.append(f"asked for {route.request.url}")
                route.abort()

        context.route("**/*", let_pass)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"error of the page: {error}"))
        page.on(
            "console",
            lambda message: (
                faults.append(f"console: {message.text}")
                if "Content Security Policy" in message.text or "violates" in message.text
                else None
            ),
        )
        page.goto(site.base + path)
        if settle:
            page.wait_for_selector(
                "main > :not(.state-loading), .print-page", state="attached", timeout=60_000
            )
            page.wait_for_load_state("networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, faults
