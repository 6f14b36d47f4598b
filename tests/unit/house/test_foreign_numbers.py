"""No text is read as a number that people do not write as one, and none ends a command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dcmecho.console.listen.request import ListenFieldFault, read_ports
from dcmecho.diagnosis.store.size import size_bytes
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.host_syntax import host_error
from dcmecho.dicom.wire.resolver import literal
from dcmecho.profiles.address import PeerAddress, peer_address
from dcmecho.profiles.exchange.formats.known import read_text
from dcmecho.profiles.exchange.rows import ExchangeFormat

SOURCES = Path(__file__).parents[3] / "tui" / "dcmecho"

ARABIC, FULL_WIDTH, SUPERSCRIPT = "١٠٤", "１０４", "²"
LONG = "9" * 5000
"""Python's own ``int`` refuses so many digits with an error that speaks to programmers."""
NUMBERS = pytest.mark.parametrize(
    "number", [ARABIC, FULL_WIDTH, SUPERSCRIPT, LONG], ids=["arabic", "wide", "superscript", "long"]
)

TEXTS = {
    ExchangeFormat.DCMQRSCP: "HostTable BEGIN\na = (A, h, {})\nHostTable END\n",
    ExchangeFormat.ORTHANC: '{{"DicomModalities": {{"a": ["A", "h", {}]}}}}',
    ExchangeFormat.CSV: "name,called_ae,host,port\na,A,h,{}\n",
    ExchangeFormat.LDIF: (
        "dn: dicomAETitle=A,dicomDeviceName=d\nobjectClass: dicomNetworkAE\ndicomAETitle: A\n"
        "dicomNetworkConnectionReference: cn=dicom,dicomDeviceName=d\n\n"
        "dn: cn=dicom,dicomDeviceName=d\nobjectClass: dicomNetworkConnection\ncn: dicom\n"
        "dicomHostname: h\ndicomPort: {}\n"
    ),
    ExchangeFormat.COMPOSE: """ORTHANC__DICOM_MODALITIES='{{"a": ["A", "h", "{}"]}}'""",
    ExchangeFormat.MERCURE: (
        '{{"targets": {{"a": {{"aet_target": "A", "ip": "h", "port": "{}"}}}}}}'
    ),
    ExchangeFormat.WEASIS: '<nodes><node aeTitle="A" hostname="h" port="{}"/></nodes>',
    ExchangeFormat.HOROS: (
        "<plist><array><dict><key>AETitle</key><string>A</string><key>Address</key>"
        "<string>h</string><key>Port</key><string>{}</string></dict></array></plist>"
    ),
    ExchangeFormat.CONQUEST: "A h {} un\n",
    ExchangeFormat.LINES: "A@h:{}",
    ExchangeFormat.COMMAND: "echoscu -aec A h {}",
    ExchangeFormat.TOML: '[[target]]\nname = "a"\nhost = "h"\nport = {}\ncalled_ae = "A"\n',
}


def test_the_texts_hold_a_port_in_every_format() -> None:
    assert set(TEXTS) == set(ExchangeFormat)
    for form, text in TEXTS.items():
        (row,) = read_text(text.format("104"), form).rows
        assert (row.values.get(Field.PORT), row.problem) == (104, "")


@NUMBERS
@pytest.mark.parametrize("form", TEXTS)
def test_an_import_names_it_as_a_problem(form: ExchangeFormat, number: str) -> None:
    (row,) = read_text(TEXTS[form].format(number), form).rows
    assert row.problem
    assert "sys." not in row.problem
    assert Field.PORT not in row.values


def test_an_import_names_a_value_that_is_nested_too_deeply() -> None:
    text = TEXTS[ExchangeFormat.ORTHANC].format("[" * 100_000)
    assert [row.problem for row in read_text(text, ExchangeFormat.ORTHANC).rows] == [
        "is nested too deeply"
    ]


@NUMBERS
def test_no_port_of_a_peer(number: str) -> None:
    assert peer_address(f"A@h:{number}") is None
    assert peer_address(f"A@h:-{number}") is None


def test_a_port_out_of_range_is_still_told_as_one() -> None:
    assert peer_address("A@h:99999") == PeerAddress("A", "h", 99999)
    assert peer_address("A@h:-1") == PeerAddress("A", "h", -1)


@NUMBERS
def test_no_port_to_listen_on(number: str) -> None:
    assert isinstance(read_ports(number), ListenFieldFault)


@NUMBERS
def test_no_port_in_a_host(number: str) -> None:
    assert "port" not in (host_error(f"h:{number}") or "")
    assert "port" not in (host_error(f"[fe80::1]:{number}") or "")


@NUMBERS
def test_no_interface_of_this_machine(number: str) -> None:
    assert literal(f"fe80::1%{number}", 104) is None


def test_an_interface_has_a_number_of_32_bits() -> None:
    assert literal(f"fe80::1%{2**32}", 104) is None
    assert literal(f"fe80::1%{2**32 - 1}", 104) is not None


@NUMBERS
def test_no_size(number: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        size_bytes(f"{number}k")


NOT_FOREIGN = {
    "console/terminal/lean_output.py": "what Textual writes",
    "diagnosis/target/digits.py": "the one place",
    "dicom/listen/port_owner.py": "names in /proc",
    "profiles/book/load.py": "messages of Python's own library",
    "profiles/book/wording.py": "compares keys, reads no number",
}


def test_no_other_module_reads_the_digits_of_every_script() -> None:
    digits = re.compile(r"\\d[^\w]|\.(isdigit|isdecimal|isnumeric)\(")
    found = {
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        if digits.search(path.read_text(encoding="utf-8"))
    }
    assert found == set(NOT_FOREIGN)
