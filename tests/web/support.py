"""What the browser tests share: asking the service beside the page, and waiting for the page."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SIZES = {"small": (320, 640), "phone": (390, 844), "desk": (1440, 900)}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def ask(site: Any, path: str, body: Any = None, *, method: str | None = None) -> Any:
    """Ask the service directly, as a check on what the page shows."""
    request = urllib.request.Request(
        site.base + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def summary(site: Any, query: str = "") -> Any:
    """The page's figures under a filter."""
    return ask(site, f"/v1/rounds/current/summary{query}")


def until(page: Any, expression: str, arg: Any = None, *, timeout_s: float = 20) -> None:
    """Wait until an expression holds. Playwright's own way needs `eval`, which the page's policy forbids."""
    deadline = time.monotonic() + timeout_s
    while not page.evaluate(expression, arg):
        assert time.monotonic() < deadline, f"waited in vain for {expression}"
        page.wait_for_timeout(50)


def change(site: Any, path: str, fields: Any) -> Any:
    """Change a record as somebody else would."""
    return ask(site, path, fields, method="PATCH")


def answer_with(page: Any, pattern: str, document: Any) -> None:
    """Let requests of a page get a document of the test's own."""
    page.route(
        pattern,
        lambda route: route.fulfill(content_type="application/json", body=json.dumps(document)),
    )


def try_number(page: Any, number: str) -> None:
    """Open the first question, type an answer, and wait until what it would change is shown."""
    page.keyboard.press("e")
    page.wait_for_selector(".change input")
    page.keyboard.type(number)
    until(
        page,
        "!!document.querySelector('.trial') && !document.querySelector('.change [type=submit]').disabled",
    )


def wait_for_new_round(site: Any, page: Any, was: str, *, timeout_s: float = 60) -> str:
    """The id of the round that comes after one."""
    deadline = time.monotonic() + timeout_s
    while (now := str(ask(site, "/v1/state")["round"])) == was:
        assert time.monotonic() < deadline, "no new round came"
        page.wait_for_timeout(100)
    return now


def through_sizes(page: Any) -> Iterator[str]:
    """Give a page each size in turn, from the smallest on."""
    for size, (width, height) in SIZES.items():
        with settling(page):
            page.set_viewport_size({"width": width, "height": height})
        yield size


def numbers(text: str) -> list[int]:
    """Every whole number of a text, in its order."""
    return [int(found.replace(",", "")) for found in re.findall(r"\d[\d,]*", text)]


IDLE = "new Promise((done) => requestIdleCallback(() => done(), { timeout: 1000 }))"


@contextmanager
def settling(page: Any, *, timeout_s: float = 60) -> Iterator[None]:
    """Wait, after what is done in the block, until all it asked for has come and the page is at rest."""
    waiting: set[Any] = set()

    def begin(request: Any) -> None:
        waiting.add(request)

    def end(request: Any) -> None:
        waiting.discard(request)

    handlers = {"request": begin, "requestfinished": end, "requestfailed": end}
    for event, handler in handlers.items():
        page.on(event, handler)
    yield
    deadline = time.monotonic() + timeout_s
    rests = 0
    while rests < 4:
        page.evaluate(IDLE)
        rests = 0 if waiting else rests + 1
        assert time.monotonic() < deadline, [request.url for request in waiting]
        page.wait_for_timeout(25)
    for event, handler in handlers.items():
        page.remove_listener(event, handler)
