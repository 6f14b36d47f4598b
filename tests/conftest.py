"""Tests over random values draw the same ones in every run, and may take their time.

``pytest --hypothesis-profile=default tests/unit`` looks further, at other values each time.
"""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("repeatable")
