"""``do_not_probe`` holds for an address and port, whatever leads there."""

from __future__ import annotations

import json
import os
import pty
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.exit_codes import ExitCode
from dcmecho.lab.server import Lab
from tests.network.diagnose.test_command_line import COMMAND, DEADLINE_S

REASON = "hands off: it crashes"


@pytest.fixture
def scanner() -> Iterator[socket.socket]:
    """A port that nobody may connect to."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.setblocking(False)
        yield server
        with pytest.raises(BlockingIOError):
            server.accept()


def port_of(server: socket.socket) -> int:
    port = server.getsockname()[1]
    assert isinstance(port, int)
    return port


def profiles(
    folder: Path, port: int, forbidden: str = "127.0.0.1", second: str = "localhost"
) -> Path:
    path = folder / "profiles.toml"
    path.write_text(
        f'[[target]]\nname = "CT"\nhost = "{forbidden}"\nport = {port}\ncalled_ae = "CT"\n'
        f'do_not_probe = "{REASON}"\n'
        f'[[target]]\nname = "Second"\nhost = "{second}"\nport = {port}\ncalled_ae = "CT2"\n'
    )
    return path


def dcmecho(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "LOCALHOST", "0.0.0.0", "::ffff:127.0.0.1"]
)
def test_no_spelling_of_the_address_is_connected_to(
    scanner: socket.socket, tmp_path: Path, host: str
) -> None:
    profiles(tmp_path, port_of(scanner))
    done = dcmecho(tmp_path, "--json", host, str(port_of(scanner)))
    report = json.loads(done.stdout)
    assert done.returncode == ExitCode.PROFILE
    assert report["verdict"]["title"] == (
        f"not checked: {REASON} (do_not_probe of CT, which has this address and port)"
    )
    assert (report["verdict"]["stage"], report["causes"]) == ("connect", [])
    (seen,) = report["stages"][2]["evidence"]
    assert seen["kind"] == EvidenceKind.DO_NOT_PROBE


@pytest.mark.parametrize(
    "words",
    [
        ["check", "Second"],
        ["check", "Second", "CT"],
        ["check", "--all"],
        ["check", "Second", "--experiments", "all", "--services"],
        ["watch", "Second", "--count", "1"],
        ["watch", "CT", "Second", "--count", "1"],
        ["move", "--yes", "--study", "1.2", "Second"],
        ["store-test", "--yes", "Second"],
    ],
)
@pytest.mark.parametrize(
    ("forbidden", "second"),
    [("127.0.0.1", "localhost"), ("localhost", "127.0.0.1"), ("127.0.0.1", "127.0.0.1")],
)
def test_no_command_connects_through_a_second_target(
    scanner: socket.socket, tmp_path: Path, words: list[str], forbidden: str, second: str
) -> None:
    profiles(tmp_path, port_of(scanner), forbidden, second)
    done = dcmecho(tmp_path, *words)
    assert REASON in done.stdout + done.stderr
    assert done.returncode == ExitCode.PROFILE


def test_a_monitor_gets_unknown(scanner: socket.socket, tmp_path: Path) -> None:
    profiles(tmp_path, port_of(scanner))
    done = dcmecho(tmp_path, "check", "Second", "--format", "nagios")
    assert (done.returncode, done.stdout.split(" - ")[0]) == (3, "DCMECHO UNKNOWN")


def test_another_port_is_not_forbidden(lab: Lab, tmp_path: Path) -> None:
    profiles(tmp_path, 1)
    done = dcmecho(tmp_path, "-aec", "TARGET_PACS", "127.0.0.1", str(lab.port_of("healthy")))
    assert done.returncode == ExitCode.OK


def test_a_broken_target_still_forbids(scanner: socket.socket, tmp_path: Path) -> None:
    path = profiles(tmp_path, port_of(scanner))
    path.write_text(path.read_text().replace('"CT"\ndo_', '"A TITLE THAT IS TOO LONG"\ndo_'))
    done = dcmecho(tmp_path, "127.0.0.1", str(port_of(scanner)))
    assert (done.returncode, REASON in done.stdout) == (ExitCode.PROFILE, True)


def test_a_file_that_forbids_something_and_cannot_be_read_forbids_all(
    scanner: socket.socket, tmp_path: Path
) -> None:
    path = profiles(tmp_path, 1)
    path.write_text(path.read_text() + "a merge left this\n")
    done = dcmecho(tmp_path, "127.0.0.1", str(port_of(scanner)))
    assert done.returncode == ExitCode.PROFILE
    assert "column 3 is not TOML" in " ".join(done.stdout.split())


def without_a_name_server(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run dcmecho in a network that has nothing but this machine."""
    if os.geteuid() != 0:
        pytest.skip("only root can make a network without a name server")
    program = ["unshare", "-n", "sh", "-c", 'ip link set lo up; exec "$@"', "sh"]
    return subprocess.run(
        [*program, *COMMAND, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )


def test_a_forbidden_name_that_cannot_be_looked_up_can_be_any_address(tmp_path: Path) -> None:
    profiles(tmp_path, 104, forbidden="ct.hospital.test")
    done = without_a_name_server(tmp_path, "127.0.0.1", "104")
    assert done.returncode == ExitCode.PROFILE, done.stdout
    said = f"not checked: it can be CT, which must not be probed ({REASON}): the address of"
    assert said in " ".join(done.stdout.split())


def test_a_dead_name_server_does_not_stop_the_checks_of_other_titles(tmp_path: Path) -> None:
    path = profiles(tmp_path, 104, "ct.hospital.test", "127.0.0.1")
    done = without_a_name_server(tmp_path, "check", "--all", "--profiles", str(path))
    assert done.returncode == ExitCode.TCP, done.stdout + done.stderr


class TestDespite:
    def test_a_typed_yes_checks(self, lab: Lab, tmp_path: Path) -> None:
        port = lab.port_of("healthy")
        profiles(tmp_path, port)
        for words in (["-aec", "TARGET_PACS", "127.0.0.1", str(port)], ["check", "CT"]):
            code, said = on_terminal(tmp_path, "yes\n", "--despite-do-not-probe", *words)
            assert f"not checked: {REASON}" in said
            assert "Type yes" in said
            assert code in (ExitCode.OK, ExitCode.REJECTED)

    @pytest.mark.parametrize("typed", ["y\n", "\n", "no\n", "\x04"])
    def test_anything_else_does_not(
        self, scanner: socket.socket, tmp_path: Path, typed: str
    ) -> None:
        port = port_of(scanner)
        profiles(tmp_path, port)
        words = ("--despite-do-not-probe", "127.0.0.1", str(port))
        code, _ = on_terminal(tmp_path, typed, *words)
        assert code == ExitCode.PROFILE

    def test_without_a_terminal_nothing_is_asked(
        self, scanner: socket.socket, tmp_path: Path
    ) -> None:
        profiles(tmp_path, port_of(scanner))
        for words in (["127.0.0.1", str(port_of(scanner))], ["check", "CT"]):
            done = (
                dcmecho(tmp_path, "--despite-do-not-probe", *words)
                if words[0] != "check"
                else (dcmecho(tmp_path, *words, "--despite-do-not-probe"))
            )
            assert done.returncode == ExitCode.PROFILE
            assert "asks for a yes on a terminal, and there is none" in done.stderr

    @pytest.mark.parametrize(
        "words",
        [
            ["check", "--all"],
            ["check", "CT", "Second"],
            ["check", "CT", "--experiments", "all"],
            ["check", "CT", "--services"],
            ["watch", "CT"],
            ["move", "--study", "1.2", "CT"],
            ["store-test", "CT"],
        ],
    )
    def test_it_is_for_one_check_only(
        self, scanner: socket.socket, tmp_path: Path, words: list[str]
    ) -> None:
        profiles(tmp_path, port_of(scanner))
        done = dcmecho(tmp_path, *words, "--despite-do-not-probe")
        assert done.returncode == ExitCode.USAGE


def on_terminal(folder: Path, typed: str, *words: str) -> tuple[int, str]:
    """Run dcmecho with a terminal as stdin; return its exit code and stderr."""
    if words[1] == "check":
        words = (*words[1:], words[0])
    ours, theirs = pty.openpty()
    try:
        os.write(ours, typed.encode())
        done = subprocess.run(
            [*COMMAND, *words],
            cwd=folder,
            stdin=theirs,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    return done.returncode, done.stderr
