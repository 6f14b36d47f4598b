"""A report as a monitor reads it: one line, and an exit code from 0 to 3."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.exit_codes import NagiosCode, nagios_code
from dcmecho.report import nagios
from tests.unit.report.reports import TARGET, ended, green, rejected_called_title

WARNED = ended(
    StageId.RELEASE, EvidenceKind.RELEASE_MISSING, status=Status.WARNING, text="no A-RELEASE-RP"
)
FORBIDDEN = ended(StageId.PROFILE, EvidenceKind.DO_NOT_PROBE, text="not probed: vendor forbids")
FAULT = ended(StageId.CONNECT, EvidenceKind.INTERNAL_ERROR, text="fault in dcmecho")
CANCELLED = ended(StageId.ECHO, EvidenceKind.CANCELLED, text="cancelled")


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (green(), NagiosCode.OK),
        (WARNED, NagiosCode.WARNING),
        (rejected_called_title(), NagiosCode.CRITICAL),
        (FORBIDDEN, NagiosCode.UNKNOWN),
        (FAULT, NagiosCode.UNKNOWN),
        (CANCELLED, NagiosCode.UNKNOWN),
    ],
)
def test_the_code_of_one(report: Report, code: NagiosCode) -> None:
    assert nagios_code(report) is code
    assert nagios.render([report]).startswith(f"DCMECHO {code.name} - Main PACS: ")


@pytest.mark.parametrize(
    ("reports", "code"),
    [
        ([green(), green()], NagiosCode.OK),
        ([green(), WARNED], NagiosCode.WARNING),
        ([WARNED, FORBIDDEN], NagiosCode.UNKNOWN),
        ([FORBIDDEN, rejected_called_title()], NagiosCode.CRITICAL),
        ([], NagiosCode.UNKNOWN),
    ],
)
def test_what_is_known_to_be_broken_counts_most(reports: list[Report], code: NagiosCode) -> None:
    assert nagios.code_of(reports) is code


def test_one_line_with_its_times() -> None:
    assert nagios.render([green()]) == (
        "DCMECHO OK - Main PACS: C-ECHO-RSP 0x0000, success"
        " | tcp=1.000ms;;;0 association=1.000ms;;;0 echo=1.000ms;;;0 total=6.100ms;;;0\n"
    )


def test_many_name_the_failing_ones_and_count_all() -> None:
    line = nagios.render([green(), rejected_called_title(), green()])
    assert line == (
        "DCMECHO CRITICAL - 1 of 3 targets: Main PACS: AE titles: rejected 1/1/7: called AE title"
        " not recognized | ok=2;;;0;3 warning=0;;;0;3 critical=1;;;0;3 unknown=0;;;0;3\n"
    )


def test_a_name_cannot_begin_the_performance_data() -> None:
    line = nagios.render([green(replace(TARGET, name="A|echo=1\nB"))])
    assert line.count("|") == 1
    assert line.count("\n") == 1


def test_what_could_not_be_checked_is_unknown_beside_green_targets() -> None:
    complaint = "profiles.toml:4: port: must be a number"
    assert nagios.code_of([green()], [complaint]) is NagiosCode.UNKNOWN
    line = nagios.render([green()], [complaint])
    assert line.startswith("DCMECHO UNKNOWN - ")
    assert complaint in line
