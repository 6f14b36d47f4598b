"""Diagnoses of one peer by several processes share its turns and its budget."""

from __future__ import annotations

import subprocess

import pytest

from dcmecho.diagnosis.investigation import MAX_ASSOCIATIONS
from dcmecho.lab.server import Lab
from tests.network.diagnose.test_command_line import COMMAND
from tests.network.peers.association_counter import AssociationCounter, counting
from tests.people import Ran, ended

TITLES = ("-aet", "MY_WORKSTATION", "-aec", "TARGET_PACS")


def diagnosed_at_once(count: int, lab: Lab, peer: str, *words: str) -> AssociationCounter:
    """Let so many processes diagnose a practice peer at once, and count what it gets."""
    with counting(lab.port_of(peer)) as counter:
        command = [*COMMAND, "--json", *TITLES, *words, "127.0.0.1", str(counter.port)]
        pipe = subprocess.PIPE
        running = [
            subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, cwd="/")
            for _ in range(count)
        ]
        for each in map(ended, running):
            assert_refused_by_the_budget_only(each)
    return counter


def assert_refused_by_the_budget_only(done: Ran) -> None:
    assert "Traceback" not in done.err
    assert "was not checked" not in done.err or f"limit of {MAX_ASSOCIATIONS}" in done.err


def test_three_processes_with_an_experiment_take_turns(lab: Lab) -> None:
    words = ("--experiments", "control.called")
    counter = diagnosed_at_once(3, lab, "ambiguous-rejection", *words)
    assert (counter.total, counter.most) == (6, 1)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("count", "peer", "words"),
    [
        (3, "ambiguous-rejection", ()),
        (6, "ambiguous-rejection", ()),
        (3, "healthy", ("--services", "--query", "--pdu-probe")),
    ],
)
def test_processes_make_18_associations_in_all(
    lab: Lab, count: int, peer: str, words: tuple[str, ...]
) -> None:
    counter = diagnosed_at_once(count, lab, peer, "--experiments", "all", *words)
    assert (counter.total, counter.most) == (MAX_ASSOCIATIONS, 1)
