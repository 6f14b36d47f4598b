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


def test_digits_that_decide_are_told_apart_in_lines_that_are_remembered() -> None:
    for code, known in (("0319", False), ("0317", True), ("0318", False), ("0317", True)):
        for second in ("01", "02"):
            line = f"02:10:{second} E: 0006:0300 and then 0006:{code} what nobody knows"
            assert bool(texts(line)) is known


def test_lines_are_looked_at_together_and_in_order() -> None:
    lines = ["Größe 12: äöü", "E: Unknown PDU type received '0x48'", "", "\U0001f600 7"]
    found = list(known_messages().shapes(lines))
    assert [line for line, _ in found] == lines
    assert [len(shape.hits(line)) for line, shape in found] == [0, 1, 0, 0]
