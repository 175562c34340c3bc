"""Files that wait to be loaded: safe names, private folders, gone when old."""

from __future__ import annotations

import io
import os
import stat
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.uploads import Mend, Uploads, safe_name
from graph.errors import NotFoundError


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "town.db.loads", 3600)


def put(uploads: Uploads, *names: str):
    return uploads.add((name, io.BytesIO(name.encode())) for name in names)


@given(st.text(max_size=300))
def test_a_safe_name_is_one_plain_name(given: str) -> None:
    name = safe_name(given)
    assert name
    assert len(name) <= 140
    assert not set(name) & set('/\\:*?"<>|\x00\n')
    assert not name.startswith(".")
    assert Path(name).name == name


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("2026年服务需求清单.xlsx", "2026年服务需求清单.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\清单\\需求.csv", "需求.csv"),
        (".bashrc", "bashrc"),
        ("", "list"),
        ("a/..", "list"),
    ],
)
def test_safe_names(given: str, safe: str) -> None:
    assert safe_name(given) == safe


def test_files_are_kept_under_their_names_for_their_owner_alone(uploads: Uploads) -> None:
    upload = put(uploads, "a.csv", "a.csv", "../b.csv")
    assert [file.name for file in upload.files] == ["a.csv", "a-2.csv", "b.csv"]
    assert all(file.parent == upload.folder for file in upload.files)
    assert [file.read_text() for file in upload.files] == ["a.csv", "a.csv", "../b.csv"]
    assert stat.S_IMODE(upload.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(upload.folder.parent.stat().st_mode) == 0o700
    assert uploads.get(upload.id) == upload


def test_mends_are_kept_and_the_last_one_counts(uploads: Uploads, tmp_path: Path) -> None:
    upload = put(uploads, "a.csv")
    uploads.mend(upload.id, [Mend("a.csv", None, 2, "数量", "3"), Mend("a.csv", None, 3, "数量", "4")])
    uploads.mend(upload.id, [Mend("a.csv", None, 2, "数量", "5")])
    again = Uploads(tmp_path / "town.db.loads", 3600).get(upload.id)
    assert {(mend.row, mend.value) for mend in again.mends} == {(2, "5"), (3, "4")}
    assert again.files[0].read_text() == "a.csv"


def test_removed_and_old_ones_are_gone(uploads: Uploads) -> None:
    removed, old, young = (put(uploads, "a.csv") for _ in range(3))
    uploads.remove(removed.id)
    past = time.time() - 4000
    os.utime(old.folder, (past, past))
    for upload in (removed, old):
        with pytest.raises(NotFoundError):
            uploads.get(upload.id)
    uploads.clean()
    assert not old.folder.exists()
    assert uploads.get(young.id) == young


@pytest.mark.parametrize(
    "upload_id", ["", ".", "..", "../town.db", "a" * 12, "/etc/passwd", "x" * 400, "a\x00b"]
)
def test_no_id_leads_elsewhere(uploads: Uploads, upload_id: str) -> None:
    put(uploads, "a.csv")
    with pytest.raises(NotFoundError):
        uploads.get(upload_id)
    with pytest.raises(NotFoundError):
        uploads.remove(upload_id)


def test_a_broken_transfer_leaves_nothing(uploads: Uploads, tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        uploads.add([("a.csv", io.BytesIO(b"1")), ("b.csv", Broken())])
    assert list((tmp_path / "town.db.loads").iterdir()) == []
