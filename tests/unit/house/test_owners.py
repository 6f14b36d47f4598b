"""Who else can change a file, and where a path leads: told from owners, modes and links."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from dcmecho.owners import PlantedLinkError, followed, trusted_users, user_name, who_else_writes

ME = os.geteuid()
ANOTHER = 61_184


def found(uid: int = ME, mode: int = stat.S_IFREG | 0o644, gid: int = 65_519) -> os.stat_result:
    return os.stat_result((mode, 1, 1, 1, uid, gid, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (found(), ""),
        (found(uid=0), ""),
        (found(uid=ANOTHER), f"it belongs to user {ANOTHER}"),
        (found(mode=stat.S_IFREG | 0o664), "the group 65519 can write to it"),
        (found(mode=stat.S_IFREG | 0o646), "everyone can write to it"),
        (found(mode=stat.S_IFREG | 0o666), "everyone can write to it"),
        (found(mode=stat.S_IFDIR | 0o1777), "everyone can write to it"),
        (found(mode=stat.S_IFLNK | 0o777), ""),
        (found(uid=ANOTHER, mode=stat.S_IFLNK | 0o777), f"it belongs to user {ANOTHER}"),
    ],
)
def test_who_else_writes_is_told(status: os.stat_result, told: str) -> None:
    assert who_else_writes(status) == told


def test_the_root_user_has_a_name() -> None:
    assert user_name(0) == "root"


@pytest.mark.parametrize(("value", "is_trusted"), [("61184", True), ("", False), ("-1", False)])
def test_who_called_sudo_is_trusted_by_root_only(
    monkeypatch: pytest.MonkeyPatch, value: str, is_trusted: bool
) -> None:
    monkeypatch.setenv("SUDO_UID", value)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert (ANOTHER in trusted_users()) is is_trusted
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert trusted_users() == {0, 1000}


class TestFollowed:
    @pytest.fixture
    def top(self, tmp_path: Path) -> Path:
        """A folder with ``real/file``, reached without a link."""
        (tmp_path / "real").mkdir()
        (tmp_path / "real" / "file").touch()
        return tmp_path.resolve()

    @pytest.mark.parametrize(
        ("link", "target"),
        [("link", "real/file"), ("link", "{top}/real/file"), ("real/link", "../real/./file")],
    )
    def test_a_link_in_a_folder_of_ones_own_is_followed(
        self, top: Path, link: str, target: str
    ) -> None:
        (top / link).symlink_to(target.format(top=top))
        assert followed(top / link) == top / "real" / "file"

    def test_links_to_links_and_to_folders_are_followed(self, top: Path) -> None:
        (top / "one").symlink_to("two")
        (top / "two").symlink_to(top / "real")
        assert followed(top / "one" / ".." / "one" / "none") == top / "real" / "none"

    def test_a_relative_path_begins_in_the_current_folder(
        self, top: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(top)
        assert followed(Path("none")) == top / "none"
        assert followed(Path()) == top

    def test_a_circle_is_an_error(self, top: Path) -> None:
        (top / "link").symlink_to("link")
        with pytest.raises(OSError, match="Too many levels") as error:
            followed(top / "link")
        assert error.value.errno == errno.ELOOP

    @pytest.mark.parametrize("mode", [0o775, 0o1777])
    @pytest.mark.parametrize("path", ["open/link", "way/none"])
    def test_a_link_in_a_folder_that_others_write_is_refused(
        self, top: Path, mode: int, path: str
    ) -> None:
        folder = top / "open"
        folder.mkdir()
        (folder / "link").symlink_to(top / "real")
        (top / "way").symlink_to(folder / "link")
        folder.chmod(mode)
        with pytest.raises(PlantedLinkError, match=f"{folder}/link is a link, and .* its folder"):
            followed(top / path)
