"""Files of Docker, mercure, Weasis, Horos, OsiriX and Conquest, as these programs write them."""

from __future__ import annotations

import plistlib
from pathlib import Path
from typing import Any

import pytest

from dcmecho.cli.exchange import importing
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.profiles.exchange.formats.known import read_bytes, read_text, write_text
from dcmecho.profiles.exchange.rows import Channel, ExchangeFormat, Reading
from tests.unit.exchange.texts import peers, problems

_FILES = Path(__file__).parent / "files"


def read(name: str) -> Reading:
    return read_bytes((_FILES / name).read_bytes())


def remarks(reading: Reading) -> list[str]:
    return [str(remark) for remark in reading.remarks]


class TestDockerCompose:
    def test_the_peers_of_all_services_with_their_lines(self) -> None:
        reading = read("compose-env.yml")
        assert reading.format is ExchangeFormat.COMPOSE
        assert peers(reading) == ["pacs: PACS@192.0.2.7:104", "ct: CT1@192.0.2.9:104"]
        assert [row.line for row in reading.rows] == [8, 14]

    def test_what_each_orthanc_is_called_and_where_it_is_published(self) -> None:
        assert remarks(read("compose-env.yml")) == [
            "the Orthanc of orthanc is called ROUTER; its port 4242 is not published, "
            "so only containers reach it",
            "the Orthanc of second is called SECOND; its port 4242 is not published, "
            "so only containers reach it",
        ]

    @pytest.mark.parametrize(
        ("ports", "said"),
        [
            ('["104:4242"]', "104"),
            ('["127.0.0.1:104:4242/tcp", "8042:8042"]', "104"),
            ("[{target: 4242, published: 11112}]", "11112"),
        ],
    )
    def test_a_published_port(self, ports: str, said: str) -> None:
        reading = read_text(
            "services:\n  a:\n    environment:\n      ORTHANC__DICOM_AET: ARC\n"
            "      ORTHANC__DICOM_MODALITIES: '{}'\n"
            f"    ports: {ports}\n"
        )
        assert remarks(reading)[-1] == (
            f"the Orthanc of a is called ARC, at port {said} of the Docker host; "
            "to check it, add it as AET@host:port"
        )

    def test_another_dicom_port_out_of_its_json(self) -> None:
        reading = read_text(
            "services:\n  a:\n    environment:\n      ORTHANC_JSON: |\n"
            '        {"DicomAet": "ARC", "DicomPort": 104, "DicomModalities": {}}\n'
            '    ports: ["11112:104"]\n'
        )
        assert "at port 11112 of the Docker host" in remarks(reading)[-1]

    def test_a_list_of_variables_one_modality_each_and_the_content_of_a_config(self) -> None:
        reading = read_text(
            "services:\n"
            "  a:\n"
            "    environment:\n"
            """      - 'ORTHANC__DICOM_MODALITIES={"a": ["A", "h", 104]}'\n"""
            """      - 'ORTHANC__DICOM_MODALITIES__CT=["CT", "h", 105]'\n"""
            "configs:\n"
            "  orthanc.json:\n"
            "    content: |\n"
            "      {\n"
            '        "DicomModalities": {"b": ["B", "h", 106]}\n'
            "      }\n"
        )
        assert peers(reading) == ["a: A@h:104", "ct: CT@h:105", "b: B@h:106"]
        assert [row.line for row in reading.rows] == [4, 5, 10]

    def test_what_is_merged_from_a_common_block(self) -> None:
        reading = read_text(
            "x-common: &common\n  environment: &env\n"
            """    ORTHANC__DICOM_MODALITIES: '{"a": ["A", "h", 104]}'\n"""
            "services:\n  one:\n    <<: *common\n  two:\n    environment:\n      <<: [*env]\n"
        )
        assert peers(reading) == ["a: A@h:104"]

    def test_a_variable_is_refused_with_what_to_do(self) -> None:
        reading = read_text(
            "services:\n  a:\n    environment:\n"
            "      ORTHANC__DICOM_MODALITIES: ${MODALITIES}\n"
            """      ORTHANC_JSON: '{"DicomModalities": {"a": ["${AET}", "h", 104]}}'\n"""
        )
        assert peers(reading) == []
        assert problems(reading) == [
            '4: ORTHANC__DICOM_MODALITIES: "${MODALITIES}" is a placeholder; '
            "write its value instead",
            '5: called_ae: "${AET}" is a placeholder; write its value instead',
        ]
        assert "docker compose config prints the file with them" in remarks(reading)[0]

    def test_a_name_of_the_inner_network_is_told(self) -> None:
        reading = read_text(
            "services:\n  a:\n    environment:\n"
            "      ORTHANC__DICOM_MODALITIES: |\n"
            '        {"b": ["B", "b", 4242], "c": ["C", "c", 104]}\n'
            '  b:\n    ports: ["11112:4242"]\n  c: {}\n'
        )
        assert remarks(reading) == [
            "line 5: only containers know the name b; "
            "elsewhere, use the Docker host and port 11112",
            "line 5: only containers know the name c; elsewhere, use a port that it publishes",
        ]

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("      ORTHANC_JSON: |\n  x\n :", "is not YAML"),
            ("      ORTHANC_JSON: *unknown\n", "is not YAML: found undefined alias"),
            ("      ORTHANC_JSON: " + "[" * 5000, "is nested too deeply"),
            ("      ORTHANC_JSON: " + "x" * 200_000, "is longer than 200,000 characters"),
            ('      ORTHANC__DICOM_MODALITIES: "[]"\n', 'must be an object with "NAME"'),
            ('      ORTHANC__DICOM_MODALITIES: \'{"a": ["A"]}\'\n', "must have an AE title"),
        ],
    )
    def test_what_cannot_be_read_is_refused(self, text: str, problem: str) -> None:
        (said,) = problems(read_text(f"services:\n  a:\n    environment:\n{text}"))
        assert problem in said

    def test_a_name_with_a_dollar_comes_back(self) -> None:
        target = Target(name="A$B", host="h", port=104, called_ae="A$C", calling_ae="WS")
        written = write_text([target], ExchangeFormat.COMPOSE).text
        assert "A$$B" in written
        assert peers(read_text(written)) == ["A$B: A$C@h:104"]


