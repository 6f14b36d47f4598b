"""A log written for days: rotated, removed, on a full disk."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dcmecho.cli.output.append_log import AppendLog
from dcmecho.exit_codes import ExitCode
from tests.people import Ran, open_folder, owned, people

_TARGET = """\
[[target]]
name = "PACS"
host = "127.0.0.1"
port = 1
called_ae = "PACS"
"""


@contextmanager
def largest_file(size_bytes: int) -> Iterator[None]:
    """Limit the file size: like a full disk, the kernel cuts a line and then refuses writes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_lines_are_appended_to_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "watch.jsonl"
    path.write_text("old\n")
    log = AppendLog(path)
    log.write("new")
    log.close()
    assert path.read_text() == "old\nnew\n"


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "watch.jsonl"
    AppendLog(path).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_after_rotation_the_new_file_of_the_name_is_written(tmp_path: Path) -> None:
    path = tmp_path / "watch.jsonl"
    log = AppendLog(path)
    log.write("one")
    path.rename(tmp_path / "watch.jsonl.1")
    log.write("two")
    (tmp_path / "watch.jsonl").unlink()
    log.write("three")
    log.close()
    assert (tmp_path / "watch.jsonl.1").read_text() == "one\n"
    assert path.read_text() == "three\n"


def test_rotation_by_copying_and_truncating_leaves_no_hole(tmp_path: Path) -> None:
    path = tmp_path / "watch.jsonl"
    log = AppendLog(path)
    log.write("one")
    os.truncate(path, 0)
    log.write("two")
    log.close()
    assert path.read_text() == "two\n"


def test_a_full_disk_is_told_once_and_the_watch_goes_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = AppendLog(Path("/dev/full"))
    log.write("one")
    log.write("two")
    log.close()
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "dcmecho: cannot write /dev/full: No space left on device. The watch goes on without it"
    ]


def test_a_line_that_was_cut_does_not_spoil_the_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "watch.jsonl"
    log = AppendLog(path)
    with largest_file(14):
        for line in ("first", "second", "third", "fourth"):
            log.write(line)
    log.write("fifth")
    log.close()
    assert path.read_text() == "first\nsecond\nt\nfifth\n"
    assert capsys.readouterr().err.splitlines() == [
        f"dcmecho: cannot write {path}: File too large. The watch goes on without it",
        f"dcmecho: {path} can be written again; 2 lines were lost",
    ]


def test_a_folder_that_goes_away_for_a_while(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    log = AppendLog(folder / "watch.jsonl")
    folder.rename(tmp_path / "away")
    log.write("lost")
    folder.mkdir()
    log.write("kept")
    log.close()
    assert (folder / "watch.jsonl").read_text() == "kept\n"
    assert "1 lines" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("place", "words"), [("nothing/there.jsonl", "No such file"), (".", "Is a directory")]
)
def test_what_cannot_be_opened_is_an_error_at_once(tmp_path: Path, place: str, words: str) -> None:
    with pytest.raises(OSError, match=words):
        AppendLog(tmp_path / place)


def test_a_pipe_that_nobody_reads_is_an_error_and_no_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="No such device"):
        AppendLog(tmp_path / "pipe")


class TestOthers:
    """What other users of the machine can do to a log; they and this one are made by the test."""

    @pytest.fixture
    def public(self) -> Iterator[Path]:
        """A folder that everybody may write, such as /tmp."""
        with open_folder() as folder:
            yield owned(folder, 0, 0o1777)

    @staticmethod
    def watch(log: Path, *more: str) -> Ran:
        """Watch a target once, as a user."""
        person = people(1)[0]
        target = log.parent / "targets.toml"
        target.write_text(_TARGET)
        named = ("--all", "--profiles", str(target), "--log", str(log))
        return person.dcmecho("watch", *named, "--count", "1", *more, cwd=log.parent)

    def test_a_link_that_was_planted_is_not_followed(self, public: Path) -> None:
        me, mallory = people(2)
        precious = public / "mine" / "authorized_keys"
        precious.parent.mkdir()
        precious.touch()
        owned(precious, me.uid, 0o600)
        log = public / "watch.jsonl"
        log.symlink_to(precious)
        os.lchown(log, mallory.uid, mallory.uid)
        said = self.watch(log)
        assert (
            f"cannot write --log {log}: {log} is a link, and everyone can write to its" in said.err
        )
        assert said.code == ExitCode.USAGE
        assert precious.read_text() == ""

    @pytest.mark.parametrize(
        ("is_mine", "mode", "reason"),
        [
            (True, 0o666, "everyone can write to it"),
            (True, 0o660, "can write to it"),
            (False, 0o666, "it belongs to"),
        ],
    )
    def test_a_file_that_others_may_write_is_not_used(
        self, public: Path, is_mine: bool, mode: int, reason: str
    ) -> None:
        me, mallory = people(2)
        log = public / "watch.jsonl"
        log.touch()
        owned(log, me.uid if is_mine else mallory.uid, mode)
        said = self.watch(log)
        assert f"cannot write --log {log}: it is not yours alone: " in said.err
        assert reason in said.err
        assert said.code == ExitCode.USAGE
        assert log.read_text() == ""

    def test_another_name_of_a_file_of_ones_own_is_not_used(self, public: Path) -> None:
        me = people(1)[0]
        precious = public / "precious"
        precious.touch()
        log = public / "watch.jsonl"
        log.hardlink_to(precious)
        owned(log, me.uid, 0o600)
        said = self.watch(log)
        assert "the file has another name, and everyone can write to its folder" in said.err
        assert precious.read_text() == ""

    def test_a_log_that_others_can_read_is_told_and_used(self, public: Path) -> None:
        log = public / "watch.jsonl"
        log.touch()
        owned(log, people(1)[0].uid, 0o644)
        assert f"{log} can be read by others (mode 644)" in self.watch(log).err
        assert len(log.read_text().splitlines()) > 1

    def test_a_new_log_is_for_its_owner_only(self, public: Path) -> None:
        log = public / "watch.jsonl"
        said = self.watch(log, "-q")
        assert said.err == ""
        assert log.stat().st_mode & 0o777 == 0o600


def test_a_link_in_a_folder_of_ones_own_is_followed(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    link = tmp_path / "watch.jsonl"
    link.symlink_to("logs/today.jsonl")
    log = AppendLog(link)
    log.write("one")
    log.write("two")
    log.close()
    assert (tmp_path / "logs" / "today.jsonl").read_text() == "one\ntwo\n"
