"""The configurations that Debian's packages of DCMTK and Orthanc install, imported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.exchange.formats.known import UnknownFormatError, read_bytes, read_text
from dcmecho.profiles.exchange.planning import Action, plan
from dcmecho.profiles.exchange.rows import Channel, ExchangeFormat
from tests.unit.exchange.texts import EMPTY, peers, problems

DCMQRSCP = Path("/etc/dcmtk/dcmqrscp.cfg")
ORTHANC = Path("/etc/orthanc/orthanc.json")

needs_dcmtk = pytest.mark.skipif(not DCMQRSCP.exists(), reason="Debian's dcmtk is not installed")
needs_orthanc = pytest.mark.skipif(not ORTHANC.exists(), reason="Debian's orthanc is not installed")


@needs_dcmtk
def test_dcmqrscp_as_installed_has_examples_only() -> None:
    reading = read_bytes(DCMQRSCP.read_bytes())
    assert (reading.format, reading.rows) == (ExchangeFormat.DCMQRSCP, ())
    assert [str(remark) for remark in reading.remarks] == [
        "the HostTable is empty; its examples are comments (#)"
    ]


@needs_dcmtk
def test_the_examples_of_dcmqrscp_in_force() -> None:
    text = re.sub(r"(?m)^#(?=acme|united|ACME|UNITED|READ|\")", "", DCMQRSCP.read_text())
    reading = read_text(text)
    assert peers(reading) == [
        "acme1: ACME1@acmehost1:5678",
        "acme2: ACME2@acmehost2:5678",
        "united1: UNITED1@unitedhost1:104",
        "united2: UNITED2@unitedhost2:104",
    ]
    assert [row.values[Field.GROUP] for row in reading.rows] == [
        *["acmeCTcompany"] * 2,
        *["unitedMRcompany"] * 2,
    ]
    assert "ACME_STORE, UNITED_STORE, READWRITE, READ, at port 104" in str(reading.remarks[0])


@needs_orthanc
def test_orthanc_as_installed_has_examples_only() -> None:
    reading = read_bytes(ORTHANC.read_bytes())
    assert (reading.format, reading.rows) == (ExchangeFormat.ORTHANC, ())
    assert [str(remark) for remark in reading.remarks] == [
        '"DicomModalities" is empty; its examples are comments (//)',
        "this Orthanc itself is called ORTHANC at port 4242 of its host; "
        "to check it, add it as AET@host:port",
    ]


@needs_orthanc
def test_the_examples_of_orthanc_in_force() -> None:
    text = ORTHANC.read_text()
    start = text.index('"DicomModalities" : {')
    end = text.index('"DicomModalitiesInDatabase"', start)
    examples = re.sub(r'(?m)^( +)//(?= ?["{}]|  +["}])', r"\1", text[start:end])
    # Debian's example lacks two of its own commas.
    examples = re.sub(r'("UseDicomTls" : false|"LocalAet" : "HELLO")', r"\1,", examples)
    reading = read_text(text[:start] + examples + text[end:])
    assert problems(reading) == []
    assert peers(reading) == [
        "sample: STORESCP@127.0.0.1:2000",
        "vitrea: VITREA@192.168.1.1:104",
        "untrusted: ORTHANC@127.0.0.1:104",
    ]
    assert reading.rows[-1].channel is Channel.PLAIN
    assert reading.rows[-1].values[Field.CALLING_AE] == "HELLO"
    planned = plan(EMPTY, reading.rows)
    assert [row.action for row in planned.rows] == [Action.NEW] * 3


@needs_orthanc
@pytest.mark.parametrize("name", ["credentials.json", "serve-folders.json", "worklists.json"])
def test_the_other_files_of_orthanc_hold_no_peers(name: str) -> None:
    with pytest.raises(UnknownFormatError, match='Orthanc has them in "DicomModalities"'):
        read_bytes((ORTHANC.parent / name).read_bytes())
