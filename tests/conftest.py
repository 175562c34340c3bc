"""Settings for all tests: how Hypothesis draws, here and on the machine that checks every change."""

import os

from hypothesis import HealthCheck, settings

# How long an example takes says more about what else the machine does than about the code.
_UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

settings.register_profile("local", _UNTIMED, print_blob=True)
settings.register_profile("ci", _UNTIMED, derandomize=True, max_examples=60)
settings.register_profile("thorough", _UNTIMED, max_examples=1000)
settings.load_profile(os.environ.get("LINLI_HYPOTHESIS") or ("ci" if os.environ.get("CI") else "local"))
