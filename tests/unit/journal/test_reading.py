"""What is known of a target before a run: when it last worked, how often, and what changed."""

from __future__ import annotations

import copy
import json
import zlib
from dataclasses import replace
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.history.compared import Compared
from dcmecho.diagnosis.history.history import NOTHING, Change, History, Together
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.journal.entry import Entry, one_run
from dcmecho.journal.kinds import Kind, Way
from dcmecho.journal.reading import history
from dcmecho.journal.together import Neighbours
from dcmecho.journal.writing import write
from dcmecho.report.history.since import since_lines
from dcmecho.report.json.history import history_data
from tests.unit.journal.journals import (
    BOOK,
    at,
    data_of,
    fails,
    journal_in,
    keep,
    rows,
    slow,
    works,
)
from tests.unit.report.reports import TARGET, ended

DAY = 24 * 60
EDITED = replace(TARGET, called_ae="TARGET_PAC5")


def before(connection: Connection, report: Report) -> History:
    return history(connection, report.target, BOOK, data_of(report), Neighbours)


def test_equal_runs_are_one_report_with_their_times(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, *(works(minute) for minute in range(5)))
        assert (rows(connection, "report"), rows(connection, "span")) == (1, 5)
        keep(connection, fails(5), works(6))
        assert (rows(connection, "report"), rows(connection, "span")) == (2, 7)


def test_a_report_is_kept_without_its_history(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, replace(works(0), history=NOTHING))
        (packed,) = connection.execute("SELECT body FROM report").fetchone()
    body = json.loads(zlib.decompress(packed))
    expected = data_of(works(0))
    del expected["history"]
    assert body == expected


