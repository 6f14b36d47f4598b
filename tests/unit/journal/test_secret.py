"""The key of redacted reports: made once, for its owner only, and never through a link."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from dcmecho.journal.errors import JournalError
from dcmecho.journal.secret import FILE_NAME, own_secret


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "dcmecho"


def test_it_is_made_once_and_only_for_its_owner(folder: Path) -> None:
    secret = own_secret()
    assert len(secret) == 32
    assert own_secret() == secret
    assert stat.S_IMODE((folder / FILE_NAME).stat().st_mode) == 0o600
    assert os.listdir(folder) == [FILE_NAME]


def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    other = tmp_path / "other"
    other.write_text("00" * 32)
    other.chmod(0o600)
    (folder / FILE_NAME).symlink_to(other)
    with pytest.raises(JournalError, match="it is a link"):
        own_secret()
    assert other.read_text() == "00" * 32


def test_a_link_that_leads_nowhere_makes_no_file(folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    (folder / FILE_NAME).symlink_to(tmp_path / "planted")
    with pytest.raises(JournalError, match="it is a link"):
        own_secret()
    assert not (tmp_path / "planted").exists()


@pytest.mark.parametrize(
    ("content", "mode", "why"),
    [
        ("00" * 32, 0o644, "others can read it"),
        ("00" * 32, 0o620, "can write to it"),
        ("00" * 31, 0o600, "it is not a key"),
        ("no key", 0o600, "it is not a key"),
    ],
)
def test_a_key_that_is_none_is_told(folder: Path, content: str, mode: int, why: str) -> None:
    folder.mkdir()
    (folder / FILE_NAME).write_text(content)
    (folder / FILE_NAME).chmod(mode)
    with pytest.raises(JournalError, match=why):
        own_secret()
