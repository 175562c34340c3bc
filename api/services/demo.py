"""The demonstration: a made-up sub-district loaded and matched, the five reports beside it to browse."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from api.services.errors import NotEmptyError
from api.services.loads import load_paths
from api.services.records import names_of
from api.services.rounds import make_round, match_of
from api.services.samples import reports_folder, write_subdistrict
from api.services.stores import holds_something, opened, store_url
from graph.periods import Period
from graph.wording import word

if TYPE_CHECKING:
    from graph.store import Store

Progress = Callable[[str, int, int], None]

SEED: Final = 1
REPORTED: Final = Period(date(2021, 1, 1), date(2021, 12, 31))
"""The year of the reports that is matched, so that each page shows something: one alliance speaks of it."""

MARK: Final = ".linli-demo"
"""A file that says that the folder was made here and may be made afresh, and what on a server was."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demonstration made.

    Attributes
    ----------
    folder : Path
    url, reports_url : str
        Stores of the made-up sub-district, in the folder or on a server, and of the five reports.
    document : dict
        `loaded`, `reports`, `match` and `gaps`, as the commands of these names give them.
    names : mapping
        Names by id of the sub-district's areas, units and offers.
    """

    folder: Path
    url: str
    reports_url: str
    document: dict[str, Any]
    names: Mapping[str, str]


def make_demo(
    folder: Path, *, server_url: str | None = None, language: str = "zh", progress: Progress | None = None
) -> Demo:
    """Make the demonstration's folder afresh: lists, two stores, a proposed round in each.

    Parameters
    ----------
    folder : Path
    server_url : str, optional
        The sub-district goes into this Neo4j server's store and not into the folder.
    language : str
    progress : callable, optional

    Raises
    ------
    NotEmptyError
        If the folder or the server holds anything that a demonstration didn't make.
    """
    if server_url is not None:
        _clear_server(server_url, folder)
    _clear(folder)
    lists = folder / "subdistrict.xlsx"
    write_subdistrict(lists, seed=SEED)
    url, reports_url = (store_url(folder / name) for name in ("subdistrict.db", "reports.db"))
    url = server_url or url
    with opened(url) as store:
        loaded = load_paths(
            store,
            [lists],
            report_path=folder / "subdistrict-marked.xlsx",
            language=language,
            progress=progress,
        )
        made = make_round(store, progress=progress)
        names = names_of(store, ("areas", "units", "offers"))
        (folder / MARK).write_text(_mark(store), encoding="utf-8")
    with opened(reports_url) as store:
        reports = load_paths(store, [reports_folder()], language=language, progress=progress)
        make_round(store, period=REPORTED, progress=progress)
    document = {
        "store": url,
        "reports_store": reports_url,
        "loaded": loaded,
        "reports": reports,
        "match": match_of(made),
        "gaps": made.results["gaps"],
    }
    return Demo(folder, url, reports_url, document, names)


def _mark(store: Store) -> str:
    """What tells the store that a demonstration made from any other, and from itself once it was changed."""
    return f"{store.url} {store.revision()[1]}"


def _clear_server(url: str, folder: Path) -> None:
    """Empty a server's store that still is as the last demonstration in the folder left it."""
    from graph.neo4j.store import Neo4jStore

    mark = folder / MARK
    with closing(Neo4jStore.open(url)) as store:
        if not holds_something(store):
            return
        if not mark.exists() or mark.read_text(encoding="utf-8") != _mark(store):
            raise NotEmptyError(**word("server_holds", url=url))
        store.clear()


def _clear(folder: Path) -> None:
    if folder.exists():
        if not (folder / MARK).exists() and any(folder.iterdir()):
            raise NotEmptyError(**word("folder_holds", folder=folder))
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
