"""What else is in a capture: other protocols, checks of a port, the same association twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcmecho.capture.associations import reading
from dcmecho.capture.associations.reading import read_associations
from dcmecho.capture.file.opened import Callbacks, open_capture
from dcmecho.cli import read as command
from dcmecho.diagnosis.target.target import Target
from dcmecho.report.json.observed import observed_data
from dcmecho.report.observed.read import render
from tests.unit.capture.listening import CAPTURES
from tests.unit.capture.packets import (
    ACK,
    FIN,
    SYN,
    Packet,
    Record,
    frames,
    handshake,
    pcap,
    written,
)

REJECTED = CAPTURES / "014-rj-orthanc-wrong-called.pcap"
OUTSIDE = bytes((203, 0, 113, 9))
INSIDE = bytes((10, 20, 1, 31))


def conversation(tmp_path: Path, asked: bytes, answered: bytes) -> str:
    """Write one connection in which each side says something."""
    opened = handshake()
    client = opened[-1]
    said = client._replace(data=asked, number=3)
    answer = opened[1]._replace(flags=ACK, sequence=9001, data=answered)
    end = client._replace(flags=FIN | ACK, sequence=1001 + len(asked))
    return str(written(tmp_path, pcap(frames([*opened, said, answer, end]))))


@pytest.mark.parametrize(
    ("asked", "answered", "words"),
    [
        (b"GET /studies?PatientName=DOE HTTP/1.1\r\n\r\n", b"", "HTTP (GET);"),
        (b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", "answered 400;"),
        (b"SSH-2.0-OpenSSH_9\r\n", b"SSH-2.0-x\r\n", "SSH;"),
        (b"\x0bMSH|^~\\&|DOE^JANE", b"", "HL7 (MLLP);"),
        (b"\xff\xff\xff\xff", b"", "bytes that are neither DICOM nor TLS;"),
    ],
)
def test_what_is_not_dicom_is_named_without_what_it_says(
    tmp_path: Path, asked: bytes, answered: bytes, words: str
) -> None:
    found = read_associations([conversation(tmp_path, asked, answered)])
    text = " ".join(render(found).split())
    assert found.accounts == ()
    assert f"10.0.0.2:104: {words.rstrip(';')}" in text or words in text
    assert "1 connection from 10.0.0.1" in text
    assert "DOE" not in text


def test_a_check_of_a_port_is_one_line_and_no_association() -> None:
    found = read_associations([str(CAPTURES / "048-port-checks-without-request.pcap")])
    (other,) = found.named
    assert other.what == "opened and closed without a request, as checks of a port do"
    assert (other.times, found.accounts) == (2, ())


def test_of_tls_the_versions_and_the_certificate_are_told() -> None:
    found = read_associations([str(CAPTURES / "126-tls12-client-cert-missing.pcap")], with_log=True)
    (report,) = map(observed_data, found.associations)
    texts = [each["text"] for each in report["stages"][-1]["evidence"]]
    assert "ServerHello: takes TLS 1.2, asks for a certificate of the client" in texts
    certificate = (
        "certificate of CN=good (10.20.2.10), issued by CN=root, valid 2026-11-29 to 2027-11-30"
    )
    assert f"server: {certificate}" in texts
    (association,) = found.associations
    lines = [line.text for line in association.log]
    assert f"Certificate: {certificate}" in lines
    assert "alert: handshake failure" in lines


def behind_a_translation(tmp_path: Path, apart_s: float) -> str:
    """Write the rejected association once more with another client address, a little later."""
    opened = open_capture(str(REJECTED), Callbacks())
    with opened.file:
        records = [
            Record(data[at:end], time or 0.0) for data, at, end, _, time, _ in opened.records
        ]
    again = [Record(each.frame.replace(INSIDE, OUTSIDE), each.time + apart_s) for each in records]
    both = sorted([*records, *again], key=lambda each: each.time)
    return str(written(tmp_path, pcap(both)))


def test_an_association_on_both_sides_of_a_translation_is_counted_once(tmp_path: Path) -> None:
    found = read_associations([behind_a_translation(tmp_path, 0.0001)])
    first, second = map(observed_data, found.associations)
    assert (first["same_as"], second["same_as"]) == (None, 0)
    text = " ".join(render(found).split())
    assert text.startswith("1 association, 1 failed, 1 of them captured twice")
    assert "captured twice, also as 203.0.113.9:54876 -> 10.20.2.10:4242" in text
    assert text.count("FAILED at AE titles") == 1


def test_the_same_numbers_much_later_are_another_association(tmp_path: Path) -> None:
    found = read_associations([behind_a_translation(tmp_path, 60)])
    assert [each.same_as for each in found.accounts] == [None, None]


def test_of_a_flood_of_attempts_the_first_are_told_and_the_rest_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_MOST_ATTEMPTS", 10)
    attempts = [
        Packet((bytes((10, 9, index, 1)), 1000), (bytes((10, 0, 0, 2)), 104), 1000, SYN)
        for index in range(25)
    ]
    found = read_associations([str(written(tmp_path, pcap(frames(attempts))))])
    assert (len(found.accounts), found.uncounted) == (10, 15)
    assert "15 more attempts to connect that nobody answered, not listed" in render(found)


def test_a_failure_is_compared_with_the_targets_of_the_profile_file() -> None:
    found = read_associations([str(REJECTED)])
    known = (
        Target("10.20.2.10", 4242, "ORTHANC", "CT01", name="pacs"),
        Target("10.20.2.10", 104, "OTHER", "CT01", name="other"),
    )
    text = " ".join(render(found, known).split())
    assert (
        "target: pacs in the profile file: this caller asked for WRONG, our checks for ORTHANC;"
        " it asked with title MYWS, our checks with CT01"
    ) in text
    assert "other in" not in text
    same = (Target("10.20.2.10", 4242, "WRONG", "MYWS", name="wrong"),)
    assert "target: wrong in the profile file " in " ".join(render(found, same).split())


def test_the_command_takes_the_targets_of_a_profile_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "targets.toml"
    file.write_text(
        '[[target]]\nname = "pacs"\nhost = "10.20.2.10"\nport = 4242\ncalled_ae = "ORTHANC"\n',
        encoding="utf-8",
    )
    command.run(["--profiles", str(file), str(REJECTED)])
    text = " ".join(capsys.readouterr().out.split())
    assert "pacs in the profile file: this caller asked for WRONG, our checks for ORTHANC" in text
