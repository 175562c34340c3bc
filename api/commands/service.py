"""Commands that show linli at work: `demo` and `serve`."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from api.commands.door import Command, Door, door_options
from graph.wording import word

if TYPE_CHECKING:
    import socket

PORT: Final = 8600
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
PORTS_TRIED: Final = 50
PORT_OPTION: Final = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Where to listen; 0: on any free port.",
)


@click.command(cls=Command, examples=("linli serve", "linli serve --store sqlite:///town.db --port 8700"))
@click.option("--host", default="127.0.0.1", show_default=True, help="This computer's own address.")
@PORT_OPTION
@click.option("--pmtiles", type=click.Path(path_type=Path), help="The map's ground: a file of this computer.")
@door_options
def serve(door: Door, host: str, port: int, pmtiles: Path | None) -> None:
    """Serve the workbench and the API on this computer until interrupted (Ctrl+C).

    Nobody has to sign in yet, so no other address than this computer's own is served.
    """
    if host not in LOOPBACK:
        from api.services.errors import UnsafeHostError

        raise UnsafeHostError(**word("open_to_others", host=host))
    _serve(door, door.url, host, port, pmtiles)


@click.command(cls=Command, examples=("linli demo", "linli demo --no-serve", "linli demo --no-serve --json"))
@click.option("--serve/--no-serve", "is_served", default=True, help="Serve the workbench afterwards.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Where everything goes.",
)
@PORT_OPTION
@door_options
def demo(door: Door, is_served: bool, folder: Path, port: int) -> None:
    """Load a made-up sub-district, match it, show what came of it, and serve the workbench.

    Everything goes into one folder, made afresh each time; an empty Neo4j server named with --store is used,
    a new file gets the store as well. The facts of five newspaper reports are loaded into a second store, to
    browse.
    """
    from api.render_demo import show_demo
    from api.services.copies import copy_store
    from api.services.demo import make_demo
    from api.services.stores import is_server

    server = door.url if is_server(door.url) else None
    file_url = door.url if server is None and _is_store_named() else None
    if file_url is not None:
        _refuse_used(file_url)
    with door.progress() as tell:
        made = make_demo(folder, server_url=server, language=door.language, progress=tell)
        if file_url is not None:
            copy_store(made.url, file_url, progress=tell)
            made = replace(made, url=file_url, document={**made.document, "store": file_url})
    door.answer(made.document, show_demo(made))
    if is_served:
        _serve(door, made.url, "127.0.0.1", port)


def _is_store_named() -> bool:
    """Whether the command line itself names the store: one that stands for all commands is left alone."""
    source = click.get_current_context().get_parameter_source("store_url")
    return source is click.core.ParameterSource.COMMANDLINE


def _refuse_used(url: str) -> None:
    from api.services.errors import NotEmptyError
    from api.services.stores import holds_something, opened

    with opened(url, is_trial=True) as store:
        if holds_something(store):
            raise NotEmptyError(**word("demo_store_holds", url=url))


def _serve(door: Door, url: str, host: str, port: int, pmtiles: Path | None = None) -> None:
    """Listen on the port, or on the next one that is free, and say where."""
    import uvicorn

    from api.app import create_app
    from api.settings import Settings

    free = _free_port(host, port)
    if port and free != port:
        door.note("port_taken", port=port, other=free)
    settings = Settings.from_environment(store_url=url, pmtiles=pmtiles)
    app = create_app(settings)
    config = uvicorn.Config(
        app, host=host, port=free, log_level="warning", access_log=False, timeout_graceful_shutdown=3
    )
    shown = f"[{host}]" if ":" in host else host

    class Told(uvicorn.Server):
        """Says its address once it listens, not while the app still starts."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                door.note("serving", address=f"http://{shown}:{free}/")

    server = Told(config)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    door.note("stopped")


def _free_port(host: str, port: int) -> int:
    """The port, or the next one after it on which nobody listens; for 0 any."""
    import socket

    from api.services.errors import PortTakenError

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + PORTS_TRIED, 65536)):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise PortTakenError(**word("no_free_port", port=port))
