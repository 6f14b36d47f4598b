"""A message on stderr is one printable line, whatever the names of files and arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from dcmecho.cli import listen
from dcmecho.cli.check import check
from dcmecho.cli.exchange import exporting, importing
from dcmecho.exit_codes import ExitCode

HOSTILE = "a\x1b]0;b\x07\u202ec"
SHOWN = "a\\x1b]0;b\\x07\\u202ec"


@pytest.mark.parametrize(
    ("run", "argv", "code"),
    [
        (check.run, [HOSTILE], ExitCode.USAGE),
        (check.run, ["x", "--profiles", HOSTILE], ExitCode.USAGE),
        (exporting.run, [HOSTILE], ExitCode.USAGE),
        (importing.run, [HOSTILE], ExitCode.USAGE),
        (listen.run, ["--bind", HOSTILE, "--port", "0"], ExitCode.CANNOT_LISTEN),
    ],
)
def test_hostile_names(
    run: Callable[[Sequence[str]], int],
    argv: Sequence[str],
    code: ExitCode,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(argv) == code
    said = capsys.readouterr().err
    assert SHOWN in said
    assert HOSTILE not in said


def test_a_hostile_name_of_a_file_to_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / HOSTILE).write_text("PACS@pacs:104\n")
    profiles = f"{HOSTILE}.toml"
    assert importing.run([HOSTILE, "--yes", "--profiles", profiles]) == ExitCode.OK
    said = capsys.readouterr()
    assert HOSTILE not in said.out + said.err
    assert (tmp_path / profiles).exists()
