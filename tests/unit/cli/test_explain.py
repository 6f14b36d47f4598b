"""``dcmecho explain``: files and standard input in, text or JSON out, and the exit codes."""

from __future__ import annotations

import json
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from dcmecho.cli import explain, redact
from dcmecho.exit_codes import ExitCode

REJECTED = """$ echoscu -aec MAIN_PACS -aet CT_ROOM1 pacs.hospital.lan 104
F: Association Rejected:
F: Result: Rejected Permanent, Source: Service User
F: Reason: Calling AE Title Not Recognized
"""
ORTHANC = (
    "I1130 12:20:21.7 CommandDispatcher.cpp:333] Association Received from AET CT_ROOM1 on IP"
    ' 192.0.2.5\nW1130 12:20:21.7 main.cpp:1] Modality "CT_ROOM1" is not listed in the'
    ' "DicomModalities" configuration option\n'
)
WELL = """I: Requesting Association
I: Association Accepted (Max Send PDV: 16372)
I: Sending Echo Request (MsgID 1)
I: Received Echo Response (Success)
I: Releasing Association
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.log"
    path.write_text(REJECTED)
    return path


def test_a_file_is_explained(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain.run([str(file)]) == ExitCode.OK
    text = capsys.readouterr().out
    assert "FAILED at AE titles: rejected 1/1/3: calling AE title not recognized" in text
    assert "CT_ROOM1 -> MAIN_PACS, pacs.hospital.lan port 104" in text
    assert "dcmecho --experiments -aec MAIN_PACS -aet CT_ROOM1 pacs.hospital.lan 104" in text
    assert max(map(len, text.splitlines())) <= 79


def test_json_is_a_list_of_reports(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain.run(["--json", str(file)]) == ExitCode.OK
    (report,) = json.loads(capsys.readouterr().out)
    assert report["schema"] == "dcmecho.report/1"
    assert report["source"] == "text"
    assert report["verdict"]["service"] == "C-ECHO"
    assert report["verdict"]["exit_code"] == 15
    assert report["started"] is None


def test_standard_input_can_have_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(WELL.encode())))
    assert explain.run(["-"]) == ExitCode.OK
    assert "No failure seen: 1 association" in capsys.readouterr().out
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(WELL.encode())))
    assert explain.run(["--json", "-"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out) == []


def test_what_is_not_about_dicom_is_not_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.log"
    other.write_text("psql: error: connection to server failed: Connection refused\n")
    assert explain.run([str(other)]) == ExitCode.NOTHING_OF_DICOM
    assert "This text is not known" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["no-such-file", "."])
def test_what_cannot_be_read_is_said(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain.run([str(tmp_path / name)]) == ExitCode.USAGE
    assert "dcmecho:" in capsys.readouterr().err


def test_the_log_of_the_server_proves_what_the_caller_cannot_know(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = tmp_path / "server.log"
    server.write_text(ORTHANC)
    assert explain.run(["--json", str(file), str(server)]) == ExitCode.OK
    (report,) = json.loads(capsys.readouterr().out)
    assert [(c["id"], c["confidence"]) for c in report["causes"]] == [
        ("ae.calling-unknown", "proven")
    ]
    assert report["target"]["called_ae"] == "MAIN_PACS"


def test_a_report_can_be_redacted(
    file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    explain.run(["--json", str(file)])
    saved = tmp_path / "report.json"
    saved.write_text(capsys.readouterr().out)
    for form in redact.RedactFormat:
        assert redact.run(["--format", form, str(saved)]) == ExitCode.OK
        text = capsys.readouterr().out
        assert "rejected 1/1/3" in text
        assert "1970" not in text
        for name in ("MAIN_PACS", "CT_ROOM1", "hospital"):
            assert name not in text
