"""What can be wrong with a Neo4j server: the way in, what else it holds, its version, no writing, its end."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from api.settings import Settings
from graph.errors import StoreError
from graph.model import Project
from graph.neo4j import absence, connection
from graph.neo4j.connection import CA_FILE, PASSWORD, USER
from graph.neo4j.store import Neo4jStore
from graph.store import Batch, open_store
from graph.testing import TOWN, YEAR, claim_on
from tests.api.conftest import Service, serving
from tests.api.terminal import linli_json
from tests.graph.test_durability import BATCH
from tests.neo4j_server import REQUIRED, certificate, old_server, settings_of
from tests.neo4j_stores import PATIENT_WRITER, ask, tell
from tools.neo4j_server import Server

WAIT_S = 100.0
OUT_OF_REACH = 503


# -- sign-in, what else a database may hold ------------------------------------------------


def test_a_wrong_password_and_none_are_told(neo4j_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD, "wrong")
    with pytest.raises(StoreError, match="refuses the user and password") as caught:
        open_store(neo4j_server.url)
    assert PASSWORD in caught.value.remedy
    monkeypatch.delenv(USER)
    with pytest.raises(StoreError, match="wants a user"):
        open_store(neo4j_server.url)


@pytest.mark.parametrize("scheme", ["neo4j", "bolt"])
def test_a_certificate_is_trusted_by_who_signed_it(
    neo4j_server: Server, monkeypatch: pytest.MonkeyPatch, scheme: str, tmp_path: Path
) -> None:
    if shutil.which("openssl") is None:
        assert REQUIRED not in os.environ
        pytest.skip("no certificate can be made without openssl")
    address = neo4j_server.url.replace("neo4j:", f"{scheme}+s:")
    with pytest.raises(StoreError, match="isn't trusted: self-signed") as caught:
        open_store(address)
    assert CA_FILE in caught.value.remedy
    open_store(address.replace("+s:", "+ssc:")).close()
    monkeypatch.setenv(CA_FILE, str(certificate(neo4j_server)))
    store = open_store(address)
    assert store.url == address
    store.close()
    with pytest.raises(StoreError, match="isn't trusted: Hostname mismatch"):
        open_store(f"bolt+s://localhost:{neo4j_server.port}")
    for unreadable in (tmp_path, __file__):
        monkeypatch.setenv(CA_FILE, str(unreadable))
        with pytest.raises(StoreError, match="no certificates that can be read"):
            open_store(address)


def test_a_database_that_is_not_there_is_told(neo4j_server: Server) -> None:
    with pytest.raises(StoreError, match="database"):
        open_store(f"{neo4j_server.url}/nothing")


@pytest.mark.parametrize(
    ("protocol", "says"), [(b"\0\0\4\4", "Neo4j/4.4.40"), (b"\0\0\0\0", "no server that the driver knows")]
)
def test_an_older_server_is_refused(protocol: bytes, says: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=answer_as_of_old, args=(listener, protocol), daemon=True).start()
        told = linli_json("gaps", "--store", f"bolt://127.0.0.1:{listener.getsockname()[1]}", code=1)
    assert told["detail"].endswith(f"is {says}; linli needs Neo4j 5.26 or later")
    assert "make neo4j" in told["remedy"]


def answer_as_of_old(listener: socket.socket, protocol: bytes) -> None:
    """Speak the protocol of an old server as far as saying who it is."""
    agent, name = b"Neo4j/4.4.40", b"bolt-1"
    hello = b"\xb1\x70\xa2\x86server" + bytes([0x80 + len(agent)]) + agent
    hello += b"\x8dconnection_id" + bytes([0x80 + len(name)]) + name
    with suppress(OSError):  # the test is over
        while True:
            client, _ = listener.accept()
            with client:
                client.recv(20)
                client.sendall(protocol)
                while client.recv(4096):
                    client.sendall(len(hello).to_bytes(2, "big") + hello + b"\0\0")


@pytest.mark.large
def test_a_real_older_server_is_refused(tmp_path: Path) -> None:
    with old_server(tmp_path) as port:
        for scheme in ("neo4j", "bolt"):
            told = linli_json("gaps", "--store", f"{scheme}://127.0.0.1:{port}", code=1)
            assert told["detail"].endswith("is Neo4j/4.4.40; linli needs Neo4j 5.26 or later")


def test_what_is_no_store_or_a_newer_one_is_refused_and_left_alone(store: Neo4jStore) -> None:
    tell(store, "MATCH (d:Desk) DELETE d")
    tell(store, "MATCH (s:Store) SET s.version = 99")
    with pytest.raises(StoreError, match="versions up to"):
        open_store(store.url)
    tell(store, "MATCH (s:Store) SET s:Film REMOVE s:Store")
    try:
        with pytest.raises(StoreError, match="another program"):
            open_store(store.url)
        with pytest.raises(StoreError, match="was removed"):
            store.revision()
        assert ask(store, "MATCH (n) RETURN count(n), labels(n)") == [[1, ["Film"]]]
    finally:
        tell(store, "MATCH (n) DETACH DELETE n")
        open_store(store.url).close()


# -- the server's end, and one that only reads; the next test that needs it otherwise starts it again -----


def test_nothing_is_lost_when_the_server_is_killed_and_writers_go_on(
    store: Neo4jStore,
    neo4j_server: Server,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(connection, "READ_RETRY_S", 1.0)
    command = [sys.executable, "-c", PATIENT_WRITER, store.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        acknowledged = int(writer.stdout.readline())
        time.sleep(random.Random(7).uniform(0.1, 0.3))
        with serving(Settings(store_url=store.url)) as service:
            neo4j_server.kill()
            is_told_that_the_server_is_away(service)
            # Who asks when that is known doesn't wait.
            monkeypatch.setattr(connection, "READ_RETRY_S", 10 * WAIT_S)
            is_told_that_the_server_is_away(service)
            neo4j_server.start(settings=settings_of(neo4j_server))
            wait_until(lambda: service.client.get("/v1/state").status_code != OUT_OF_REACH)
            assert service.get("/v1/state")["revision"] >= acknowledged
        revision, _ = store.revision()  # the connection opened before the end goes on too
        known = store.count("needs")
        while (acknowledged := int(writer.stdout.readline())) <= revision:
            pass
        writer.kill()
        lines = writer.stdout.readlines()
    acknowledged = max([acknowledged, *(int(line) for line in lines if line.endswith("\n"))])
    assert known >= revision * BATCH
    revision, _ = store.revision()
    assert revision in (acknowledged, acknowledged + 1)
    assert store.count("needs") == revision * BATCH
    assert [(event.revision, len(event.changes)) for event in store.events()] == [
        (number, BATCH) for number in range(1, revision + 1)
    ]
    lines = [record.getMessage() for record in caplog.records if record.name == "linli.api"]
    assert any(line.startswith("the store's server doesn't answer: ServerAwayError at") for line in lines)


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_server_that_is_away_is_looked_for_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, answers = [0.0], [False, True]
    monkeypatch.setattr(absence.time, "monotonic", lambda: clock[0])
    known = absence.Absence()

    def look() -> bool:
        assert known.lasts(never)  # others are told meanwhile
        return answers.pop(0)

    def never() -> bool:
        raise AssertionError("nobody should look now")

    assert not known.lasts(never)
    known.note()
    assert known.lasts(never)
    clock[0] += absence.LOOK_S
    assert known.lasts(look)
    assert known.lasts(never)
    clock[0] += absence.LOOK_S
    assert not known.lasts(look)
    assert not known.lasts(never)


def is_told_that_the_server_is_away(service: Service) -> None:
    for path in ("/v1/state", "/v1/jobs/nothing"):
        answer = service.client.get(path, headers={"Accept-Language": "en"})
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert (problem["status"], problem["type"]) == (503, "urn:linli:problem:store")
        assert "no Neo4j server answers" in problem["detail"]
        assert "what was written before is kept" in problem["remedy"]
        assert "Traceback" not in answer.text


def test_a_read_only_server_shows_everything_and_takes_nothing(
    store: Neo4jStore, neo4j_server: Server
) -> None:
    store.write(Batch(put=TOWN))
    neo4j_server.kill()
    neo4j_server.start(settings=["server.databases.default_to_read_only=true"])
    at = ("--store", neo4j_server.url)
    reader = open_store(neo4j_server.url)
    start = time.monotonic()
    for use in (
        lambda: reader.write(Batch(put=(Project(id="x", name="x"),))),
        lambda: reader.claim(claim_on("need"), YEAR),
        reader.undo,
    ):
        with pytest.raises(StoreError, match="lets nobody write"):
            use()
    for command in (("undo",), ("match",), ("lock", "need", "checks", "1")):
        assert "lets nobody write" in linli_json(*command, *at, code=1)["detail"], command
    assert linli_json("network", "--measure", "degree", *at)
    with serving(Settings(store_url=neo4j_server.url)) as service:
        assert service.get("/v1/state")["revision"] == 1
        assert service.get("/v1/needs")["total"] == 2
        for path in ("/v1/rounds", "/v1/undo"):
            problem = service.client.post(path, json={}, headers={"Accept-Language": "en"}).json()
            assert (problem["status"], problem["type"]) == (503, "urn:linli:problem:store")
            assert "lets nobody write" in problem["detail"]
            assert "member that writes" in problem["remedy"]
    assert time.monotonic() - start < WAIT_S
    assert reader.get("units", "clinic") in TOWN
    assert reader.snapshot().count("needs") == 2
    assert len(list(reader.dump())) > len(TOWN)
    assert reader.revision()[0] == 1
    reader.close()
