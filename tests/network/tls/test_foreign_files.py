"""A profile file that somebody else can change runs no program of theirs as this user."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from dcmecho.exit_codes import ExitCode
from tests.network.tls.certificates import PASSPHRASE, Certificates
from tests.people import Person, Ran, ended, open_folder, owned, people, unused_group

_TARGET = """\
[[target]]
name = "PACS"
host = "127.0.0.1"
port = 1
called_ae = "PACS"
[{table}.tls]
cert_file = "{cert}"
key_file = "{key}"
passphrase_command = "touch {mark}; echo {passphrase}"
"""


@dataclass(frozen=True)
class Scene:
    """A user, another one, and a folder with a file that wants to run a program."""

    me: Person
    mallory: Person
    folder: Path
    text: str

    @property
    def file(self) -> Path:
        return self.folder / "profiles.toml"

    @property
    def own_file(self) -> Path:
        return self.me.home / ".config" / "dcmecho" / "profiles.toml"

    @property
    def has_run(self) -> bool:
        """Whether the program of the file was run."""
        return self.mark.exists()

    @property
    def mark(self) -> Path:
        return self.folder / "mark" / "ran"

    def written(self, owner: int, mode: int, text: str = "") -> Path:
        self.file.write_text(text or self.text)
        return owned(self.file, owner, mode, unused_group())

    def trusting(self, mode: int = 0o600) -> None:
        """Have my own settings trust the file."""
        self.own_file.parent.mkdir(parents=True)
        self.own_file.write_text(f'[settings]\ntrust = ["{self.file}"]\n')
        owned(self.own_file, self.me.uid, mode, unused_group())

    def check(self, *words: str | Path) -> Ran:
        """Check the target, from within the folder."""
        return self.me.dcmecho("check", *words, "PACS", cwd=self.folder)


@pytest.fixture
def scene(certificates: Certificates) -> Iterator[Scene]:
    me, mallory = people(2, unused_group())
    with open_folder() as top:
        home, folder = top / "home", top / "folder"
        for place in (home, folder, folder / "mark"):
            place.mkdir()
        owned(home, me.uid, 0o700)
        owned(folder, me.uid, 0o755)
        owned(folder / "mark", 0, 0o777)
        yield Scene(replace(me, home=home), mallory, folder, _text(certificates, folder))


def _text(certificates: Certificates, folder: Path, table: str = "target") -> str:
    credential = certificates.encrypted_client
    cert, key = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(credential.cert_file.read_bytes())
    key.write_bytes(credential.key_file.read_bytes())
    mark = folder / "mark" / "ran"
    return _TARGET.format(table=table, cert=cert, key=key, mark=mark, passphrase=PASSPHRASE)


def _mine(scene: Scene) -> None:
    scene.written(scene.me.uid, 0o644)


def _of_root(scene: Scene) -> None:
    scene.written(0, 0o644)


def _a_link_of_mine_to_mine(scene: Scene) -> None:
    real = scene.folder / "real.toml"
    scene.written(scene.me.uid, 0o644).rename(real)
    scene.file.symlink_to(real)
    os.lchown(scene.file, scene.me.uid, scene.me.uid)


@pytest.mark.parametrize("laid", [_mine, _of_root, _a_link_of_mine_to_mine])
def test_a_file_that_nobody_else_can_change_is_found_and_all_of_it_counts(
    scene: Scene, laid: Callable[[Scene], None]
) -> None:
    laid(scene)
    said = scene.check()
    assert said.err == ""
    assert scene.has_run
    assert said.code == ExitCode.TCP


def _of_another(scene: Scene) -> None:
    scene.written(scene.mallory.uid, 0o644)


def _writable_by_a_group(scene: Scene) -> None:
    scene.written(scene.me.uid, 0o664)


def _writable_by_everybody(scene: Scene) -> None:
    scene.written(scene.me.uid, 0o666)


def _in_a_folder_of_another(scene: Scene) -> None:
    scene.written(scene.me.uid, 0o644)
    owned(scene.folder, scene.mallory.uid, 0o755)


def _in_a_folder_for_everybody(scene: Scene) -> None:
    scene.written(scene.me.uid, 0o644)
    owned(scene.folder, 0, 0o1777)


def _in_a_folder_of_a_group(scene: Scene) -> None:
    scene.written(scene.me.uid, 0o644)
    owned(scene.folder, scene.me.uid, 0o2775, unused_group())


def _a_link_to_the_file_of_another(scene: Scene) -> None:
    real = scene.folder / "real.toml"
    scene.written(scene.mallory.uid, 0o644).rename(real)
    scene.file.symlink_to(real)
    os.lchown(scene.file, scene.me.uid, scene.me.uid)


def _a_link_of_another(scene: Scene) -> None:
    _a_link_of_mine_to_mine(scene)
    os.lchown(scene.file, scene.mallory.uid, scene.mallory.uid)


FOREIGN: dict[str, tuple[Callable[[Scene], None], str]] = {
    "of another": (_of_another, "{it} belongs to user"),
    "a group may write it": (
        _writable_by_a_group,
        f"the group {unused_group()} can write to {{it}}",
    ),
    "everybody may write it": (_writable_by_everybody, "everyone can write to {it}"),
    "a folder of another": (_in_a_folder_of_another, "its folder belongs to user"),
    "a folder for everybody": (_in_a_folder_for_everybody, "everyone can write to its folder"),
    "a folder of a group": (_in_a_folder_of_a_group, "can write to its folder"),
    "a link to the file of another": (_a_link_to_the_file_of_another, "{it} belongs to user"),
    "a link of another": (_a_link_of_another, "{it} belongs to user"),
}


@pytest.mark.parametrize(("laid", "reason"), FOREIGN.values(), ids=FOREIGN)
def test_a_file_in_the_current_folder_that_somebody_else_can_change_is_passed_over(
    scene: Scene, laid: Callable[[Scene], None], reason: str
) -> None:
    laid(scene)
    said = scene.check()
    assert said.err.startswith(f"dcmecho: {scene.file} is not used, because ")
    assert reason.format(it="it") in said.err
    assert "name it with --profiles" in said.err
    assert "trust in [settings] of ~/.config/dcmecho/profiles.toml" in said.err
    assert f"no target named PACS, because {scene.own_file} does not exist" in said.err
    assert not scene.has_run


@pytest.mark.parametrize(
    "words",
    [("compare", "PACS@last-ok", "PACS"), ("listen", "--bind", "127.0.0.1", "--expect", "P")],
)
def test_it_is_told_once_however_often_a_command_looks(
    scene: Scene, words: tuple[str, ...]
) -> None:
    _of_another(scene)
    said = scene.me.dcmecho(*words, cwd=scene.folder)
    assert said.code == ExitCode.USAGE
    assert said.err.count("is not used, because ") == 1


IN_THE_FILE = ("of another", "a group may write it", "everybody may write it")


@pytest.mark.parametrize("name", IN_THE_FILE)
def test_a_named_file_that_somebody_else_can_change_is_used_but_runs_nothing(
    scene: Scene, name: str
) -> None:
    laid, reason = FOREIGN[name]
    laid(scene)
    said = scene.check("--profiles", scene.file)
    assert not scene.has_run
    told = f"is ignored, because {reason.format(it='this file')}"
    assert f"{scene.file}:9: tls.passphrase_command: {told}" in said.err
    assert f'add trust = ["{scene.file}"] to [settings] in ~/.config/dcmecho' in said.err
    assert "is encrypted" in said.out
    assert said.code == ExitCode.PROFILE


@pytest.mark.parametrize("table", ["group.Radiology", "defaults"])
def test_what_a_target_would_inherit_is_ignored_and_told_too(
    scene: Scene, table: str, certificates: Certificates
) -> None:
    text = 'defaults.group = "Radiology"\n' if table != "defaults" else ""
    scene.written(scene.mallory.uid, 0o644, text + _text(certificates, scene.folder, table))
    said = scene.check("--profiles", scene.file)
    assert not scene.has_run
    assert "tls.passphrase_command: is ignored, because this file belongs to" in said.err


def test_a_file_that_the_environment_names_is_used_but_runs_nothing(scene: Scene) -> None:
    _of_another(scene)
    env = {"DCMECHO_PROFILES": str(scene.file)}
    said = replace(scene, me=replace(scene.me, env=env)).check()
    assert not scene.has_run
    assert "is ignored" in said.err
    assert said.code == ExitCode.PROFILE


def test_all_targets_are_checked_and_the_file_is_not_called_wrong(scene: Scene) -> None:
    plain = '[[target]]\nname = "P"\nhost = "127.0.0.1"\nport = 1\ncalled_ae = "P"\ntls = false\n'
    defaults = '[defaults.tls]\npassphrase_command = "x"\n'
    scene.written(scene.mallory.uid, 0o644, plain + defaults)
    said = scene.me.dcmecho("check", "--all", "--profiles", scene.file)
    assert "is ignored" in said.err
    assert said.code == ExitCode.TCP


@pytest.mark.parametrize("name", [*IN_THE_FILE, "a folder for everybody"])
def test_a_file_that_the_users_own_settings_trust_counts_and_is_found(
    scene: Scene, name: str
) -> None:
    FOREIGN[name][0](scene)
    scene.trusting()
    said = scene.check()
    assert said.err == ""
    assert scene.has_run
    assert said.code == ExitCode.TCP


def test_settings_that_somebody_else_can_change_trust_nothing(scene: Scene) -> None:
    _of_another(scene)
    scene.trusting(mode=0o664)
    scene.check("--profiles", scene.file)
    assert not scene.has_run


def test_a_file_cannot_trust_itself(scene: Scene) -> None:
    text = f'[settings]\ntrust = ["{scene.file}"]\n{scene.text}'
    scene.written(scene.mallory.uid, 0o644, text)
    said = scene.check("--profiles", scene.file)
    assert not scene.has_run
    assert "is ignored" in said.err


@pytest.mark.parametrize("called_by", ["me", "mallory", ""])
def test_with_sudo_the_files_of_the_caller_are_trusted(scene: Scene, called_by: str) -> None:
    _mine(scene)
    env = {**os.environ, "XDG_CONFIG_HOME": str(scene.folder / "none")}
    env.pop("SUDO_UID", None)
    if called_by:
        env["SUDO_UID"] = str(getattr(scene, called_by).uid)
    subprocess.run(
        [sys.executable, "-m", "dcmecho", "check", "PACS"],
        cwd=scene.folder,
        env=env,
        capture_output=True,
        check=False,
    )
    assert scene.has_run == (called_by == "me")


_CLONES = """
import sys
from pathlib import Path
from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.edit.edit import clone_target

clone_target(Path(sys.argv[1]), "PACS", {Field.NAME: "Copy"})
"""


def test_a_copy_in_the_users_own_file_brings_no_program_along(scene: Scene) -> None:
    """The user cannot write the file, so the copy goes to the user's own, where all counts."""
    _of_another(scene)
    assert ended(scene.me.python(_CLONES, scene.file)).err == ""
    text = scene.own_file.read_text()
    assert "cert_file" in text
    assert "passphrase_command" not in text


def test_a_copy_of_what_is_trusted_is_whole(scene: Scene) -> None:
    _of_root(scene)
    assert ended(scene.me.python(_CLONES, scene.file)).err == ""
    assert "passphrase_command" in scene.own_file.read_text()


def test_an_import_brings_no_program_along(scene: Scene) -> None:
    _of_another(scene)
    said = scene.me.dcmecho("import", scene.file, "--yes")
    assert said.code == ExitCode.OK
    assert "passphrase" not in scene.own_file.read_text()
