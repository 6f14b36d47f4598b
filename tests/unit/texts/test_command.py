"""The command that is offered is safe to paste: its values come from a stranger's log."""

from __future__ import annotations

import shlex

import pytest

from dcmecho.diagnosis.observed.association import UNKNOWN_PORT
from dcmecho.diagnosis.observed.command import check_command
from dcmecho.diagnosis.target.target import Target


@pytest.mark.parametrize("title", ["MAIN PACS", "$(reboot)", "A'; ls", "`id`", "A;B", "A\\"])
def test_a_title_stays_one_word_of_the_shell(title: str) -> None:
    words = shlex.split(check_command(Target("10.0.0.1", 104, title, "WS")))
    assert words[words.index("-aec") + 1] == title
    assert words[-2:] == ["10.0.0.1", "104"]


def test_what_is_not_known_has_a_name() -> None:
    command = check_command(Target("", UNKNOWN_PORT, "", ""))
    assert command == "dcmecho --experiments -aec CALLED_TITLE -aet CALLING_TITLE HOST PORT"
