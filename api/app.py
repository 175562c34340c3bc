"""The HTTP service: `create_app(settings)`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from typing import Any

from fastapi import FastAPI

from api import schemas
from api.context import open_context
from api.guards import Guards
from api.handlers import install_handlers, problem_responses
from api.problems import MEDIA_TYPE
from api.routes import (
    board,
    claims,
    documents,
    exports,
    history,
    loads,
    maps,
    network,
    planning,
    records,
    rounds,
    state,
)
from api.settings import Settings
from api.static import add_static, check_ground
from api.version import VERSION

_ROUTERS = (
    state.router,
    rounds.router,
    board.router,
    documents.router,
    claims.router,
    loads.router,
    exports.router,
    history.router,
    network.router,
    planning.router,
    maps.router,
    # Last, since `/v1/{table}` would take every other address.
    records.router,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the service of one store; the store is open until the service ends.

    Parameters
    ----------
    settings : Settings, optional
        By default those of the environment, now.

    Raises
    ------
    StoreError
        If the store can't be opened, or its address is none that the service can share.
    SettingError
        If the map's ground is none that can be read.
    """
    settings = settings or Settings.from_environment()
    check_ground(settings)
    closing = ExitStack()
    context = closing.enter_context(open_context(settings))

    @asynccontextmanager
    async def live(_app: FastAPI) -> AsyncIterator[None]:
        with closing:
            yield

    app = _make_app(live)
    app.state.context = context
    app.add_middleware(Guards, settings=settings)
    add_static(app, settings)
    return app


def describe_routes() -> dict[str, Any]:
    """The OpenAPI document, without a store."""
    return _make_app(None).openapi()


def render_routes() -> str:
    """The page `docs/api.md`."""
    from api.reference import render_routes as render

    return render(describe_routes())


def _make_app(lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None) -> FastAPI:
    """The routes, without a store."""
    app = FastAPI(
        title="linli",
        version=VERSION,
        summary="Matches what neighbourhoods need with the units that can serve it, and shows the gaps.",
        lifespan=lifespan,
        # The pages that FastAPI brings for reading the interface load scripts from other hosts.
        docs_url=None,
        redoc_url=None,
    )
    install_handlers(app)
    for router in _ROUTERS:
        app.include_router(router)
    _describe_problems(app)
    return app


def _describe_problems(app: FastAPI) -> None:
    """Let the OpenAPI document say that every refusal is a problem, which no route gives as its answer."""
    write = app.openapi

    def openapi() -> dict[str, Any]:
        document = write()
        shapes = document.setdefault("components", {}).setdefault("schemas", {})
        shapes["Problem"] = schemas.Problem.model_json_schema()
        # FastAPI's own shape of a request that can't be read; ours is a problem document.
        for name in ("HTTPValidationError", "ValidationError"):
            shapes.pop(name, None)
        for methods in document["paths"].values():
            for method, route in methods.items():
                _add_refusals(method, route)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _add_refusals(method: str, route: dict[str, Any]) -> None:
    """What every route of a method may refuse, and FastAPI's own description of 422 replaced."""
    codes = ["host", "store", "failed"]
    if method != "get":
        codes += ["foreign-origin", "too-large"]
    if "requestBody" in route:
        codes += ["bad-request"]
    answers = route["responses"]
    if MEDIA_TYPE not in answers.get("422", {"content": {MEDIA_TYPE: {}}})["content"]:
        codes += ["invalid"]
        answers.pop("422")
    for status, answer in problem_responses(*codes).items():
        known = answers.setdefault(str(status), answer)
        examples = answer["content"][MEDIA_TYPE]["examples"]
        known["content"][MEDIA_TYPE]["examples"] |= examples
