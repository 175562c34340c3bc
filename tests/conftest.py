"""Settings for all tests: how Hypothesis draws."""

import os

from hypothesis import HealthCheck, settings

# How long an example takes says more about what else the machine does than about the code.
_UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

# The same examples every time, so that a change is judged by what it changed; LINLI_HYPOTHESIS=random draws
# new ones, and `make test-large` many.
settings.register_profile("steady", _UNTIMED, derandomize=True, max_examples=30)
settings.register_profile("random", _UNTIMED, print_blob=True)
settings.register_profile("thorough", _UNTIMED, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("LINLI_HYPOTHESIS", "steady"))
