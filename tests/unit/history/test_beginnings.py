"""Failures that began together: which targets are a group, and what they share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dcmecho.diagnosis.history.beginnings import Beginning, beginnings
from dcmecho.diagnosis.history.sharing import Traits
from dcmecho.report.history.together import beginning_words

NIGHT = datetime(2026, 11, 30, 2, 10, tzinfo=UTC)


def minutes(number: float) -> datetime:
    return NIGHT + timedelta(minutes=number)


def on(address: str, calling_ae: str = "MY_WORKSTATION", issuer: str = "") -> Traits:
    return Traits(address, calling_ae, issuer=issuer)


WARD = {f"CT {number}": on(f"192.168.4.{number}") for number in range(1, 6)}
REST = {f"MR {number}": on(f"192.168.{number}.9") for number in range(10, 15)}


def found(
    failing: dict[str, datetime], *working: str, also: dict[str, Traits] | None = None
) -> list[Beginning[str]]:
    every = WARD | REST | (also or {})
    return beginnings(failing, working, every.__getitem__)


def test_failures_of_a_subnet_are_one_group() -> None:
    failing = {name: minutes(number) for number, name in enumerate(WARD)}
    (group,) = found(failing, *REST)
    assert group == Beginning(NIGHT, tuple(WARD), "on 192.168.4.0/24")


@pytest.mark.parametrize(
    ("failing", "groups"),
    [
        ({"CT 1": 0.0, "CT 2": 5.0}, []),
        ({"CT 1": 0.0, "CT 2": 5.0, "CT 3": 10.0}, [3]),
        ({"CT 1": 0.0, "CT 2": 5.0, "CT 3": 10.1}, []),
        ({"CT 1": 0.0, "CT 2": 1.0, "CT 3": 2.0, "MR 10": 60.0, "MR 11": 61.0, "MR 12": 9}, [3]),
        (
            {"CT 1": 0.0, "CT 2": 1.0, "CT 3": 2.0, "MR 10": 60.0, "MR 11": 61.0, "MR 12": 62.0},
            [3, 3],
        ),
    ],
)
def test_ten_minutes_and_three_targets_make_a_group(
    failing: dict[str, float], groups: list[int]
) -> None:
    told = found({name: minutes(at) for name, at in failing.items()}, "CT 5", "MR 14")
    assert [len(group.keys) for group in told] == groups


def test_the_newest_group_comes_first() -> None:
    failing = {name: minutes(0) for name in WARD} | {name: minutes(60) for name in REST}
    assert [group.since for group in found(failing)] == [minutes(60), minutes(0)]


def test_what_most_others_have_without_failing_is_not_shared() -> None:
    failing = dict.fromkeys(("CT 1", "CT 2", "CT 3"), NIGHT)
    others = {f"US {number}": on(f"192.168.4.{number + 20}") for number in range(3)}
    (group,) = found(failing, *others, "MR 10", also=others)
    assert group.shared == ""


def test_what_every_target_has_is_not_told() -> None:
    failing = dict.fromkeys(("MR 10", "MR 11", "MR 12"), NIGHT)
    (group,) = found(failing, "MR 13")
    assert (group.shared, group.all_words) == ("", "")


def test_targets_that_share_less_are_a_group_of_their_own() -> None:
    failing = dict.fromkeys((*WARD, "MR 10", "MR 11", "MR 12"), NIGHT)
    told = found(failing, "MR 13", "MR 14")
    assert {group.shared: len(group.keys) for group in told} == {"on 192.168.4.0/24": 5, "": 3}


def test_a_title_or_an_issuer_is_shared_across_subnets() -> None:
    titles = {f"T{n}": on(f"10.0.{n}.1", "OLD_TITLE") for n in range(3)}
    (group,) = found(dict.fromkeys(titles, NIGHT), "MR 10", also=titles)
    assert group.shared == "called as OLD_TITLE"
    issued = {f"S{n}": on(f"10.0.{n}.1", issuer="CN=Site CA") for n in range(3)}
    (group,) = found(dict.fromkeys(issued, NIGHT), "MR 10", also=issued)
    assert group.shared == "with a certificate of CN=Site CA"


def test_a_host_is_told_rather_than_its_subnet() -> None:
    one = {f"P{n}": on("192.168.4.77") for n in range(3)}
    (group,) = found(dict.fromkeys(one, NIGHT), "MR 10", also=one)
    assert group.shared == "on 192.168.4.77"


def test_a_failure_of_today_is_new_and_one_of_another_day_has_its_day() -> None:
    group = Beginning(datetime(2026, 11, 30, 2, 10).astimezone(), ("a", "b", "c"))
    assert beginning_words(group, group.since + timedelta(hours=1)) == "3 newly failing since 02:10"
    assert beginning_words(group, group.since + timedelta(days=3)) == "3 failing since 11-30 02:10"