class TestDotenv:
    @pytest.mark.parametrize(
        "text",
        [
            'ORTHANC__DICOM_MODALITIES={"a": ["A", "h", 104]}',
            """export ORTHANC__DICOM_MODALITIES='{"a": ["A", "h", 104]}' # ours""",
            r'ORTHANC__DICOM_MODALITIES="{\"a\": [\"A\", \"h\", 104]}"',
            """# ours\n\nNAME=x\nORTHANC_JSON='{\n"DicomModalities": {"a": ["A", "h", 104]}}'\n""",
        ],
    )
    def test_quoted_or_not(self, text: str) -> None:
        reading = read_text(text)
        assert (reading.format, peers(reading)) == (ExchangeFormat.COMPOSE, ["a: A@h:104"])


class TestMercure:
    def test_targets_with_and_without_tls(self) -> None:
        reading = read("mercure-min.json")
        assert reading.format is ExchangeFormat.MERCURE
        assert peers(reading) == ["pacs: PACS@192.0.2.7:104", "tls: PACS_TLS@192.0.2.8:2762"]
        assert [row.channel for row in reading.rows] == [Channel.PLAIN, Channel.TLS]
        assert [row.values[Field.CALLING_AE] for row in reading.rows] == ["MERCURE"] * 2
        assert remarks(reading) == ["TLS is imported without its files; name them in [target.tls]"]

    def test_a_target_of_another_kind_is_told_and_a_bad_one_refused(self) -> None:
        reading = read_text(
            '{"targets": {\n"f": {"target_type": "folder", "folder": "/x"},\n'
            '"a": {"target_type": "dicom", "ip": "h", "port": "x", "aet_target": "A"},\n'
            '"b": 7}, "rules": {}}'
        )
        assert remarks(reading) == ['line 2: "f" is no DICOM target (folder)']
        assert problems(reading) == [
            '3: port: "x" must be a number',
            "4: 7 must be an object with ip, port and aet_target",
        ]


