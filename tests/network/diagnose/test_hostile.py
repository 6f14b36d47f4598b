"""Hostile and broken peers: no crash, no hang, no control bytes, no excess memory."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.events import Event, LogLine
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.dicom.runs.workers import start
from dcmecho.exit_codes import ExitCode, exit_code
from dcmecho.lab import pdu as lab_pdu
from dcmecho.report import diagnose as diagnose_text
from dcmecho.report.json import diagnose as diagnose_json
from tests.unit.dicom.pdu_bytes import accept, accepted_context

DEADLINE_S = 20.0
CASES = 2000
MEMORY_BYTES = 200 * 1024 * 1024

TARGET = Target(
    host="127.0.0.1",
    port=0,
    called_ae="TARGET_PACS",
    calling_ae="MY_WORKSTATION",
    connect_timeout_s=2.0,
    acse_timeout_s=0.3,
    dimse_timeout_s=0.3,
)

ECHO_RSP = lab_pdu.echo_rsp(1, 1, 0x0000)
SUCCESS = struct.pack("<HHIH", 0, 0x0900, 2, 0x0000)
"""The status element of a C-ECHO-RSP that succeeded (PS3.7 E.1)."""

CONVERSATIONS = (
    (accept(), ECHO_RSP, lab_pdu.RELEASE_RP),
    (accept(contexts=accepted_context(1, result=3)),),
    (accept(), lab_pdu.echo_rsp(1, 1, 0x0122), lab_pdu.RELEASE_RP),
    (accept(), lab_pdu.abort(0, 0)),
    (lab_pdu.associate_rj(1, 1, 7),),
    (lab_pdu.abort(2, 1),),
)
"""Answers of real peers: to the request, to C-ECHO, to the release."""

HOSTILE_TEXTS = (
    b"\x1b[2J\x1b]0;pwned\x07",
    b"[/] [red]x",
    b"\x9b31m\x00\r\n",
    b"\xe2\x80\xae evil",
)


class Answering:
    """A server that answers each message with its next bytes, then closes."""

    def __init__(self) -> None:
        self.answers: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def target(self) -> Target:
        return replace(TARGET, port=self._listener.getsockname()[1])

    def close(self) -> None:
        self._listener.close()
        # Closing does not wake accept() in the thread; one last connection does.
        self._thread.join(0.1)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.settimeout(DEADLINE_S)
                for answer in list(self.answers):
                    if not connection.recv(65536):
                        break
                    connection.sendall(answer)


@contextmanager
def answering() -> Iterator[Answering]:
    server = Answering()
    try:
        yield server
    finally:
        server.close()


def diagnosed(target: Target) -> tuple[list[Event], str]:
    """Run to the end; return the events, and all text that users and programs would get."""
    events: list[Event] = []
    report = start(target, events.append).join(DEADLINE_S)
    assert report is not None, f"the run hangs after {events[-2:]}"
    assert report.verdict.status is not VerdictStatus.ERROR, report.verdict.title
    proven = [cause for cause in report.causes if cause.confidence is Confidence.PROVEN]
    assert not proven or len(report.causes) == 1
    shown = [diagnose_text.render(report), diagnose_json.render(report)]
    for event in events:
        shown.append(diagnose_json.render_event(event))
        if isinstance(event, LogLine):
            shown += [event.text, *event.details]
    return events, "\n".join(shown)


def assert_harmless(shown: str) -> None:
    odd = {ch for ch in shown if ch != "\n" and not ch.isprintable()}
    assert not odd, f"raw control characters reach the screen: {odd}"


@st.composite
def mutations(draw: st.DrawFn) -> tuple[bytes, ...]:
    """Draw a real conversation with some bytes changed, cut off, doubled or inserted."""
    answers = list(draw(st.sampled_from(CONVERSATIONS)))
    for _ in range(draw(st.integers(1, 4))):
        which = draw(st.integers(0, len(answers) - 1))
        data = bytearray(answers[which])
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        match draw(st.sampled_from(("change", "cut", "insert", "double"))):
            case "change" if data:
                data[at] = draw(st.integers(0, 255))
            case "cut":
                del data[at:]
            case "insert":
                data[at:at] = draw(st.binary(min_size=1, max_size=8))
            case _:
                data += data[at:]
        answers[which] = bytes(data)
    return tuple(answers)


@pytest.fixture(scope="module")
def server() -> Iterator[Answering]:
    with answering() as running:
        yield running


class TestMutations:
    """Random mutations of real answers, on a real socket."""

    # Some of these raise in pynetdicom's threads; the run judges the bytes and goes on.
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
    @pytest.mark.timeout(600)
    @settings(
        max_examples=CASES,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    @given(answers=mutations())
    def test_neither_crash_nor_hang_nor_false_success(
        self, server: Answering, answers: tuple[bytes, ...]
    ) -> None:
        server.answers = list(answers)
        quick = replace(server.target, acse_timeout_s=0.05, dimse_timeout_s=0.05)
        events, shown = diagnosed(quick)
        assert_harmless(shown)
        report = events[-1].report  # type: ignore[union-attr]
        if exit_code(report) is ExitCode.OK:
            assert any(SUCCESS in answer for answer in answers)


@pytest.mark.parametrize("hostile", HOSTILE_TEXTS, ids=repr)
class TestHostileText:
    def test_in_the_version_name(self, hostile: bytes) -> None:
        with answering() as server:
            server.answers = [accept(version=hostile), ECHO_RSP, lab_pdu.RELEASE_RP]
            events, shown = diagnosed(server.target)
        assert_harmless(shown)
        assert exit_code(events[-1].report) is ExitCode.OK  # type: ignore[union-attr]

    def test_in_the_titles(self, hostile: bytes) -> None:
        with answering() as server:
            server.answers = [
                accept(called=hostile.ljust(16)[:16]),
                ECHO_RSP,
                lab_pdu.RELEASE_RP,
            ]
            _, shown = diagnosed(server.target)
        assert_harmless(shown)

    def test_in_a_greeting(self, hostile: bytes) -> None:
        with answering() as server:
            server.answers = [b"220 " + hostile]
            _, shown = diagnosed(server.target)
        assert_harmless(shown)

    def test_on_the_terminal_of_the_command(self, hostile: bytes) -> None:
        with answering() as server:
            server.answers = [accept(version=hostile), ECHO_RSP, lab_pdu.RELEASE_RP]
            done = subprocess.run(
                [sys.executable, "-m", "dcmecho", "-d", "127.0.0.1", str(server.target.port)],
                capture_output=True,
                timeout=DEADLINE_S,
            )
        assert done.returncode == ExitCode.OK
        assert not {byte for byte in done.stdout + done.stderr if byte < 0x20 and byte != 0x0A}


class TestTooMuchAndTooSlow:
    @pytest.mark.parametrize("length", [1 << 30, 0xFFFFFFFF, 1 << 21])
    def test_a_length_that_cannot_be(self, length: int) -> None:
        with answering() as server:
            server.answers = [struct.pack(">BBI", 2, 0, length) + bytes(1 << 16)]
            events, _ = diagnosed(server.target)
        report = events[-1].report  # type: ignore[union-attr]
        assert report.verdict.stage is StageId.ASSOCIATE
        assert exit_code(report) is ExitCode.NOT_DICOM

    def test_a_flood_does_not_fill_the_memory(self) -> None:
        def flood(connection: socket.socket) -> None:
            connection.recv(65536)
            block = struct.pack(">BBI", 4, 0, 65536) + bytes(65536)
            for _ in range(8000):
                connection.sendall(block)

        with serving(flood) as target:
            argv = ["-q", "-ta", "2", "-td", "2", "127.0.0.1", str(target.port)]
            program = (
                "import sys\n"
                "from dcmecho.cli.main import run\n"
                f"code = run({argv!r})\n"
                "status = open('/proc/self/status').read()\n"
                "print(code, status.partition('VmHWM:')[2].split()[0])\n"
            )
            done = subprocess.run(
                [sys.executable, "-c", program], capture_output=True, text=True, timeout=DEADLINE_S
            )
        code, peak_kib = map(int, done.stdout.split())
        assert code in (ExitCode.NOT_DICOM, ExitCode.NO_ECHO)
        assert peak_kib * 1024 < MEMORY_BYTES

    def test_one_byte_at_a_time_ends_with_the_timeout(self) -> None:
        ended = threading.Event()

        def drip(connection: socket.socket) -> None:
            connection.recv(65536)
            for byte in accept():
                if ended.wait(0.05):
                    return
                connection.sendall(bytes([byte]))

        with serving(drip) as target:
            events, _ = diagnosed(target)
            ended.set()
        report = events[-1].report  # type: ignore[union-attr]
        assert report.verdict.stage is StageId.ASSOCIATE
        assert "the PDU stops after" in report.verdict.title


@contextmanager
def serving(act: Callable[[socket.socket], None]) -> Iterator[Target]:
    """Serve one connection with ``act``."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                act(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield replace(TARGET, port=listener.getsockname()[1])


def test_the_json_of_a_hostile_peer_is_json() -> None:
    with answering() as server:
        server.answers = [accept(version=HOSTILE_TEXTS[0]), ECHO_RSP, lab_pdu.RELEASE_RP]
        events, _ = diagnosed(server.target)
    report = json.loads(diagnose_json.render(events[-1].report))  # type: ignore[union-attr]
    assert "\\x1b[2J" in report["stages"][3]["summary"]
