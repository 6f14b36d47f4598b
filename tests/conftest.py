"""Tests over random values draw the same ones in every run, and may take their time.

``pytest --hypothesis-profile=other-values`` draws others each time. Files that tests make can be
changed by their user only, as dcmecho asks of a profile file.
"""

import os
import tempfile

import pytest
from hypothesis import HealthCheck, settings

from tests import schema

_PATIENT = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("same-values", _PATIENT, derandomize=True)
settings.register_profile("other-values", _PATIENT, derandomize=False)
settings.load_profile("same-values")

os.umask(0o022)
schema.hold()

_STATE = tempfile.TemporaryDirectory(prefix="dcmecho-test-state-")
os.environ["XDG_STATE_HOME"] = _STATE.name
"""No test reads or writes what the user has done."""


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make coverage` loads modules into every Python process; these tests count modules."""
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
