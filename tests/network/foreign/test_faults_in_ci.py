"""DCMTK's receivers and pynetdicom's qrscp, each in the faults that it can be made to have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.network.foreign import titles
from tests.network.foreign.fault import Answers, Fault, assert_true
from tests.network.foreign.faults import IN_CI
from tests.network.foreign.titles import Checking, assert_titles_are_known
from tests.network.tls.certificates import Certificates

FAULTS = {f"{server}, {fault.wrong}": fault for server, some in IN_CI.items() for fault in some}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_the_true_cause_is_found(answers: Callable[[Fault], Answers], fault: Fault) -> None:
    assert_true(fault, answers(fault))


@pytest.mark.parametrize("checking", titles.IN_CI.values(), ids=titles.IN_CI)
def test_the_experiments_tell_which_titles_are_checked(
    checking: Checking, tmp_path: Path, certificates: Certificates
) -> None:
    assert_titles_are_known(checking, tmp_path, certificates)
