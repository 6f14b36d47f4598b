"""A watch begins with what is known: its first check is compared with the last one before it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.watch.changes import ChangeKind
from dcmecho.diagnosis.watch.sample import Known
from dcmecho.diagnosis.watch.watch import Changed, Watch, WatchOptions
from tests.unit.report.reports import TARGET
from tests.unit.watch.clocks import SetClocks, answered, refused, rejected

KEY = "pacs"
BEFORE = datetime(2026, 11, 22, 18, 42, tzinfo=UTC)
RECENT = (1.0, None, 2.0)


def begun(known: Report | None) -> Watch:
    watch = Watch(WatchOptions(), SetClocks())
    before = {KEY: Known.of(known, BEFORE, RECENT)} if known else {}
    watch.add([(KEY, TARGET)], before)
    return watch


def first_changes(known: Report | None, first: Report) -> list[tuple[ChangeKind, str]]:
    watch = begun(known)
    watch.due(1)
    events = watch.record(KEY, first)
    return [(each.change.kind, each.change.text) for each in events if isinstance(each, Changed)]


def test_what_was_ok_and_fails_now_is_a_change_at_once() -> None:
    ((kind, text),) = first_changes(answered(), refused())
    assert kind is ChangeKind.VERDICT
    assert text.startswith(
        "it was ok when last checked, 2026-11-22 18:42:00 UTC; now failed at TCP"
    )


def test_what_failed_and_works_now_is_a_change_at_once() -> None:
    ((_, text),) = first_changes(refused(), answered())
    assert text.startswith("it was failed at TCP when last checked")
    assert "now ok: " in text


@pytest.mark.parametrize("known", [None, answered(), refused(), rejected(1, 1, 7)])
def test_an_equal_first_check_changes_nothing(known: Report | None) -> None:
    assert first_changes(known, known or answered()) == []


def test_a_known_certificate_or_program_is_compared_too() -> None:
    ((kind, text),) = first_changes(answered(version="OLD_1"), answered(version="NEW_2"))
    assert kind is ChangeKind.IMPLEMENTATION
    assert "before: OLD_1" in text


def test_the_state_has_what_is_known_but_no_figures_of_it() -> None:
    watch = begun(refused())
    (watched,) = watch.state(24).watched
    assert watched.known is not None
    assert watched.known.at == BEFORE
    assert (watched.last, watched.recent, watched.figures.asked) == (None, RECENT, 0)
    watch.due(1)
    watch.record(KEY, answered())
    (watched,) = watch.state(24).watched
    assert watched.recent[:3] == RECENT
    assert len(watched.recent) == 4
    assert watched.figures.asked == 1
    assert len(watch.state(1).watched[0].recent) == 1
