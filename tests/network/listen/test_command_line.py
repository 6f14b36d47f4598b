"""``dcmecho listen`` as people type it."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dcmecho.exit_codes import ExitCode
from tests.network.listen.raw_client import (
    PATIENCE_S,
    RELEASE_RQ,
    associate,
    associate_rq,
    echo,
    receive_pdu,
)

DEADLINE_S = 30.0
LISTEN = (sys.executable, "-m", "dcmecho", "listen")
HERE = ("--bind", "127.0.0.1", "--port", "0")


def listen(*argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*LISTEN, *argv], capture_output=True, text=True, timeout=DEADLINE_S, check=False
    )


class ListenSession:
    """A running command, and the ports that it reports."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stderr is not None
        # To the last of these lines: what is buffered here, communicate() would not give again.
        self.said = ""
        while "The peer needs" not in self.said:
            line = process.stderr.readline()
            assert line, self.said
            self.said += line
        self.ports = [int(port) for port in re.findall(r"127\.0\.0\.1:(\d+)", self.said)]

    def verify(self, called: str, port: int | None = None, calling: str = "CT2") -> None:
        """Call it with C-ECHO, as a scanner does."""
        address = ("127.0.0.1", port or self.ports[0])
        with socket.create_connection(address, PATIENCE_S) as connection:
            associate(connection, associate_rq(called, calling))
            assert echo(connection)[0x0900] == 0
            connection.sendall(RELEASE_RQ)
            receive_pdu(connection)

    def interrupt(self, number: signal.Signals = signal.SIGINT) -> tuple[str, str, int]:
        """End it; return its stdout, stderr and exit code."""
        self.process.send_signal(number)
        printed, said = self.process.communicate(timeout=DEADLINE_S)
        return printed, said, self.process.returncode


