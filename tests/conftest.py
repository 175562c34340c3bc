"""Settings for all tests: how Hypothesis draws, and what begins first."""

import os

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
    """Let the files that take longest begin, so that no worker waits for another's last one."""
    items.sort(key=lambda item: (item.get_closest_marker("browser") is None, item.path.parent.name in _QUICK))
