"""The project's frame: locks that name no host, and set-up that says in one line what is missing."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
KINDS = ("", "-dev", "-cluster", "-node", "-notebooks")
LOCKS = [f"requirements{kind}.txt" for kind in KINDS]


def read_pins(name: str) -> dict[str, str]:
    """Version by package of one lock file."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", text, re.MULTILINE))


def run(command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command with some variables set, its output as text."""
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env={**os.environ, **variables}, timeout=200
    )


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_versions_and_hashes_but_no_host(name: str) -> None:
    entries = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    assert entries
    for entry in entries:
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*==\S+( ; .+?)?(\s+--hash=sha256:[0-9a-f]{64})+", entry), (
            entry
        )


def test_page_lock_names_no_host() -> None:
    path = ROOT / "web" / "package-lock.json"
    if not path.exists():
        pytest.skip("there is no page yet")
    packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


def test_runtime_lock_is_part_of_the_development_lock() -> None:
    runtime, development = read_pins("requirements.txt"), read_pins("requirements-dev.txt")
    assert runtime.items() <= development.items()
    assert runtime.items() <= read_pins("requirements-cluster.txt").items()


def test_every_dependency_is_locked_at_a_version_it_allows() -> None:
    groups = PROJECT["dependency-groups"]
    wanted = {
        "requirements.txt": PROJECT["project"]["dependencies"] + groups["build"],
        "requirements-cluster.txt": PROJECT["project"]["optional-dependencies"]["cluster"],
        "requirements-dev.txt": [entry for entry in groups["dev"] if isinstance(entry, str)],
        "requirements-node.txt": groups["node"],
        "requirements-notebooks.txt": groups["notebooks"],
    }
    for name, requirements in wanted.items():
        pins = read_pins(name)
        for requirement in map(Requirement, requirements):
            assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), requirement


def test_search_for_python_keeps_to_the_supported_versions() -> None:
    supported = SpecifierSet(PROJECT["project"]["requires-python"])
    script = (ROOT / "tools" / "python.sh").read_text(encoding="utf-8")
    oldest, newest = map(int, re.search(r"^oldest=(\d+) newest=(\d+)", script, re.MULTILINE).groups())
    allowed = [minor for minor in range(40) if f"3.{minor}" in supported]
    assert allowed == list(range(oldest, newest + 1))
    found = run(["sh", str(ROOT / "tools" / "python.sh")])
    version = run([found.stdout.strip(), "-c", "import platform; print(platform.python_version())"])
    assert version.stdout.strip() in supported


def test_no_python_is_one_plain_line() -> None:
    done = run(["sh", str(ROOT / "tools" / "python.sh")], PYTHON="no-such-python")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "needs Python 3.11 to 3.14" in done.stderr


def test_no_git_is_one_plain_line(tmp_path: Path) -> None:
    done = run([sys.executable, str(ROOT / "tools" / "setup.py")], PATH=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "git is missing" in done.stderr


@pytest.mark.large
def test_no_network_is_one_plain_line_and_a_log(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    for name in [*LOCKS, "pyproject.toml"]:
        shutil.copy(ROOT / name, tmp_path)
    nowhere = "http://127.0.0.1:9/simple"
    done = run(
        [sys.executable, str(tmp_path / "tools" / "setup.py")],
        PIP_INDEX_URL=nowhere,
        PIP_EXTRA_INDEX_URL="",
        PIP_FIND_LINKS="",
        PIP_NO_INDEX="0",
        PIP_RETRIES="0",
        NO_PROXY="127.0.0.1",
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "could not be reached" in done.stderr
    assert "127.0.0.1:9" in (tmp_path / ".venv" / "setup.log").read_text(encoding="utf-8")
