"""The judgement of a target's values: errors, warnings, and values that are fine."""

import pytest

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.diagnosis.target.validation import Complaint, check, check_target
from dcmecho.diagnosis.target.value_checks import Severity


def only(complaints: tuple[Complaint, ...]) -> Complaint:
    (complaint,) = complaints
    return complaint


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "pacs",
        "pacs.hospital.lan",
        "pacs.hospital.lan.",
        "PACS_1",
        "3t-mri.lan",
        "bücher.example",
        "192.168.1.50",
        "127.0.0.1",
        "::1",
        "fd00::7",
        "fe80::1%eth0",
        "::ffff:192.168.1.50",
        "a" * 63,
    ],
)
def test_accepts_names_and_addresses(host: str) -> None:
    assert check(Field.HOST, host) == ()


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("", "is required"),
        (" ", "space"),
        ("pacs ", "ends with a space"),
        (" pacs", "starts with a space"),
        ("main pacs", "position 5"),
        ("pacs\n", "U+000A at position 5"),
        ("pacs\u200b.lan", "U+200B at position 5"),
        ("pacs\xa0", "U+00A0 at position 5"),
        ("pacs\ud800", "U+D800 at position 5"),
        ("http://pacs.lan:8042/app", "only the host, pacs.lan"),
        ("dicom://user@pacs.lan", "only the host, pacs.lan"),
        ("https://[fd00::7]:443", "only the host, fd00::7"),
        ("pacs.lan/wado", "pacs.lan"),
        ("10.0.0.0/8", "10.0.0.0"),
        ("PACS@pacs.lan", "the part after the @, pacs.lan"),
        ("pacs:104", "host pacs, port 104"),
        ("10.77.3.2:11112", "host 10.77.3.2, port 11112"),
        ("[::1]:104", "host ::1, port 104"),
        ("[::1]", "without brackets: ::1"),
        ("fe80::g", "not an IPv6 address"),
        ("fe80::1%", "not an IPv6 address"),
        ("fe80::1", "fe80::1%eth0"),
        ("ff02::1", "multicast"),
        ("224.0.0.1", "not the address of one machine"),
        ("255.255.255.255", "not the address of one machine"),
        ("a..b", "part 2 between the dots is empty"),
        (".pacs", "part 1 between the dots is empty"),
        ("a" * 64, "64 characters"),
        ("ü..x", "part 2 between the dots is empty"),
        ("ü" * 64, "64 characters"),
        (".".join(["a" * 60] * 5), "304 characters"),
        ("pacs.-lan", "part 2 starts with a hyphen"),
        ("pacs,lan", ", at position 5"),
        (r"192.168.1.50\share", r"\ at position 13"),
    ],
)
def test_refuses_an_invalid_host_and_says_where(host: str, told: str) -> None:
    complaint = only(check(Field.HOST, host))
    assert complaint.severity is Severity.ERROR
    assert complaint.cause is CauseId.HOST_INVALID
    assert told in complaint.message


@pytest.mark.parametrize(
    ("host", "read_as"),
    [
        ("10.77.3", "10.77.0.3"),
        ("010.077.003.002", "8.63.3.2"),
        ("010.77.3.2", "8.77.3.2"),
        ("0x7f.1", "127.0.0.1"),
        ("12345", "0.0.48.57"),
        ("０10.1.1.1", "8.1.1.1"),
    ],
)
def test_refuses_addresses_that_a_resolver_reads_differently(host: str, read_as: str) -> None:
    assert f"would be read as {read_as}" in only(check(Field.HOST, host)).message


@pytest.mark.parametrize("host", ["10.77.3.256", "1.2.3.4.5", "10.77.3.2.", "10.77.3.09"])
def test_refuses_numbers_that_are_not_an_address(host: str) -> None:
    assert "IPv4 address" in only(check(Field.HOST, host)).message


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_warns_of_an_address_to_listen_on(host: str) -> None:
    assert only(check(Field.HOST, host)).severity is Severity.WARNING


@pytest.mark.parametrize("port", [1, 104, 2761, 11112, 65535])
def test_accepts_ports(port: int) -> None:
    assert check(Field.PORT, port) == ()


@pytest.mark.parametrize("port", [-1, 0, 65536, 70000])
def test_refuses_ports_that_do_not_exist(port: int) -> None:
    complaint = only(check(Field.PORT, port))
    assert (complaint.severity, complaint.cause) == (Severity.ERROR, CauseId.PORT_INVALID)
    assert str(port) in complaint.message


@pytest.mark.parametrize(
    ("port", "tls", "told"),
    [
        (2762, None, "the port for DICOM over TLS, but this target is plain"),
        (104, TlsSettings(), "the port for plain DICOM, but this target uses TLS"),
    ],
)
def test_warns_of_a_port_that_is_for_the_other_kind(
    port: int, tls: TlsSettings | None, told: str
) -> None:
    target = Target("192.168.1.50", port, "TARGET_PACS", "MY_WORKSTATION", tls=tls)
    complaint = only(check_target(target))
    assert (complaint.field, complaint.severity) == (Field.PORT, Severity.WARNING)
    assert complaint.message.startswith(f"{port} is {told}")


@pytest.mark.parametrize("port", [2762, 11112, 4242])
def test_accepts_ports_for_tls(port: int) -> None:
    assert check(Field.PORT, port, TlsSettings()) == ()


