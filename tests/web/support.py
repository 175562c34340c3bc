"""What the browser tests share: asking the service beside the page, and waiting for the page."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from typing import Any


def ask(site: Any, path: str, body: Any = None) -> Any:
    """Ask the service directly, as a check on what the page shows."""
    request = urllib.request.Request(
        site.base + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
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


def numbers(text: str) -> list[int]:
    """Every whole number of a text, in its order."""
    return [int(found.replace(",", "")) for found in re.findall(r"\d[\d,]*", text)]
