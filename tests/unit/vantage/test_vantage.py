"""Vantage points as a profile file describes them, and what is refused."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from dcmecho.diagnosis.vantage.vantage import Vantage
from dcmecho.dicom.vantage import ssh
from dcmecho.profiles.book.load import load


def loaded(tmp_path: Path, text: str) -> tuple[dict[str, Vantage], list[str]]:
    path = tmp_path / "profiles.toml"
    path.write_text(text)
    path.chmod(0o600)
    book = load(path)
    return dict(book.vantages), [problem.message for problem in book.problems]


def test_a_table_is_a_vantage_point(tmp_path: Path) -> None:
    found, problems = loaded(
        tmp_path,
        '[vantage.gateway]\nssh = "user@gw"\nssh_config = "gw.conf"\npython = "python3.9"\n'
        'calling_ae = "GW"\nnotes = "ward"\n',
    )
    assert problems == []
    assert found == {"gateway": Vantage("gateway", "user@gw", "gw.conf", "python3.9", "GW", "ward")}


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('ssh = "-oProxyCommand=touch x"', "begins with -"),
        ('ssh = "a b"', "white space"),
        ('ssh = "a\\u0007b"', "white space or a control character"),
        ('ssh = "gw"\npython = "python3; rm x"', "white space"),
        ('python = "python3"', "ssh is missing"),
        ("ssh = 22", "must be text in quotes"),
        ('ssh = "gw"\nuser = "x"', "is not a key of a vantage point"),
    ],
)
def test_what_cannot_be_one_is_told(table: str, says: str, tmp_path: Path) -> None:
    _, problems = loaded(tmp_path, f"[vantage.gateway]\n{table}\n")
    assert [problem for problem in problems if says in problem]


def test_a_file_that_others_can_write_has_none(tmp_path: Path) -> None:
    path = tmp_path / "profiles.toml"
    path.write_text('[vantage.gateway]\nssh = "gw"\n')
    path.chmod(0o666)
    book = load(path)
    assert book.vantages == {}
    assert [problem for problem in book.problems if "is ignored, because" in problem.message]


def test_the_command_gives_nothing_away() -> None:
    command = ssh.command(Vantage("gateway", "user@gw", python="python3"))
    assert command[command.index("--") + 1] == "user@gw"
    assert command.index("--") == len(command) - 3
    options = [part.removeprefix("-o") for part in command if part.startswith("-o")]
    assert {"BatchMode=yes", "ForwardAgent=no", "ForwardX11=no"} <= set(options)
    assert not [option for option in options if option.startswith("StrictHostKeyChecking")]
    python, isolated, flag, _code = shlex.split(command[-1])
    assert (python, isolated, flag) == ("python3", "-I", "-c")
