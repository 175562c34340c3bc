"""A Neo4j server without Docker: `python tools/neo4j_server.py start`, `stop`, `fetch`.

Maven fetches the server's jars once, from whichever repositories it is set to ask, and they stay in the
user's cache. A server listens on this computer only, on a free port, with a data folder and a password of
its own; `start` begins with an empty one unless KEEP=1. Needs Java 17 or later and Maven.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSION = "5.26.30"
USER = "neo4j"
OLDEST_JAVA = 17
START_WAIT_S = 240.0
STOP_WAIT_S = 60.0
FIRST_PASSWORD = "neo4j"  # what a new server has until it is changed

ADD_OPENS = tuple(
    f"--add-opens=java.base/{name}=ALL-UNNAMED"
    for name in ("java.nio", "java.io", "sun.nio.ch", "java.lang", "java.util.concurrent")
)
"""What Neo4j needs of Java 17."""

_POM = """<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>linli</groupId>
  <artifactId>neo4j-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>VERSION</version></dependency>
  </dependencies>
</project>
"""
_SETTINGS = """server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
server.memory.pagecache.size=256m
dbms.security.auth_enabled=true
dbms.usage_report.enabled=false
db.tx_log.preallocate=false
db.tx_log.rotation.retention_policy=64m size
"""


class ServerError(Exception):
    """No server can be had; the message says in one line why and what to do."""


def find_missing(version: str = VERSION) -> str:
    """What this machine lacks for a server, in one line; empty if nothing."""
    if not shutil.which("java"):
        return f"Java is missing; install {OLDEST_JAVA} or later (Debian, Ubuntu: apt install default-jre)"
    shown = subprocess.run(["java", "-version"], check=False, capture_output=True, text=True).stderr
    found = re.search(r'version "(\d+)', shown)
    if not found or int(found[1]) < OLDEST_JAVA:
        return f"Neo4j needs Java {OLDEST_JAVA} or later, this is {found[1] if found else 'unknown'}"
    if not (jars_folder(version) / "complete").exists() and not shutil.which("mvn"):
        return "Maven is missing; install it (Debian, Ubuntu: apt install maven)"
    return ""


def jars_folder(version: str = VERSION) -> Path:
    """Where a server's jars stay between runs."""
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "linli" / f"neo4j-{version}"


def fetch(version: str = VERSION) -> Path:
    """Let Maven fetch the server's jars unless they are there; gives their folder.

    Raises
    ------
    ServerError
        If Java or Maven is missing, or Maven fails.
    """
    if missing := find_missing(version):
        raise ServerError(missing)
    folder = jars_folder(version)
    if (folder / "complete").exists():
        return folder
    print(f"Fetching Neo4j {version} by Maven (some minutes the first time) ...", file=sys.stderr, flush=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="neo4j-", dir=folder.parent))
    try:
        _copy_jars(fresh, version)
        (fresh / "complete").touch()
        if not (folder / "complete").exists():  # somebody else may have been quicker
            shutil.rmtree(folder, ignore_errors=True)
            fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def _copy_jars(folder: Path, version: str) -> None:
    (folder / "pom.xml").write_text(_POM.replace("VERSION", version), encoding="utf-8")
    command = [
        "mvn", "--batch-mode", "--quiet", "dependency:copy-dependencies", "-DincludeScope=runtime",
        "-Dmaven.artifact.threads=20", f"-DoutputDirectory={folder}",
    ]  # fmt: skip
    done = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        lines = [line for line in done.stdout.splitlines() if line.startswith("[ERROR]")]
        why = lines[0].removeprefix("[ERROR]").strip()[:300] if lines else "it said nothing"
        raise ServerError(f"Maven could not fetch Neo4j: {why}")


