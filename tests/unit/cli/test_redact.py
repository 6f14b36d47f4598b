"""``dcmecho redact`` and ``--redact``: every format without the names of the site."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from dcmecho.cli import redact
from dcmecho.cli.formats.format import OutputFormat, outputs
from dcmecho.cli.formats.redacting import RedactingOutput
from dcmecho.cli.main import run
from dcmecho.diagnosis.events import (
    Direction,
    Event,
    LogLayer,
    LogLine,
    RunFinished,
    RunStarted,
    StageFinished,
)
from dcmecho.diagnosis.listen.book import JudgedCall
from dcmecho.diagnosis.listen.verdict import Expectation, judge
from dcmecho.diagnosis.move.verdict import judge as judge_move
from dcmecho.diagnosis.report import ExperimentResult, Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.survey.proofs import with_services
from dcmecho.exit_codes import ExitCode
from dcmecho.journal.connection import opened
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Way
from dcmecho.journal.listing import kept
from dcmecho.journal.place import Place
from dcmecho.journal.secret import FILE_NAME
from dcmecho.report.history.calls import call_entry
from dcmecho.report.history.entries import entries_of
from dcmecho.report.json.diagnose import render
from dcmecho.report.redaction.redaction import Redaction
from tests.unit.listen.calling import call, request
from tests.unit.report.reports import STARTED, TARGET, green, rejected_called_title
from tests.unit.services.moved import WRONG_PORT
from tests.unit.services.surveyed import surveyed

SECRET_TARGET = replace(
    TARGET, name="Main PACS of Sankt Anna", host="pacs.sankt-anna.lan", called_ae="ANNA_PACS"
)
REPORT = rejected_called_title(SECRET_TARGET)
NAMES = ("anna", "my_workstation", "192.0.2.20", "192.0.2.50")
FORMATS = [form for form in OutputFormat if not form.is_for_a_monitor]


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    # With a key of its own each run, one address could have another one of the test as pseudonym.
    (tmp_path / "dcmecho").mkdir()
    key = tmp_path / "dcmecho" / FILE_NAME
    key.write_text("6b" * 32)
    key.chmod(0o600)


def found_in(page: str) -> list[str]:
    return [name for name in NAMES if name in page.casefold()]


def saved(folder: Path, *reports: Report) -> str:
    path = folder / "report.json"
    whole = [json.loads(render(each)) for each in reports]
    path.write_text(json.dumps(whole if len(whole) > 1 else whole[0]))
    return str(path)


@pytest.mark.parametrize("form", redact.RedactFormat)
def test_a_saved_report_is_redacted(
    form: redact.RedactFormat, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert redact.run(["--format", form, saved(tmp_path, REPORT)]) == ExitCode.OK
    page = capsys.readouterr().out
    assert found_in(page) == []
    assert "rejected 1/1/7: called AE title not recognized" in page


def test_the_schema_stays_and_so_do_pseudonyms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = saved(tmp_path, REPORT, green(SECRET_TARGET))
    pages = []
    for _ in range(2):
        assert redact.run([path]) == ExitCode.OK
        pages.append(capsys.readouterr().out)
    assert pages[0] == pages[1]
    first, second = json.loads(pages[0])
    assert first["target"] == second["target"]
    assert first["target"]["port"] == TARGET.port
    assert first.keys() == json.loads(render(REPORT)).keys()


@pytest.mark.parametrize("form", redact.RedactFormat)
def test_a_history_with_all_that_is_kept(
    form: redact.RedactFormat, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = Journal(Place(tmp_path / "history.db"), Way.CHECK, pytest.fail)
    tried = ExperimentResult("own.calling", "calling ANNA_WS", "rejected", "no ANNA_WS either")
    seen = replace(WRONG_PORT, title="ANNA_WS", peer="Sankt Anna", called_ae="ANNA_PACS")
    moved = replace(
        surveyed(), matrix=None, move=judge_move(seen), opened=green(SECRET_TARGET).stages
    )
    heard = call(request(calling="ANNA_CT"), source="192.0.2.50")
    report = replace(REPORT, experiments=(tried,))
    journal.keep(entries_of(with_services(report, moved), journal))
    judged = JudgedCall(heard, judge(heard, Expectation()))
    journal.keep([call_entry(judged, SECRET_TARGET, journal)])
    path = tmp_path / "history.json"
    with opened(journal.place) as connection:
        path.write_text(json.dumps([each.body for each in kept(connection)]))
    assert redact.run(["--format", form, str(path)]) == ExitCode.OK
    page = capsys.readouterr().out
    assert found_in(page) == []
    expected = {"json": ["own.calling", "wrong-port"], "text": ["own.calling", "C-MOVE"]}
    for told in (*expected.get(form, ["C-MOVE"]), "dcmecho.listen/1"):
        assert told in page


def test_standard_input_is_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = io.TextIOWrapper(io.BytesIO(render(REPORT).encode()))
    monkeypatch.setattr("sys.stdin", content)
    assert redact.run(["-"]) == ExitCode.OK
    assert found_in(capsys.readouterr().out) == []


@pytest.mark.parametrize("content", ["", "[1]", "{}", '{"schema": "dcmecho.listen/1"}', "[" * 9999])
def test_something_else_is_refused(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.json"
    path.write_text(content)
    assert redact.run([str(path)]) == ExitCode.USAGE
    said = capsys.readouterr()
    assert not said.out
    assert said.err.startswith(f"dcmecho: {path}: ")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_of_a_check_is_redacted(form: OutputFormat) -> None:
    for make in outputs(form):
        output = RedactingOutput(make(), Redaction(b"k" * 32))
        page = "".join(map(output.event, _events())) + output.take(REPORT)
        page += output.end() + output.close()
        assert "1/1/7" in page
        assert found_in(page) == []


def _events() -> list[Event]:
    run_id, at_ms = REPORT.run_id, 1.0
    log = LogLine(
        run_id,
        StageId.ASSOCIATE,
        at_ms,
        LogLayer.ACSE,
        Direction.SENT,
        "A-ASSOCIATE-RQ MY_WORKSTATION -> ANNA_PACS",
        ("called AE title   ANNA_PACS", "from 192.0.2.20:53412 to pacs.sankt-anna.lan"),
        b"\x01\x00ANNA_PACS",
    )
    stages = [StageFinished(run_id, each) for each in REPORT.stages]
    return [RunStarted(run_id, STARTED, SECRET_TARGET), log, *stages, RunFinished(run_id, REPORT)]


def test_a_monitor_gets_no_redacted_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["--redact", "--format", "nagios", "--no-history", "127.0.0.1", "1"])
    assert "--redact is not for --format nagios" in capsys.readouterr().out
