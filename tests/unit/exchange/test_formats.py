"""Each format with real-life input: detected, read with lines, and problems reported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dcmecho.cli.exchange import importing
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.risk import Risk
from dcmecho.profiles.exchange.formats.known import (
    UnknownFormatError,
    detect,
    read_bytes,
    read_text,
)
from dcmecho.profiles.exchange.rows import Channel, ExchangeFormat
from tests.unit.exchange.texts import peers, problems

_FILES = Path(__file__).parent / "files"

COMMANDS = """\
$ echoscu -v -aet WS -aec MAIN_PACS \\
    pacs.lan 104 2>&1 | tee log
I: Requesting Association
# storescu +tls ws.key ws.crt --call ARCHIVE -xf a b -pwd s3cret [fd00::1] 2762 file.dcm
# the echoscu of last week
storescu -c DCM4CHEE@arc:11112 -b WS@10.0.0.2:1104 --tls file.dcm
"C:\\Program Files\\dcmtk\\bin\\findscu.exe" -k 0008,0052=STUDY -aec "MY PACS" host 105
root@server:~# echoscu 10.0.0.5 104
echoscu -ta 10 -to 2,5 -pdu 32768 host
"""


@pytest.mark.parametrize(
    "text",
    [
        "name;host;port;aet;note\nA;h;1;A;x\n",
        '[[target]]\nname = "A"\nhost = "h"\nport = 1\ncalled_ae = "A"\nnotes = "x"\n',
    ],
)
def test_an_import_brings_no_key_along_that_can_do_harm(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No value of a target can yet; one that could is left out in every format."""
    [row] = read_text(text).rows
    assert row.values[Field.NOTES] == "x"
    row_of_notes = Field.NOTES.row._replace(risk=Risk.RUNS_A_PROGRAM)
    monkeypatch.setattr(Field.NOTES, "row", row_of_notes)
    [row] = read_text(text).rows
    assert Field.NOTES not in row.values


class TestRecognition:
    @pytest.mark.parametrize(
        ("text", "form"),
        [
            ("HostTable BEGIN\nHostTable END\n", ExchangeFormat.DCMQRSCP),
            ("# ours\nmain = (MAIN, host, 104)\n", ExchangeFormat.DCMQRSCP),
            ('// c\n{"DicomModalities": {}}', ExchangeFormat.ORTHANC),
            ('{"a": {"AET": "A", "Host": "h", "Port": 104}}', ExchangeFormat.ORTHANC),
            ('{"targets": {}, "rules": {}, "modules": {}}', ExchangeFormat.MERCURE),
            ('<?xml version="1.0"?>\n<nodes/>', ExchangeFormat.WEASIS),
            ("services:\n  a:\n    environment:\n      ORTHANC_JSON: x\n", ExchangeFormat.COMPOSE),
            ("# ours\nORTHANC__DICOM_MODALITIES={}\n", ExchangeFormat.COMPOSE),
            ("/* ours */\nA  h  104  un\n", ExchangeFormat.CONQUEST),
            ("bplist00 AETitle", ExchangeFormat.HOROS),
            ('  "main" : [ "MAIN", "host", 104 ],\n', ExchangeFormat.ORTHANC),
            ("dn: x\ndicomAETitle: MAIN\n", ExchangeFormat.LDIF),
            ("# ours\n\nMAIN@host:104\n", ExchangeFormat.LINES),
            ("Hi, our archive is\nMAIN@host:104\n", ExchangeFormat.LINES),
            ("MAIN@host:104  # answers echoscu too\n", ExchangeFormat.LINES),
            ("Host;AET\n", ExchangeFormat.CSV),
            ("echoscu host 104", ExchangeFormat.COMMAND),
            ('[[target]]\nname = "echoscu"\n', ExchangeFormat.TOML),
        ],
    )
    def test_by_content(self, text: str, form: ExchangeFormat) -> None:
        assert detect(text) is form

    @pytest.mark.parametrize(
        ("text", "reason"),
        [("", "it is empty"), ("hello", "it looks like none of dcmqrscp, orthanc")],
    )
    def test_of_nothing_known(self, text: str, reason: str) -> None:
        with pytest.raises(UnknownFormatError, match=reason):
            read_text(text)

    def test_a_format_that_is_given_is_not_doubted(self) -> None:
        assert problems(read_text("hello", ExchangeFormat.LINES)) == [
            '1: "hello" must be AET@host:port'
        ]

    @pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
    def test_of_a_workbook_asks_for_csv(self, start: bytes) -> None:
        with pytest.raises(UnknownFormatError, match="save it as CSV, and import that"):
            read_bytes(start + b"...")


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_byte_order_marks(self, encoding: str) -> None:
        content = "name;host;aet;port\r\nRöntgen;h;MAIN;104\r\n".encode(encoding)
        reading = read_bytes(content)
        assert (peers(reading), reading.remarks) == (["Röntgen: MAIN@h:104"], ())

    def test_what_windows_writes_is_read_with_a_remark(self) -> None:
        reading = read_bytes("name;host;aet;port\nRöntgen;h;MAIN;104\n".encode("cp1252"))
        assert peers(reading) == ["Röntgen: MAIN@h:104"]
        assert str(reading.remarks[0]).startswith("line 2: is not UTF-8; read as Western European")


