"""Every PDU is a readable line in the log, and nothing makes the decoder raise."""

from __future__ import annotations

import random

import pytest

from dcmecho.diagnosis.events import LogLayer
from dcmecho.dicom.pdu.decode import Readable, readable
from dcmecho.dicom.pdu.read import read_pdu
from dcmecho.lab import pdu as lab_pdu
from tests.unit.dicom.pdu_bytes import accept, accepted_context, request


def line_of(data: bytes) -> Readable:
    """Return what the log shows for these bytes."""
    return readable(read_pdu(data))


def test_request() -> None:
    line = line_of(request(called="TARGET_PACS", calling="MY_WORKSTATION"))
    assert line.layer is LogLayer.ACSE
    assert line.text.startswith("A-ASSOCIATE-RQ  MY_WORKSTATION -> TARGET_PACS  Verification")
    assert "context 1: Verification SOP Class [Implicit VR Little Endian]" in line.details
    assert "maximum length    16384" in line.details


def test_odd_titles_are_shown_byte_by_byte() -> None:
    line = line_of(accept(called=b"PACS\0\0\0\0        "))
    assert any("PACS\\x00\\x00" in detail for detail in line.details)


def test_refused_context() -> None:
    line = line_of(accept(contexts=accepted_context(1, result=3)))
    assert "abstract syntax not supported" in line.text


def test_rejection_has_numbers_and_words() -> None:
    assert line_of(lab_pdu.associate_rj(1, 1, 7)).text == (
        "A-ASSOCIATE-RJ  1/1/7  called AE title not recognized (permanent, service user)"
    )


def test_abort_has_numbers_and_words() -> None:
    text = line_of(lab_pdu.abort(2, 1)).text
    assert text == "A-ABORT  2/1  by service provider, unrecognized PDU"


def test_release() -> None:
    assert line_of(lab_pdu.RELEASE_RP).text == "A-RELEASE-RP"


def test_data_set_is_neither_decoded_nor_shown() -> None:
    data_set = b"\x10\0\x10\0\x08\0\0\0DOE^JOHN"
    pdv = (len(data_set) + 2).to_bytes(4, "big") + b"\x01\x02" + data_set
    line = line_of(b"\x04\0" + len(pdv).to_bytes(4, "big") + pdv)
    assert line.layer is LogLayer.DIMSE
    assert "DOE" not in line.text
    assert not line.shows_bytes


def test_bytes_that_are_no_pdu() -> None:
    line = line_of(b"HTTP/1.1 400 Bad Request\r\n")
    assert line.layer is LogLayer.TCP
    assert "HTTP/1.1 400 Bad Request\\x0d\\x0a" in line.text


@pytest.mark.parametrize("whole", [request(), accept(), lab_pdu.abort(0, 0), lab_pdu.RELEASE_RP])
def test_never_raises_and_stays_on_one_line(whole: bytes) -> None:
    dice = random.Random(whole)
    for cut in range(1, len(whole) + 1):
        broken = bytearray(whole[:cut])
        broken[dice.randrange(cut)] = dice.randrange(256)
        line = line_of(bytes(broken))
        assert all(text.isprintable() for text in (line.text, *line.details))
