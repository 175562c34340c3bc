"""Makes ready what the other commands need: `.venv` with the locked packages, the built page, the engine.

Each step leaves a stamp of what it was made from, so that a second run only compares stamps. Needs nothing
but the standard library. What a step prints goes to a log in `.venv`; on failure one line says what failed.
With `--without-engine` the matching engine is left to be compiled by a later run.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import web

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
LOG = ENVIRONMENT / "setup.log"
PAGE_LOG = ENVIRONMENT / "setup-page.log"
COMPILED = ("matcher.engine", "matcher.live")

SIGNS_OF_NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|Failed to establish a new connection|Temporary failure in name"
    r"|Network is unreachable|ConnectTimeout|ProxyError|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT"
)
TERMINAL_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# How the lines that say why begin, and which of several to show: pip's last, npm's and the builder's first.
SIGNS_OF_CAUSE = [
    (r"ERROR: ", -1),
    (r"npm error (?!code|errno|syscall)\S", 0),
    (r"\[[A-Z_]+\] |Error: |.*\berror TS\d", 0),
]


class SetupError(Exception):
    """A step failed; the message says in one line which and why."""


def main() -> int:
    """Run all steps that are due; 0, or 1 after one line on what failed."""
    try:
        if not shutil.which("git"):
            raise SetupError("git is missing; install it (Debian, Ubuntu: apt install git)")
        with Path(__file__).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two runs at once would unpack over each other
            prepare(with_engine="--without-engine" not in sys.argv[1:])
    except SetupError as error:
        print(f"linli: {error}", file=sys.stderr)
        return 1
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"linli: set-up failed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("linli: set-up was interrupted; it goes on where it was when run again", file=sys.stderr)
        return 130
    return 0


def prepare(*, with_engine: bool) -> None:
    """Take every step that is due; the page is made beside the packages where the machine's Node makes it."""
    usable = is_usable()
    if not usable:
        venv.create(ENVIRONMENT, clear=True, with_pip=True, symlinks=True)
    with ThreadPoolExecutor(1) as beside:
        page = beside.submit(prepare_page) if web.find_machine_node() else None
        prepare_environment()
        compiling = begin_compiling() if with_engine else []
        page.result() if page else prepare_page()
        if with_engine:
            end_compiling(compiling)


def prepare_environment() -> None:
    """Install the locked packages, unless the stamp says that it is so already."""
    packages, itself = ENVIRONMENT / "packages.stamp", ENVIRONMENT / "linli.stamp"
    packages_due = digest_files([ROOT / "requirements-dev.txt"])
    itself_due = digest_files([ROOT / "requirements-dev.txt", ROOT / "pyproject.toml"])
    if read_text(packages) != packages_due:
        packages.unlink(missing_ok=True)
        itself.unlink(missing_ok=True)
        print("Installing the locked packages into .venv (some minutes the first time) ...", flush=True)
        LOG.write_text("", encoding="utf-8")
        install_locked("the locked packages", "requirements-dev.txt")
        packages.write_text(packages_due, encoding="utf-8")
    if read_text(itself) != itself_due:
        install("linli itself", "--no-deps", "--no-build-isolation", "--editable", ".")
        itself.write_text(itself_due, encoding="utf-8")