class TestDcmqrscp:
    def test_groups_several_peers_and_peers_in_the_table_of_areas(self) -> None:
        reading = read_text(
            "NetworkTCPPort = 11112\n"
            "HostTable BEGIN\n"
            '"CT Company" = (CT_1, ct1, 104), (CT_2, ct2, 105)\n'
            "mr = (MR_1, mr1, 104)\n"
            "all = mr\n"
            "HostTable END\n"
            "AETable BEGIN\n"
            "STORE /var/db/STORE RW (9, 1024mb) (WS_1, ws1, 4000), all\n"
            "READ /var/db/READ R (9, 1024mb) ANY\n"
            "AETable END\n"
        )
        assert peers(reading) == [
            "CT Company CT_1: CT_1@ct1:104",
            "CT Company CT_2: CT_2@ct2:105",
            "mr: MR_1@mr1:104",
            ": WS_1@ws1:4000",
        ]
        groups = [row.values.get(Field.GROUP) for row in reading.rows]
        assert groups == ["CT Company", "CT Company", "all", None]
        assert "STORE, READ, at port 11112" in str(reading.remarks[0])

    def test_a_bad_entry_does_not_stop_the_rest(self) -> None:
        reading = read_text(
            "HostTable BEGIN\n"
            "one = (ONE, host)\n"
            "two = three\n"
            "four =\n"
            "five = (FIVE, host, 1O4)\n"
            "six = (SIX, host, 104)\n"
            "HostTable END\n"
        )
        assert peers(reading) == ["six: SIX@host:104"]
        assert problems(reading) == [
            "2: (ONE, host) must have an AE title, a host and a port",
            '3: "three" is not defined above; DCMTK refuses this line too',
            '4: "four" has no value; write four = (AE_TITLE, host, port)',
            '5: port: "1O4" must be a number',
        ]


class TestOrthanc:
    def test_both_forms_between_comments(self) -> None:
        reading = read_text(
            """{
  "Name" : "http://not//a comment", /* "DicomModalities" : { */
  "DicomModalities" : {
    "a" : [ "A", "host", 104, "GE" ], // said before
    "b" : { "AET" : "B/*B*/", "Host" : "hb", "Port" : 2762, "UseDicomTls" : true,
            "LocalAet" : "US" },
  }
}"""
        )
        assert peers(reading) == ["a: A@host:104", "b: B/*B*/@hb:2762"]
        assert [row.line for row in reading.rows] == [4, 5]
        assert [row.channel for row in reading.rows] == [Channel.NOT_GIVEN, Channel.TLS]
        assert reading.rows[1].values[Field.CALLING_AE] == "US"

    def test_the_answer_of_its_rest_interface(self) -> None:
        text = '{"a": {"AET": "A", "Host": "h", "Port": 104, "AllowEcho": true}}'
        assert peers(read_text(text)) == ["a: A@h:104"]

    def test_the_answer_of_its_rest_interface_for_one(self) -> None:
        text = '{"AET": "A", "AllowEcho": true, "Host": "h", "Port": 104, "UseDicomTls": true}'
        reading = read_text(text)
        assert peers(reading) == [": A@h:104"]
        assert reading.rows[0].channel is Channel.TLS

    @pytest.mark.parametrize(
        "text", ["{}", '{"a": [1, 2, 3]}', '{"a": {"AET": 1}}', '{"a": ["b"]}']
    )
    def test_other_json_is_none(self, text: str) -> None:
        with pytest.raises(UnknownFormatError, match="it is JSON without DICOM peers"):
            read_text(text)
        assert problems(read_text(text, ExchangeFormat.ORTHANC)) == [
            '1: has no "DicomModalities"; this is not the file with the peers'
        ]

    def test_lines_out_of_it(self) -> None:
        text = '"a" : [ "A", "h", 104 ],\n"b" : [ "B", "h", 105 ]\n'
        assert peers(read_text(text)) == ["a: A@h:104", "b: B@h:105"]

    def test_a_bad_entry_does_not_stop_the_rest(self) -> None:
        reading = read_text(
            """{ "DicomModalities" : {
    "a" : [ "A", "h" ],
    "b" : [ "B", "h", 104
    "c" : [ "C", "h", 104 ]
    "d" : 7,
    "e" : { "AET" : "E", "Host" : "h", "Port" : "x" },
    "f" : [ "F", "h", 104 ]
} }"""
        )
        assert peers(reading) == ["c: C@h:104", "f: F@h:104"]
        assert [text.partition(":")[0] for text in problems(reading)] == ["2", "4", "5", "6"]


