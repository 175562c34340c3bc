"""`import linli`: the public names, and a warning where another file would be imported in their place."""

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import linli


def test_every_public_name_is_there() -> None:
    for name in linli.__all__:
        assert getattr(linli, name) is not None
    assert set(linli.__all__) <= set(dir(linli))
    assert linli.solve is linli.solve
    assert not hasattr(linli, "no_such_name")


@pytest.mark.parametrize("package", ["graph", "matcher", "loaders"])
def test_what_the_packages_call_public_is_reachable(package: str) -> None:
    home = importlib.import_module(package)
    inside = (found.name for found in pkgutil.walk_packages(home.__path__, f"{package}."))
    modules = [home, *map(importlib.import_module, inside)]
    public = [(module, name) for module in modules for name in getattr(module, "__all__", ())]
    assert public
    for module, name in public:
        assert getattr(linli, name) is getattr(module, name), (module.__name__, name)
    errors = (getattr(linli, name) for name in ("LinliError", "VerificationError", "GraphError"))
    assert all(issubclass(error, Exception) for error in errors)


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)


def test_importing_costs_nothing(tmp_path: Path) -> None:
    code = (
        "import linli, sys; print([n for n in ('numpy', 'pandas', 'ortools', 'fastapi') if n in sys.modules])"
    )
    done = run(code, tmp_path)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_a_file_that_shadows_a_package_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "graph.py").write_text("", encoding="utf-8")
    done = run("import linli", tmp_path)
    assert "graph.py" in done.stderr
    assert len([line for line in done.stderr.splitlines() if "rename" in line]) == 1
