"""Settings for all tests: how Hypothesis draws, and what begins first."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says more about what else the machine does than about the code.
_UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

# The same examples every time, so that a change is judged by what it changed; LINLI_HYPOTHESIS=random draws
# new ones, and `make test-large` many.
settings.register_profile("steady", _UNTIMED, derandomize=True, max_examples=30)
settings.register_profile("random", _UNTIMED, print_blob=True)
settings.register_profile("thorough", _UNTIMED, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("LINLI_HYPOTHESIS", "steady"))


# Folders of many files, none of which takes long.
_QUICK = ("graph", "loaders", "matcher", "project")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the files that take longest begin: one worker has the browser, the other what needs none."""
    items.sort(key=lambda item: (item.get_closest_marker("browser") is None, item.path.parent.name in _QUICK))


@pytest.fixture(scope="session")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic sub-district as an office writes it, in one workbook."""
    from api.services.samples import write_subdistrict

    path = tmp_path_factory.mktemp("lists") / "2026.xlsx"
    write_subdistrict(path, seed=1)
    return path


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory, workbook: Path) -> Path:
    """A store with the sub-district loaded and matched; copied for whoever writes to it."""
    from api.services.loads import load_paths
    from api.services.rounds import make_round
    from graph.store import open_store

    file = tmp_path_factory.mktemp("town") / "town.db"
    store = open_store(f"sqlite:///{file}")
    load_paths(store, [workbook])
    make_round(store)
    store.close()
    return file
