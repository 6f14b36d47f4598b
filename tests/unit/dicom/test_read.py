"""PDUs are read leniently, and errors name the place in the PDU."""

from __future__ import annotations

import struct

import pytest

from dcmecho.diagnosis.network.association import Acceptance
from dcmecho.dicom.pdu.commands import CommandAssembler, Fragment, read_command
from dcmecho.dicom.pdu.framing import PduFault, claimed_bytes, is_pdu
from dcmecho.dicom.pdu.read import (
    acceptance_of,
    read_abort,
    read_associate,
    read_fragments,
    read_rejection,
)
from dcmecho.lab import pdu as lab_pdu
from tests.unit.dicom.pdu_bytes import accept, accepted_context, request


def acceptance(pdu: bytes) -> Acceptance:
    """Return an A-ASSOCIATE-AC as the answer to our request."""
    return acceptance_of(read_associate(pdu), read_associate(request()).proposed)


class TestFraming:
    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            (b"", True),
            (b"\x01", True),
            (b"\x07\0", True),
            (b"\x03\0\0\0\0\x04", True),
            (b"HTTP", False),
            (b"\0", False),
            (b"\x08", False),
            (b"\x03\0\0\x13\x0e\xd0", False),  # remote desktop
        ],
    )
    def test_first_byte(self, data: bytes, expected: bool) -> None:
        assert is_pdu(data) is expected

    def test_a_header_tells_the_whole_length(self) -> None:
        assert claimed_bytes(b"\x02\0\0\0\0") is None
        assert claimed_bytes(b"\x02\0\0\0\0\x04") == 10


class TestAssociate:
    def test_request_as_sent(self) -> None:
        sent = read_associate(request(called="PACS", calling="WS"))
        assert sent.called_ae == b"PACS".ljust(16)
        assert sent.calling_ae == b"WS".ljust(16)
        assert sent.proposed[0].abstract_syntax == "1.2.840.10008.1.1"
        assert sent.proposed[0].transfer_syntaxes == ("1.2.840.10008.1.2",)
        assert sent.max_pdu_bytes == 16384

    def test_acceptance(self) -> None:
        got = acceptance(accept(version=b"OFFIS_DCMTK_367 "))
        assert str(got.implementation_version) == "OFFIS_DCMTK_367"
        assert got.contexts[0].abstract_syntax == "1.2.840.10008.1.1"
        assert got.contexts[0].transfer_syntax_name == "Implicit VR Little Endian"

    def test_version_name_with_an_escape_is_made_printable(self) -> None:
        got = acceptance(accept(version=b"EVIL\x1b[2J"))
        assert str(got.implementation_version) == "EVIL\\x1b[2J"

    def test_context_that_was_never_proposed(self) -> None:
        with pytest.raises(PduFault, match="context 9 at byte 99 was never proposed"):
            acceptance(accept(contexts=accepted_context(9)))

    def test_transfer_syntax_that_was_never_proposed(self) -> None:
        contexts = accepted_context(1, "1.2.840.10008.1.2.1")
        with pytest.raises(PduFault, match="Explicit VR Little Endian"):
            acceptance(accept(contexts=contexts))

    def test_titles_padded_with_nul_are_told_with_their_byte(self) -> None:
        odd = accept(called=b"PACS\0\0\0\0\0\0\0\0\0\0\0\0")
        (remark,) = acceptance(odd).remarks
        assert remark.startswith("the called AE title at byte 10 is padded with NUL")

    def test_no_context_answered(self) -> None:
        assert acceptance(accept(contexts=b"")).contexts == ()

    def test_overrunning_item_is_named_with_its_byte(self) -> None:
        broken = accept(contexts=struct.pack(">BBH", 0x21, 0, 0x7FFF))
        with pytest.raises(PduFault, match=r"item 0x21 of 32767 bytes at byte \d+ overruns"):
            read_associate(broken)

    def test_too_short_for_its_fixed_part(self) -> None:
        with pytest.raises(PduFault, match="ends inside its fixed part"):
            read_associate(b"\x02\0\0\0\0\x04\0\x01\0\0")


class TestOtherPdus:
    def test_rejection_outside_the_standard_stays_numbers(self) -> None:
        rejection = read_rejection(lab_pdu.associate_rj(1, 3, 56))
        assert rejection.triple == "1/3/56"
        assert "reason 56 outside the standard" in rejection.words

    def test_abort(self) -> None:
        abort = read_abort(lab_pdu.abort(2, 6))
        assert (abort.source, abort.reason) == (2, 6)
        assert abort.words == "by service provider, invalid PDU parameter value"

    @pytest.mark.parametrize("read", [read_rejection, read_abort])
    def test_wrong_length(self, read: object) -> None:
        assert callable(read)
        with pytest.raises(PduFault, match="of 6 bytes instead of 10"):
            read(b"\x03\0\0\0\0\0")

    def test_fragment_that_overruns(self) -> None:
        with pytest.raises(PduFault, match="overruns"):
            read_fragments(b"\x04\0\0\0\0\x08" + struct.pack(">IBB", 99, 1, 3) + b"\0\0")


class TestCommands:
    COMMAND = struct.pack("<HHIH", 0, 0x0100, 2, 0x8030) + struct.pack("<HHIH", 0, 0x0900, 2, 0x122)

    def test_fields(self) -> None:
        command = read_command(self.COMMAND)
        assert command.name == "C-ECHO-RSP"
        assert command.status == 0x0122
        assert command.responds_to is None

    def test_a_command_in_two_fragments(self) -> None:
        assembler = CommandAssembler()
        assert assembler.add(Fragment(1, True, False, self.COMMAND[:7])) is None
        command = assembler.add(Fragment(1, True, True, self.COMMAND[7:]))
        assert command is not None
        assert command.status == 0x0122

    @pytest.mark.parametrize("data", [b"\x08\0\x10\0\x02\0\0\0AB", COMMAND[:-1], b"\0\0"])
    def test_no_command_set(self, data: bytes) -> None:
        with pytest.raises(PduFault):
            read_command(data)
