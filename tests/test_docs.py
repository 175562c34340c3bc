"""The Python blocks of the documentation run, each page's in their order, and its links lead somewhere."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"
WITH_PYTHON = sorted(page for page in DOCS.glob("*.md") if "```python" in page.read_text(encoding="utf-8"))

# The first use of an installation waits until loops are compiled.
pytestmark = pytest.mark.timeout(1200)


def test_a_page_has_python() -> None:
    assert WITH_PYTHON


@pytest.mark.parametrize("page", WITH_PYTHON, ids=lambda page: page.stem)
def test_blocks_run(page: Path) -> None:
    text, names = page.read_text(encoding="utf-8"), {"__name__": page.stem}
    for block in re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        line = text.count("\n", 0, block.start(1))
        exec(compile("\n" * line + block[1], str(page), "exec"), names)


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.stem)
def test_links_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
