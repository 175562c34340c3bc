"""Files that wait to be loaded: kept in a folder beside the store until they are loaded, discarded, or old.

Every service that sees the folder can go on with what another took in; of two that change the same upload at
once, neither change is lost. The folder and what is in it are readable by the service's own user alone; the
lists may name people.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final

from graph.errors import NotFoundError
from graph.wording import word

_ID: Final = re.compile(r"[A-Za-z0-9_-]{12}")
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Mend:
    """A cell that the planner put right on the page; the file itself stays as it is."""

    file: str
    sheet: str | None
    row: int
    column: str
    value: str


@dataclass(frozen=True, slots=True)
class Upload:
    """Files that came together and wait to be loaded.

    Attributes
    ----------
    id : str
    folder : Path
    files : tuple of Path
        In the order in which they came.
    mends : tuple of Mend
        The last one of a cell counts.
    said : tuple of str
        What the planner said of these lists once and for all, each as JSON; remembered when they are loaded.
    """

    id: str
    folder: Path
    files: tuple[Path, ...]
    mends: tuple[Mend, ...] = ()
    said: tuple[str, ...] = ()


class Uploads:
    """All uploads of one store.

    Parameters
    ----------
    folder : Path
        Made when the first upload comes.
    keep_s : float
        So long an upload waits.
    """

    def __init__(self, folder: Path, keep_s: float) -> None:
        self._folder = folder
        self._keep_s = keep_s
        self.clean()

    def add(self, files: Iterable[tuple[str, BinaryIO]]) -> Upload:
        """Keep files under safe forms of their names."""
        self.clean()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        upload_id = secrets.token_urlsafe(9)
        folder = self._folder / upload_id
        folder.mkdir(mode=0o700)
        names: list[str] = []
        try:
            for given, content in files:
                names.append(_free_name(safe_name(given), names))
                with (folder / names[-1]).open("xb") as sink:
                    shutil.copyfileobj(content, sink)
            upload = Upload(upload_id, folder, tuple(folder / name for name in names))
            self._note(upload, 1)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return upload

    def get(self, upload_id: str) -> Upload:
        """One upload.

        Raises
        ------
        NotFoundError
            If there is none of that id, or it was loaded, discarded, or waited too long.
        """
        return self._read(upload_id)[0]

    def _read(self, upload_id: str) -> tuple[Upload, int]:
        """An upload, and how many notes there are of it; the last one counts."""
        folder = self._folder / upload_id
        # The id is a path's part: anything that isn't one of ours must not reach the disk.
        notes = sorted(folder.glob(".note-*.json")) if _ID.fullmatch(upload_id) else []
        if not notes or self._is_old(folder):
            raise NotFoundError(**word("upload_gone"))
        content: dict[str, Any] = json.loads(notes[-1].read_text(encoding="utf-8"))
        mends = tuple(Mend(**mend) for mend in content["mends"])
        files = tuple(folder / name for name in content["files"])
        return Upload(upload_id, folder, files, mends, tuple(content["said"])), len(notes)

    def mend(self, upload_id: str, mends: Sequence[Mend]) -> Upload:
        """Put cells right; those given earlier stay."""

        def add(known: Upload) -> Upload:
            latest = {(m.file, m.sheet, m.row, m.column): m for m in (*known.mends, *mends)}
            return replace(known, mends=tuple(latest.values()))

        return self._change(upload_id, add)

    def say(self, upload_id: str, said: Sequence[str]) -> Upload:
        """Keep what was said of these lists, in place of what was said before."""
        return self._change(upload_id, lambda known: replace(known, said=tuple(said)))

    def _change(self, upload_id: str, change: Callable[[Upload], Upload]) -> Upload:
        """Note an upload anew; where another service was quicker, what it noted is changed instead."""
        while True:
            known, notes = self._read(upload_id)
            changed = change(known)
            # Where it was let go of meanwhile, reading it again says so.
            with suppress(FileNotFoundError):
                if self._note(changed, notes + 1):
                    return changed

    def remove(self, upload_id: str) -> None:
        """Let go of an upload."""
        shutil.rmtree(self.get(upload_id).folder, ignore_errors=True)

    def clean(self) -> None:
        """Let go of uploads that waited too long."""
        if not self._folder.is_dir():
            return
        for folder in self._folder.iterdir():
            if self._is_old(folder):
                shutil.rmtree(folder, ignore_errors=True)

    def _is_old(self, folder: Path) -> bool:
        try:
            return time.time() - folder.stat().st_mtime > self._keep_s
        except OSError:
            return False

    @staticmethod
    def _note(upload: Upload, number: int) -> bool:
        """Write the note of a number; False if there is one already. It appears whole."""
        content = {
            "files": [file.name for file in upload.files],
            "mends": [asdict(mend) for mend in upload.mends],
            "said": list(upload.said),
        }
        fresh = upload.folder / f".new-{secrets.token_hex(4)}"
        fresh.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        try:
            os.link(fresh, upload.folder / f".note-{number:06}.json")
        except FileExistsError:
            return False
        finally:
            fresh.unlink(missing_ok=True)
        return True


def safe_name(given: str) -> str:
    """A file's name without folders, control characters and whatever a disk or a shell may stumble on."""
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    name = _UNSAFE.sub("_", name).strip(" .") or "list"
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        return name[:_LONGEST_NAME]
    return f"{stem[: _LONGEST_NAME - len(suffix[:12])]}.{suffix[:12]}"


def _free_name(name: str, taken: Sequence[str]) -> str:
    stem, dot, suffix = name.rpartition(".")
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{stem}-{number}.{suffix}" if dot else f"{name}-{number}"
    return candidate
