"""What the log of a captured association shows of its PDUs, and what it does not."""

from __future__ import annotations

import struct

from dcmecho.capture.conversation import Seen, Way
from dcmecho.capture.passed.masking import masked_command, masked_pdu
from dcmecho.capture.passed.passage import Passage, Room
from dcmecho.dicom.pdu.read import read_pdu

CLIENT, SERVER = Way.FROM_CLIENT, Way.FROM_SERVER


def item(kind: int, data: bytes) -> bytes:
    return struct.pack(">BBH", kind, 0, len(data)) + data


def request(*user_items: bytes) -> bytes:
    titles = b"PACS".ljust(16) + b"CT1".ljust(16)
    body = struct.pack(">HH", 1, 0) + titles + bytes(32) + item(0x50, b"".join(user_items))
    return struct.pack(">BBI", 1, 0, len(body)) + body


def command(*elements: tuple[int, bytes]) -> bytes:
    encoded = b"".join(struct.pack("<HHI", 0, each, len(data)) + data for each, data in elements)
    return struct.pack(">IBB", len(encoded) + 2, 1, 3) + encoded


def test_a_password_and_items_that_nobody_knows_are_masked() -> None:
    identity = item(0x58, b"\2\1\0\4JANE\0\4word")
    sent = request(item(0x51, b"\0\0\x40\0"), item(0x55, b"CT_9"), identity, item(0xF1, b"secret"))
    shown = masked_pdu(read_pdu(sent))
    assert len(shown) == len(sent)
    assert b"CT_9" in shown
    for secret in (b"JANE", b"word", b"secret"):
        assert secret in sent
        assert secret not in shown


def test_a_request_that_cannot_be_read_shows_its_header_only() -> None:
    sent = request(item(0x58, b"word"))[:-1]
    sent = sent[:2] + (len(sent) - 6).to_bytes(4, "big") + sent[6:]
    assert masked_pdu(read_pdu(sent)) == sent[:6]


def test_of_a_command_the_comment_is_masked_and_numbers_and_uids_are_not() -> None:
    value = command((0x0002, b"1.2.840.10008.1.1\0"), (0x0900, b"\0\xa7"), (0x0902, b"DOE^JANE"))
    shown = masked_command(value)
    assert len(shown) == len(value)
    assert b"1.2.840.10008.1.1" in shown
    assert b"\0\xa7" in shown
    assert b"DOE" not in shown


def test_a_fragment_that_begins_inside_an_element_is_masked_whole() -> None:
    value = command() + b"^JANE and more"
    assert masked_command(value) == value[:6] + b"*" * 14


def test_of_a_long_association_the_first_and_the_last_lines_are_kept() -> None:
    passage = Passage(Room(1 << 20))
    for number in range(1000):
        passage.dataset(CLIENT, Seen(2 * number, None), 100)
        passage.command(SERVER, Seen(2 * number + 1, None), command(), is_alone=True)
    assert (len(passage.kept), passage.dropped) == (256, 2000 - 256)
    assert passage.kept[0].seen.frame == 0
    assert passage.kept[-1].seen.frame == 1999


def test_fragments_of_a_dataset_are_one_line() -> None:
    passage = Passage(Room(1 << 20))
    for number in range(3):
        passage.dataset(CLIENT, Seen(number, None), 100)
    (only,) = passage.kept
    assert (only.dataset_bytes, only.pieces) == (300, 3)


def test_without_room_nothing_is_kept() -> None:
    room = Room(250)
    first, second = Passage(room), Passage(room)
    first.dataset(CLIENT, Seen(1, None), 100)
    first.command(CLIENT, Seen(2, None), command(), is_alone=True)
    second.dataset(CLIENT, Seen(3, None), 100)
    assert len(first.kept) == 2
    assert second.kept == ()