class TestLdif:
    def test_devices_connections_and_aes(self) -> None:
        reading = read_text(
            """version: 1

# the archive
dn: dicomDeviceName=arc,cn=Devices
dicomDeviceName: arc

dn: cn=dicom,dicomDeviceName=arc,cn=Devices
dicomHostname:: YXJjLmxhbg==
dicomPort: 11
 112

dn: cn=dicom-tls,dicomDeviceName=arc,cn=Devices
dicomHostname: arc.lan
dicomPort: 2762
dicomTLSCipherSuite: TLS_AES_128_GCM_SHA256

dn: dicomAETitle=DCM4CHEE,dicomDeviceName=arc,cn=Devices
dicomAETitle: DCM4CHEE
dicomNetworkConnectionReference: cn=dicom,dicomDeviceName=arc, CN=Devices
dicomNetworkConnectionReference: cn=dicom-tls,dicomDeviceName=arc,cn=Devices

dn: dicomAETitle=SCU,dicomDeviceName=arc,cn=Devices
dicomAETitle: SCU
dicomAssociationAcceptor: FALSE
"""
        )
        assert peers(reading) == [
            "arc DCM4CHEE: DCM4CHEE@arc.lan:11112",
            "arc DCM4CHEE TLS: DCM4CHEE@arc.lan:2762",
        ]
        assert [row.channel for row in reading.rows[:2]] == [Channel.PLAIN, Channel.TLS]
        assert problems(reading) == ["22: SCU only calls others and accepts no associations"]

    def test_flat_entries(self) -> None:
        text = "dn: x\ndicomAETitle: A\ndicomHostname: h\ndicomPort: 104\n"
        assert peers(read_text(text)) == [": A@h:104"]

    @pytest.mark.parametrize("off", ["d", "c", "a"])
    def test_what_is_switched_off_is_refused(self, off: str) -> None:
        said = {each: "dicomInstalled: FALSE\n" if each == off else "" for each in "dca"}
        text = (
            f"dn: dicomDeviceName=d\ndicomDeviceName: d\n{said['d']}\n"
            f"dn: cn=c,dicomDeviceName=d\ndicomHostname: h\ndicomPort: 104\n{said['c']}\n"
            f"dn: dicomAETitle=A,dicomDeviceName=d\ndicomAETitle: A\n{said['a']}"
        )
        (problem,) = problems(read_text(text))
        assert "switched off (dicomInstalled: FALSE)" in problem

    def test_an_ae_with_connections_for_other_protocols_only_is_refused(self) -> None:
        text = (
            "dn: cn=hl7,dicomDeviceName=d\ndicomHostname: h\ndicomPort: 2575\n"
            "dcmProtocol: HL7\n\n"
            "dn: dicomAETitle=A,dicomDeviceName=d\ndicomAETitle: A\n"
            "objectClass: dicomNetworkAE\n"
        )
        for reference in ("", "dicomNetworkConnectionReference: cn=hl7,dicomDeviceName=d\n"):
            assert problems(read_text(text + reference)) == [
                "6: A has no DICOM connection in this file"
            ]

    def test_what_is_broken_is_told_with_its_line(self) -> None:
        reading = read_text(
            "dn: x\ndicomAETitle: A\ndicomHostname: h\nno colon\n\n"
            "dn: y\ndicomAETitle: B\n\n"
            "dn: z\ndicomAETitle: C\ndicomHostname: h\n"
        )
        assert problems(reading) == [
            "1: line 4 has no colon; write an attribute as name: value",
            "6: B has no DICOM connection in this file",
            "9: C has a connection without a port, so it does not listen there",
        ]


