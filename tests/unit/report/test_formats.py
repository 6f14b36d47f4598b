"""Each format of stdout is complete: help, text for one target and several, exit codes."""

from __future__ import annotations

import json

import pytest

from dcmecho.cli.formats.format import OutputFormat, outputs
from dcmecho.cli.formats.output import Output, OutputEnd
from dcmecho.diagnosis.events import Direction, LogLayer, LogLine, RunFinished
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.exit_codes import ExitCode, NagiosCode
from dcmecho.report.json import diagnose as diagnose_json
from tests.unit.report.reports import green, rejected_called_title

GREEN, REJECTED = green(), rejected_called_title()
LINE = LogLine(
    "run", StageId.CONNECT, 1.0, LogLayer.TCP, Direction.SENT, "connect to 192.0.2.1:104"
)


def printed(output: Output, *reports: Report, unchecked: int = 0) -> str:
    events = "".join(output.event(RunFinished(each.run_id, each)) for each in reports)
    return events + "".join(map(output.take, reports)) + output.end(unchecked) + output.close()


@pytest.mark.parametrize("form", OutputFormat)
def test_the_help_says_what_it_is(form: OutputFormat) -> None:
    assert form.meaning


@pytest.mark.parametrize("form", OutputFormat)
def test_one_target_and_several_have_a_text(form: OutputFormat) -> None:
    one, several = outputs(form)
    page = printed(one(), REJECTED)
    assert "rejected 1/1/7" in page
    assert page.endswith("\n")
    both = printed(several(), GREEN, REJECTED)
    assert "rejected 1/1/7" in both
    assert both.endswith("\n")
    assert printed(several()).endswith("\n") == (form is not OutputFormat.JSONL)


@pytest.mark.parametrize("form", OutputFormat)
@pytest.mark.parametrize("is_quiet", [False, True])
def test_the_exit_code_is_that_of_the_worst(form: OutputFormat, is_quiet: bool) -> None:
    for new_output in outputs(form, quiet=is_quiet):
        output = new_output()
        printed(output, REJECTED, GREEN)
        expected = NagiosCode.CRITICAL if form.is_for_a_monitor else ExitCode.REJECTED
        assert output.code(OutputEnd.COMPLETE) == expected


@pytest.mark.parametrize("form", OutputFormat)
@pytest.mark.parametrize("is_quiet", [False, True])
def test_events_are_told_to_whoever_prints_them(form: OutputFormat, is_quiet: bool) -> None:
    for new_output in outputs(form, quiet=is_quiet):
        output = new_output()
        printed_events = [output.event(each) for each in (LINE, RunFinished("run", GREEN))]
        assert output.prints_events == any(printed_events), (
            f"{new_output.__module__}.{new_output.__name__}.prints_events is wrong"
        )


@pytest.mark.parametrize("form", OutputFormat)
def test_a_fault_is_no_statement_about_the_peer(form: OutputFormat) -> None:
    output = outputs(form).one()
    expected = NagiosCode.UNKNOWN if form.is_for_a_monitor else ExitCode.INTERNAL
    assert output.code(OutputEnd.FAULT) == expected


def test_what_was_not_checked_is_said() -> None:
    assert "3 not checked" in printed(outputs(OutputFormat.TEXT).several(), GREEN, unchecked=3)
    line = outputs(OutputFormat.NAGIOS).several()
    assert "3 not checked" in printed(line, GREEN, unchecked=3)
    assert line.code(OutputEnd.COMPLETE) == NagiosCode.UNKNOWN


def test_several_are_an_array_in_their_order() -> None:
    array = json.loads(printed(outputs(OutputFormat.JSON).several(), GREEN, REJECTED))
    assert array == [json.loads(diagnose_json.render(each)) for each in (GREEN, REJECTED)]


def test_an_array_that_was_broken_off_can_be_read() -> None:
    array = outputs(OutputFormat.JSON).several()
    begun = array.take(GREEN)
    assert json.loads(begun + array.close())[0]["run_id"] == GREEN.run_id
    assert json.loads(outputs(OutputFormat.JSON).several().close()) == []


@pytest.mark.parametrize("form", [OutputFormat.TEXT, OutputFormat.JSON, OutputFormat.JSONL])
def test_quiet_prints_nothing(form: OutputFormat) -> None:
    for new_output in outputs(form, quiet=True):
        assert printed(new_output(), GREEN, REJECTED) == ""
