"""A file without peers: what it is, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcmecho.cli.exchange import importing
from dcmecho.exit_codes import ExitCode
from dcmecho.profiles.exchange.formats.known import UnknownFormatError, read_bytes


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b"hello", "it looks like none of"),
        (b"%PDF-1.7", "this is a PDF; copy the peers from it as lines AET@host:port"),
        (b"\x89PNG\r\n", "this is a picture"),
        (bytes(128) + b"DICM", "this is a DICOM object, which holds no peers"),
        (b"\x1f\x8b\x08", r"compressed file \(gzip\); unpack it"),
        (b"SQLite format 3\0", "SQLite database; export the peers"),
        (b"\x7fELF", "this is a program"),
        (bytes(50), "this is no text"),
        (b"-----BEGIN CERTIFICATE-----\n", "name it in .target.tls. of profiles.toml"),
        (b"<!DOCTYPE html><html>", "it is a web page"),
        (b"MSH|^~\\&|", "it is an HL7 message"),
        (b"# c\n[sscscp]\nMicroPACS = sscscp\n", "Conquest's dicom.ini; import acrnema.map"),
        (b"[[TransferSyntaxes]]\n[X]\n", "a file of DCMTK with presentation contexts"),
        (b"services:\n  web:\n    image: x\n", "a docker-compose file without peers"),
        (b"version: 1\n\ndn: cn=x\ncn: x\n", "an LDIF without AE titles"),
        (b"I: Requesting Association\n", "the output of a DCMTK program"),
        (b"<?xml version='1.0'?><a/>", "XML without DICOM nodes; import Weasis' dicomNodes.xml"),
        (b"{}", r"JSON without DICOM peers \(it is empty\)"),
        (b'{"openapi": "3", "paths": {}}', r"JSON without DICOM peers \(it has openapi, paths\)"),
        (b'["a", "b"]', "of Orthanc, import the answer to /modalities.expand"),
        (b'[{"dicomAETitle": "A"}]', "dcm4che's configuration as JSON; export it as LDIF"),
        (b"Name,Host,Port\nA,h,104\n", "a table without a column for the AE title"),
        (b"Name;AE-Titel;Port\nA;A;104\n", "a table without a column for the host"),
    ],
)
def test_it_is_named_with_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(UnknownFormatError, match=said):
        read_bytes(content)


def test_it_is_told_on_the_command_line_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.json"
    file.write_text("{}")
    profiles = str(tmp_path / "profiles.toml")
    assert importing.run([str(file), "--profiles", profiles, "--dry-run"]) == ExitCode.USAGE
    assert "it is JSON without DICOM peers" in capsys.readouterr().err