class TestLines:
    def test_names_comments_and_ipv6(self) -> None:
        reading = read_text("# ours\nA@h:104\n\n B C@[fd00::1]:11112  # The peer\nA@B@h:1\nbad\n")
        assert peers(reading) == [": A@h:104", "The peer: B C@fd00::1:11112", ": A@B@h:1"]
        assert problems(reading) == ['6: "bad" must be AET@host:port']


class TestCommandLines:
    def test_pasted_as_they_are(self) -> None:
        reading = read_text(COMMANDS)
        assert peers(reading) == [
            ": MAIN_PACS@pacs.lan:104",
            ": ARCHIVE@fd00::1:2762",
            ": DCM4CHEE@arc:11112",
            ": MY PACS@host:105",
            ": ANY-SCP@10.0.0.5:104",
        ]
        assert [row.line for row in reading.rows] == [1, 4, 6, 7, 8, 9]
        ours = [row.values.get(Field.CALLING_AE) for row in reading.rows[:3]]
        assert ours == ["WS", None, "WS"]
        assert [row.channel for row in reading.rows[:3]] == [
            *(Channel.NOT_GIVEN, Channel.TLS, Channel.TLS)
        ]

    def test_one_without_a_peer_is_told(self) -> None:
        assert problems(read_text(COMMANDS)) == [
            "9: this echoscu command has no peer; HOST PORT or AET@host:port is missing"
        ]

    def test_addresses_between_them_are_read_too(self) -> None:
        reading = read_text("echoscu -aec A h 104\nI: done\nB@h:105  # The other\n")
        assert peers(reading) == [": A@h:104", "The other: B@h:105"]
        assert [row.line for row in reading.rows] == [1, 3]

    def test_limits_are_taken_over(self) -> None:
        (row,) = read_text("echoscu -to 2 -ta 10.5 --max-pdu 32768 host 104").rows
        assert row.values[Field.CONNECT_TIMEOUT_S] == 2
        assert row.values[Field.ACSE_TIMEOUT_S] == 10.5
        assert row.values[Field.MAX_PDU_BYTES] == 32768

    def test_no_secret_is_repeated(self) -> None:
        reading = read_text("storescu -usr me -pwd s3cret\nstorescu -pwd 's3cret h 104")
        assert "s3cret" not in repr(reading)

    @pytest.mark.parametrize(
        ("line", "peer"),
        [
            (r"C:\dcmtk\bin>echoscu -v -aec A 10.0.0.1 104", "A@10.0.0.1:104"),
            (r"PS C:\> .\echoscu.exe -aec A 10.0.0.1 104", "A@10.0.0.1:104"),
            (r'C:\>"C:\Program Files\dcmtk\echoscu.exe" -aec A 10.0.0.1 104', "A@10.0.0.1:104"),
            ("user@ws:~$echoscu -aec A 10.0.0.1 104", "A@10.0.0.1:104"),
            ("ECHOSCU.EXE -aec A 10.0.0.1 104", "A@10.0.0.1:104"),
            ("echopcu -aec A 10.0.0.1 104", "A@10.0.0.1:104"),
            ("storescu -cA@10.0.0.1:104", "A@10.0.0.1:104"),
            ("storescu --connect=A@10.0.0.1:104 x.dcm", "A@10.0.0.1:104"),
            ("mppsscu -c A@10.0.0.1:104", "A@10.0.0.1:104"),
        ],
    )
    def test_behind_a_prompt_and_with_values_glued_to_options(self, line: str, peer: str) -> None:
        reading = read_text(line)
        assert (reading.format, peers(reading)) == (ExchangeFormat.COMMAND, [f": {peer}"])

    def test_our_title_is_glued_to_its_option_too(self) -> None:
        for ours in ("-bUS@10.0.0.9:1104", "--bind=US"):
            (row,) = read_text(f"findscu -cA@10.0.0.1:104 {ours} -m PatientID=1").rows
            assert row.values[Field.CALLING_AE] == "US"

    @pytest.mark.parametrize("name", ["cmd-seed", "cmd-cmdexe-prompt", "cmd-dcm4che-glued"])
    def test_one_target_each(self, name: str) -> None:
        reading = read_bytes((_FILES / f"{name}.txt").read_bytes())
        assert (reading.format, len(peers(reading))) == (ExchangeFormat.COMMAND, 1)
        assert problems(reading) == []


