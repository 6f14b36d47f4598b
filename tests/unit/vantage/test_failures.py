"""What ssh and the other machine say of a failed way, and how sure that makes its cause."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.reasoning import suspects
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.diagnosis.stages.outcome import vantage_failed
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.vantage.failures import Ending, failure
from dcmecho.diagnosis.vantage.vantage import Vantage

GATEWAY = Vantage("gateway", "user@gw")
NO_HOME = "Could not chdir to home directory /home/x: No such file or directory"
OLD_PYTHON = """  File "<string>", line 1
    def f(a: int) -> str:
           ^
SyntaxError: invalid syntax"""


def cause_of(ended: Ending) -> tuple[CauseId, Confidence]:
    outcome = vantage_failed(failure(GATEWAY, ended), 0.0)
    stage = StageResult(StageId.RESOLVE, Status.SKIPPED, outcome.summary, 0.0, outcome.evidence)
    (suspect,) = suspects(stage, Target("pacs", 104, "PACS", "ME", vantage="gateway"))
    return suspect


@pytest.mark.parametrize(
    ("status", "said", "noise", "cause"),
    [
        (255, "ssh: Could not resolve hostname gw", "", CauseId.VANTAGE_NAME),
        (255, "Host key verification failed.", "", CauseId.VANTAGE_HOST_KEY),
        (255, "user@gw: Permission denied (publickey).", "", CauseId.VANTAGE_PERMISSION),
        (
            255,
            "ssh: connect to host gw port 22: Connection refused",
            "",
            CauseId.VANTAGE_UNREACHABLE,
        ),
        (127, "", "", CauseId.VANTAGE_NO_PYTHON),
        (127, "sh: 1: python3: Kommando nicht gefunden", "", CauseId.VANTAGE_NO_PYTHON),
        (1, "bash: python3: command not found", "", CauseId.VANTAGE_NO_PYTHON),
        (1, OLD_PYTHON, "", CauseId.VANTAGE_NO_PYTHON),
        (1, "This account is currently not available.", "", CauseId.VANTAGE_FORBIDDEN),
        (0, "", "Menu: 1 Shell", CauseId.VANTAGE_NOISY_SHELL),
        (None, "", "Menu: 1 Shell", CauseId.VANTAGE_NOISY_SHELL),
    ],
)
def test_plain_words_prove_a_cause(
    status: int | None, said: str, noise: str, cause: CauseId
) -> None:
    assert cause_of(Ending(status, said, noise)) == (cause, Confidence.PROVEN)


@pytest.mark.parametrize(
    ("status", "said", "cause"),
    [
        (255, "command-line: line 0: Bad configuration option", CauseId.VANTAGE_UNREACHABLE),
        (255, "", CauseId.VANTAGE_UNREACHABLE),
        (None, "", CauseId.VANTAGE_UNREACHABLE),
        (0, "", CauseId.VANTAGE_FORBIDDEN),
        (1, NO_HOME, CauseId.VANTAGE_FORBIDDEN),
    ],
)
def test_what_is_left_is_likely_only(status: int | None, said: str, cause: CauseId) -> None:
    assert cause_of(Ending(status, said, "")) == (cause, Confidence.LIKELY)