@pytest.mark.parametrize("title", ["A", "MAIN_PACS", "main pacs", "A" * 16, "~!@#$%^&*()", "1"])
def test_accepts_ae_titles(title: str) -> None:
    assert check(Field.CALLED_AE, title) == ()


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("", "is required"),
        ("   ", "only spaces"),
        ("A" * 17, "17 bytes is too long"),
        ("PACS" + " " * 20, "24 bytes is too long"),
        ("PACS" + " " * 20, "Without the spaces around it, this one has 4"),
        ("A\\B", "byte 5c at position 2 is a backslash"),
        ("PACS\t", "byte 09 at position 5 is a control character"),
        ("PACS\x00", "byte 00 at position 5"),
        ("P\x7fACS", "byte 7f at position 2"),
        ("PÄCS", "bytes c3 84 at position 2"),
        ("P\u0410CS", "CYRILLIC CAPITAL LETTER A"),
        ("PA\ud800", "bytes ed a0 80 at position 3"),
    ],
)
def test_refuses_titles_that_dicom_does_not_allow(title: str, told: str) -> None:
    complaint = only(check(Field.CALLING_AE, title))
    assert complaint.field is Field.CALLING_AE
    assert complaint.severity is Severity.ERROR
    assert complaint.cause is CauseId.AE_TITLE_INVALID
    assert told in complaint.message


def test_names_every_error_in_a_title() -> None:
    messages = [each.message for each in check(Field.CALLED_AE, "A\\" + "B" * 16)]
    assert len(messages) == 2
    assert "18 bytes" in messages[0]
    assert "backslash" in messages[1]


@pytest.mark.parametrize(("title", "shown"), [(" PACS", "\\x20PACS"), ("PACS  ", "PACS\\x20\\x20")])
def test_makes_spaces_around_a_title_visible(title: str, shown: str) -> None:
    complaint = only(check(Field.CALLED_AE, title))
    assert complaint.severity is Severity.WARNING
    assert shown in complaint.message


@pytest.mark.parametrize("title", ["ANY-SCP", "ORTHANC", "Orthanc", "DCM4CHEE", "STORESCP"])
def test_warns_of_default_titles(title: str) -> None:
    complaint = only(check(Field.CALLED_AE, title))
    assert complaint.severity is Severity.WARNING
    assert title in complaint.message


@pytest.mark.parametrize("timeout_s", [0.0, -1.0, float("nan"), float("inf"), 1e9])
def test_refuses_timeouts_out_of_range(timeout_s: float) -> None:
    complaint = only(check(Field.ACSE_TIMEOUT_S, timeout_s))
    assert (complaint.field, complaint.severity) == (Field.ACSE_TIMEOUT_S, Severity.ERROR)


@pytest.mark.parametrize("timeout_s", [0.1, 5, 86400])
def test_accepts_timeouts(timeout_s: float) -> None:
    assert check(Field.ACSE_TIMEOUT_S, timeout_s) == ()


@pytest.mark.parametrize("max_pdu_bytes", [0, 4096, 16382, 131072])
def test_accepts_pdu_lengths(max_pdu_bytes: int) -> None:
    assert check(Field.MAX_PDU_BYTES, max_pdu_bytes) == ()


@pytest.mark.parametrize("max_pdu_bytes", [-1, 1, 4095, 131073])
def test_refuses_pdu_lengths_out_of_range(max_pdu_bytes: int) -> None:
    assert only(check(Field.MAX_PDU_BYTES, max_pdu_bytes)).severity is Severity.ERROR


def test_checks_every_value_of_a_target_in_order() -> None:
    target = Target(
        host="",
        port=0,
        called_ae="",
        calling_ae="",
        connect_timeout_s=0,
        acse_timeout_s=0,
        dimse_timeout_s=0,
        max_pdu_bytes=1,
    )
    assert [complaint.field for complaint in check_target(target)] == [
        Field.HOST,
        Field.PORT,
        Field.CALLED_AE,
        Field.CALLING_AE,
        Field.CONNECT_TIMEOUT_S,
        Field.ACSE_TIMEOUT_S,
        Field.DIMSE_TIMEOUT_S,
        Field.MAX_PDU_BYTES,
    ]


def test_has_no_complaint_about_a_valid_target() -> None:
    assert check_target(Target("192.168.1.50", 104, "TARGET_PACS", "MY_WORKSTATION")) == ()


@pytest.mark.parametrize(
    ("called_ae", "calling_ae", "warns"),
    [("PACS", "PACS", True), ("PACS", "pacs", False), ("PACS", "MY_WORKSTATION", False)],
)
def test_warns_of_one_title_for_both_sides(called_ae: str, calling_ae: str, warns: bool) -> None:
    complaints = check_target(Target("192.168.1.50", 104, called_ae, calling_ae))
    assert [each.field for each in complaints] == [Field.CALLED_AE] * warns
    assert all(each.severity is Severity.WARNING for each in complaints)
    assert all("Some servers reject a caller" in each.message for each in complaints)


def test_a_complaint_reads_as_field_and_message() -> None:
    complaint = only(check(Field.CALLED_AE, "A\\B"))
    assert str(complaint).startswith("called_ae: byte 5c")


@pytest.mark.parametrize("field", [Field.NAME, Field.GROUP])
@pytest.mark.parametrize("text", ["two\nlines", "\x1b[2J", "\u202elive"])
def test_refuses_a_name_that_would_control_the_terminal(field: Field, text: str) -> None:
    assert only(check(field, text)).severity is Severity.ERROR


def test_a_target_is_printable_whatever_its_values_are() -> None:
    target = Target("\x1b[2J", 104, "P\x07", "WS", do_not_probe="two\nlines")
    assert str(target) == "WS -> P\\x07 @ \\x1b[2J:104"
    assert target.shown_host == "\\x1b[2J"
    assert target.not_checked == "not checked: two\\x0alines"
