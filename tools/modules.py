"""The page docs/modules.md: every module in one line, from its own docstring."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("graph", "matcher", "loaders", "api")


def render_modules() -> str:
    """The modules of each package with the first line of their docstrings."""
    lines = ["# Modules", "", "Written by `make docs` from the modules' own first lines; don't edit by hand."]
    for package in PACKAGES:
        for folder in sorted({path.parent for path in (ROOT / package).rglob("*.py")}):
            rows = [(path.stem, first_line(path)) for path in sorted(folder.glob("*.py"))]
            title = next((line for stem, line in rows if stem == "__init__"), "")
            lines += [
                "",
                f"## {folder.relative_to(ROOT).as_posix()}/",
                "",
                title,
                "",
                "| module | |",
                "|---|---|",
            ]
            lines += [f"| `{stem}` | {line} |" for stem, line in rows if stem != "__init__"]
    return "\n".join(lines) + "\n"


def first_line(path: Path) -> str:
    """The first line of a module's docstring."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]
