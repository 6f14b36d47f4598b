"""The practice applications call a listener, each in a different way."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from typing import ClassVar

import pytest

from dcmecho.cli.demo import PracticeEngine
from dcmecho.diagnosis.listen.calls import AeTitle, CallEnding
from dcmecho.diagnosis.listen.verdict import CallFindingId, Expectation, Grade, judge
from dcmecho.diagnosis.network.connection import Address
from dcmecho.dicom.listen.listener import ListenerConfig
from dcmecho.lab.callers import CALLERS
from dcmecho.lab.server import Lab
from dcmecho.lab.verifying import call_in_turn
from tests.network.listen.listening import LOOPBACK, TITLE, hearing
from tests.network.peers.real_peers import unused_port


def test_each_caller_gets_another_verdict() -> None:
    with hearing(ports=2) as heard:
        ours, other = heard.ports
        # The next port may be somebody else's here.
        callers = [replace(each, ports_off=(other - ours) * each.ports_off) for each in CALLERS]
        with Lab((), callers=callers) as lab:
            lab.begin_calls(Address(LOOPBACK, ours), pause_s=0)
            calls = [heard.call(number).call for number in range(1, len(callers) + 1)]
    expected = Expectation(
        AeTitle.of(TITLE), ours, frozenset({LOOPBACK}), "Healthy archive", AeTitle.of("TARGET_PACS")
    )
    verdicts = [judge(call, expected) for call in calls]
    assert [
        (verdict.grade, [finding.id for finding in verdict.findings[:1]]) for verdict in verdicts
    ] == [
        (Grade.REACHED, []),
        (Grade.OTHER, [CallFindingId.WRONG_TITLE]),
        (Grade.ODD, [CallFindingId.OTHER_CALLING_TITLE]),
        (Grade.OTHER, [CallFindingId.UNEXPECTED_ADDRESS]),
        (Grade.NO_REQUEST, [CallFindingId.TLS]),
        (Grade.OTHER, [CallFindingId.WRONG_PORT]),
    ]
    assert CallFindingId.ODD_TITLE in [finding.id for finding in verdicts[2].findings]
    assert [call.ending for call in calls] == [
        CallEnding.RELEASED,
        CallEnding.RELEASED,
        CallEnding.RELEASED,
        CallEnding.RELEASED,
        CallEnding.NOT_DICOM,
        CallEnding.RELEASED,
    ]


def test_a_listener_on_every_address_is_called_too() -> None:
    with hearing() as heard, Lab((), callers=CALLERS[:1]) as lab:
        lab.begin_calls(Address("0.0.0.0", heard.port), pause_s=0)
        assert heard.call().call.echoed


def test_who_listens_anew_is_called_from_the_beginning() -> None:
    with hearing() as heard, Lab((), callers=CALLERS[:1]) as lab:
        lab.begin_calls(Address(LOOPBACK, heard.port), pause_s=3600)
        lab.begin_calls(Address(LOOPBACK, heard.port), pause_s=0)
        assert heard.call().call.number == 1


async def test_who_listens_no_longer_is_not_called() -> None:
    with hearing() as heard:
        address = Address(LOOPBACK, heard.port)
        await call_in_turn(CALLERS[:1], address, lambda: False, pause_s=0)
        await call_in_turn(CALLERS[1:2], address, lambda: True, pause_s=0)
        request = heard.call().call.request
        assert request is not None
        assert str(request.calling_ae) == CALLERS[1].calling_ae


def test_the_demo_tells_the_lab_from_when_to_when_it_listens() -> None:
    class Noted(Lab):
        told: ClassVar[list[Address | None]] = []

        def begin_calls(self, listener: Address, _pause_s: float = 0) -> None:
            self.told.append(listener)

        def end_calls(self) -> None:
            self.told.append(None)

    end = Address(LOOPBACK, unused_port())
    lab = Noted(())
    PracticeEngine(lab).listen(ListenerConfig((end,)), lambda _: None).stop()
    assert lab.told == [end, None]


@pytest.mark.parametrize("pause_s", [0, 3600])
def test_the_lab_ends_while_it_calls(pause_s: float) -> None:
    threads, descriptors = set(threading.enumerate()), set(os.listdir("/proc/self/fd"))
    with hearing() as heard, Lab(()) as lab:
        lab.begin_calls(Address(LOOPBACK, heard.port), pause_s)
    assert set(threading.enumerate()) == threads
    assert set(os.listdir("/proc/self/fd")) == descriptors


def test_nobody_is_called_by_a_lab_that_does_not_run() -> None:
    lab = Lab(())
    lab.begin_calls(Address(LOOPBACK, 1))
    lab.stop()
