"""DCMTK's receivers and pynetdicom's qrscp, each in the faults that it can be made to have."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.network.foreign.fault import Answers, Fault, assert_true
from tests.network.foreign.faults import IN_CI

FAULTS = {f"{server}, {fault.wrong}": fault for server, some in IN_CI.items() for fault in some}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_the_true_cause_is_found(answers: Callable[[Fault], Answers], fault: Fault) -> None:
    assert_true(fault, answers(fault))
