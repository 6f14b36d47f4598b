"""The table ``[settings]``: what is read from where, and what is wrong with it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from dcmecho.diagnosis.target.fields import Field, FieldRow
from dcmecho.diagnosis.target.risk import Risk
from dcmecho.diagnosis.target.tls_keys import TlsKey, TlsKeyRow
from dcmecho.profiles.book.load import is_trusted, load, settings
from dcmecho.profiles.book.settings import Setting, SettingRow, Settings, Signs
from tests.unit.profiles.texts import PLAIN

WITH_A_RISK = {
    TlsKey.PASSPHRASE_COMMAND: Risk.RUNS_A_PROGRAM,
    Setting.TRUST: Risk.GIVES_TRUST,
    Setting.FOLDER: Risk.WRITES_A_FILE,
    Setting.HISTORY: Risk.WRITES_A_FILE,
}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own file, which is not there yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = tmp_path / "config" / "dcmecho" / "profiles.toml"
    path.parent.mkdir(parents=True)
    return path


def problems_of(path: Path, text: str) -> list[str]:
    path.write_text(text)
    return [str(problem).removeprefix(f"{path}:") for problem in load(path).problems]


def test_every_setting_has_a_value_and_a_row() -> None:
    assert {each.name for each in fields(Settings)} == set(Setting)


@pytest.mark.parametrize("row", [FieldRow, TlsKeyRow, SettingRow])
def test_a_new_key_needs_a_mark(row: Any) -> None:
    """A row without one is a ``TypeError`` when it is declared."""
    assert "risk" in row._fields
    assert "risk" not in row._field_defaults


@pytest.mark.parametrize("key", [*Field, *TlsKey, *Setting])
def test_what_each_key_can_do_is_known(key: Field | TlsKey | Setting) -> None:
    assert key.row.risk is WITH_A_RISK.get(key, Risk.NONE)


def test_without_the_files_the_settings_are_the_built_in_ones(tmp_path: Path, own: Path) -> None:
    assert settings(own) == settings(tmp_path / "profiles.toml") == Settings()


def test_what_the_console_draws_is_read_from_either_file(tmp_path: Path, own: Path) -> None:
    path = tmp_path / "profiles.toml"
    assert problems_of(own, '[settings]\nmouse = true\nsigns = "ascii"') == []
    assert problems_of(path, "[settings]\nmouse = false") == []
    assert settings(path) == Settings(mouse=False, signs=Signs.ASCII)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("mouse = 1", "mouse: 1 must be true or false"),
        ('folder = "reports"', 'folder: "reports" must be an absolute path in quotes'),
        ('signs = "emoji"', 'signs: "emoji" must be "unicode" or "wgl4" or "ascii"'),
    ],
)
def test_a_wrong_value_is_named(own: Path, line: str, wrong: str) -> None:
    (problem,) = problems_of(own, f"[settings]\n{line}")
    assert wrong in problem


def test_a_folder_to_write_to_counts_only_where_nobody_else_can_set_it(
    tmp_path: Path, own: Path
) -> None:
    path = tmp_path / "profiles.toml"
    assert problems_of(path, f'[settings]\nfolder = "{tmp_path}"') == []
    assert settings(path).folder == tmp_path
    path.chmod(0o666)
    assert settings(path).folder is None
    own.write_text('[settings]\nfolder = "~"')
    assert settings(path).folder == Path.home()


def test_trust_is_read_from_the_users_own_file(tmp_path: Path, own: Path) -> None:
    path = tmp_path / "profiles.toml"
    assert problems_of(own, f'[settings]\ntrust = ["/other", "{path}"]') == []
    assert settings(path).trust == (Path("/other"), path)
    assert is_trusted(path)
    assert not is_trusted(own)


def test_one_path_needs_no_brackets_and_a_tilde_is_the_home_folder(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    assert problems_of(own, '[settings]\ntrust = "~/shared.toml"') == []
    assert settings(own).trust == (Path("/home/someone/shared.toml"),)


def test_trust_in_the_file_in_use_is_told_and_ignored(tmp_path: Path, own: Path) -> None:
    path = tmp_path / "profiles.toml"
    told = f"2: settings.trust: is ignored here. It counts in {own} only"
    assert problems_of(path, f'[settings]\ntrust = ["{path}"]\n{PLAIN}') == [told]
    assert settings(path).trust == ()
    assert not is_trusted(path)
    assert load(path).targets


def test_a_link_to_the_users_own_file_is_that_file(tmp_path: Path, own: Path) -> None:
    link = tmp_path / "profiles.toml"
    link.symlink_to(own)
    assert problems_of(link, '[settings]\ntrust = ["/other"]') == []
    assert settings(link).trust == (Path("/other"),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("trust = 1", "2: settings.trust: 1 must be a list of absolute paths in quotes"),
        ('trust = ["/a", 1]', "2: settings.trust: ['/a', 1] must be a list of absolute paths"),
        ('trust = "a"', '2: settings.trust: "a" must be a list of absolute paths in quotes'),
        ("trsut = 1", "2: settings.trsut: is not a setting. Did you mean trust?"),
    ],
)
def test_what_is_wrong_is_told_and_no_target_is_hidden(own: Path, text: str, told: str) -> None:
    [problem] = problems_of(own, f"[settings]\n{text}\n{PLAIN}")
    assert problem.startswith(told)
    assert len(load(own).targets) == 2


def test_settings_are_a_table(own: Path) -> None:
    assert problems_of(own, "settings = 1") == ["1: settings: write [settings] above these keys"]


def test_a_file_that_is_no_toml_has_no_settings(own: Path) -> None:
    own.write_text("[settings")
    assert settings(own) == Settings()