class TestWeasis:
    def test_nodes_with_their_lines(self) -> None:
        reading = read("weasis-dicomNodes.xml")
        assert reading.format is ExchangeFormat.WEASIS
        assert peers(reading) == [
            "Main PACS: PACS_AE@pacs.example.org:11112",
            "Teaching archive: TEACH@teach.example.org:4242",
        ]
        assert [row.line for row in reading.rows] == [3, 5]

    def test_a_printer_is_a_peer_and_a_web_node_or_its_own_title_is_none(self) -> None:
        reading = read_text(
            '<nodes>\n<node type="PRINTER" description="P" aeTitle="PRT" hostname="h"/>\n'
            '<node type="WEB" description="W" url="http://h"/>\n'
            '<node type="DICOM_CALLING" description="Me" aeTitle="WS" hostname="h"/>\n</nodes>'
        )
        assert peers(reading) == ["P: PRT@h:104"]
        assert remarks(reading) == [
            'line 3: "W" is reached over HTTP (DICOMweb), not over DICOM',
            'line 4: "Me" is a title of Weasis itself, not a peer',
        ]

    def test_what_is_broken_is_refused_and_the_nodes_before_it_are_read(self) -> None:
        node = '<node description="A" aeTitle="A" hostname="h" port="104"/>'
        reading = read_text(f"<nodes>\n{node}\n<node\n")
        assert peers(reading) == ["A: A@h:104"]
        assert problems(reading)[0].startswith("3: is not XML: ")

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
    def test_whatever_encoding_it_declares(self, encoding: str) -> None:
        text = (
            f'<?xml version="1.0" encoding="{encoding}"?>\n'
            '<nodes><node description="Röntgen" aeTitle="A" hostname="h" port="1"/></nodes>'
        )
        assert peers(read_bytes(text.encode(encoding))) == ["Röntgen: A@h:1"]


_SERVERS = [
    {"AETitle": "A", "Address": "10.0.0.1", "Port": "104", "Description": "One"},
    {"AETitle": "B", "Address": "10.0.0.2", "Port": 2762, "TLSEnabled": True},
    {"AETitle": "C", "Address": "10.0.0.3", "Port": "x", "TLSEnabled": False},
]


class TestHorosAndOsirix:
    def test_a_list_as_it_is_exported(self) -> None:
        reading = read("horos-servers.plist")
        assert reading.format is ExchangeFormat.HOROS
        assert peers(reading) == ["Archive: DCM4CHEE@192.0.2.5:11112"]

    @pytest.mark.parametrize("fmt", [plistlib.FMT_XML, plistlib.FMT_BINARY])
    @pytest.mark.parametrize("content", [_SERVERS, {"SERVERS": _SERVERS, "AETITLE": "HOROS"}])
    def test_xml_or_binary_a_list_or_preferences(
        self, content: list[Any] | dict[str, Any], fmt: plistlib.PlistFormat
    ) -> None:
        reading = read_bytes(plistlib.dumps(content, fmt=fmt))
        assert peers(reading) == ["One: A@10.0.0.1:104", ": B@10.0.0.2:2762"]
        channels = [row.channel for row in reading.rows]
        assert channels == [Channel.NOT_GIVEN, Channel.TLS, Channel.PLAIN]
        assert problems(reading) == ['0: port: "x" must be a number']

    def test_a_node_without_a_line_is_told_without_one(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "nodes.plist"
        file.write_bytes(plistlib.dumps([_SERVERS[0], _SERVERS[0]]))
        importing.run([str(file), "--profiles", str(tmp_path / "p.toml"), "--dry-run"])
        new, equal, _ = capsys.readouterr().out.splitlines()
        assert new.split() == ["new", "One", "A@10.0.0.1:104"]
        assert equal.split() == ["equal", "One", "listed", "twice"]

    @pytest.mark.parametrize(
        "content",
        [
            b"bplist00AETitle",
            b"<plist><array><dict><key>AETitle</key>",
            b"<plist>AETitle" + b"<array>" * 100_000,
        ],
    )
    def test_a_broken_list_is_refused(self, content: bytes) -> None:
        (problem,) = problems(read_bytes(content))
        assert problem.startswith("1: is not a property list that can be read")


class TestConquest:
    def test_entries_and_no_wildcards(self) -> None:
        reading = read("acrnema.map")
        assert reading.format is ExchangeFormat.CONQUEST
        assert peers(reading) == [": CONQUESTSRV1@127.0.0.1:5678", ": CT_ROOM1@192.0.2.53:104"]
        assert problems(reading) == ['4: "V*" at "*" stands for many peers; write each of them']

    def test_a_title_that_it_cannot_hold_is_left_out(self) -> None:
        odd = Target(name="Odd", host="h", port=104, called_ae="A B", calling_ae="WS")
        fine = Target(name="Fine", host="h", port=104, called_ae="AB", calling_ae="WS")
        written = write_text([odd, fine], ExchangeFormat.CONQUEST)
        assert written.text.split() == ["AB", "h", "104", "un"]
        assert list(written.refused) == ["Odd"]
