"""One clock: a time that a person reads is local and says its zone, in a report with UTC beside."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

import dcmecho
from dcmecho.diagnosis.conclusion.clock import (
    day_and_time,
    moment,
    moment_and_utc,
    time_of_day,
    zone_words,
)
from dcmecho.report import diagnose
from tests.unit.report.reports import green

SOURCES = Path(dcmecho.__path__[0])
OTHERS = {
    "cli/history.py": "what the user writes",
    "console/saving.py": "the name of a file",
    "dicom/services/store.py": "values of a DICOM object",
    "diagnosis/conclusion/clock.py": "the clock",
    "diagnosis/stages/profile.py": "the dates of a certificate, in UTC as openssl prints them",
    "diagnosis/stages/tls.py": "the dates of a certificate, in UTC as openssl prints them",
    "journal/times.py": "what reports of a file have, and names of files",
    "profiles/edit/unsaved.py": "a file that only dcmecho reads",
}
"""Modules that write a time themselves, and why."""

AT = datetime(2026, 11, 23, 23, 32, 5, 118000, UTC)
INDIA = timezone(timedelta(hours=5, minutes=30))


@pytest.fixture
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The local zone, as POSIX writes it: one hour east of UTC."""
    monkeypatch.setenv("TZ", "CET-1")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_no_other_module_writes_a_time() -> None:
    written = re.compile(r"%H|strftime|isoformat")
    found = {
        path.relative_to(SOURCES).as_posix()
        for path in SOURCES.rglob("*.py")
        if written.search(path.read_text("utf-8"))
    }
    assert found == set(OTHERS)


@pytest.mark.usefixtures("in_berlin")
def test_a_time_is_local_and_says_its_zone() -> None:
    assert moment(AT) == "2026-11-24 00:32:05 +0100"
    assert f"{day_and_time(AT)} {zone_words(AT)}" == "11-24 00:32:05 +0100"
    assert time_of_day(AT) == "00:32:05"


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        (UTC, "2026-11-23 23:32:05 UTC"),
        (INDIA, "2026-11-24 05:02:05 +0530 (2026-11-23 23:32:05 UTC)"),
        (timezone(timedelta(hours=-1)), "2026-11-23 22:32:05 -0100 (23:32:05 UTC)"),
    ],
)
def test_utc_stands_beside_a_local_time_only_where_they_differ(zone: timezone, words: str) -> None:
    assert moment_and_utc(AT, zone) == words


@pytest.mark.usefixtures("in_berlin")
def test_a_report_has_the_local_time_and_utc() -> None:
    assert "2026-11-23 11:32:05 +0100 (10:32:05 UTC)" in diagnose.render(green())
