"""A save that is killed, or that the disk refuses, leaves the old or the new file."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.model import ProfileError
from tests.unit.profiles.saving import save_target
from tests.unit.profiles.texts import INDENTED, PLAIN, text_of, written

KILLS = 200

_KILLED = """
import json, os, random, signal, sys, time
from pathlib import Path
from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.change import TargetEdit
from dcmecho.profiles.edit.edit import save_targets

path, kills = Path(sys.argv[1]), int(sys.argv[2])
backup = path.with_name("profiles.toml~")
number = 0
for _ in range(kills):
    read, write = os.pipe()
    child = os.fork()
    if not child:
        while True:
            number += 1
            save_targets(path, [TargetEdit("CT 2", 0, {Field.CALLED_AE: f"SAVE {number}"})])
            os.write(write, b".")
    os.close(write)
    finished = len(os.read(read, 1))
    time.sleep(random.uniform(0, 0.012))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while saved := os.read(read, 4096):
        finished += len(saved)
    os.close(read)
    leftovers = [name for name in os.listdir(path.parent) if name[0] == "."]
    kept = backup.read_text() if backup.exists() else ""
    print(json.dumps([number + finished, path.read_text(), kept, len(leftovers)]))
    number += finished + (f"SAVE {number + finished + 1}" in path.read_text())
"""


@pytest.mark.slow
def test_a_save_that_is_killed_leaves_the_old_or_the_new_file(tmp_path: Path) -> None:
    path = written(tmp_path, PLAIN)
    said = subprocess.run(
        [sys.executable, "-c", _KILLED, path, str(KILLS)],
        check=True,
        capture_output=True,
        timeout=50,
    )
    states = [json.loads(line) for line in said.stdout.splitlines()]
    assert len(states) == KILLS

    def text(number: int) -> str:
        return PLAIN.replace('"CT2"', f'"SAVE {number}"') if number else PLAIN

    for saved, content, previous, leftovers in states:
        assert content in (text(saved), text(saved + 1))
        assert previous in ("", text(saved - 1), text(saved))
        assert leftovers <= 3
    assert {content == text(saved + 1) for saved, content, _, _ in states} == {True, False}
    save_target(path, "CT 2", {Field.CALLED_AE: "LAST"})
    assert {each.name for each in tmp_path.iterdir()} == {"profiles.toml", "profiles.toml~"}


def test_the_previous_version_is_kept_beside_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, PLAIN)
    path.chmod(0o640)
    first = save_target(path, "CT 2", {Field.PORT: 1})
    save_target(path, "CT 2", {Field.PORT: 2})
    save_target(path, "CT 2", {Field.PORT: 2})
    backup = tmp_path / "profiles.toml~"
    assert backup.read_bytes() == first.after
    assert backup.stat().st_mode & 0o777 == 0o640


def test_the_previous_version_is_kept_where_a_file_has_only_one_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_source: Path, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", none)
    path = written(tmp_path, PLAIN)
    path.chmod(0o600)
    save_target(path, "CT 2", {Field.PORT: 1})
    backup = tmp_path / "profiles.toml~"
    assert text_of(backup) == PLAIN
    assert backup.stat().st_mode & 0o777 == 0o600


def test_the_previous_version_of_a_linked_file_is_beside_the_real_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real = written(tmp_path / "real", PLAIN)
    link = tmp_path / "profiles.toml"
    link.symlink_to(real)
    save_target(link, "CT 2", {Field.PORT: 1})
    assert {each.name for each in tmp_path.iterdir()} == {"real", "profiles.toml"}
    assert text_of(tmp_path / "real" / "profiles.toml~") == PLAIN


def test_a_previous_version_that_cannot_be_kept_keeps_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, PLAIN)
    (tmp_path / "profiles.toml~").mkdir()
    with pytest.raises(ProfileError, match="cannot be written: Is a directory"):
        save_target(path, "CT 2", {Field.PORT: 1})
    assert text_of(path) == PLAIN
    assert len(list(tmp_path.iterdir())) == 2


_FULL_DISK = """
import sys
from pathlib import Path
from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.change import TargetEdit
from dcmecho.profiles.edit.edit import save_targets

path = Path(sys.argv[1])
path.write_text(sys.argv[2])
save_targets(path, [TargetEdit("CT 2", 0, {Field.PORT: 4242})])
before = path.read_bytes()
room = Path(sys.argv[1] + ".room")
with room.open("wb", buffering=0) as file:
    try:
        while True:
            file.write(bytes(4096))
    except OSError:
        pass
try:
    save_targets(path, [TargetEdit("CT 2", 0, {Field.NOTES: "x" * 10_000})])
except Exception as error:
    print(error)
assert path.read_bytes() == before
assert sorted(each.name for each in path.parent.iterdir()) == [
    "profiles.toml", "profiles.toml.room", "profiles.toml~"
]
"""


@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("unshare"), reason="needs a mount of its own"
)
def test_a_disk_that_is_full_is_told_and_changes_nothing(tmp_path: Path) -> None:
    mount = 'mount -t tmpfs -o size=64k none "$1" && exec "$2" -c "$3" "$1/profiles.toml" "$4"'
    said = subprocess.run(
        ["unshare", "-m", "sh", "-c", mount, "sh", tmp_path, sys.executable, _FULL_DISK, INDENTED],
        check=True,
        capture_output=True,
        text=True,
    )
    assert said.stdout.endswith("cannot be written: No space left on device\n")
