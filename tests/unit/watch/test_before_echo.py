"""The times of TLS and association in a watch: a name lookup at the peer shows only there."""

from __future__ import annotations

import json

import pytest

from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.watch.changes import Change, ChangeKind
from dcmecho.diagnosis.watch.pace import Pace
from dcmecho.diagnosis.watch.watch import (
    Changed,
    Sampled,
    Watch,
    Watched,
    WatchEvent,
    WatchOptions,
)
from dcmecho.exit_codes import ExitCode
from dcmecho.report import watch as watch_text
from dcmecho.report.json.watch import render_event, render_summary
from tests.unit.causes.slow import PLAIN, SECURED, SLOW_MS, checked
from tests.unit.watch.clocks import SetClocks, refused

QUICK_MS, LONGER_MS = 3.0, 1500.0
ENOUGH = 24
"""Samples after which a step can be told, and as many again complete it."""


def watched(*reports: Report) -> tuple[Watch, list[WatchEvent]]:
    """Watch one target, with these reports, each at its time."""
    clocks = SetClocks()
    watch = Watch(WatchOptions(Pace(30.0)), clocks)
    watch.add([("pacs", reports[0].target)])
    events: list[WatchEvent] = []
    for report in reports:
        while not watch.due(1):
            clocks.run(watch.wait_s(1))
            watch.look_at_clocks()
        events += watch.record("pacs", report)
    return watch, events


def state_of(watch: Watch, recent: int = 0) -> Watched:
    (state,) = watch.state(recent).watched
    return state


def changes(events: list[WatchEvent]) -> list[Change]:
    return [event.change for event in events if isinstance(event, Changed)]


@pytest.mark.parametrize("stage", [StageId.ASSOCIATE, StageId.TLS])
def test_a_lasting_change_of_it_is_told(stage: StageId) -> None:
    quick, longer = (checked({stage: ms}, target=SECURED) for ms in (QUICK_MS, LONGER_MS))
    (step,) = changes(watched(*[quick] * ENOUGH, *[longer] * ENOUGH)[1])
    assert step.kind is ChangeKind.LATENCY
    assert step.text == f"{stage.row.label} takes 1.5 s (before: 3.0 ms; medians)"


def test_one_that_takes_seconds_changes_the_verdict() -> None:
    _, events = watched(checked({}), checked({StageId.ASSOCIATE: SLOW_MS}))
    (change,) = changes(events)
    assert change.after == "warning peer.name-lookup peer.slow"
    assert "Association took 15.0 s" in change.text


def slowly(*association_ms: float) -> list[str]:
    """Watch a peer that takes so long for associations; return the changes of the verdict."""
    reports = [checked({StageId.ASSOCIATE: each}) for each in association_ms]
    return [each.after for each in changes(watched(*reports)[1])]


def test_times_near_the_limit_are_told_once() -> None:
    near = (1990.0, 2010.0)
    assert slowly(*near * 8) == ["warning peer.name-lookup peer.slow"]
    assert slowly(2010.0, *near * 8) == []


def test_a_peer_is_quick_again_when_it_clearly_is() -> None:
    slow, quick = "warning peer.name-lookup peer.slow", "ok"
    assert slowly(1510.0, 2010.0, 1510.0, 1490.0) == [slow, quick]
    assert slowly(2010.0, 1490.0, 2010.0, 1490.0) == [quick, slow, quick]


def test_the_order_of_the_causes_of_slowness_is_no_change() -> None:
    """A C-ECHO of 250 ms is not quick beside an association of 2.1 s."""
    slow = {StageId.ASSOCIATE: 2100.0}
    reports = [checked(slow), checked({**slow, StageId.ECHO: 250.0})]
    assert reports[0].causes[0].id is not reports[1].causes[0].id
    assert changes(watched(*reports * 4)[1]) == []


def test_another_slow_stage_a_failure_and_the_way_back_are_changes() -> None:
    slow = checked({StageId.ASSOCIATE: 2010.0}, target=SECURED)
    over_tls = checked({StageId.TLS: 2010.0, StageId.ASSOCIATE: 1900.0}, target=SECURED)
    assert len(changes(watched(slow, over_tls, slow)[1])) == 2
    found = changes(watched(checked({StageId.ASSOCIATE: 2010.0}), refused(), checked({}))[1])
    assert [each.after.split()[0] for each in found] == ["failed", "ok"]


def test_it_has_figures_of_its_own() -> None:
    watch, _ = watched(*(checked({StageId.ASSOCIATE: ms}) for ms in (4.0, 6.0)), refused())
    state = state_of(watch, recent=4)
    association = state.before_echo[StageId.ASSOCIATE]
    assert association.recent == (4.0, 6.0, None)
    assert (association.figures.median_ms, association.figures.lost) == (5.0, 1)
    assert state.figures.median_ms == 1.0


def test_a_plain_peer_has_no_time_of_tls() -> None:
    assert set(state_of(watched(checked({}))[0]).before_echo) == {StageId.ASSOCIATE}
    over_tls = state_of(watched(checked({}, target=SECURED))[0])
    assert set(over_tls.before_echo) == {StageId.TLS, StageId.ASSOCIATE}


def test_the_log_has_it_in_each_sample_and_in_the_summary() -> None:
    slow = checked({StageId.ASSOCIATE: SLOW_MS, StageId.TLS: 35.0}, target=SECURED)
    watch, events = watched(slow)
    (sampled,) = [event for event in events if isinstance(event, Sampled)]
    line = json.loads(render_event(sampled))
    assert (line["tcp_ms"], line["tls_ms"], line["association_ms"]) == (1.0, 35.0, SLOW_MS)
    summary = json.loads(render_summary(watch.state(), 30.0, {}, ExitCode.OK))
    (target,) = summary["targets"]
    assert target["association"]["median_ms"] == SLOW_MS
    assert target["tls"]["p95_ms"] == 35.0


def test_what_was_not_reached_has_no_time() -> None:
    _, events = watched(refused())
    (sampled,) = [event for event in events if isinstance(event, Sampled)]
    line = json.loads(render_event(sampled))
    assert (line["tcp_ms"], line["tls_ms"], line["association_ms"]) == (None, None, None)


def test_the_table_at_the_end_has_it_below_the_target() -> None:
    watch, _ = watched(checked({StageId.ASSOCIATE: SLOW_MS}))
    *_, target, association = watch_text.summary(watch.state()).splitlines()
    assert PLAIN.host in target
    assert association.split() == ["Association", "15.0", "s", "15.0", "s", "15.0", "s", "-"]
