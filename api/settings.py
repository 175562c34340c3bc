"""What the service is told when it starts; nothing is read from the environment afterwards."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from graph.errors import LinliError
from graph.wording import word

DEFAULT_STORE: Final = "sqlite:///linli.db"
WEB_FOLDER: Final = Path(__file__).resolve().parent.parent / "web" / "dist"
"""Where the page lies once it is built."""

_SQLITE: Final = "sqlite:///"


class SettingError(LinliError):
    """A setting of the environment can't be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of one service.

    Attributes
    ----------
    store_url : str
        Address of the store; the service needs one that several processes can open.
    web_folder : Path
        The built page.
    pmtiles : Path or None
        A map of the ground that the page draws under its points, if there is one.
    uploads_folder : Path or None
        Where lists wait to be loaded; by default beside the store's file, for a server in the user's cache.
        Services of one store on several machines need one that all of them see.
    upload_bytes, body_bytes : int
        Most bytes of an upload, and of any other request.
    load_keep_s : float
        So long a load waits to be confirmed before its files are removed.
    publish_delay_s : float
        So long publishing a round can be taken back.
    job_lease_s : float
        A solve whose service hasn't been heard of for so long is taken up by another that shares the store.
    ending_days : int
        A promise that ends within so many days is one to look after.
    cache_entries : int
        How many snapshots, matches and boards are kept in memory.
    """

    store_url: str = DEFAULT_STORE
    web_folder: Path = field(default=WEB_FOLDER)
    pmtiles: Path | None = None
    uploads_folder: Path | None = None
    upload_bytes: int = 64 * 1024 * 1024
    body_bytes: int = 4 * 1024 * 1024
    load_keep_s: float = 24 * 3600.0
    publish_delay_s: float = 30.0
    job_lease_s: float = 30.0
    ending_days: int = 30
    cache_entries: int = 12

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **given: Any) -> Settings:
        """Settings from the environment; what is given by name comes first.

        Read are LINLI_STORE, LINLI_WEB, LINLI_PMTILES, LINLI_UPLOADS and LINLI_JOB_LEASE_S.

        Raises
        ------
        SettingError
            If LINLI_JOB_LEASE_S is no number of seconds above 0.
        """
        environment = os.environ if environment is None else environment
        found: dict[str, Any] = {}
        if environment.get("LINLI_STORE"):
            found["store_url"] = environment["LINLI_STORE"]
        if environment.get("LINLI_WEB"):
            found["web_folder"] = Path(environment["LINLI_WEB"])
        if environment.get("LINLI_PMTILES"):
            found["pmtiles"] = Path(environment["LINLI_PMTILES"])
        if environment.get("LINLI_UPLOADS"):
            found["uploads_folder"] = Path(environment["LINLI_UPLOADS"])
        if environment.get("LINLI_JOB_LEASE_S"):
            found["job_lease_s"] = _seconds("LINLI_JOB_LEASE_S", environment["LINLI_JOB_LEASE_S"])
        found.update({name: value for name, value in given.items() if value is not None})
        return replace(cls(), **found)

    @property
    def store_file(self) -> Path | None:
        """The store's file, where it is one."""
        return Path(self.store_url.removeprefix(_SQLITE)) if self.store_url.startswith(_SQLITE) else None

    @property
    def store_name(self) -> str:
        """What the page calls the store: its file's name without folders, else its address's last part."""
        return self.store_file.name if self.store_file else self.store_url.rpartition("/")[2]


def _seconds(name: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise SettingError(**word("bad_seconds", name=name, text=text))
    return seconds
