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


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("`TCP Initialization Error: Connection refused`", "`tcp.refused`"),
        ("`TCP Initialization Error: No route to host`", "`tcp.prohibited`"),
        ("`DUL network read timeout`", "`peer.silent`"),
        ("| 1/3 |", "`ae.host-not-allowed`"),
        ("| 48 | 72 |", "`peer.is-http`"),
        ("| C-MOVE | `0xA801`", "`move.destination-unknown`"),
    ],
)
def test_a_message_stands_beside_its_causes(text: str, cause: str) -> None:
    lines = [line for line in page().splitlines() if text in line]
    assert lines
    assert all(cause in line for line in lines)
