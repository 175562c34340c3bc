"""The workbench in a real Chromium, served over a synthetic sub-district; nothing else can be reached."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from tests.stores import copy_store
from tests.web.support import SIZES, settling

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
    # No name and no address but this machine's own leads anywhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
RESTING = "/icon.svg"  # where a page waits for its next test: of a site, but without any of its code
# What a page keeps, as if nobody had been here before: the theme, and whether this machine can draw a map.
FORGET = """([theme, has_map]) => {
    localStorage.clear();
    sessionStorage.clear();
    localStorage.setItem("linli.theme", JSON.stringify(theme));
    if (!has_map) sessionStorage.setItem("tests.without_webgl", "1");
}"""
# A map drawn by software costs more than all else: tests that don't look at one are without WebGL.
WITHOUT_WEBGL = """if (sessionStorage.getItem("tests.without_webgl")) {
    const real = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
        return kind.startsWith("webgl") ? null : real.call(this, kind, ...more);
    };
}"""
PLAIN = {"media": "null", "color_scheme": "null", "contrast": "null"}


@dataclass(frozen=True)
class Site:
    """A running workbench."""

    base: str
    store_url: str


def listen() -> socket.socket:
    """A free port of this machine alone."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


@contextmanager
def serving(store_url: str, listener: socket.socket, **more: Any) -> Iterator[Site]:
    """The service in a thread of this process; the port stays taken when it has ended."""
    import uvicorn

    from api.app import create_app
    from api.settings import Settings

    app = create_app(Settings(store_url=store_url, **more))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, args=([listener.dup()],), daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive(), "the service did not start"
        assert time.monotonic() < deadline, "the service did not start in time"
        time.sleep(0.02)
    try:
        yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", store_url)
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
def shared_site(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site for tests that only look."""
    store_url = copy_of(town, tmp_path_factory.mktemp("shared"))
    with listen() as port, serving(store_url, port) as site:
        yield site


@pytest.fixture(scope="session")
def own_port() -> Iterator[socket.socket]:
    """Where sites of single tests stand, one after the other: the browser knows the page's files by then."""
    with listen() as port:
        yield port


@pytest.fixture
def site_over(town: Path, own_port: socket.socket, tmp_path: Path) -> Iterator[Callable[[Path], Site]]:
    """Makes a site whose map has a ground."""
    with ExitStack() as closing:

        def make(ground: Path) -> Site:
            target = copy_of(town, tmp_path)
            return closing.enter_context(serving(target, own_port, pmtiles=ground))

        yield make


@pytest.fixture
def own_site(town: Path, own_port: socket.socket, tmp_path: Path) -> Iterator[Site]:
    """A site for a test that writes."""
    with serving(copy_of(town, tmp_path), own_port) as site:
        yield site


def copy_of(store: Path, folder: Path) -> str:
    """The URL of a copy of a store."""
    return f"sqlite:///{copy_store(store, folder)}"


@pytest.fixture
def empty_site(own_port: socket.socket, tmp_path: Path) -> Iterator[Site]:
    with serving(f"sqlite:///{tmp_path / 'empty.db'}", own_port) as site:
        yield site


@pytest.fixture(scope="session")
def window(chromium: Any) -> Iterator[Any]:
    """One browsing context for all pages, so that what was fetched and compiled once is at hand."""
    context = chromium.new_context(locale="zh-CN")
    context.add_init_script(WITHOUT_WEBGL)
    # A wait that is too short fails on a busy machine, one that is too long only where something is wrong.
    context.set_default_timeout(120_000)
    yield context
    context.close()


@pytest.fixture(scope="session")
def tabs(window: Any) -> list[Any]:
    """Pages whose test is over and went well: the next one starts in the same process, with warm code."""
    return []


@pytest.fixture
def visit(window: Any, tabs: list[Any]) -> Iterator[Callable[..., Any]]:
    """Opens an address of a site in a page that remembers nothing of others; again: the same page anew.

    `has_map` lets it draw a map. Foreign requests, page errors and refused content fail the test.
    """
    page = tabs.pop() if tabs else window.new_page()
    bases: set[str] = set()
    faults: list[str] = []

    def look_at(request: Any) -> None:
        if not request.url.startswith((*bases, "blob:", "data:")):
            faults.append(f"asked for {request.url}")

    def read(message: Any) -> None:
        if "Content Security Policy" in message.text or "violates" in message.text:
            faults.append(f"console: {message.text}")

    watchers = {
        "request": look_at,
        "console": read,
        "pageerror": lambda error: faults.append(f"error of the page: {error}"),
    }

    def open_page(
        site: Site, path: str, *, size: str = "desk", theme: str = "light", has_map: bool = False
    ) -> Any:
        bases.add(site.base)
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        if page.url != f"{site.base}{RESTING}":
            page.goto(f"{site.base}{RESTING}")
        page.evaluate(FORGET, [theme, has_map])
        with settling(page):
            page.goto(site.base + path)
            page.wait_for_selector("main > :not(.state-loading), .print-page", state="attached")
        return page

    for event, watcher in watchers.items():
        page.on(event, watcher)
    yield open_page
    for event, watcher in watchers.items():
        page.remove_listener(event, watcher)
    window.set_offline(False)
    page.unroute_all(behavior="ignoreErrors")
    page.emulate_media(**PLAIN)
    if bases:
        # Not a blank page: that would be of another site, and each way there and back begins a process.
        page.goto(urljoin(page.url, RESTING))
    tabs.append(page)
    assert not faults, faults
