"""Runs ``dcmecho --json`` as a person or a script would, and reads its output."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.exit_codes import ExitCode

_DEADLINE_S = 30.0
ELSEWHERE = "/"
"""A folder without a profiles.toml, which could forbid what is checked."""

Suspect = tuple[CauseId, Confidence]
"""A cause as a report lists it."""


def proven(cause: CauseId) -> Suspect:
    """Return ``cause`` as a report lists it when it is proven."""
    return cause, Confidence.PROVEN


def likely(cause: CauseId) -> Suspect:
    """Return ``cause`` as a report lists it when it is likely."""
    return cause, Confidence.LIKELY


def possible(cause: CauseId) -> Suspect:
    """Return ``cause`` as a report lists it when it is possible."""
    return cause, Confidence.POSSIBLE


@dataclass(frozen=True)
class Said:
    """How a run of ``dcmecho --json`` ended. ``report`` is what it printed."""

    exit_code: ExitCode
    report: dict[str, Any]
    stderr: str

    @property
    def status(self) -> VerdictStatus:
        return VerdictStatus(self.report["verdict"]["status"])

    @property
    def stage(self) -> StageId:
        """The stage of the verdict."""
        return StageId(self.report["verdict"]["stage"])

    @property
    def summary(self) -> str:
        """The summary of that stage."""
        (summary,) = (s["summary"] for s in self.report["stages"] if s["id"] == self.stage)
        assert isinstance(summary, str)
        return summary

    @property
    def causes(self) -> tuple[Suspect, ...]:
        return tuple(
            (CauseId(cause["id"]), Confidence(cause["confidence"]))
            for cause in self.report["causes"]
        )


def dcmecho(*arguments: str) -> list[str]:
    """Return the command line of ``dcmecho --json`` with ``arguments``."""
    return [sys.executable, "-m", "dcmecho", "--json", *arguments]


def here(*words: str) -> list[str]:
    """Return the command line that runs ``words`` on this machine."""
    return list(words)


def run_command(command: str, *arguments: str, on: Callable[..., list[str]] = here) -> Said:
    """Run a command of ``dcmecho`` with ``--json`` and ``arguments``, to its end."""
    line = [sys.executable, "-m", "dcmecho", command, "--json", *arguments]
    done = subprocess.run(
        on(*line), capture_output=True, text=True, timeout=_DEADLINE_S, check=False, cwd=ELSEWHERE
    )
    return said(done.returncode, done.stdout, done.stderr)


def run(
    *arguments: str, on: Callable[..., list[str]] = here, deadline_s: float = _DEADLINE_S
) -> Said:
    """Run ``dcmecho --json`` on the machine whose ``command`` is given, to its end."""
    done = subprocess.run(
        on(*dcmecho(*arguments)),
        capture_output=True,
        text=True,
        timeout=deadline_s,
        check=False,
        cwd=ELSEWHERE,
    )
    return said(done.returncode, done.stdout, done.stderr)


def said(returncode: int, stdout: str, stderr: str) -> Said:
    """Read what a run has printed; fail if that is not a report."""
    assert stdout, f"exit code {returncode} and no report: {stderr}"
    return Said(ExitCode(returncode), json.loads(stdout), stderr)
