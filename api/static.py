"""The built page: files of one folder, and its start page for all addresses that the page knows."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from api.problems import DoorError
from api.settings import SettingError, Settings
from graph.model import TABLES
from graph.wording import word

PAGES: Final = frozenset({"today", "map", "round", "gaps", "network", "lists", "print", "record", *TABLES})
"""First parts of the page's own addresses."""

_HASHED: Final = re.compile(r"[-.][A-Za-z0-9_-]{8,}\.\w+$")
_GROUND: Final = b"PMTiles\x03"
_FOREVER: Final = "public, max-age=31536000, immutable"
_NOT_BUILT: Final = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>邻里</title>
<h1>页面还没有生成</h1>
<p>在项目文件夹里运行 <code>make setup</code>，再刷新这一页。
数据接口已经可用：<a href="/openapi.json">/openapi.json</a></p>
<h1 lang="en">The page isn't built yet</h1>
<p lang="en">Run <code>make setup</code> in the project's folder, then reload this page.
The interface to the data works already: <a href="/openapi.json">/openapi.json</a></p>
<p lang="en">Looked for it in <code>{folder}</code></p>
"""


def check_ground(settings: Settings) -> None:
    """See that the map's ground is one, where there is one.

    Raises
    ------
    SettingError
        If it can't be read, or is no PMTiles file of the version that the page draws.
    """
    if settings.pmtiles is None:
        return
    try:
        with settings.pmtiles.open("rb") as file:
            is_ground = file.read(len(_GROUND)) == _GROUND
    except OSError:
        is_ground = False
    if not is_ground:
        raise SettingError(**word("no_ground", path=settings.pmtiles))


def add_static(app: FastAPI, settings: Settings) -> None:
    """Serve the page, and the map's ground where there is one. Add it last: it answers what no route does."""
    router = APIRouter(include_in_schema=False)

    if settings.pmtiles is not None:
        ground = settings.pmtiles

        @router.get(f"/tiles/{ground.name}")
        def send_ground() -> Response:
            return FileResponse(ground, media_type="application/vnd.pmtiles")

    @router.get("/{path:path}")
    def send_page(request: Request, path: str) -> Response:
        try:
            return find_page(settings.web_folder, path)
        except DoorError:
            start = settings.web_folder / "index.html"
            if not _is_visit(request, path) or not start.is_file():
                raise
            # Somebody followed a link that leads nowhere: the page says so, with ways on.
            return FileResponse(start, status_code=404, headers={"Cache-Control": "no-cache"})

    app.include_router(router)


def find_page(folder: Path, path: str) -> Response:
    """What the page's folder answers to a path.

    Raises
    ------
    DoorError
        If there is no such file, and the path is none of the page's own addresses.
    """
    start = folder / "index.html"
    if path.partition("/")[0] in PAGES or path in ("", "index.html"):
        if not start.is_file():
            return HTMLResponse(_NOT_BUILT.format(folder=escape(folder.name)))
        return FileResponse(start, headers={"Cache-Control": "no-cache"})
    file = _inside(folder, path)
    if file is None:
        raise DoorError("not-found", **word("nothing_here"))
    is_hashed = file.parent.name == "assets" and _HASHED.search(file.name)
    return FileResponse(file, headers={"Cache-Control": _FOREVER if is_hashed else "no-cache"})


def _is_visit(request: Request, path: str) -> bool:
    """Whether a person's browser goes to an address that isn't the interface's own."""
    is_page = path.partition("/")[0] != "v1" and "." not in path.rpartition("/")[2]
    return is_page and "text/html" in request.headers.get("accept", "")


def _inside(folder: Path, path: str) -> Path | None:
    """A file of a folder, or None if the path leads out of it or to nothing."""
    if "\x00" in path or any(part.startswith(".") for part in path.split("/")):
        return None
    try:
        file = (folder / path).resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    return file if file.is_file() and file.is_relative_to(folder.resolve()) else None
