"""Which profiles.toml is read: the option, the environment, the current folder, the user's own."""

from pathlib import Path

import pytest

from dcmecho.profiles.book.finding import Found, find_file


@pytest.fixture
def local(tmp_path: Path) -> Path:
    path = tmp_path / "here" / "profiles.toml"
    path.parent.mkdir()
    path.touch()
    return path


def test_the_option_comes_first(local: Path) -> None:
    env = {"DCMECHO_PROFILES": "/from/environment.toml"}
    assert find_file(Path("given.toml"), env, local.parent) == Found(Path("given.toml"))


def test_then_the_environment_even_for_a_missing_file(local: Path) -> None:
    env = {"DCMECHO_PROFILES": "/from/environment.toml"}
    assert find_file(None, env, local.parent) == Found(Path("/from/environment.toml"))


@pytest.mark.parametrize("env", [{}, {"DCMECHO_PROFILES": ""}])
def test_then_the_current_folder(env: dict[str, str], local: Path) -> None:
    assert find_file(None, env, local.parent) == Found(local)


def test_then_the_configuration_folder_even_for_a_missing_file(tmp_path: Path) -> None:
    assert find_file(None, {}, tmp_path, tmp_path / "config") == Found(
        tmp_path / "config/profiles.toml"
    )


def test_a_folder_of_that_name_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").mkdir()
    assert find_file(None, {}, tmp_path, tmp_path / "config") == Found(
        tmp_path / "config/profiles.toml"
    )


def test_the_configuration_folder_is_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    assert find_file(None, {}, tmp_path) == Found(tmp_path / "xdg/dcmecho/profiles.toml")
