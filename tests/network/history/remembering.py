"""Runs ``dcmecho check`` on a target of a profile file, with a journal, as text and as JSON."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dcmecho.diagnosis.history.compared import Compared
from tests.network.peers.real_peers import ARCHIVE_TITLE, REGISTERED

_DEADLINE_S = 50.0


@dataclass(frozen=True)
class Told:
    """What one check said, as JSON and as text, with what was known before it."""

    report: dict[str, Any]
    text: str

    @property
    def status(self) -> str:
        status = self.report["verdict"]["status"]
        assert isinstance(status, str)
        return status

    @property
    def causes(self) -> list[tuple[str, str]]:
        return [(cause["id"], cause["confidence"]) for cause in self.report["causes"]]

    @property
    def explanation(self) -> str:
        """What is said of the first cause."""
        explanation = self.report["causes"][0]["explanation"]
        assert isinstance(explanation, str)
        return explanation

    @property
    def since(self) -> dict[Compared, tuple[Any, Any]]:
        """What changed, by fact: as it was, and as it is."""
        changes = self.report["history"]["since"]
        return {Compared(each["what"]): (each["before"], each["after"]) for each in changes}

    @property
    def lines(self) -> list[str]:
        """The lines of the text, with single spaces."""
        return [" ".join(line.split()) for line in self.text.splitlines()]


def here(*words: str) -> list[str]:
    """Return the command line that runs ``words`` on this machine."""
    return list(words)


@dataclass
class Remembering:
    """One target, ``Main PACS``, and its journal in ``folder``. ``on`` is the machine that asks."""

    folder: Path
    port: int
    host: str = "127.0.0.1"
    called_ae: str = ARCHIVE_TITLE
    tls: str = ""
    on: Callable[..., list[str]] = here
    connect_timeout_s: float = 5.0

    def check(self, *options: str) -> Told:
        """Check the target twice: the second check knows only what was known before the first."""
        before = self.folder / "as-it-was"
        shutil.rmtree(before, ignore_errors=True)
        before.mkdir()
        for each in self.folder.glob("history.db*"):
            shutil.copy(each, before)
        report = json.loads(self._ran(self.folder, ["--json", *options]))
        return Told(report, self._ran(before, options))

    def _ran(self, folder: Path, options: Sequence[str]) -> str:
        profiles = self.folder / "profiles.toml"
        profiles.write_text(
            f'[[target]]\nname = "Main PACS"\nhost = "{self.host}"\nport = {self.port}\n'
            f'called_ae = "{self.called_ae}"\ncalling_ae = "{REGISTERED}"\n'
            f"connect_timeout_s = {self.connect_timeout_s}\n{self.tls}"
        )
        files = ["--profiles", str(profiles), "--history", str(folder / "history.db")]
        words = [sys.executable, "-m", "dcmecho", "check", "Main PACS", *files, *options]
        ran = subprocess.run(
            self.on(*words),
            capture_output=True,
            text=True,
            timeout=_DEADLINE_S,
            check=False,
            cwd="/",
        )
        assert ran.stdout, ran.stderr
        assert "history" not in ran.stderr, ran.stderr
        return ran.stdout
