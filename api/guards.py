"""The doorkeeper: whom the service answers, how much it takes in, and what its answers forbid.

Nobody signs in yet, so the machine itself is the border. The Host header must name this machine (a foreign
name that resolves to it, as DNS rebinding arranges, is refused), and a request that changes something must
come from our own page or from no page at all.
"""

from __future__ import annotations

import logging
import time
from typing import Final

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.handlers import problem_response
from api.problems import DoorError
from api.settings import Settings
from graph.errors import ServerAwayError
from graph.wording import Words, word

LOG: Final = logging.getLogger("linli.api")

_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES: Final = frozenset({"same-origin", "none"})
_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "worker-src 'self' blob:",
        # The grid writes its theme into style elements of its own.
        "style-src 'self' 'unsafe-inline'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
"""Headers of every answer."""


class Guards:
    """ASGI middleware around everything else: checks requests, adds headers, logs without particulars."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.monotonic()
        status = 0
        # Routes answer GET; HEAD gets the same headers without the document.
        is_head = scope["method"] == "HEAD"
        inner = {**scope, "method": "GET"} if is_head else scope

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                names = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in HEADERS if pair[0] not in names),
                ]
                await send(message)
                if is_head:
                    await send({"type": "http.response.body", "body": b""})
            elif not is_head:
                await send(message)

        refusal = check_request(scope, self._most_bytes(scope))
        try:
            if refusal is not None:
                await problem_response(refusal, scope)(scope, receive, send_guarded)
            else:
                await self.app(inner, self._limited(scope, receive), send_guarded)
        except Exception as error:
            log_error(error)
            if status:
                raise
            await problem_response(error, scope)(scope, receive, send_guarded)
        finally:
            route = getattr(inner.get("route"), "path", "other")
            took_ms = (time.monotonic() - began) * 1000
            LOG.info("%s %s %s %.0f ms", scope["method"], route, status, took_ms)

    def _most_bytes(self, scope: Scope) -> int:
        is_upload = scope["method"] == "POST" and scope["path"] == "/v1/loads"
        return self.settings.upload_bytes if is_upload else self.settings.body_bytes

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        most, taken = self._most_bytes(scope), 0

        async def receive_limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise HTTPException(413, _too_large(most))
            return message

        return receive_limited


def check_request(scope: Scope, most_bytes: int) -> DoorError | None:
    """What is wrong with a request before anybody reads it: its host, its origin, its length."""
    headers: dict[bytes, list[str]] = {}
    for name, value in scope["headers"]:
        headers.setdefault(name, []).append(value.decode("latin-1"))
    hosts = headers.get(b"host", [])
    if len(hosts) != 1 or not is_own_host(hosts[0]):
        return DoorError("host")
    if scope["method"] not in _SAFE_METHODS:
        origins = headers.get(b"origin", [])
        sites = headers.get(b"sec-fetch-site", [])
        own = f"{scope.get('scheme', 'http')}://{hosts[0]}".lower()
        if any(origin.lower() != own for origin in origins) or any(site not in _OWN_SITES for site in sites):
            return DoorError("foreign-origin")
    length = headers.get(b"content-length", ["0"])[0]
    if length.isascii() and length.isdigit() and int(length) > most_bytes:
        return DoorError("too-large", **_too_large(most_bytes))
    return None


def is_own_host(host: str) -> bool:
    """Whether a Host header names this machine, with or without a port."""
    name, colon, port = host.lower().rpartition(":")
    if not colon or host.endswith("]"):
        name, port = host.lower(), "0"
    return name in _HOSTS and port.isascii() and port.isdigit()


def log_error(error: BaseException) -> None:
    """Log where something went wrong and the kind of error; its text may hold a name and stays out."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    what = type(error).__name__
    if isinstance(error, ServerAwayError):
        what = f"the store's server doesn't answer: {what}"
    LOG.error("%s at %s", what, " > ".join(places[-8:]))


def _too_large(most_bytes: int) -> Words:
    return word("too_large", most=most_bytes / 1024 / 1024)
