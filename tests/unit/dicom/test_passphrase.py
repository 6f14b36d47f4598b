"""The command that prints a passphrase: what counts, and that nothing of it stays."""

from __future__ import annotations

import os
from pathlib import Path
from time import monotonic

import pytest

from dcmecho.dicom.wire.tls.passphrase import PassphraseCommandError, passphrase_of

_MOST_BYTES = 4096
_PATIENCE_S = 20.0


def never() -> bool:
    return False


def pids(folder: Path) -> list[int]:
    """The processes that noted their number in a file of the folder."""
    return [int(each.read_text()) for each in folder.iterdir()]


def is_alive(pid: int) -> bool:
    """Whether a process does anything: one that has ended can wait to be collected."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="latin-1")
    except FileNotFoundError:
        return False
    return status.rpartition(") ")[2][0] != "Z"


def all_end(numbers: list[int]) -> bool:
    """Wait until all of these processes have ended; they have been told to."""
    deadline_s = monotonic() + _PATIENCE_S
    while any(map(is_alive, numbers)) and monotonic() < deadline_s:
        os.sched_yield()
    return bool(numbers) and not any(map(is_alive, numbers))


def test_only_line_endings_at_the_end_are_left_out() -> None:
    assert passphrase_of(r"printf ' a b\344\r\n\n'", never) == b" a b\xe4"


def test_a_child_that_lives_on_ends_with_the_command(tmp_path: Path) -> None:
    command = f"echo secret; sh -c 'echo $$ > {tmp_path}/child; exec sleep 600' & "
    command += f"until test -s {tmp_path}/child; do :; done"
    assert passphrase_of(command, never) == b"secret"
    assert all_end(pids(tmp_path))


def test_what_was_printed_counts_even_if_a_child_gets_away(tmp_path: Path) -> None:
    escaped = tmp_path / "escaped"
    command = f"echo secret; setsid sh -c 'echo $$ > {escaped}; exec sleep 600' & "
    command += f"until test -s {escaped}; do :; done"
    try:
        assert passphrase_of(command, never) == b"secret"
    finally:
        os.kill(int(escaped.read_text()), 9)


def test_what_does_not_end_is_ended_with_all_its_children(tmp_path: Path) -> None:
    command = f"sh -c 'echo $$ > {tmp_path}/child; exec sleep 600' & echo $$ > {tmp_path}/own; wait"
    with pytest.raises(PassphraseCommandError):
        passphrase_of(command, lambda: len(list(tmp_path.iterdir())) == 2)
    assert all_end(pids(tmp_path))


@pytest.mark.parametrize(
    "command", ["cat /dev/zero", "yes", f"head -c {_MOST_BYTES + 1} /dev/zero"]
)
def test_more_than_a_passphrase_can_be_is_not_read(command: str) -> None:
    with pytest.raises(PassphraseCommandError, match="more than 4096 bytes"):
        passphrase_of(command, never)


def test_it_has_no_terminal_and_a_session_of_its_own() -> None:
    fields = passphrase_of("cat /proc/self/stat", never).rpartition(b") ")[2].split()
    group, session, terminal = (int(each) for each in fields[2:5])
    assert group == session != os.getsid(0)
    assert terminal == 0


def test_a_command_that_fails_is_told_without_what_it_printed() -> None:
    with pytest.raises(PassphraseCommandError, match=r"^the command failed \(exit code 3\)$"):
        passphrase_of("echo secret; exit 3", never)
