"""The site that the network scenarios share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.scenarios.namespaces import Site
from tests.scenarios.namespaces import site as laid_out


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with laid_out() as network:
        yield network
