"""Every notebook runs from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient

# What a cell takes hangs on the machine and on whether loops are compiled yet: only what hangs is ended.
pytestmark = pytest.mark.timeout(1200)
START_S = 300

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def kernel() -> Iterator[AsyncKernelManager]:
    """One kernel for all notebooks, which forgets every name between two of them: libraries load once."""
    manager = NotebookClient(nbformat.v4.new_notebook()).create_kernel_manager()
    yield manager
    NotebookClient(nbformat.v4.new_notebook(), km=manager)._cleanup_kernel()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs(path: Path, kernel: AsyncKernelManager, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    clean = nbformat.v4.new_code_cell(f"%reset -f\nimport os\nos.chdir({str(tmp_path)!r})\ndel os")
    notebook.cells.insert(0, clean)
    NotebookClient(notebook, km=kernel, timeout=None, startup_timeout=START_S).execute()
    assert all(cell.cell_type != "code" or cell.execution_count for cell in notebook.cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_is_kept_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells if cell.cell_type == "code")
