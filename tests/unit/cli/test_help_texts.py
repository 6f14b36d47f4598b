"""The help of each command: fits a terminal of 80 columns, and its examples can be typed."""

import shlex

import pytest

from dcmecho.cli.main import COMMANDS
from tests.unit.cli.command_lines import accepts, started

HELPS = ("", *COMMANDS)
WITH_EXAMPLES = [command for command in HELPS if command not in ("lab", "demo")]


def help_of(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        started([*filter(None, [command]), "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", HELPS)
def test_fits_80_columns(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert [line for line in help_of(command, capsys).splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_is_named_by_the_help_of_dcmecho(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"       dcmecho {command} " in help_of("", capsys)


@pytest.mark.parametrize("command", WITH_EXAMPLES)
def test_examples_are_accepted(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = help_of(command, capsys)
    _, examples = text.split("examples:\n")
    lines = [line.split("   ")[0] for line in examples.split("\n\n")[0].splitlines()]
    lines = [line[line.index("dcmecho") :] for line in map(str.strip, lines)]
    assert lines
    for line in lines:
        assert accepts(shlex.split(line)[1:]), line


@pytest.mark.parametrize("command", ["listen", "move", "export"])
def test_your_port_has_one_default(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Else the port told to the peer's administrator is not the one that dcmecho listens on."""
    assert "(default: 11112)" in " ".join(help_of(command, capsys).split())
