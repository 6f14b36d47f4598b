"""Which editor opens the file, and with which arguments."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcmecho.console.file.text_editor import NoEditorError, TextEditor, chosen_editor

FILE = Path("/srv/dicom/profiles.toml")
AT_LINE = ["+14", str(FILE)]
COMMANDS = {
    "vi": ["vi", *AT_LINE],
    "/usr/bin/vim.basic": ["/usr/bin/vim.basic", *AT_LINE],
    "nvim": ["nvim", *AT_LINE],
    "nano -w": ["nano", "-w", *AT_LINE],
    "emacs -nw": ["emacs", "-nw", *AT_LINE],
    "emacsclient -a ''": ["emacsclient", "-a", "", *AT_LINE],
    "micro": ["micro", *AT_LINE],
    "joe": ["joe", *AT_LINE],
    "code --wait": ["code", "--wait", "-g", f"{FILE}:14"],
    "'/opt/my tools/codium' -w": ["/opt/my tools/codium", "-w", "-g", f"{FILE}:14"],
    "hx": ["hx", f"{FILE}:14"],
    "ed": ["ed", str(FILE)],
    "./my-own-editor": ["./my-own-editor", str(FILE)],
}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the only one where programs are looked for."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def install(folder: Path, name: str) -> Path:
    program = folder / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize("setting", COMMANDS)
def test_each_editor_is_told_the_line_in_its_own_way(
    setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: name)
    assert chosen_editor({"EDITOR": setting}).command(FILE, 14) == COMMANDS[setting]


def test_a_relative_file_is_named_from_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/srv")
    assert TextEditor(["vi"]).command(Path("-x.toml"), 1) == ["vi", "+1", "/srv/-x.toml"]


def test_a_link_to_an_editor_is_that_editor(programs: Path) -> None:
    (programs / "editor").symlink_to(install(programs, "nano"))
    assert chosen_editor({"EDITOR": "editor"}).command(FILE, 14) == ["editor", *AT_LINE]


@pytest.mark.parametrize(
    ("env", "name"),
    [
        ({}, "vi"),
        ({"VISUAL": " ", "EDITOR": ""}, "vi"),
        ({"EDITOR": "nano"}, "nano"),
        ({"EDITOR": "nano", "VISUAL": "joe"}, "joe"),
    ],
    ids=str,
)
def test_visual_comes_before_editor_and_editor_before_vi(
    programs: Path, env: dict[str, str], name: str
) -> None:
    for each in ("vi", "nano", "joe"):
        install(programs, each)
    assert chosen_editor(env).name == name


@pytest.mark.parametrize(
    ("env", "told"),
    [
        ({}, "No vi found. Set EDITOR to a text editor that is installed"),
        ({"VISUAL": "nosuch -x"}, "nosuch, named by VISUAL, was not found. Set EDITOR"),
        ({"EDITOR": "vi 'x"}, "EDITOR is not a command: No closing quotation. Correct it"),
        ({"EDITOR": "''"}, ", named by EDITOR, was not found"),
    ],
    ids=str,
)
@pytest.mark.usefixtures("programs")
def test_what_is_wrong_with_the_choice_is_told(env: dict[str, str], told: str) -> None:
    with pytest.raises(NoEditorError) as raised:
        chosen_editor(env)
    assert told in str(raised.value)
