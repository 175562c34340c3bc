"""A Neo4j server of the tests' own: one for each process that runs them, on a data folder of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from graph.neo4j.connection import PASSWORD, USER
from tools.neo4j_server import ADD_OPENS, START_WAIT_S, Server, ServerError, fetch, find_missing

# Started for seconds, it is not worth optimising far.
OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
# Plans stay as they are, though the tests fill and empty the store all the time.
SETTINGS = (
    "dbms.cypher.min_replan_interval=1h",
    "dbms.cypher.statistics_divergence_threshold=1.0",
)
# Both with and without, so that one server serves all tests.
TLS = (
    "server.bolt.tls_level=OPTIONAL",
    "dbms.ssl.policy.bolt.enabled=true",
    "dbms.ssl.policy.bolt.client_auth=NONE",
    "dbms.ssl.policy.bolt.base_directory={folder}",
    "dbms.ssl.policy.bolt.private_key=private.key",
    "dbms.ssl.policy.bolt.public_certificate=public.crt",
)
# What is set for the time of a test may lead away from where jars are kept.
_AT_FIRST = dict(os.environ)
REQUIRED = "LINLI_NEO4J_REQUIRED"
"""Where this is set, no server is a failure and not a reason to leave tests out."""


def certificate(server: Server) -> Path:
    """Where a server of the tests has its certificate, signed by itself."""
    return server.home / "certificates" / "public.crt"


def settings_of(server: Server) -> tuple[str, ...]:
    """Settings of a server of the tests; with TLS where a certificate can be made."""
    if shutil.which("openssl") is None:
        return SETTINGS
    made = certificate(server)
    if not made.exists():
        made.parent.mkdir(parents=True)
        names = "subjectAltName=IP:127.0.0.1", "keyUsage=critical,digitalSignature,keyCertSign"
        command = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=linli",
        ]
        files = ["-keyout", str(made.with_name("private.key")), "-out", str(made)]
        added = [word for name in names for word in ("-addext", name)]
        subprocess.run([*command, *files, *added], check=True, capture_output=True)
    return (*SETTINGS, *(line.format(folder=made.parent) for line in TLS))


OLD = """dbms.default_listen_address=127.0.0.1
dbms.connector.bolt.enabled=true
dbms.connector.bolt.listen_address=127.0.0.1:{port}
dbms.connector.bolt.advertised_address=127.0.0.1:{port}
dbms.connector.http.enabled=false
dbms.connector.https.enabled=false
dbms.memory.pagecache.size=64m
dbms.security.auth_enabled=false
"""


@contextmanager
def old_server(home: Path, version: str = "4.4.40") -> Iterator[int]:
    """A real server of a version before linli's oldest; gives its port."""
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "environ", _AT_FIRST)
            jars = fetch(version)
    except ServerError as error:
        if os.environ.get(REQUIRED):
            raise
        pytest.skip(str(error))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    (home / "neo4j.conf").write_text(OLD.format(port=port), encoding="utf-8")
    command = [
        "java", "-Xmx512m", *OPTIONS, *ADD_OPENS, "-cp", f"{jars}/*", "org.neo4j.server.CommunityEntryPoint",
        f"--home-dir={home}", f"--config-dir={home}",
    ]  # fmt: skip
    with (home / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            deadline = time.monotonic() + START_WAIT_S
            while b"Started." not in (home / "log").read_bytes():
                assert process.poll() is None, (home / "log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.1)
            yield port
        finally:
            process.kill()


@contextmanager
def running(home: Path) -> Iterator[Server]:
    """A new, empty server; user and password stand in the environment meanwhile."""
    if (missing := find_missing()) and not os.environ.get(REQUIRED):
        pytest.skip(missing)
    try:
        jars = fetch()
    except ServerError as error:
        if os.environ.get(REQUIRED):
            raise
        pytest.skip(str(error))
    # Java starts in half the time with what the first server on this machine had loaded.
    kept, made = jars / "classes.jsa", home / "classes.jsa"
    has_kept = kept.exists()
    option = f"-XX:SharedArchiveFile={kept}" if has_kept else f"-XX:ArchiveClassesAtExit={made}"
    server = Server(home, "1g", (*OPTIONS, option), jars)
    patch = pytest.MonkeyPatch()
    try:
        server.start(settings=settings_of(server))
        patch.setenv(USER, "neo4j")
        patch.setenv(PASSWORD, server.password)
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        yield server
    finally:
        patch.undo()
        if has_kept:
            server.kill()
        else:
            server.stop()  # it writes them down at its end
            with suppress(OSError):
                made.replace(kept)
