"""What dcmecho says of every fault in the ``FAULTS`` of a test module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.network.foreign.fault import Answers, Fault, asked_at_once
from tests.network.tls.certificates import Certificates


@pytest.fixture(scope="module")
def answers(
    request: pytest.FixtureRequest,
    certificates: Certificates,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[Fault], Answers]]:
    def folder() -> Path:
        return tmp_path_factory.mktemp("server")

    with asked_at_once(request.module.FAULTS.values(), folder, certificates) as found:
        yield found
