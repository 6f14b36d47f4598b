"""What is listed of a journal that somebody has tampered with: refused, and never too much."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest

from dcmecho.journal.listing import kept
from tests.unit.journal.journals import journal_in, keep, works

BODIES = (
    b"no zlib at all",
    zlib.compress(b"no JSON"),
    zlib.compress(b"[1]"),
    zlib.compress(b" " * 20_000_000 + json.dumps({}).encode()),
    zlib.compress(b"[" * 100_000),
)


@pytest.mark.parametrize("packed", BODIES)
def test_a_broken_report_is_a_value_error(tmp_path: Path, packed: bytes) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, works(0))
        connection.execute("UPDATE report SET body = ?", (packed,))
        (only,) = kept(connection)
        with pytest.raises(ValueError):  # noqa: PT011
            only.body  # noqa: B018
