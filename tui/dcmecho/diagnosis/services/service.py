"""The services that dcmecho can ask about after a diagnosis, one row each."""

from __future__ import annotations

from typing import NamedTuple

from dcmecho.diagnosis.rows import RowEnum


class ServiceRow(NamedTuple):
    """The texts and the option of one service."""

    title: str
    """The heading of its answer."""
    brief: str
    """What failed, in the 12 cells that a list has for it."""
    option: str = ""
    """Its option, or empty if it has a command of its own."""
    meaning: str = ""
    """The help text of the option."""


class Service(RowEnum):
    """The services, in the order they are asked, named as in ``ServicesResult`` and JSON."""

    row: ServiceRow

    MATRIX = (
        "matrix",
        ServiceRow(
            title="What the peer accepts",
            brief="services",
            option="--services",
            meaning="ask which SOP classes the peer accepts with which transfer syntaxes",
        ),
    )
    LIKE = (
        "like",
        ServiceRow(
            title="An object like",
            brief="object",
            option="--like",
            meaning=(
                "ask whether the peer would accept an object like this DICOM file"
                " (opens an association; sends no object)"
            ),
        ),
    )
    QUERY = (
        "query",
        ServiceRow(
            title="Zero-match C-FIND",
            brief="C-FIND",
            option="--query",
            meaning="send one C-FIND that matches nothing, to see whether you are allowed to query",
        ),
    )
    PROBE = (
        "probe",
        ServiceRow(
            title="Large requests",
            brief="large PDUs",
            option="--pdu-probe",
            meaning=(
                "send association requests of 0.3 to 16 kB, to see whether the network path drops"
                " large packets"
            ),
        ),
    )
    MOVE = ("move", ServiceRow(title="C-MOVE to this machine", brief="C-MOVE"))
    STORE = ("store", ServiceRow(title="Test image", brief="C-STORE"))
