"""Hostile peers and callers, for every command: no false success, hang, raw byte or traceback.

Honest answers of a practice peer pass through a proxy that changes some bytes of them. What a
success needs is looked for in what was sent then, by :mod:`tests.network.diagnose.pdu_oracle`.
"""

from __future__ import annotations

import contextlib
import io
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcmecho.cli.main import run
from dcmecho.diagnosis import investigation
from dcmecho.diagnosis.survey import associations
from dcmecho.exit_codes import ExitCode, NagiosCode
from dcmecho.lab.behaviour import (
    Application,
    Behaviour,
    CallBack,
    EchoResponse,
    KnownTitles,
    Script,
    abort,
)
from dcmecho.lab.calling import associate_rq
from dcmecho.lab.offers import EVERYTHING
from dcmecho.lab.pdu import ContextResult, PduType, pdu
from dcmecho.lab.requests import echo_request
from dcmecho.standard.uids import VERIFICATION_SOP_CLASS
from tests.network.diagnose import pdu_oracle as oracle
from tests.network.diagnose.mutating_proxy import Kind, MutatingProxy, Mutation, Session, mutating
from tests.network.peers.scripted import lab_of
from tests.unit.services.objects import write_compressed_ct

OURS = "MY_WORKSTATION"
_QUICK = ("-to", "2", "-ta", "0.2", "-td", "0.2", "-aet", OURS)
_FILE = ("--profiles", "{profiles}")
_MOVE = ("move", "--study", "1.2.3", "--bind", "127.0.0.1", "--port", "{called}", "--yes", *_FILE)
_LISTEN = ("listen", "--bind", "127.0.0.1", "--port", "{called}", "--for", "0.3", "-aet", OURS)


@dataclass(frozen=True, slots=True)
class Heard:
    """All bytes that dcmecho was sent, by connection: by the peer, and by callers."""

    from_peer: Sequence[bytes]
    from_callers: Sequence[bytes] = ()


def _echoed(heard: Heard) -> bool:
    return oracle.has(heard.from_peer, oracle.ECHO_RSP)


def _echoed_and_answered(heard: Heard) -> bool:
    """The matrix and the large request need an acceptance each, the query a final success."""
    more = [each for each in heard.from_peer if oracle.is_accepted(each)]
    return _echoed(heard) and len(more) > 1 and oracle.has(heard.from_peer, oracle.FIND_RSP)


def _echoed_and_called(heard: Heard) -> bool:
    return _echoed(heard) and OURS in map(oracle.called_title, heard.from_callers)


def _moved(heard: Heard) -> bool:
    stored = oracle.number_of(heard.from_callers, oracle.STORE_RQ)
    return bool(stored) and oracle.has(heard.from_peer, oracle.MOVE_RSP) and _echoed(heard)


def _stored(heard: Heard) -> bool:
    accepted = (0, *range(0xB000, 0xC000))
    return _echoed(heard) and oracle.has(heard.from_peer, oracle.STORE_RSP, accepted)


def _called(heard: Heard) -> bool:
    return OURS in map(oracle.called_title, heard.from_callers)


Success = Callable[[Heard], bool]

COMMANDS: Mapping[str, tuple[tuple[str, ...], Success]] = {
    "echo": (("-d", *_QUICK, "{host}", "{port}"), _echoed),
    "json": (("--json", *_QUICK, "{host}", "{port}"), _echoed),
    "jsonl": (("--format", "jsonl", *_QUICK, "{host}", "{port}"), _echoed),
    "nagios": (("--format", "nagios", *_QUICK, "{host}", "{port}"), _echoed),
    "experiments": (("--experiments", "all", *_QUICK, "{host}", "{port}"), _echoed),
    "services": (
        ("--services", "--query", "--like", "{object}", *_QUICK, "{host}", "{port}"),
        _echoed_and_answered,
    ),
    "probe": (("--pdu-probe", *_QUICK, "{host}", "{port}"), _echoed),
    "check": (("check", "--all", *_FILE), _echoed),
    "check json": (("check", "--all", "--json", *_FILE), _echoed),
    "watch": (("watch", "--all", "--count", "1", *_FILE), _echoed),
    "move": ((*_MOVE, "-td", "0.2", "a"), _echoed_and_called),
    "move accept": ((*_MOVE, "--accept", "-td", "0.2", "a"), _moved),
    "store": (("store-test", "--size", "8k", "-td", "0.2", "--yes", *_FILE, "a"), _stored),
    "listen": (_LISTEN, _called),
    "listen json": ((*_LISTEN, "--format", "json", "--accept-storage"), _called),
}
"""Commands, and what each must have heard if it succeeds. Table to read and to extend."""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert isinstance(port, int)
        return port


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a command meets its peers: a proxy before each peer, and one for their calls."""

    peers: Mapping[str, MutatingProxy]
    calls: MutatingProxy
    called: int
    folder: Path

    def profiles(self, port: int) -> Path:
        path = self.folder / f"{port}.toml"
        path.write_text(
            "[defaults]\nacse_timeout_s = 0.2\ndimse_timeout_s = 0.2\nconnect_timeout_s = 2\n"
            f'calling_ae = "{OURS}"\n[[target]]\nname = "a"\nhost = "127.0.0.1"\nport = {port}\n'
            'called_ae = "TARGET_PACS"\n',
            encoding="utf-8",
        )
        return path


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder, called = tmp_path_factory.mktemp("hostile"), _free_port()
    write_compressed_ct(folder / "ct.dcm")
    with ExitStack() as running:
        # The pause between two associations is for real peers.
        patched = running.enter_context(pytest.MonkeyPatch.context())
        patched.setattr(investigation, "PAUSE_S", 0.01)
        patched.setattr(associations, "PAUSE_S", 0.01)
        calls = running.enter_context(mutating(called, of_requests=True))
        peers: dict[str, Behaviour] = {
            "healthy": Application(
                offers=EVERYTHING, on_move=CallBack(OURS, calls.port, objects=2)
            ),
            "rejects": Application(titles=KnownTitles("SOMEBODY_ELSE")),
            "refuses verification": Application(verification=ContextResult.USER_REJECTION),
            "echo fails": Application(on_echo=EchoResponse(0x0122)),
            "aborts": Script(abort(2, 1)),
        }
        proxies = {}
        for name, behaviour in peers.items():
            (target,) = running.enter_context(lab_of(behaviour)).targets()
            proxies[name] = running.enter_context(mutating(target.port))
        yield Stage(proxies, calls, called, folder)


def said(argv: list[str]) -> tuple[int, str]:
    """Run a command in this process; return its exit code, and all that it printed."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = run(argv)
        except SystemExit as ended:
            code = int(ended.code or 0)
    return code, out.getvalue() + err.getvalue()


