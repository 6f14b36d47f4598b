"""A peer that sends one match after another to a C-FIND and never ends: bounded by the timeout."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import replace

from dcmecho.diagnosis.network.association import Ending
from dcmecho.diagnosis.run_options import ContextProposal, RunOptions
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.dicom.services.link import MOST_MATCHES, WireServiceLink
from dcmecho.lab import requests
from dcmecho.lab.requests import LabRequest
from dcmecho.standard.command_fields import CommandField
from dcmecho.standard.statuses import PENDING
from dcmecho.standard.uids import IMPLICIT_VR_LITTLE_ENDIAN, STUDY_ROOT_FIND
from tests.network.diagnose.test_hostile import serving
from tests.unit.dicom.pdu_bytes import accept

TIMEOUT_S = 0.5
BETWEEN_S = TIMEOUT_S / 10

MATCH = requests.response(LabRequest(CommandField.C_FIND_RQ, 1, 1, STUDY_ROOT_FIND), min(PENDING))


def test_matches_that_never_end_are_given_the_dimse_timeout_in_all() -> None:
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(accept())
        connection.recv(65536)
        with suppress(OSError):
            while not over.wait(BETWEEN_S):
                connection.sendall(MATCH)

    with serving(drip) as target:
        link = WireServiceLink("run", None, PeerSlots())
        (address,) = link.resolve(target.host, target.port, 2.0).addresses
        options = RunOptions(
            contexts=(ContextProposal(STUDY_ROOT_FIND, (IMPLICIT_VR_LITTLE_ENDIAN,)),)
        )
        link.connect(address, 2.0, options)
        negotiation = link.associate(replace(target, dimse_timeout_s=TIMEOUT_S), options)
        assert negotiation.acceptance is not None
        found = link.find_study(negotiation.acceptance.contexts[0], 1, "1.2.3")
        over.set()
        link.close()
    assert 0 < found.matches < MOST_MATCHES
    assert found.answer.ending is Ending.SILENT
