"""A fault of a real server, and how dcmecho's command line is asked about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from pynetdicom import AE
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.exit_codes import ExitCode
from tests.network.peers.real_peers import (
    ANOTHER_ADDRESS,
    ARCHIVE_TITLE,
    REGISTERED,
    RealPeer,
)
from tests.network.tls.certificates import Certificates
from tests.scenarios.command_line import Said, run

Start = Callable[[Path, Certificates], AbstractContextManager[RealPeer]]
Options = Callable[[Certificates], tuple[str, ...]]

_DEADLINE_S = 150.0
_PATIENCE = ("-to", "20", "-ta", "20", "-td", "20")
"""Timeouts in seconds: long enough for Java on a slow machine."""
_SILENCE = ("-to", "3", "-ta", "3", "-td", "3")
_AT_ONCE = 6
_FILES = attrgetter("server", "client", "stranger", "ca_file", "whole_chain_file")


def plainly(_certificates: Certificates) -> tuple[str, ...]:
    """No TLS."""
    return ()


@dataclass(frozen=True)
class Fault:
    """What is wrong, where the check ends, and the true cause.

    ``sure`` is its confidence after the experiments. ``first`` is false where no answer of the
    server can tell it from what stands before it.
    """

    wrong: str
    start: Start
    stage: StageId
    exit_code: ExitCode
    cause: CauseId
    sure: Confidence = Confidence.LIKELY
    first: bool = True
    called: str = ARCHIVE_TITLE
    calling: str = REGISTERED
    own_title: str = ""
    options: Options = plainly
    busy: bool = False
    """Somebody else has an association all the time."""
    silent: bool = False
    """Nothing answers, so the timeouts are short."""
    also: CauseId | None = None
    """Another thing that is wrong, which only the experiments find: the second cause."""
    stands_for: CauseId | None = None
    """The cause of a less precise kind that is listed for it before the experiments."""

    @property
    def at_first(self) -> CauseId:
        """The cause that must be listed before the experiments."""
        return self.stands_for or self.cause


@dataclass(frozen=True)
class Answers:
    """What dcmecho says without experiments, and with all that apply."""

    first: Said
    last: Said


@contextmanager
def asked_at_once(
    faults: Iterable[Fault], folder: Callable[[], Path], certificates: Certificates
) -> Iterator[Callable[[Fault], Answers]]:
    """Ask about every fault, a few at a time, since most of the time is waiting."""
    # Before the threads, because two of them would make a file twice.
    _FILES(certificates)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = {fault: pool.submit(_both, fault, folder, certificates) for fault in faults}
        yield lambda fault: found[fault].result()


def _both(fault: Fault, folder: Callable[[], Path], certificates: Certificates) -> Answers:
    first = ask(fault, folder(), certificates)
    return Answers(first, ask(fault, folder(), certificates, *every_experiment(fault)))


def ask(fault: Fault, folder: Path, certificates: Certificates, *experiments: str) -> Said:
    """Start the server anew, and return what dcmecho says of it."""
    titles = ("-aet", fault.calling, "-aec", fault.called)
    more = ("--experiments", ",".join(experiments)) if experiments else ()
    timeouts = _SILENCE if fault.silent else ()
    options = (*timeouts, *titles, *fault.options(certificates), *more)
    return dcmecho_on(fault.start(folder, certificates), *options, busy=fault.busy)


def dcmecho_on(server: AbstractContextManager[RealPeer], *options: str, busy: bool = False) -> Said:
    """Start a server, run dcmecho on it with these options, and return what it says."""
    with server as peer, association(peer.port) if busy else nullcontext():
        where = ("127.0.0.1", str(peer.port))
        return run(*_PATIENCE, *options, *where, deadline_s=_DEADLINE_S)


def every_experiment(fault: Fault) -> tuple[str, ...]:
    """Return all experiments, with the values that the operator has."""
    own = (f"own.calling={fault.own_title}",) if fault.own_title else ()
    return ("all", *own, f"source.address={ANOTHER_ADDRESS}")


@contextmanager
def association(port: int) -> Iterator[None]:
    """Keep an association open."""
    ae = AE(REGISTERED)
    ae.add_requested_context(Verification)
    held = ae.associate("127.0.0.1", port, ae_title=ARCHIVE_TITLE)
    assert held.is_established
    try:
        yield
    finally:
        held.release()


def assert_true(fault: Fault, answers: Answers) -> None:
    """Assert that the true cause is found, and no false one proven."""
    for said in (answers.first, answers.last):
        assert (said.status, said.stage, said.exit_code) == (
            VerdictStatus.FAILED,
            fault.stage,
            fault.exit_code,
        )
        assert proven(said) <= {fault.cause}
    told = answers.last.causes, answers.last.report["experiments"]
    assert fault.at_first in dict(answers.first.causes), answers.first.causes
    assert (fault.cause, fault.sure) in answers.last.causes, told
    if fault.first:
        assert answers.last.causes[0] == (fault.cause, fault.sure), told
    if fault.also:
        assert answers.last.causes[1] == (fault.also, fault.sure), told


def proven(said: Said) -> set[CauseId]:
    """Return the causes that are called proven."""
    return {cause for cause, sure in said.causes if sure is Confidence.PROVEN}