def begin_compiling() -> list[subprocess.Popen[bytes]]:
    """Start to compile what isn't yet, or else the first large match and the first live one wait for it."""
    if read_text(ENVIRONMENT / "engine.stamp") == digest_files(list_engine()):
        return []
    with LOG.open("a", encoding="utf-8") as log:
        return [
            subprocess.Popen([str(PYTHON), "-m", package], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
            for package in COMPILED
        ]


def end_compiling(compiling: list[subprocess.Popen[bytes]]) -> None:
    """Wait until all is compiled."""
    failed = [process for process in compiling if process.wait()]
    if failed:
        raise SetupError(f"compiling the matching engine failed (why: {LOG.relative_to(ROOT)})")
    (ENVIRONMENT / "engine.stamp").write_text(digest_files(list_engine()), encoding="utf-8")


def list_engine() -> list[Path]:
    """The sources that the engine's machine code is made of."""
    shared = [ROOT / "graph" / "compiled.py", ROOT / "matcher" / "arrays.py", ROOT / "matcher" / "heap.py"]
    folders = [ROOT.joinpath(*package.split(".")) for package in COMPILED]
    return [*shared, *sorted(source for folder in folders for source in folder.glob("*.py"))]


def is_usable() -> bool:
    """Whether `.venv` runs, stands where it was made, and is of the Python that `PYTHON=` asks for."""
    if not PYTHON.exists() or str(PYTHON.parent) not in read_text(ENVIRONMENT / "bin" / "pip"):
        return False
    ask = [PYTHON, "-c", "import sys; print(*sys.version_info[:2])"]
    answer = subprocess.run(ask, check=False, capture_output=True, text=True)
    wanted = "{} {}".format(*sys.version_info[:2])
    return answer.returncode == 0 and (not os.environ.get("PYTHON") or answer.stdout.strip() == wanted)


def install_locked(what: str, lock: str) -> None:
    """Install exactly what a lock file names, each file checked by its hash, none built here.

    The lock is whole, so nothing is left to resolve; and Python compiles what is imported when it first is,
    a small part of all these packages bring.
    """
    install(what, "--require-hashes", "--only-binary", ":all:", "--no-deps", "--no-compile", "-r", lock)


def install(what: str, *arguments: str) -> None:
    """Let pip of `.venv` install; `what` names it in the complaint if that fails."""
    run_logged(
        [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--retries", "2", *arguments],
        f"installing {what}",
        ROOT,
    )


def run_logged(command: list[str], doing: str, folder: Path, path: Path = LOG) -> None:
    """Run a command with its output in a log; raise SetupError with its likeliest cause if it fails."""
    with path.open("a", encoding="utf-8") as log:
        log.write(f"\n$ {' '.join(command)}\n")
        log.flush()
        start = log.tell()
        done = subprocess.run(
            command, check=False, cwd=folder, stdout=log, stderr=subprocess.STDOUT, env=web.environment()
        )
    if done.returncode:
        output = path.read_bytes()[start:].decode("utf-8", "replace")
        raise SetupError(f"{doing} failed: {find_cause(output)} (all of it: {path.relative_to(ROOT)})")


def find_cause(output: str) -> str:
    """The line of an installer's or builder's output that most likely says why it failed."""
    if SIGNS_OF_NO_NETWORK.search(output):
        return "the package index could not be reached; is this machine online, or its proxy set?"
    lines = [line.strip() for line in TERMINAL_COLOUR.sub("", output).splitlines() if line.strip()]
    for pattern, which in SIGNS_OF_CAUSE:
        if found := [line for line in lines if re.match(pattern, line)]:
            return found[which][:300]
    return lines[-1][:300] if lines else "it said nothing"


def prepare_page() -> None:
    """Install the page's locked packages and build it into `web/dist`, unless the stamps are current."""
    if not (web.FOLDER / "index.html").exists():
        return
    packages, page = ENVIRONMENT / "web-packages.stamp", ENVIRONMENT / "web-page.stamp"
    packages_due = digest_files([web.FOLDER / "package.json", web.FOLDER / "package-lock.json"])
    page_due = digest_files(web.list_sources())
    packages_stand = (web.FOLDER / "node_modules").is_dir() and read_text(packages) == packages_due
    page_stands = (web.FOLDER / "dist" / "index.html").exists() and read_text(page) == page_due
    if packages_stand and page_stands:
        return
    if not web.find_node():
        print(f"This machine has no Node {web.WANTED}: installing the locked one ...", flush=True)
        install_locked("Node", "requirements-node.txt")
    if not packages_stand:
        print("Installing the page's packages ...", flush=True)
        run_npm("installing the page's packages", "ci", "--no-audit", "--no-fund")
        packages.write_text(packages_due, encoding="utf-8")
    print("Building the page ...", flush=True)
    run_npm("building the page", "run", "build")
    page.write_text(page_due, encoding="utf-8")


def run_npm(doing: str, *arguments: str) -> None:
    """Let npm work on the page, with a log of its own, since pip may write at the same time."""
    run_logged(["npm", *arguments], doing, web.FOLDER, PAGE_LOG)


def read_text(path: Path) -> str:
    """What a file holds; empty if there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def digest_files(paths: list[Path]) -> str:
    """One digest over the names and contents of files; a missing one counts as empty."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes() if path.exists() else b""
        digest.update(f"{path.relative_to(ROOT)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