class TestPlaceholders:
    @pytest.mark.parametrize(
        "title",
        [
            *("${PACS_AET}", "${PACS_AET:-PACS}", "$PACS_AET", "$(PACS_AET)", "{{ pacs_aet }}"),
            *("%PACS_AET%", "<AET>", "AE_${SITE}"),
        ],
    )
    def test_a_variable_is_never_a_title_or_a_host(self, title: str) -> None:
        for row in (f"h,104,{title}", f"{title},104,A", f"h,{title},A"):
            (problem,) = problems(read_text(f"host,port,aet\n{row}\n"))
            assert problem.endswith(f'"{title}" is a placeholder; write its value instead')

    @pytest.mark.parametrize(
        "text",
        [
            "${AET}@h:104\n",
            "echoscu -aec $AET h 104",
            "for i in 1 2; do echoscu -aec A 10.0.0.$i 104; done",
            "a = (${AET}, h, 104)\n",
            '[[target]]\nname = "a"\nhost = "h"\nport = 104\ncalled_ae = "${AET}"\n',
            "dn: x\ndicomAETitle: ${AET}\ndicomHostname: h\ndicomPort: 104\n",
        ],
    )
    def test_in_no_format(self, text: str) -> None:
        (problem,) = problems(read_text(text))
        assert "is a placeholder; write its value" in problem

    def test_of_orthanc(self) -> None:
        reading = read_bytes((_FILES / "orthanc-env-aet.json").read_bytes())
        assert peers(reading) == []
        assert problems(reading) == [
            '1: called_ae: "${PACS_AET}" is a placeholder; write its value instead'
        ]

    @pytest.mark.parametrize("title", ["A$B", "100%", "A%B", "<A", "{A}", "$1", "A$"])
    def test_a_title_with_such_a_character_is_one(self, title: str) -> None:
        assert peers(read_text(f"host,port,aet\nh,104,{title}\n")) == [f": {title}@h:104"]


class TestOtherProfiles:
    def test_what_a_target_inherits_there_comes_along(self) -> None:
        reading = read_text(
            '[defaults]\ncalling_ae = "WS"\n[group.CT]\nport = 104\n'
            '[[target]]\nname = "A"\ngroup = "CT"\nhost = "h"\ncalled_ae = "A"\n'
            '[target.tls]\nca_file = "ca.pem"\n'
            '[[target]]\nname = "B"\nhost = "h"\n'
        )
        assert peers(reading) == ["A: A@h:104"]
        assert reading.rows[0].values[Field.CALLING_AE] == "WS"
        assert reading.rows[0].channel is Channel.TLS
        assert problems(reading) == [
            "12: port: is missing; every target needs port = ...; "
            "called_ae: is missing; every target needs called_ae = ..."
        ]

    def test_what_is_no_toml_is_told(self) -> None:
        assert "is not TOML" in problems(read_text("[[target]]\nname = x\n"))[0]


class TestRows:
    """A format that lacks a part fails here, as far as mypy cannot see it."""

    @pytest.mark.parametrize("form", ExchangeFormat)
    def test_a_person_can_call_it_something(self, form: ExchangeFormat) -> None:
        assert form.label

    @pytest.mark.parametrize("form", ExchangeFormat)
    def test_its_files_have_an_ending(self, form: ExchangeFormat) -> None:
        assert re.fullmatch(r"\.[a-z]+", form.suffix)

    @pytest.mark.parametrize("form", ExchangeFormat)
    def test_it_has_a_turn_to_be_recognised(self, form: ExchangeFormat) -> None:
        assert [each for each in ExchangeFormat if each.turn == form.turn] == [form]
        assert form.turn in range(1, len(ExchangeFormat) + 1)

    @pytest.mark.parametrize("form", ExchangeFormat)
    def test_it_can_be_read_and_says_what_it_read(self, form: ExchangeFormat) -> None:
        assert read_text("", form).format is form

    @pytest.mark.parametrize("form", ExchangeFormat)
    def test_the_help_of_import_tells_of_it(
        self, form: ExchangeFormat, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit):
            importing.run(["--help"])
        told = re.search(rf"\b{form}  +\w", capsys.readouterr().out)
        assert told, f"{form} has no line in the help of cli/exchange/importing.py"
