"""The HTTP service: `create_app(settings)`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

from fastapi import FastAPI

from api import schemas
from api.context import open_context
from api.guards import Guards
from api.handlers import install_handlers
from api.routes import board, claims, documents, exports, history, loads, maps, records, rounds, state
from api.settings import Settings
from api.static import add_static
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
    """
    settings = settings or Settings.from_environment()
    closing = ExitStack()
    context = closing.enter_context(open_context(settings))

    @asynccontextmanager
    async def live(_app: FastAPI) -> AsyncIterator[None]:
        with closing:
            yield

    app = FastAPI(
        title="linli",
        version=VERSION,
        summary="Matches what neighbourhoods need with the units that can serve it, and shows the gaps.",
        lifespan=live,
        # The pages that FastAPI brings for reading the interface load scripts from other hosts.
        docs_url=None,
        redoc_url=None,
    )
    app.state.context = context
    app.add_middleware(Guards, settings=settings)
    install_handlers(app)
    for router in _ROUTERS:
        app.include_router(router)
    add_static(app, settings)
    _describe_problems(app)
    return app


def _describe_problems(app: FastAPI) -> None:
    """Let the OpenAPI document hold the shape of problems, which no route gives as its own answer."""
    write = app.openapi

    def openapi() -> dict[str, object]:
        document = write()
        shapes = document.setdefault("components", {}).setdefault("schemas", {})
        shapes.setdefault("Problem", schemas.Problem.model_json_schema())
        return document

    app.openapi = openapi  # type: ignore[method-assign]
