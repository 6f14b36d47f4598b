"""Lines that differ in their digits only are remembered, unless the digits matter."""

from __future__ import annotations

from dcmecho.diagnosis.texts.matching import known_messages


def texts(line: str) -> list[str]:
    return [hit.message.texts[0] for hit in known_messages().hits(line)]


def test_other_digits_can_be_another_message() -> None:
    assert texts("E: 0006:0319 what nobody knows") == []
    assert texts("E: 0006:0317 what nobody knows") == [
        "Peer aborted Association (or never connected)"
    ]
    assert texts("Find SCP Result: 0x0000 (Success)") != texts("Find SCP Result: 0x0124 (Failure)")


def test_the_same_line_with_other_digits_has_its_own_values() -> None:
    (first,) = known_messages().hits("E: Unknown PDU type received '0x48'")
    (second,) = known_messages().hits("E: Unknown PDU type received '0x16'")
    assert (first.values["pdu_hex"], second.values["pdu_hex"]) == ("0x48", "0x16")


def test_an_element_of_a_dataset_is_no_message() -> None:
    assert texts("(0000,0902) LO [Unknown move destination] # 26, 1 ErrorComment")
    assert texts("(0008,0902) LO [Unknown move destination] # 26, 1 PatientName") == []
