"""The hospital that the tests of vantage points share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.scenarios.vantage.hospital import Hospital, hospital


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    with hospital(tmp_path_factory.mktemp("hospital")) as laid_out:
        yield laid_out
