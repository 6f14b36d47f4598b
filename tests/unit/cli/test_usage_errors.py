"""A wrong value of an option is named with what the option takes, in words of a user."""

import shlex

import pytest

from tests.unit.cli.command_lines import started


@pytest.mark.parametrize(
    ("line", "said"),
    {
        "--format xml pacs 104": "'xml' is not one of text, json, jsonl, nagios",
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
