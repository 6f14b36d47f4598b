"""docs/messages.md is made from what is known, and holds the lines that people search for."""

from __future__ import annotations

import pytest

from tools.messages_page import PAGE, page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run make messages"


@pytest.mark.parametrize(
    "line",
    [
        "Peer aborted Association (or never connected)",
        "DUL network read timeout",
        "Association Rejected",
        "No Acceptable Presentation Contexts",
        "unrecognized PDU[type=",
        "A-ASSOCIATE-AC timeout expired",
        'not listed in configuration option "DicomModalities"',
    ],
)
def test_it_has_what_is_searched_most(line: str) -> None:
    assert line in page()
