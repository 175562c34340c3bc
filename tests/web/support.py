"""What the browser tests share: asking the service beside the page, and waiting for the page."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
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
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def summary(site: Any, query: str = "") -> Any:
    """The page's figures under a filter."""
    return ask(site, f"/v1/rounds/current/summary{query}")


def until(page: Any, expression: str, arg: Any = None, *, timeout_s: float = 120) -> None:
    """Wait until an expression holds. Playwright's own way needs `eval`, which the page's policy forbids."""
    deadline = time.monotonic() + timeout_s
    while not page.evaluate(expression, arg):
        assert time.monotonic() < deadline, f"waited in vain for {expression}"
        page.wait_for_timeout(50)


def change(site: Any, path: str, fields: Any) -> Any:
    """Change a record as somebody else would."""
    return ask(site, path, fields, method="PATCH")


PROBE = "/v1/held-by-the-test"
HELD = f"() => fetch('{PROBE}').then((answer) => answer.text()).then((text) => text === 'held')"


def intercept(page: Any, pattern: str, handler: Callable[[Any], Any]) -> None:
    """Hold requests of a page, surely: for a moment after asking for it a browser still lets some through."""
    page.route(pattern, handler)
    page.route(f"**{PROBE}", lambda route: route.fulfill(body="held"))
    until(page, HELD)


def answer_with(page: Any, pattern: str, document: Any) -> None:
    """Let requests of a page get a document of the test's own."""
    body = json.dumps(document)
    intercept(page, pattern, lambda route: route.fulfill(content_type="application/json", body=body))


def try_number(page: Any, number: str) -> None:
    """Open the first question, type an answer, and wait until what it would change is shown."""
    open_question(page)
    page.keyboard.type(number)
    wait_for_trial(page)


def open_question(page: Any) -> None:
    """Open the first question; what is typed next goes into its number."""
    page.keyboard.press("e")
    page.wait_for_selector(".change input:focus")


def wait_for_trial(page: Any) -> None:
    """Wait until what is shown is the trial of the number that stands in the field, ready to be kept."""
    page.wait_for_selector(".change [type=submit]:enabled")


def go_by_keys(page: Any, keys: str) -> None:
    """Press keys that count as one while they follow each other closely."""
    page.keyboard.type(keys)


def wait_for_new_round(site: Any, page: Any, was: str, *, timeout_s: float = 120) -> str:
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
def settling(page: Any, *, timeout_s: float = 120) -> Iterator[None]:
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
