"""Replacing a file: whole or not at all, with its mode, through links."""

import os
import struct
from pathlib import Path

import pytest

from dcmecho.profiles.file.atomic import replace_file

_ACCESS_LIST = "system.posix_acl_access"
_NOBODY = 0xFFFFFFFF
"""The id of an entry that is not for one user or group (linux/posix_acl_xattr.h)."""


def test_writes_a_new_file_with_the_folders_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "profiles.toml"
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("umask", [0o000, 0o027, 0o077])
def test_a_new_file_is_its_owners_alone(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "new" / "profiles.toml"
    before = os.umask(umask)
    try:
        replace_file(path, b"")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o400])
def test_keeps_the_mode(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "profiles.toml"
    path.touch()
    path.chmod(mode)
    replace_file(path, b"new")
    assert path.stat().st_mode & 0o777 == mode


def test_keeps_the_access_list(tmp_path: Path) -> None:
    """The previous version and the lock are made the same way."""
    user, mask, named = (1, 6), (16, 6), (2, 6)
    entries = [
        (*user, _NOBODY),
        (*named, 12345),
        (4, 4, _NOBODY),
        (*mask, _NOBODY),
        (32, 0, _NOBODY),
    ]
    access = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *each) for each in entries)
    path = tmp_path / "profiles.toml"
    path.touch()
    os.setxattr(path, _ACCESS_LIST, access)
    replace_file(path, b"new")
    assert os.getxattr(path, _ACCESS_LIST) == access


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_keeps_the_owner(tmp_path: Path) -> None:
    path = tmp_path / "profiles.toml"
    path.touch()
    os.chown(path, 12345, 23456)
    replace_file(path, b"new")
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)


def test_writes_through_a_link_and_keeps_it(tmp_path: Path) -> None:
    real = tmp_path / "shared" / "real.toml"
    real.parent.mkdir()
    real.write_bytes(b"old")
    link = tmp_path / "profiles.toml"
    link.symlink_to("shared/real.toml")
    replace_file(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_leaves_the_old_file_and_no_other_when_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "profiles.toml"
    path.write_bytes(b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_bytes_are_on_the_disk_before_the_old_file_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def watched_fsync(descriptor: int) -> None:
        steps.append(f"sync {'folder' if os.path.isdir(f'/proc/self/fd/{descriptor}') else 'file'}")
        fsync(descriptor)

    def watched_replace(source: Path, target: Path) -> None:
        steps.append("replace")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_replace)
    replace_file(tmp_path / "profiles.toml", b"new")
    assert steps == ["sync file", "replace", "sync folder"]