def outcome(
    stage: Stage, name: str, peer: str, answers: Sequence[Mutation], calls: Sequence[Mutation]
) -> tuple[int, str, Heard]:
    """Run a command against a peer whose answers and calls are changed."""
    proxy = stage.peers[peer]
    proxy.session, stage.calls.session = Session(answers), Session(calls)
    values = {
        "host": "127.0.0.1",
        "port": str(proxy.port),
        "called": str(stage.called),
        "profiles": str(stage.profiles(proxy.port)),
        "object": str(stage.folder / "ct.dcm"),
    }
    with calling(stage.calls.port) if name.startswith("listen") else contextlib.nullcontext():
        code, text = said([each.format(**values) for each in COMMANDS[name][0]])
    heard = Heard(
        [bytes(each) for each in proxy.session.heard],
        [bytes(each) for each in stage.calls.session.heard],
    )
    return code, text, heard


@contextmanager
def calling(port: int) -> Iterator[None]:
    """Call the listener behind the proxy at ``port``, until one call was answered or it ends."""
    ended = threading.Event()

    def call() -> None:
        while not ended.is_set() and not _call(port):
            ended.wait(0.01)

    caller = threading.Thread(target=call, daemon=True)
    caller.start()
    try:
        yield
    finally:
        ended.set()
        caller.join()


def _call(port: int) -> bool:
    """Ask for an association, send a C-ECHO, release; report whether anything was answered."""
    answered = False
    with socket.create_connection(("127.0.0.1", port), 2.0) as sock, suppress(OSError):
        sock.settimeout(0.3)
        for request in (
            associate_rq(OURS.encode(), "TARGET_PACS", VERIFICATION_SOP_CLASS),
            echo_request(1, 1),
            pdu(PduType.RELEASE_RQ, bytes(4)),
        ):
            sock.sendall(request)
            answered = bool(sock.recv(65536)) or answered
    return answered


def assert_harmless(
    stage: Stage, name: str, peer: str, answers: Sequence[Mutation], calls: Sequence[Mutation]
) -> None:
    code, text, heard = outcome(stage, name, peer, answers, calls)
    assert not {ch for ch in text if ch != "\n" and not ch.isprintable()}, text
    assert "Traceback" not in text
    assert "bug in dcmecho" not in text
    is_for_a_monitor = name == "nagios"
    assert is_for_a_monitor or code != ExitCode.INTERNAL, text
    if code == ExitCode.OK or (is_for_a_monitor and code == NagiosCode.WARNING):
        assert COMMANDS[name][1](heard), text


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_not_changed_succeeds(stage: Stage, name: str) -> None:
    code, text, heard = outcome(stage, name, "healthy", (), ())
    assert (code, COMMANDS[name][1](heard)) == (ExitCode.OK, True), text


def changes(most: int) -> st.SearchStrategy[list[Mutation]]:
    """Draw changes, most of them in the first connection."""
    one = st.builds(
        Mutation,
        connection=st.sampled_from((0, 0, 0, 1, 1, 2)),
        pdu=st.integers(0, 3),
        kind=st.sampled_from(Kind),
        at=st.integers(0, 300),
        data=st.binary(min_size=1, max_size=8),
    )
    return st.lists(one, min_size=1, max_size=most)


PEERS = ("healthy",) * 6 + ("rejects", "refuses verification", "echo fails", "aborts")

hostile = given(
    name=st.sampled_from(list(COMMANDS)),
    peer=st.sampled_from(PEERS),
    answers=changes(4),
    calls=changes(2),
)
_SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


@pytest.mark.timeout(600)
@settings(max_examples=40, deadline=None, suppress_health_check=_SLOW)
@hostile
def test_every_command(
    stage: Stage, name: str, peer: str, answers: list[Mutation], calls: list[Mutation]
) -> None:
    assert_harmless(stage, name, peer, answers, calls)


@pytest.mark.nightly
@pytest.mark.timeout(7200)
@settings(max_examples=5000, deadline=None, suppress_health_check=_SLOW)
@hostile
def test_every_command_5000_times(
    stage: Stage, name: str, peer: str, answers: list[Mutation], calls: list[Mutation]
) -> None:
    assert_harmless(stage, name, peer, answers, calls)