@contextmanager
def listening(*argv: str) -> Iterator[ListenSession]:
    process = subprocess.Popen(
        [*LISTEN, *HERE, *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        try:
            yield ListenSession(process)
        finally:
            process.kill()


def test_a_call_as_expected_is_exit_code_0() -> None:
    with listening("-aet", "MY_WORKSTATION") as command:
        command.verify("MY_WORKSTATION")
        printed, _, code = command.interrupt()
    needed = "The peer needs: AE title MY_WORKSTATION, address 127.0.0.1, port"
    assert needed in command.said
    assert "CT2 -> MY_WORKSTATION" in printed
    assert "REACHED: A DICOM application reached you." in printed
    assert code == ExitCode.OK


def test_a_wrong_title_is_shown_to_the_byte_and_is_no_success() -> None:
    with listening("-aet", "MY_WORKSTATION", "--json") as command:
        command.verify("MY_W0RKSTATION")
        printed, _, code = command.interrupt()
    data = json.loads(printed)
    assert data["calls"][0]["verdict"]["findings"][0]["id"] == "wrong-title"
    assert "byte 5 is 0 (30), yours has O (4f)" in data["calls"][0]["verdict"]["title"]
    assert data["verdict"]["exit_code"] == code == ExitCode.OTHERS_CALLED


def test_a_peer_that_has_another_port_registered_is_caught_on_it() -> None:
    with listening("--port", "0", "--format", "jsonl") as command:
        command.verify("ANY", command.ports[1])
        printed, _, code = command.interrupt(signal.SIGTERM)
    events = [json.loads(line) for line in printed.splitlines()]
    assert [event.get("event") for event in events[:2]] == ["listening-started", "call"]
    finding = events[-1]["calls"][0]["verdict"]["findings"][0]
    assert finding["id"] == "wrong-port"
    assert code == ExitCode.OTHERS_CALLED


def test_the_expected_peer_gives_title_and_address(tmp_path: Path) -> None:
    profiles = tmp_path / "profiles.toml"
    profiles.write_text(
        '[[target]]\nname = "CT 2"\nhost = "127.0.0.2"\nport = 104\n'
        'called_ae = "CT2"\ncalling_ae = "MY_WORKSTATION"\n'
    )
    with listening("--expect", "CT 2", "--profiles", str(profiles), "--json") as command:
        command.verify("MY_WORKSTATION", calling="CT2_SCU")
        printed, _, code = command.interrupt()
    data = json.loads(printed)
    assert "Expected: CT 2, AE title CT2, from 127.0.0.2" in command.said
    assert data["expected"]["addresses"] == ["127.0.0.2"]
    assert data["expected"]["calling_title"] == "CT2"
    address, title = data["calls"][0]["verdict"]["findings"]
    assert address["text"] == "CT 2 is 127.0.0.2, not 127.0.0.1"
    assert title["id"] == "other-calling-title"
    assert code == ExitCode.OTHERS_CALLED


def test_ctrl_c_ends_what_is_open_and_tells_it() -> None:
    with listening("--json") as command:
        address = ("127.0.0.1", command.ports[0])
        with socket.create_connection(address, PATIENCE_S) as connection:
            associate(connection, associate_rq("ANY", "CT2"))
            printed, _, code = command.interrupt()
            assert receive_pdu(connection)[0] == 0x07
    assert json.loads(printed)["calls"][0]["ending"] == "ended as the listener stopped"
    assert code == ExitCode.OK


class TestNothingCame:
    def test_the_whole_time_without_a_call_says_what_it_can_be(self) -> None:
        done = listen(*HERE, "--for", "0.2")
        assert done.returncode == ExitCode.NOBODY_CALLED
        assert "NOTHING: Nothing arrived." in done.stdout
        assert "only this machine can call" in done.stdout

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_an_interrupted_silence_proves_nothing(self, number: signal.Signals) -> None:
        with listening() as command:
            printed, said, code = command.interrupt(number)
        assert code == ExitCode.INTERRUPTED
        assert "stopped early" in printed
        assert "Traceback" not in said


class TestWhatCannotBe:
    def test_the_address_has_to_be_named(self) -> None:
        done = listen()
        assert done.returncode == ExitCode.USAGE
        assert "--bind is missing. Give the address to listen on: one of 127.0.0.1" in done.stderr

    def test_listening_everywhere_is_said(self) -> None:
        done = listen("--bind", "0.0.0.0", "--port", "0", "--for", "0.1")
        assert "all addresses of this machine: 127.0.0.1" in done.stderr

    def test_a_taken_port_names_its_program(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            done = listen("--bind", "127.0.0.1", "--port", port)
        assert done.returncode == ExitCode.CANNOT_LISTEN
        assert f"127.0.0.1:{port} is taken by" in done.stderr
        assert done.stdout == ""

    @pytest.mark.parametrize(
        ("argv", "words"),
        [
            (("-aet", "A_TITLE_THAT_IS_TOO_LONG"), "24 bytes is too long"),
            (("--for", "0"), "--for must be more than 0 and at most 86400 seconds"),
            (("--expect", "Nobody", "--profiles", "/nonexistent.toml"), "no target named Nobody"),
        ],
    )
    def test_bad_values(self, argv: tuple[str, ...], words: str) -> None:
        done = listen(*HERE, *argv)
        assert done.returncode == ExitCode.USAGE
        assert words in done.stderr


def test_a_call_of_an_expected_peer_is_kept_in_its_history(tmp_path: Path) -> None:
    profiles, journal = tmp_path / "profiles.toml", tmp_path / "history.db"
    profiles.write_text(
        '[[target]]\nname = "CT 2"\nhost = "127.0.0.1"\nport = 104\n'
        'called_ae = "CT2"\ncalling_ae = "MY_WORKSTATION"\n'
    )
    files = ("--profiles", str(profiles), "--history", str(journal))
    with listening("--expect", "CT 2", *files) as command:
        command.verify("MY_WORKSTATION")
        command.verify("WRONG_TITLE")
        command.interrupt()
    with listening("--expect", "CT 2", "--no-history", *files[:2]) as command:
        command.verify("MY_WORKSTATION")
        command.interrupt()

    def history(*words: str) -> str:
        argv = [sys.executable, "-m", "dcmecho", "history", *words, *files]
        return subprocess.run(argv, capture_output=True, text=True, check=True).stdout

    wrong, right = json.loads(history("CT 2", "--format", "json"))
    assert wrong["verdict"]["grade"] == "not as registered"
    assert (right["verdict"]["grade"], right["source"]) == ("reached us", "journal")
    assert "CT2" in json.dumps(right["call"]["request"])
    lines = [line.split() for line in history().splitlines()]
    assert [line[3] for line in lines[1:]] == ["CALL", "CALL"]


def test_quiet_prints_nothing() -> None:
    done = listen(*HERE, "--for", "0.1", "-q")
    assert (done.stdout, done.stderr) == ("", "")
    assert done.returncode == ExitCode.NOBODY_CALLED
