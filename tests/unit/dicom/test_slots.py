"""Which run is allowed to connect: one at a time per address and port."""

from __future__ import annotations

import threading

import pytest

from dcmecho.diagnosis.network.connection import Address
from dcmecho.dicom.runs.slots import PeerSlots, Slot

PEER = Address("10.0.0.5", 104)


@pytest.fixture
def slots() -> PeerSlots:
    return PeerSlots()


def ask(slots: PeerSlots, address: Address = PEER) -> Slot:
    return slots.ask(address, threading.Condition())


def test_the_first_has_it_at_once_and_the_others_in_the_order_they_came(slots: PeerSlots) -> None:
    first, second, third = ask(slots), ask(slots), ask(slots)
    assert [slot.held for slot in (first, second, third)] == [True, False, False]
    first.release()
    assert [slot.held for slot in (second, third)] == [True, False]
    second.release()
    assert third.held


@pytest.mark.parametrize("other", [Address("10.0.0.5", 105), Address("10.0.0.6", 104)])
def test_another_port_or_address_is_another_peer(slots: PeerSlots, other: Address) -> None:
    ask(slots)
    assert ask(slots, other).held


@pytest.mark.parametrize(
    ("one", "same"),
    [
        (PEER, Address("::ffff:10.0.0.5", 104)),
        (Address("fe80::1", 104, 2), Address("fe80:0::0001", 104, 2)),
    ],
)
def test_two_spellings_are_one_peer(slots: PeerSlots, one: Address, same: Address) -> None:
    ask(slots, one)
    assert not ask(slots, same).held


def test_a_link_local_address_on_another_interface_is_another_peer(slots: PeerSlots) -> None:
    ask(slots, Address("fe80::1", 104, 2))
    assert ask(slots, Address("fe80::1", 104, 3)).held


def test_one_that_no_longer_waits_is_passed_over(slots: PeerSlots) -> None:
    first, second, third = ask(slots), ask(slots), ask(slots)
    second.release()
    assert not third.held
    first.release()
    assert third.held
    assert not second.held


def test_giving_back_twice_takes_nothing_from_the_next(slots: PeerSlots) -> None:
    first, second, third = ask(slots), ask(slots), ask(slots)
    first.release()
    first.release()
    assert second.held
    assert not third.held


def test_who_waits_is_woken(slots: PeerSlots) -> None:
    first, woken = ask(slots), threading.Condition()
    second = slots.ask(PEER, woken)
    threading.Thread(target=first.release).start()
    with woken:
        assert woken.wait_for(lambda: second.held, 5.0)
