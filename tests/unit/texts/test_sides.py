"""Logs of the two sides of one association, whose clocks need not agree."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.texts.explaining import Explained, explain

SERVER = """\
2026-11-30 {time} W1130 CommandDispatcher.cpp:617] Modality "CT1" is not listed in the "DicomModalities" configuration option
2026-11-30 {time} W1130 CommandDispatcher.cpp:617] Rejected association for remote AET CT1 on IP 10.1.2.3
"""  # noqa: E501
CALLER = """\
2026-11-30 {time} INFO  CT1->ORTHANC(1) << A-ASSOCIATE-RQ
2026-11-30 {time} INFO  CT1->ORTHANC(1) >> A-ASSOCIATE-RJ[result: 1 - rejected-permanent, source: 1 - service-user, reason: 3 - calling-AE-title-not-recognized]
"""  # noqa: E501
LATER = "2026-11-30 {time} INFO  CT1->OTHER(2): A-ASSOCIATE-AC timeout expired\n"


def both(caller: str, server: str) -> Explained:
    return explain([[caller.encode()], [server.encode()]])


def test_a_failure_of_both_sides_is_told_once() -> None:
    (one,) = both(CALLER.format(time="02:10:00"), SERVER.format(time="02:10:01")).failures
    assert [cause.id.value for cause in one.causes] == ["ae.calling-unknown"]
    assert one.report.target.called_ae == "ORTHANC"
    assert not any("clock" in each for each in one.report.not_proven)


@pytest.mark.parametrize(
    ("server", "words"),
    [
        ("04:10:02", "2:00:02 (h:mm:ss) ahead of the caller's, a time zone, by the look of it"),
        ("02:06:40", "0:03:20 (h:mm:ss) behind the caller's, one of the clocks is wrong"),
    ],
)
def test_clocks_that_are_apart_are_told(server: str, words: str) -> None:
    (one,) = both(CALLER.format(time="02:10:00"), SERVER.format(time=server)).failures
    assert any(words in each for each in one.report.not_proven)


def test_times_are_put_in_one_order_by_what_both_sides_tell() -> None:
    """By their own clocks the later failure would stand first."""
    caller = CALLER.format(time="02:10:00") + LATER.format(time="03:00:00")
    first, second = both(caller, SERVER.format(time="04:10:00")).failures
    assert first.report.target.called_ae == "ORTHANC"
    assert second.report.target.called_ae == "OTHER"


def test_a_timeout_says_nothing_about_clocks() -> None:
    server = SERVER.format(time="02:10:00")
    caller = "2026-11-30 02:10:30 INFO  CT1->ORTHANC(1): A-ASSOCIATE-AC timeout expired\n"
    told = [each for one in both(caller, server).failures for each in one.report.not_proven]
    assert not any("clock" in each for each in told)
