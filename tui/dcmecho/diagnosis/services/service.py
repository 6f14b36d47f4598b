"""What can be asked of a peer after a diagnosis, one row each."""

from __future__ import annotations

from typing import NamedTuple

from dcmecho.diagnosis.rows import RowEnum


class ServiceRow(NamedTuple):
    """All that is known of one service."""

    title: str
    """The heading of its answer."""
    option: str = ""
    """The option that asks for it; empty for one that has a command of its own."""
    meaning: str = ""
    """What the help says of the option."""


class Service(RowEnum):
    """The services, in the order they are asked, named as in ``ServicesResult`` and JSON."""

    row: ServiceRow

    MATRIX = (
        "matrix",
        ServiceRow(
            title="What the peer accepts",
            option="--services",
            meaning="ask which SOP classes the peer accepts with which transfer syntaxes",
        ),
    )
    LIKE = (
        "like",
        ServiceRow(
            title="An object like",
            option="--like",
            meaning=(
                "ask whether the peer would take an object like this DICOM file (nothing is sent)"
            ),
        ),
    )
    QUERY = (
        "query",
        ServiceRow(
            title="Zero-match C-FIND",
            option="--query",
            meaning="send one C-FIND that matches nothing: does the peer let us query?",
        ),
    )
    PROBE = (
        "probe",
        ServiceRow(
            title="Large requests",
            option="--pdu-probe",
            meaning="send association requests from 0.3 to 16 kB: does the way lose big packets?",
        ),
    )
    MOVE = ("move", ServiceRow(title="C-MOVE to ourselves"))
    STORE = ("store", ServiceRow(title="Test object"))
