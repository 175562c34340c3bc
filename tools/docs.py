"""Writes the pages of docs/ that follow from the code; with --check only says whether they are up to date."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from modules import render_modules

from api.app import render_routes
from graph.backend.about import render_page as render_backend
from graph.measures.words import render_page as render_measures
from graph.pages import render_glossary, render_schema
from loaders.problems import render_page as render_problems

FOLDER = Path(__file__).resolve().parent.parent / "docs"

PAGES: Mapping[str, Callable[[], str]] = {
    "api.md": render_routes,
    "backend.md": render_backend,
    "schema.md": render_schema,
    "glossary.md": render_glossary,
    "measures.md": render_measures,
    "modules.md": render_modules,
    "problems.md": render_problems,
}


def main() -> int:
    """Write or check the pages; 1 if a page is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a page is out of date")
    arguments = parser.parse_args()
    stale = [name for name, render in PAGES.items() if read(FOLDER / name) != render()]
    if arguments.check:
        for name in stale:
            print(f"docs/{name} is out of date: run `make docs` and commit it.")
        return 1 if stale else 0
    FOLDER.mkdir(exist_ok=True)
    for name in stale:
        (FOLDER / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"wrote docs/{name}")
    return 0


def read(path: Path) -> str:
    """The text of a page; empty where there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
