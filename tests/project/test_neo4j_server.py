"""`make neo4j` says in one line what is missing; the server itself is met in the tests of the store."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
JAVA_17 = 'openjdk version "17.0.15" 2025-04-15'


def start(folder: Path, java: str) -> subprocess.CompletedProcess[str]:
    """Start a server on a machine that has this Java, or none, no Maven and no jars."""
    if java:
        (folder / "java").write_text(f"#!/bin/sh\necho '{java}' >&2\n")
        (folder / "java").chmod(0o755)
    environment = {**os.environ, "PATH": str(folder), "XDG_CACHE_HOME": str(folder / "cache"), "KEEP": "1"}
    command = [sys.executable, str(ROOT / "tools" / "neo4j_server.py"), "fetch"]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment)


@pytest.mark.parametrize(
    ("java", "told"),
    [
        ("", "Java is missing; install 17 or later"),
        ('java version "1.8.0_402"', "needs Java 17 or later, this is 1"),
        ('openjdk version "11.0.2" 2019-01-15', "needs Java 17 or later, this is 11"),
        (JAVA_17, "Maven is missing; install it"),
    ],
)
def test_what_is_missing_is_one_plain_line(tmp_path: Path, java: str, told: str) -> None:
    done = start(tmp_path, java)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert told in done.stderr


def test_the_server_names_no_host_of_a_registry() -> None:
    text = (ROOT / "tools" / "neo4j_server.py").read_text(encoding="utf-8")
    assert "http" not in text.replace("server.http.enabled", "").replace("server.https.enabled", "")
