"""The report as text and as JSON, from the same facts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dcmecho.diagnosis.cause import Who
from dcmecho.diagnosis.events import Direction, LogLayer, LogLine, RunFinished, RunStarted
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId, ladder_of
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.report import diagnose as diagnose_text
from dcmecho.report.handover import message as handover
from dcmecho.report.hexdump import hex_dump
from dcmecho.report.json import diagnose as diagnose_json
from dcmecho.report.steps import details, steps
from dcmecho.report.wrapping import WIDTH, wrap
from tests.unit.report.reports import TARGET, ended, green, refused, rejected_called_title


class TestText:
    def test_a_failure_says_what_it_can_be_and_who_acts(self) -> None:
        page = diagnose_text.render(rejected_called_title())
        assert "FAIL  AE titles" in page
        assert "FAILED at AE titles: rejected 1/1/7: called AE title not recognized" in page
        assert page.index("likely ") < page.index("possible ")
        assert "(peer's administrator)" in page
        assert "TARGET_PACS" in page
        assert "192.0.2.20" in page, "our address, as the peer's administrator needs it"

    def test_a_symptom_says_so_and_nothing_behind_it_is_called_proven(self) -> None:
        page = diagnose_text.render(refused())
        head, _, rest = page.partition("Symptom, and what can be behind it\n")
        assert "FAILED at TCP" in head
        proven, _, behind = rest.partition("What can be behind it:\n")
        assert " ".join(proven.split()) == "proven Port 104 refuses connections"
        assert "  - The DICOM service is not running  (peer's administrator)\n" in behind
        assert "  - The DICOM service uses another port  (you)\n" in behind
        assert "  - A firewall refuses on the peer's behalf  (network team)\n" in behind
        assert "proven" not in behind.partition("Proven\n")[0].partition("Not proven\n")[0]

    def test_a_symptom_tells_json_what_can_be_behind_it(self) -> None:
        (cause,) = json.loads(diagnose_json.render(refused()))["causes"]
        assert cause["id"] == "tcp.refused"
        assert cause["confidence"] == "proven"
        assert cause["behind"][0] == {"who": "peer", "text": "The DICOM service is not running"}
        others = json.loads(diagnose_json.render(rejected_called_title()))["causes"]
        assert [each["behind"] for each in others] == [[]] * len(others)

    def test_a_message_lists_what_its_reader_can_find_out_about_a_symptom(self) -> None:
        report = refused()
        page = handover.render(report, Who.PEER, report.causes, report.started)
        assert "  - The DICOM service is not running\n" in page
        assert "Port 104 refuses connections" not in page, "the verdict says it"
        assert "uses another port" not in page

    def test_a_forbidden_check_did_not_fail(self) -> None:
        target = replace(TARGET, do_not_probe="vendor forbids it")
        report = ended(
            StageId.PROFILE, EvidenceKind.DO_NOT_PROBE, text=target.not_checked, target=target
        )
        page = diagnose_text.render(report)
        assert "NOT CHECKED, forbidden by do_not_probe: vendor forbids it\n" in page
        assert "--    Values        not checked: vendor forbids it" in page
        assert "FAIL" not in page
        verdict = json.loads(diagnose_json.render(report))["verdict"]
        assert (verdict["exit_code"], verdict["forbidden"]) == (10, True)

    def test_where_something_is_set_comes_after_what_to_do(self) -> None:
        page = diagnose_text.render(rejected_called_title())
        assert page.index("Have it spelled out.") < page.index('  Orthanc: "DicomAet"\n')
        assert "  dcm4chee-arc: Network AE" in page
        assert page.index("dcm4chee-arc: ") < page.index("[PS3.8 9.3.4, reason 7]")
        assert page.count("Orthanc: ") == 1, "of the causes that are shown in whole only"

    def test_a_name_is_not_broken_at_its_hyphen(self) -> None:
        for length in range(WIDTH):
            assert wrap(f"{'x' * length} dcm4chee-arc", "", "")[-1].endswith("dcm4chee-arc")

    def test_green_says_what_is_not_proven(self) -> None:
        page = diagnose_text.render(green())
        assert "OK: C-ECHO-RSP 0x0000, success" in page
        assert "Possible causes" not in page
        assert "that the peer checks AE titles at all" in page

    @pytest.mark.parametrize("report", [green(), rejected_called_title()])
    def test_fits_80_columns_of_ascii(self, report: Report) -> None:
        page = diagnose_text.render(report)
        assert page.isascii()
        assert max(map(len, page.splitlines())) <= 80


class TestJson:
    def test_the_schema_of_the_design(self) -> None:
        data = json.loads(diagnose_json.render(rejected_called_title()))
        assert list(data) == [
            "schema",
            "source",
            "vantage",
            "run_id",
            "started",
            "elapsed_ms",
            "target",
            "verdict",
            "causes",
            "stages",
            "experiments",
            "proven",
            "not_proven",
            "history",
        ]
        assert (data["source"], data["history"]) == ("live", None)
        assert data["schema"] == "dcmecho.report/1"
        assert data["started"] == "2026-11-23T10:32:05.118Z"
        assert data["target"] == {
            "name": "Main PACS",
            "host": "pacs.example",
            "port": 104,
            "called_ae": "TARGET_PACS",
            "calling_ae": "MY_WORKSTATION",
            "tls": False,
        }
        assert data["verdict"] == {
            "status": "failed",
            "stage": "ae-title",
            "title": "rejected 1/1/7: called AE title not recognized",
            "exit_code": 15,
            "forbidden": False,
        }
        assert data["causes"][0]["id"] == "ae.called-unknown"
        assert data["causes"][0]["confidence"] == "likely"
        assert list(data["causes"][0]["where"]) == ["orthanc", "dcmtk", "dcm4chee-arc"]
        assert data["causes"][0]["where"]["orthanc"] == '"DicomAet"'
        assert [stage["id"] for stage in data["stages"]] == list(ladder_of(TARGET))
        assert data["stages"][-1] == {
            "id": "release",
            "status": "not-reached",
            "elapsed_ms": None,
            "summary": "not reached",
            "evidence": [],
        }
        assert data["stages"][4]["evidence"] == [
            {
                "kind": "association.rejected",
                "at_ms": 6.0,
                "text": "rejected 1/1/7: called AE title not recognized",
                "data": {"result": 1, "source": 1, "reason": 7},
            }
        ]

    def test_the_last_event_is_the_report(self) -> None:
        report = green()
        line = diagnose_json.render_event(RunFinished("run1", report))
        assert json.loads(line) == json.loads(diagnose_json.render(report))

    def test_a_log_line_has_its_bytes(self) -> None:
        line = LogLine(
            "run1", StageId.ECHO, 1.5, LogLayer.DIMSE, Direction.SENT, "x", ("y",), b"\4\0"
        )
        data = json.loads(diagnose_json.render_event(line))
        assert (data["event"], data["raw"], data["details"]) == ("log", "0400", ["y"])


def test_steps_in_full_have_the_bytes() -> None:
    line = LogLine(
        "run1", StageId.ECHO, 1.5, LogLayer.DIMSE, Direction.SENT, "P-DATA", (), b"\4\0AB"
    )
    shown = list(details(line))
    assert shown[0].endswith("> P-DATA")
    assert shown[1].endswith("  ..AB")
    assert list(steps(line)) == []


def test_steps_in_full_show_a_target_without_obeying_its_title() -> None:
    (line,) = details(RunStarted("run1", datetime.now(UTC), replace(TARGET, called_ae="\x1b[2J")))
    assert line.isprintable()
    assert "\\x1b[2J @" in line


def test_hex_dump_has_sixteen_bytes_a_line() -> None:
    first, second = hex_dump(bytes(range(0x41, 0x41 + 17)))
    assert first == ("0000  41 42 43 44 45 46 47 48  49 4a 4b 4c 4d 4e 4f 50  ABCDEFGHIJKLMNOP")
    assert second.startswith("0010  51 ")


def test_a_fault_of_ours_is_no_fault_of_the_peer() -> None:
    report = ended(StageId.CONNECT, EvidenceKind.INTERNAL_ERROR, text="fault in dcmecho")
    assert report.verdict.status is VerdictStatus.ERROR
    assert report.causes == ()


def test_hostile_values_stay_values() -> None:
    target = replace(TARGET, called_ae="{host}", calling_ae="[/]")
    page = diagnose_text.render(rejected_called_title(target))
    assert "{host}" in page
    assert "[/]" in page
