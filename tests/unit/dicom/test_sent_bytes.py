"""Every PDU that we send, byte by byte as the standard has it (PS3.8 9.3, PS3.7 9.3 and E.1)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import cast

import pytest
from pynetdicom.dimse_messages import DIMSEMessage

from dcmecho.diagnosis.network.association import ContextAnswer
from dcmecho.diagnosis.run_options import ContextProposal, RunOptions
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.pdu import requests
from dcmecho.dicom.pdu.implementation import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION
from dcmecho.dicom.runs.requestor import Requestor
from dcmecho.dicom.wire.connection import Wire

VERIFICATION = "1.2.840.10008.1.1"
STUDY_ROOT_FIND = "1.2.840.10008.5.1.4.1.2.2.1"
STUDY_ROOT_MOVE = "1.2.840.10008.5.1.4.1.2.2.2"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1"
IMPLICIT_LE, EXPLICIT_LE = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1"

SYNTAXES = tuple(
    f"1.2.840.10008.1.2{end}"
    for end in (
        *("", ".1", ".2", ".4.50", ".4.51", ".4.57", ".4.70", ".4.80", ".4.81", ".4.90", ".4.91"),
        *(".4.92", ".4.93", ".4.94", ".4.95", ".4.100", ".4.100.1", ".4.101", ".4.101.1"),
        *(".4.102", ".4.102.1", ".4.103", ".4.103.1", ".4.104", ".4.104.1", ".4.105", ".4.105.1"),
        *(".4.106", ".4.106.1", ".4.107", ".4.108", ".4.110", ".4.111", ".4.112", ".4.201"),
        *(".4.202", ".4.203", ".4.204"),
    )
)
"""The transfer syntaxes that ``-pts 38`` proposes, in order."""

TARGET = Target("127.0.0.1", 104, called_ae="PACS", calling_ae="WS")
STUDY_UID = "2.25.1234567"
INSTANCE_UID = "2.25.7"

FIND = ContextAnswer(3, STUDY_ROOT_FIND, 0, IMPLICIT_LE)
MOVE = ContextAnswer(5, STUDY_ROOT_MOVE, 0, EXPLICIT_LE)
STORE = ContextAnswer(7, SECONDARY_CAPTURE, 0, IMPLICIT_LE)


class Sent:
    """A wire that records what is written."""

    def __init__(self) -> None:
        self.pdus: list[bytes] = []

    def write(self, pdu: bytes) -> None:
        """Keep one PDU."""
        self.pdus.append(pdu)


def asked(options: RunOptions, target: Target = TARGET) -> bytes:
    """The A-ASSOCIATE-RQ."""
    sent = Sent()
    Requestor(cast(Wire, sent), target, options).associate()
    (pdu,) = sent.pdus
    return pdu


def accepted(max_pdu_bytes: int) -> tuple[Requestor, Sent]:
    """An association with a peer that takes PDUs of so many bytes."""
    sent = Sent()
    requestor = Requestor(cast(Wire, sent), TARGET, RunOptions())
    requestor.associate()
    requestor.accepted(max_pdu_bytes)
    sent.pdus.clear()
    return requestor, sent


def item(kind: int, data: bytes) -> bytes:
    """One item of an A-ASSOCIATE-RQ."""
    return struct.pack(">BBH", kind, 0, len(data)) + data


def pdu(kind: int, body: bytes) -> bytes:
    """One PDU."""
    return struct.pack(">BBI", kind, 0, len(body)) + body


def request(
    contexts: Sequence[tuple[str, Sequence[str]]] = ((VERIFICATION, (IMPLICIT_LE,)),),
    called: bytes = b"PACS            ",
    calling: bytes = b"WS              ",
    application_context: str = APPLICATION_CONTEXT,
    max_pdu_bytes: int = 16382,
) -> bytes:
    """An A-ASSOCIATE-RQ (PS3.8 9.3.2)."""
    proposed = b"".join(
        item(
            0x20,
            bytes([2 * number + 1, 0, 0, 0])
            + item(0x30, abstract.encode())
            + b"".join(item(0x40, syntax.encode()) for syntax in syntaxes),
        )
        for number, (abstract, syntaxes) in enumerate(contexts)
    )
    user = (
        item(0x51, struct.pack(">I", max_pdu_bytes))
        + item(0x52, IMPLEMENTATION_CLASS_UID.encode())
        + item(0x55, IMPLEMENTATION_VERSION.encode())
    )
    fixed = struct.pack(">HH", 1, 0) + called + calling + bytes(32)
    return pdu(1, fixed + item(0x10, application_context.encode()) + proposed + item(0x50, user))


def element(number: int, value: bytes | int) -> bytes:
    """One element of a command set."""
    raw = struct.pack("<H", value) if isinstance(value, int) else value
    return struct.pack("<HHI", 0, number, len(raw)) + raw


def command(*elements: bytes) -> bytes:
    """A command set with its length in front (PS3.7 6.3.1)."""
    rest = b"".join(elements)
    return element(0, struct.pack("<I", len(rest))) + rest


def even(text: str, padding: bytes = b"\0") -> bytes:
    """A value of an even number of bytes."""
    return text.encode() + padding * (len(text) % 2)


def fragmented(context_id: int, flag: int, whole: bytes, max_pdu_bytes: int) -> Iterator[bytes]:
    """P-DATA-TFs of one fragment each; 6 bytes of ``max_pdu_bytes`` go to its header."""
    step = max_pdu_bytes - 6
    for at in range(0, len(whole), step):
        last = 2 if at + step >= len(whole) else 0
        part = whole[at : at + step]
        yield pdu(4, struct.pack(">IBB", len(part) + 2, context_id, flag | last) + part)


def message(
    context_id: int, command_set: bytes, dataset: bytes = b"", max_pdu_bytes: int = 16384
) -> list[bytes]:
    """A DIMSE message as the PDUs that carry it (PS3.8 E)."""
    return [
        *fragmented(context_id, 1, command_set, max_pdu_bytes),
        *fragmented(context_id, 0, dataset, max_pdu_bytes),
    ]


ECHO = command(
    element(0x0002, even(VERIFICATION)),
    element(0x0100, 0x0030),
    element(0x0110, 1),
    element(0x0800, 0x0101),
)


class TestAssociationRequest:
    def test_whole(self) -> None:
        assert asked(RunOptions()).hex() == (
            f"01 00 {206 + len(IMPLEMENTATION_VERSION):08x} 0001 0000"
            + b"PACS            WS              ".hex()
            + "00" * 32
            + "10 00 0015"
            + b"1.2.840.10008.3.1.1.1".hex()
            + "20 00 002e 01 00 00 00 30 00 0011"
            + b"1.2.840.10008.1.1".hex()
            + "40 00 0011"
            + b"1.2.840.10008.1.2".hex()
            + f"50 00 {59 + len(IMPLEMENTATION_VERSION):04x}"
            + "51 00 0004 00003ffe 52 00 002b"
            + IMPLEMENTATION_CLASS_UID.encode().hex()
            + f"55 00 {len(IMPLEMENTATION_VERSION):04x}"
            + IMPLEMENTATION_VERSION.encode().hex()
        ).replace(" ", "")

    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            (RunOptions(), request()),
            (
                RunOptions(presentation_contexts=128),
                request([(VERIFICATION, [IMPLICIT_LE])] * 128),
            ),
            (
                RunOptions(transfer_syntaxes=3, presentation_contexts=2),
                request([(VERIFICATION, SYNTAXES[:3])] * 2),
            ),
            (
                RunOptions(transfer_syntaxes=38),
                request([(VERIFICATION, SYNTAXES)]),
            ),
            (
                RunOptions(application_context="1.2.3.4"),
                request(application_context="1.2.3.4"),
            ),
            (
                RunOptions(
                    contexts=(
                        ContextProposal(STUDY_ROOT_FIND, (IMPLICIT_LE, EXPLICIT_LE)),
                        ContextProposal("1.2.3", ("1.2.3.4",)),
                    )
                ),
                request([(STUDY_ROOT_FIND, (IMPLICIT_LE, EXPLICIT_LE)), ("1.2.3", ("1.2.3.4",))]),
            ),
        ],
        ids=[
            "default",
            "many contexts",
            "syntaxes",
            "all syntaxes",
            "application context",
            "other",
        ],
    )
    def test_what_is_proposed(self, options: RunOptions, expected: bytes) -> None:
        assert asked(options) == expected

    @pytest.mark.parametrize(
        ("called", "calling"),
        [("PACS", "WS"), (" PACS ", " W S "), ("SIXTEEN_OF_THEM_", "a"), ("#'~", "ANY-SCP")],
    )
    def test_titles_go_as_they_are_written(self, called: str, calling: str) -> None:
        target = Target("127.0.0.1", 104, called_ae=called, calling_ae=calling)
        expected = request(called=called.encode().ljust(16), calling=calling.encode().ljust(16))
        assert asked(RunOptions(), target) == expected

    @pytest.mark.parametrize("max_pdu_bytes", [0, 4096, 131072])
    def test_maximum_length(self, max_pdu_bytes: int) -> None:
        target = Target("127.0.0.1", 104, "PACS", "WS", max_pdu_bytes=max_pdu_bytes)
        assert asked(RunOptions(), target) == request(max_pdu_bytes=max_pdu_bytes)


class TestEcho:
    def test_whole(self) -> None:
        requestor, sent = accepted(16384)
        requestor.echo(1, 1)
        assert [each.hex() for each in sent.pdus] == [
            (
                "04 00 0000004a 00000046 01 03"
                "0000 0000 04000000 38000000"
                f"0000 0200 12000000 {VERIFICATION.encode().hex()} 00"
                "0000 0001 02000000 3000"
                "0000 1001 02000000 0100"
                "0000 0008 02000000 0101"
            ).replace(" ", "")
        ]

    @pytest.mark.parametrize("max_pdu_bytes", [7, 8, 26, 73, 74, 75, 16384, 0, 0xFFFFFFFF])
    def test_no_pdu_is_longer_than_the_peer_takes(self, max_pdu_bytes: int) -> None:
        requestor, sent = accepted(max_pdu_bytes)
        requestor.echo(1, 1)
        longest = max_pdu_bytes or 65536
        assert sent.pdus == message(1, ECHO, max_pdu_bytes=longest)
        assert all(len(each) - 6 <= longest for each in sent.pdus)

    def test_message_and_context_are_those_asked_for(self) -> None:
        requestor, sent = accepted(16384)
        requestor.echo(255, 0xFFFF)
        numbered = ECHO.replace(element(0x0110, 1), element(0x0110, 0xFFFF))
        assert sent.pdus == message(255, numbered)


def study(explicit: bool) -> bytes:
    """The identifier for one study: level and UID."""
    values = ((0x0008, 0x0052, b"CS", b"STUDY "), (0x0020, 0x000D, b"UI", even(STUDY_UID)))
    if explicit:
        return b"".join(
            struct.pack("<HH2sH", group, number, vr, len(value)) + value
            for group, number, vr, value in values
        )
    return b"".join(
        struct.pack("<HHI", group, number, len(value)) + value for group, number, _, value in values
    )


DATASET = bytes(range(256)) * 300

REQUESTS: dict[str, tuple[DIMSEMessage, int, list[bytes]]] = {
    "C-FIND": (
        requests.find_request(FIND, 2, STUDY_UID),
        3,
        message(
            3,
            command(
                element(0x0002, even(STUDY_ROOT_FIND)),
                element(0x0100, 0x0020),
                element(0x0110, 2),
                element(0x0700, 0),
                element(0x0800, 1),
            ),
            study(explicit=False),
        ),
    ),
    "C-MOVE": (
        requests.move_request(MOVE, 3, STUDY_UID, "WORKSTATION"),
        5,
        message(
            5,
            command(
                element(0x0002, even(STUDY_ROOT_MOVE)),
                element(0x0100, 0x0021),
                element(0x0110, 3),
                element(0x0600, even("WORKSTATION", b" ")),
                element(0x0700, 0),
                element(0x0800, 1),
            ),
            study(explicit=True),
        ),
    ),
    "C-CANCEL": (
        requests.cancel_request(3),
        5,
        message(5, command(element(0x0100, 0x0FFF), element(0x0120, 3), element(0x0800, 0x0101))),
    ),
    "C-STORE": (
        requests.store_request(STORE, 4, INSTANCE_UID, DATASET),
        7,
        message(
            7,
            command(
                element(0x0002, even(SECONDARY_CAPTURE)),
                element(0x0100, 0x0001),
                element(0x0110, 4),
                element(0x0700, 0),
                element(0x0800, 1),
                element(0x1000, even(INSTANCE_UID)),
            ),
            DATASET,
        ),
    ),
}


class TestOtherRequests:
    @pytest.mark.parametrize("name", REQUESTS)
    def test_a_request(self, name: str) -> None:
        asking, context_id, expected = REQUESTS[name]
        requestor, sent = accepted(16384)
        requestor.request(asking, context_id)
        assert sent.pdus == expected

    def test_a_data_set_is_cut_where_a_command_is_not(self) -> None:
        asking, context_id, _ = REQUESTS["C-STORE"]
        requestor, sent = accepted(4096)
        requestor.request(asking, context_id)
        first, *others = sent.pdus
        assert first[11] == 3
        assert others == list(fragmented(7, 0, DATASET, 4096))

    def test_release(self) -> None:
        requestor, sent = accepted(16384)
        requestor.release()
        assert [each.hex() for each in sent.pdus] == ["05000000000400000000"]
