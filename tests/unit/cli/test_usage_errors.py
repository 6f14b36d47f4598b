"""A wrong value of an option is named with what the option takes, in words of a user."""

import shlex

import pytest

from tests.unit.cli.command_lines import accepts, started


@pytest.mark.parametrize(
    ("line", "said"),
    {
        "--format xml pacs 104": "'xml' is not one of text, json, markdown, jsonl, nagios",
        "watch --format json --all": "'json' is not one of text, jsonl",
        "export --format xml --all": "'xml' is not one of dcmqrscp, orthanc, csv",
        "import --format xml FILE": "'xml' is not one of dcmqrscp, orthanc, csv",
        "export --our-port http --all": "'http' is not a whole number",
        "listen --port http": "'http' is not a whole number",
        "listen --for ever": "'ever' is not a number of seconds",
        "move --study 1.2 --port http CT": "'http' is not a whole number",
        "--repeat often pacs 104": "'often' is not a whole number",
    }.items(),
)
def test_names_what_the_option_takes(
    line: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        started(shlex.split(line))
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "line",
    [
        "--profiles site.toml check --all",
        "--profiles=site.toml check --all",
        "-v --profiles site.toml --format json check CT",
        "--profiles site.toml watch --all",
        "--profiles site.toml export --all",
        "-v check 104",
    ],
)
def test_general_options_can_precede_a_command(line: str) -> None:
    assert accepts(shlex.split(line))


@pytest.mark.parametrize(
    ("line", "said"),
    {
        "-aet ME check --all": "check is a command. Write it before its options: dcmecho check",
        "-aet ME check CT MR": "check is a command",
        "-aet ME watch CT": "watch is a command",
        "-v watch --all": "dcmecho watch: error: unrecognized arguments: -v",
    }.items(),
)
def test_says_where_the_options_of_a_command_belong(
    line: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        started(shlex.split(line))
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
