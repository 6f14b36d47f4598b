"""What is told of a text has no words for values that only a check has."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.observed.describing import described
from dcmecho.report.observed.explain import render
from tests.unit.texts.corpus import explained
from tests.unit.texts.lines import LINES

TOLD = {"called_ae": "PACS", "calling_ae": "CT1", "port": "104", "status": "0xA700"}
EMPTY = ("unknown)", "an unknown number", "MTU of unknown", "nothing more", "some bytes", "nowhere")


@pytest.mark.parametrize("cause", [*CauseId, *FindingId])
def test_a_cause_has_no_words_for_what_is_not_known(cause: CauseId | FindingId) -> None:
    found = described(cause, Confidence.LIKELY, TOLD)
    words = " ".join((found.explanation, *found.actions))
    assert found.explanation
    assert "\0" not in repr(found)
    assert [each for each in EMPTY if each in words] == []
    assert "In segments of" not in words


def test_what_is_told_of_each_line_has_no_empty_words() -> None:
    for line in LINES:
        told = " ".join(render(explained(f"{line.text}\n")).split())
        assert [each for each in EMPTY if each in told] == [], line.text


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ("No Acceptable Presentation Contexts", "FAILED at the presentation contexts:"),
        ("E: Store Failed, file: a: 0006:0317 Peer aborted Association", "FAILED at C-STORE:"),
        ("Network timeout reached", "FAILED at a command:"),
    ],
)
def test_a_command_that_is_not_known_is_not_called_c_echo(line: str, headline: str) -> None:
    assert render(explained(f"{line}\n")).startswith(headline)


def test_only_the_text_that_is_there_is_shown() -> None:
    told = render(explained("No Acceptable Presentation Contexts\n"))
    assert "wrote: No Acceptable Presentation Contexts" in told
    assert "No accepted presentation contexts" not in told
    told = render(explained("0006:0317 Peer aborted Association (or never connected)\n"))
    assert told.count("wrote:") == 1
