"""What every route works with: the store, what is remembered of it, jobs, uploads, publications."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, cast

from fastapi import Depends, Request

from api.caches import LruCache
from api.guards import log_error
from api.jobs import Jobs
from api.publishing import Publisher
from api.services.history import snapshot_of_round
from api.services.live import LiveRound
from api.services.log import Log
from api.services.rounds import choose_current, current_round
from api.services.stores import is_server
from api.settings import Settings
from api.uploads import Uploads
from graph.errors import StoreUrlError
from graph.snapshot import Snapshot
from graph.store import Round, Store, open_store
from graph.wording import word


@dataclass(frozen=True, slots=True)
class Context:
    """One service at work.

    Attributes
    ----------
    settings : Settings
    store : Store
    cache : LruCache
        Snapshots, rounds, boards and matches, by revision token.
    jobs, uploads, publisher
        What outlives a request.
    log : Log
    live : LiveRound
        The optimum as the lists stand.
    """

    settings: Settings
    store: Store
    cache: LruCache
    jobs: Jobs
    uploads: Uploads
    publisher: Publisher
    log: Log
    live: LiveRound

    def snapshot(self) -> Snapshot:
        """The graph as it is now."""
        return self.store.snapshot()

    def round(self, round_id: str | None = None) -> Round:
        """A round with its results, by default the current one; its status is read anew each time.

        Raises
        ------
        NoRoundError
            If there is none.
        """
        if round_id is None or round_id == "current":
            known = self.current()
        else:
            known = next((found for found in self.store.rounds() if found.id == round_id), None)
        if known is None:
            return current_round(self.store, round_id)
        key = ("round", known.id, known.token, known.status)
        return self.cache.get(key, partial(self.store.get_round, known.id))

    def current(self) -> Round | None:
        """The round that is shown where none is named, without its results; None before the first match."""
        return choose_current(self.store.rounds(), self.is_stale)

    def is_stale(self, round_: Round) -> bool:
        """Whether the lists have changed since a round was solved; what was undone since doesn't count."""
        return self.store.revision()[1] != round_.token and not self.log.agrees(round_.revision)

    def round_snapshot(self, round_: Round) -> Snapshot:
        """The graph that a round was solved from."""
        if self.store.revision()[1] == round_.token:
            return self.store.snapshot()
        return self.cache.get(("snapshot", round_.token), lambda: snapshot_of_round(self.store, round_))


@contextmanager
def open_context(settings: Settings) -> Iterator[Context]:
    """A service's context, for as long as the block lasts.

    Raises
    ------
    StoreUrlError
        If the store's address is none that a second process can open too.
    StoreError
        If the store can't be opened.
    """
    if settings.store_file is None and not is_server(settings.store_url):
        raise StoreUrlError(**word("unshared_store", url=settings.store_url))
    store = open_store(settings.store_url)
    jobs = Jobs(store, lease_s=settings.job_lease_s)
    publisher = Publisher(store, settings.publish_delay_s, log_error)
    live = LiveRound(store, _beside(settings, ".live.npz"))
    try:
        uploads = Uploads(settings.uploads_folder or _beside(settings, ".loads"), settings.load_keep_s)
        cache = LruCache(settings.cache_entries)
        yield Context(settings, store, cache, jobs, uploads, publisher, Log(store), live)
    finally:
        live.close()
        publisher.close()
        jobs.close()
        store.close()


def _beside(settings: Settings, ending: str) -> Path:
    """A place beside the store's file; for a server in the user's cache."""
    if settings.store_file is not None:
        return settings.store_file.with_name(settings.store_name + ending)
    from graph.neo4j.reading import place_of

    place = place_of(settings.store_url)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place.with_name(place.name + ending)


def get_context(request: Request) -> Context:
    """The context of the app that a request came to."""
    return cast("Context", request.app.state.context)


InContext = Annotated[Context, Depends(get_context)]
"""The context, as routes ask for it."""
