"""A new file: whole, on the disk and for its owner only, or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dcmecho.new_file import write_new
from tests.unit.cli.test_append_log import largest_file

_TEXT = "AE title TARGET_PACS\n"


@pytest.fixture(params=["with nameless files", "without nameless files"], autouse=True)
def file_system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "with nameless files":
        return
    real = os.open

    def refusing(path: Path, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, "Operation not supported")
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", refusing)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_it_is_its_owners_alone(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "report.txt"
    before = os.umask(umask)
    try:
        write_new(path, _TEXT)
    finally:
        os.umask(before)
    assert path.read_text() == _TEXT
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def _a_file(path: Path) -> None:
    path.write_text("old")


def _a_link_to_nothing(path: Path) -> None:
    path.symlink_to("elsewhere")


@pytest.mark.parametrize("lay", [_a_file, _a_link_to_nothing])
def test_what_is_there_stays(tmp_path: Path, lay: Callable[[Path], None]) -> None:
    path = tmp_path / "report.txt"
    lay(path)
    with pytest.raises(FileExistsError):
        write_new(path, _TEXT)
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with largest_file(14), pytest.raises(OSError, match="File too large"):
        write_new(tmp_path / "report.txt", _TEXT)
    assert list(tmp_path.iterdir()) == []


def test_what_the_disk_refuses_at_last_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_descriptor: int) -> None:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="Disk quota exceeded"):
        write_new(tmp_path / "report.txt", _TEXT)
    assert list(tmp_path.iterdir()) == []


def test_the_bytes_and_the_name_are_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        is_folder = os.path.isdir(f"/proc/self/fd/{descriptor}")
        synced.append("folder" if is_folder else f"{os.fstat(descriptor).st_size} bytes")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    write_new(tmp_path / "report.txt", _TEXT)
    assert synced == [f"{len(_TEXT)} bytes", "folder"]


def test_a_folder_behind_a_link_that_others_can_have_planted_is_refused(tmp_path: Path) -> None:
    """The file would be the user's own, but not where the user meant it to be."""
    real, public = tmp_path / "real", tmp_path / "public"
    for folder in (real, public):
        folder.mkdir()
    public.chmod(0o1777)
    (public / "link").symlink_to(real)
    with pytest.raises(OSError, match="is a link, and everyone can write to its folder"):
        write_new(public / "link" / "report.txt", _TEXT)
    assert list(real.iterdir()) == []
