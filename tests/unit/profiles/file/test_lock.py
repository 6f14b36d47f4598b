"""Several programs change one file at once: they take turns, and nothing is lost."""

import errno
import fcntl
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.edit.edit import add_target
from dcmecho.profiles.file.lock import locked
from tests.unit.profiles.saving import save_target
from tests.unit.profiles.texts import INDENTED, NEW, text_of, written

_SAVES = """
import sys
from pathlib import Path
from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.change import TargetEdit
from dcmecho.profiles.edit.edit import save_targets

for number in range(1, 501):
    save_targets(Path(sys.argv[1]), [TargetEdit(sys.argv[2], 0, {Field.NOTES: f"save {number}"})])
"""


@pytest.mark.slow
def test_two_processes_save_500_times_each_and_nothing_is_lost(tmp_path: Path) -> None:
    path = written(tmp_path, INDENTED)
    savers = [
        subprocess.Popen([sys.executable, "-c", _SAVES, path, name])
        for name in ("Main PACS", "CT 2")
    ]
    assert [saver.wait(50) for saver in savers] == [0, 0]
    assert text_of(path) == INDENTED.replace('"MAIN"', '"MAIN"\n  notes="save 500"').replace(
        '"CT2"', '"CT2"\n  notes="save 500"'
    )
    assert {each.name for each in tmp_path.iterdir()} == {"profiles.toml", "profiles.toml~"}


def test_threads_that_add_targets_at_once_lose_none(tmp_path: Path) -> None:
    path = tmp_path / "profiles.toml"
    names = [f"Target {number}" for number in range(20)]
    threads = [
        threading.Thread(target=add_target, args=(path, {**NEW, Field.NAME: name}))
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(target.name for target in load(path).targets) == sorted(names)


def test_who_holds_the_lock_for_too_long_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    path = written(tmp_path, INDENTED)
    with locked(path) as is_held, pytest.raises(ProfileError) as refusal, locked(path, 0.0):
        pass
    assert is_held
    assert f"process {os.getpid()} on" in str(refusal.value)
    assert "Try again" in str(refusal.value)
    assert text_of(path) == INDENTED


def test_a_save_through_a_link_waits_for_the_real_file(tmp_path: Path) -> None:
    path = written(tmp_path, INDENTED)
    link = tmp_path / "elsewhere" / "link.toml"
    link.parent.mkdir()
    link.symlink_to(path)
    with locked(path), pytest.raises(ProfileError, match="is being saved by"), locked(link, 0.0):
        pass


def test_the_lock_of_a_killed_program_holds_nobody_up(tmp_path: Path) -> None:
    path = written(tmp_path, INDENTED)
    lock = tmp_path / ".profiles.toml.lock"
    lock.write_text("gone (process 1 on elsewhere)")
    save_target(path, "CT 2", {Field.PORT: 4242})
    assert not lock.exists()


def test_a_lock_file_that_was_replaced_meanwhile_is_not_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, INDENTED)
    lock = tmp_path / ".profiles.toml.lock"
    flock = fcntl.flock
    taken: list[int] = []

    def late(descriptor: int, operation: int) -> None:
        flock(descriptor, operation)
        if not taken:
            lock.unlink()
        taken.append(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(fcntl, "flock", late)
    with locked(path):
        assert lock.stat().st_ino == taken[-1]
    assert len(taken) == 2


@pytest.fixture
def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)


@pytest.mark.usefixtures("without_locks")
def test_without_locks_a_save_goes_on_and_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, INDENTED)
    assert "has no locks" in save_target(path, "CT 2", {Field.PORT: 4242}).caution
    assert "4242" in text_of(path)


def test_with_a_lock_there_is_nothing_to_say(tmp_path: Path) -> None:
    path = written(tmp_path, INDENTED)
    assert save_target(path, "CT 2", {Field.PORT: 4242}).caution == ""


@pytest.mark.usefixtures("without_locks")
def test_without_a_lock_temporary_files_stay(tmp_path: Path) -> None:
    path = written(tmp_path, INDENTED)
    other = tmp_path / ".profiles.toml.0123abcd"
    other.touch()
    save_target(path, "CT 2", {Field.PORT: 4242})
    assert other.exists()


def test_a_lock_that_fails_in_another_way_stops_the_save(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(fcntl, "flock", fails)
    path = written(tmp_path, INDENTED)
    with pytest.raises(ProfileError, match=r"cannot be locked: .*Input/output error"):
        save_target(path, "CT 2", {Field.PORT: 4242})
    assert text_of(path) == INDENTED


def test_a_link_in_the_place_of_the_lock_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, INDENTED)
    lock, other = tmp_path / ".profiles.toml.lock", tmp_path / "other"
    other.write_text("precious")
    lock.symlink_to(other)
    with pytest.raises(ProfileError, match=f"{lock} is a symbolic link. Delete it"):
        save_target(path, "CT 2", {Field.PORT: 4242})
    assert text_of(path) == INDENTED
    assert lock.is_symlink()


def test_a_lock_that_is_another_name_of_a_file_is_not_written_to(tmp_path: Path) -> None:
    path = written(tmp_path, INDENTED)
    other = tmp_path / "other"
    other.write_text("precious")
    (tmp_path / ".profiles.toml.lock").hardlink_to(other)
    save_target(path, "CT 2", {Field.PORT: 4242})
    assert other.read_text() == "precious"


def test_a_pipe_in_the_place_of_the_lock_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, INDENTED)
    os.mkfifo(tmp_path / ".profiles.toml.lock")
    with pytest.raises(ProfileError, match=r"cannot be locked: .* is not a regular file"):
        save_target(path, "CT 2", {Field.PORT: 4242})


def test_a_file_system_without_hard_links_has_locks_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_source: Path, _target: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", none)
    path = written(tmp_path, INDENTED)
    with locked(path) as is_held, pytest.raises(ProfileError), locked(path, 0.0):
        pass
    assert is_held
