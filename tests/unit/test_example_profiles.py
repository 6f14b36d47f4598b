"""The profiles.toml of the repository: it reads without a problem and lists the practice lab."""

from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from dcmecho.lab.peers import PEERS
from dcmecho.profiles.model import ProfileBook
from dcmecho.profiles.store import load

EXAMPLE = Path(__file__).parents[2] / "profiles.toml"
LAB = "Lab"
DOCUMENTATION = ip_network("192.0.2.0/24")


@pytest.fixture(scope="module")
def example() -> ProfileBook:
    return load(EXAMPLE)


def test_has_no_problems(example: ProfileBook) -> None:
    assert [str(problem) for problem in example.problems] == []
    assert example.targets


def test_lists_every_lab_peer_as_the_lab_serves_it(example: ProfileBook) -> None:
    listed = [
        (target.name, target.host, target.port, target.called_ae, target.calling_ae, target.notes)
        for target in example.targets
        if target.group == LAB
    ]
    served = [
        (peer.name, "127.0.0.1", peer.port, peer.called_ae, peer.calling_ae, peer.story)
        for peer in PEERS
    ]
    assert listed == served


def test_never_sends_anything_off_this_machine(example: ProfileBook) -> None:
    others = [target for target in example.targets if target.group != LAB]
    assert others
    for target in others:
        assert ip_address(target.host) in DOCUMENTATION
        assert target.do_not_probe == "an example address"
