"""A log written for days: rotated, removed, on a full disk."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dcmecho.cli.output.append_log import AppendLog


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