def test_nothing_is_known_of_a_new_target(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        assert before(connection, fails(0)) == NOTHING


def test_the_run_itself_is_not_counted(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, works(0), works(1), fails(2))
        found = before(connection, fails(2))
        assert (found.runs, found.ok) == (2, 2)


def test_only_thirty_days_are_counted_but_the_last_success_is_known(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, works(0), fails(31 * DAY))
        found = before(connection, fails(40 * DAY))
    assert (found.runs, found.ok, found.days) == (1, 0, 30)
    assert found.last_ok is not None
    assert abs((found.last_ok - at(0)).total_seconds()) < 1


def test_what_changed_since_it_last_worked(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, works(0))
        found = before(connection, fails(1, EDITED))
    assert found.since == (Change(Compared.CALLED_AE, "TARGET_PACS", "TARGET_PAC5"),)


def test_what_made_it_work_again(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, works(0), fails(1, EDITED))
        found = before(connection, works(2))
    assert found.last_failure is not None
    assert Change(Compared.CALLED_AE, "TARGET_PAC5", "TARGET_PACS") in found.since


def test_json_says_that_it_works_again(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, fails(1, EDITED))
        told = history_data(before(connection, works(2)))
        assert told["last_failure"] == "2026-11-23T10:33:05.124Z"
        assert history_data(before(connection, fails(2)))["last_failure"] is None


def test_what_is_as_it_was_is_what_both_runs_know(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, works(0))
        rejected, unnamed = before(connection, fails(1)), before(connection, no_name(1))
    assert {Compared.OUR_ADDRESS, Compared.PEER_ADDRESS} <= rejected.same
    assert not {Compared.OUR_ADDRESS, Compared.PEER_ADDRESS} & unnamed.same
    assert "same     our profile\n" in block(unnamed, no_name(1))
    assert "same     our profile, our address and the peer's address\n" in block(rejected, fails(1))


def no_name(minutes: float) -> Report:
    failed = ended(StageId.RESOLVE, EvidenceKind.NAME_FAILED, {"failure": "not-found"})
    return replace(failed, started=at(minutes))


def block(history: History, report: Report) -> str:
    return "".join(f"{line.strip()}\n" for line in since_lines(history, report))


SURVEY = {
    "matrix": {
        "transfer_syntaxes": [{"uid": "1", "short": "Impl"}, {"uid": "2", "short": "JPEG"}],
        "sop_classes": [
            {"name": "CT Image Storage", "answers": {"1": "accepted", "2": "accepted"}},
            {"name": "MR Image Storage", "answers": {"1": "not-asked", "2": "not-asked"}},
        ],
    }
}


def surveyed(minutes: float, jpeg: str) -> dict[str, Any]:
    body = data_of(works(minutes)) | {"services": copy.deepcopy(SURVEY)}
    body["services"]["matrix"]["sop_classes"][0]["answers"]["2"] = jpeg
    return body


def test_a_withdrawn_transfer_syntax_is_seen_where_services_are_asked_for(tmp_path: Path) -> None:
    now, body = surveyed(2, "refused-4"), surveyed(0, "accepted")
    entry = Entry(TARGET, BOOK, Kind.FURTHER, Way.CHECK, body, one_run(body))
    with journal_in(tmp_path) as connection:
        write(connection, [entry])
        keep(connection, works(1))
        found = history(connection, TARGET, BOOK, now, Neighbours)
        plain = before(connection, works(2))
    gone, left = "CT Image Storage: Impl, JPEG", "CT Image Storage: Impl"
    assert found.since == (Change(Compared.ACCEPTED, [gone], [left]),)
    assert plain.since == ()


def test_a_run_that_works_as_before_has_no_failure_to_tell(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, fails(0), works(1))
        found = before(connection, works(2))
    assert (found.last_failure, found.since) == (None, ())


def test_a_slow_step_is_told_and_noise_is_not(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, *(works(minute) for minute in range(10)))
        noise = before(connection, slow(works(11), StageId.ASSOCIATE, 20.0))
        step = before(connection, slow(works(11), StageId.ASSOCIATE, 4000.0))
    assert noise.since == ()
    assert step.since == (Change(Compared.ASSOCIATE_MS, 1.0, 4000.0),)


def test_few_runs_say_nothing_about_the_usual_time(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, works(0), works(1))
        assert before(connection, slow(works(2), StageId.ECHO, 4000.0)).since == ()


def test_what_failed_in_the_same_minutes(tmp_path: Path) -> None:
    def other(number: int, host: str = TARGET.host) -> Target:
        return replace(TARGET, name=f"CT {number}", host=host, calling_ae="ELSE", port=number)

    with journal_in(tmp_path) as connection:
        for number in (1, 2, 3):
            keep(connection, fails(number / 10, other(number)))
        keep(connection, works(0.5, other(4)), works(0.6, other(5, "elsewhere")))
        found = before(connection, fails(1))
        later = before(connection, fails(30))
    assert Together("on pacs.example", 3, 4) in found.together
    assert later.together == ()


def test_the_last_states_are_told(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, fails(0), works(1), works(2), fails(3), works(4), works(5), fails(6))
        latest = before(connection, fails(7)).latest
    assert [(each.status, each.runs, each.ok) for each in latest] == [
        ("failed", 1, 0),
        ("ok", 2, 2),
        ("failed", 1, 0),
        ("ok", 2, 2),
    ]
    assert (latest[1].began, latest[1].ended.replace(microsecond=0)) == (
        at(4),
        at(5).replace(microsecond=0),
    )


def test_since_when_a_target_fails_that_worked(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, fails(0))
        assert before(connection, fails(1)).failing_since is None
        keep(connection, works(2))
        assert before(connection, fails(3)).failing_since == at(3)
        keep(connection, fails(3))
        assert before(connection, fails(4)).failing_since == at(3)
        assert before(connection, works(4)).failing_since is None
        assert history_data(before(connection, fails(4)))["failing_since"] is not None


def test_what_the_same_targets_share_is_told_once(tmp_path: Path) -> None:
    this = replace(TARGET, host="192.0.2.7")
    with journal_in(tmp_path) as connection:
        for number in (1, 2, 3):
            other = replace(this, name=f"CT {number}", calling_ae="ELSE", port=number)
            keep(connection, fails(number / 10, other))
        found = before(connection, fails(1, this))
    assert found.together == (Together("on 192.0.2.7", 3, 3),)