@dataclass(frozen=True)
class Server:
    """One server with its data in one folder.

    Attributes
    ----------
    home : Path
        Holds its settings, data, log, password and process id; only its owner can read it.
    heap : str
        Most memory for its objects, as Java writes it.
    options : sequence of str
        Further options for Java.
    jars : Path, optional
        From `fetch`, which is asked where they aren't named.
    """

    home: Path
    heap: str = "1g"
    options: Sequence[str] = ()
    jars: Path | None = None

    @property
    def port(self) -> int:
        """Where it listens, or did last."""
        return int((self.home / "port").read_text())

    @property
    def url(self) -> str:
        """The store's address."""
        return f"neo4j://127.0.0.1:{self.port}"

    @property
    def password(self) -> str:
        """The password of its only user, `neo4j`."""
        return (self.home / "password").read_text()

    def pid(self) -> int | None:
        """Its process, if it runs; a process of that number that is another program doesn't count."""
        try:
            pid = int((self.home / "pid").read_text())
        except (OSError, ValueError):
            return None
        return pid if f"--home-dir={self.home}" in _command_of(pid).split() else None

    def start(self, *, settings: Sequence[str] = ()) -> None:
        """Start it and wait until it answers; `settings` are further lines of neo4j.conf.

        Raises
        ------
        ServerError
            If it doesn't come up.
        """
        jars = self.jars or fetch()
        is_new = not (self.home / "data").exists()
        (self.home / "conf").mkdir(parents=True, exist_ok=True, mode=0o700)
        self.home.chmod(0o700)
        port = self._choose_port()
        text = _SETTINGS.format(port=port) + "".join(f"{line}\n" for line in settings)
        (self.home / "conf" / "neo4j.conf").write_text(text, encoding="utf-8")
        (self.home / "port").write_text(str(port))
        if is_new:
            _write_private(self.home / "password", secrets.token_urlsafe(18))
        command = [
            "java", f"-Xmx{self.heap}", *self.options,
            *ADD_OPENS, "-cp", f"{jars}/*", "org.neo4j.server.CommunityEntryPoint",
            f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}", "--console-mode",
        ]  # fmt: skip
        with (self.home / "server.log").open("wb") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        (self.home / "pid").write_text(str(process.pid))
        try:
            self._wait(process, is_new=is_new)
        except BaseException:
            process.kill()
            process.wait()
            raise

    def _choose_port(self) -> int:
        """The port of last time if it is free, else any free one.

        A new one lies below those that systems give to whoever connects somewhere, so that nobody else gets
        it while the server is down.
        """
        known = int(port.read_text()) if (port := self.home / "port").exists() else 0
        for candidate in (*([known] if known else []), *random.sample(range(20_000, 32_000), 20), 0):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", candidate))
                except OSError:
                    continue
                return int(probe.getsockname()[1])
        raise ServerError("no port is free")

    def _wait(self, process: subprocess.Popen[bytes], *, is_new: bool) -> None:
        end = time.monotonic() + START_WAIT_S
        while time.monotonic() < end:
            if process.poll() is not None:
                lines = (self.home / "server.log").read_text(errors="replace").strip().splitlines()
                raise ServerError(f"Neo4j ended at once: {lines[-1] if lines else 'it said nothing'}")
            if self._answers(is_new=is_new):
                return
            time.sleep(0.1)
        raise ServerError(f"Neo4j didn't answer within {START_WAIT_S:.0f} s; see {self.home / 'server.log'}")

    def _answers(self, *, is_new: bool) -> bool:
        """Whether it answers; the first time, its password is changed before anybody else knows of it."""
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)):
                return False
        from neo4j import GraphDatabase
        from neo4j.exceptions import AuthError, DriverError, Neo4jError

        address = self.url.replace("neo4j:", "bolt:", 1)
        try:
            if is_new:
                with GraphDatabase.driver(address, auth=(USER, FIRST_PASSWORD)) as driver:
                    driver.execute_query(
                        "ALTER CURRENT USER SET PASSWORD FROM $old TO $new",
                        old=FIRST_PASSWORD, new=self.password, database_="system",
                    )  # fmt: skip
            with GraphDatabase.driver(self.url, auth=(USER, self.password)) as driver:
                driver.execute_query("RETURN 1", database_="neo4j")
        except AuthError as error:
            raise ServerError(f"Neo4j refuses its own password: {error.message}") from error
        except (DriverError, Neo4jError):
            return False
        return True

    def stop(self) -> bool:
        """End it in order and wait until it is gone; False if it didn't run."""
        pid = self.pid()
        if pid is None:
            return False
        os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + STOP_WAIT_S
        while self._is_there(pid) and time.monotonic() < end:
            time.sleep(0.05)
        if self._is_there(pid):
            os.kill(pid, signal.SIGKILL)
        return True

    def kill(self) -> None:
        """End it at once, whatever it is doing, as a power cut would."""
        pid = self.pid()
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
            while self._is_there(pid):
                time.sleep(0.01)

    def _is_there(self, pid: int) -> bool:
        # A killed server has no command line any more while its last threads still hold the port: where it is
        # a child of ours, the system says when it is really gone. It would stay as a zombie besides.
        with contextlib.suppress(ChildProcessError):
            return os.waitpid(pid, os.WNOHANG) == (0, 0)
        return self.pid() is not None


def _command_of(pid: int) -> str:
    """The command line of a process; empty if there is none, or it has ended."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
        except OSError:
            return ""
    command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout


def _write_private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks; 0, or 1 after one line on what is missing."""
    server = Server(ROOT / "build" / "neo4j", os.environ.get("HEAP", "1g"))
    try:
        match list(arguments):
            case ["start"]:
                _start(server, is_kept=os.environ.get("KEEP", "") not in ("", "0"))
            case ["stop"]:
                print("Neo4j is stopped." if server.stop() else "Neo4j doesn't run.")
            case ["fetch"]:
                fetch()
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except ServerError as error:
        print(f"linli: {error}", file=sys.stderr)
        return 1
    return 0


def _start(server: Server, *, is_kept: bool) -> None:
    if not (is_kept and server.pid()):
        if missing := find_missing():
            raise ServerError(missing)  # before anything that was kept is removed
        server.stop()
        if not is_kept:
            shutil.rmtree(server.home, ignore_errors=True)
        before = server.port if (server.home / "port").exists() else None
        server.start()
        if before not in (None, server.port):
            print(f"Port {before} is taken: the address is another one now.", file=sys.stderr)
    print(server.url)
    print(f"export LINLI_NEO4J_USER={USER} LINLI_NEO4J_PASSWORD={server.password}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
