"""Imports are complete before the first thread starts: none fails or waits on a worker thread."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dcmecho.lab.server import Lab

DEADLINE_S = 50.0

WATCHED = """
import json, sys, threading

class Importing:
    found = {}

    def find_spec(self, name, path=None, target=None):
        thread = threading.current_thread()
        if thread is not threading.main_thread():
            kind = "-".join(thread.name.split("-")[:2])
            self.found.setdefault(kind, []).append(name)

importing = Importing()
sys.meta_path.insert(0, importing)
"""
"""Notes which modules are looked for on other threads than the main one, by the thread."""

COMMAND = """
from dcmecho.cli.main import run
try:
    run(sys.argv[1:])
except SystemExit:
    pass
sys.stderr.write("\\n" + json.dumps(importing.found))
"""

CONSOLE = """
from pathlib import Path
from dcmecho.console.runs.engine import DicomEngine
from dcmecho.diagnosis.experiments.plans import OperatorSetup
from dcmecho.diagnosis.investigation import Investigation
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.profiles.book.load import load

engine, targets = DicomEngine(), load(Path(sys.argv[1])).targets
engine.prepare()
engine.finish()

def ignore(event):
    pass

report = engine.diagnose(targets[1], ignore).join(20.0)
everything = engine.diagnose_all(targets, [ignore] * len(targets))
everything.join(20.0)
investigation = Investigation.of(report, OperatorSetup("NOBODY"))
engine.experiment(investigation, investigation.next, ignore).join(20.0)
engine.survey(targets[0], SurveyRequest(query=True), 2, ignore).join(20.0)
sys.stderr.write("\\n" + json.dumps(importing.found))
"""


def imported(program: str, *words: str) -> dict[str, list[str]]:
    """Return what was imported on which kind of thread."""
    done = subprocess.run(
        [sys.executable, "-c", WATCHED + program, *words],
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        cwd="/",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stderr.splitlines()[-1])
    assert isinstance(found, dict)
    return found


@pytest.fixture
def two_targets(lab: Lab, tmp_path: Path) -> str:
    path = tmp_path / "profiles.toml"
    path.write_text(
        "".join(
            f'[[target]]\nname = "{name}"\nhost = "localhost"\ncalled_ae = "TARGET_PACS"\n'
            f"port = {lab.port_of(peer)}\n"
            for name, peer in (("a", "healthy"), ("b", "called-unknown"))
        )
    )
    return str(path)


@pytest.mark.parametrize(
    "words",
    [
        ("check", "--all"),
        ("check", "--all", "--format", "jsonl"),
        ("check", "a", "b", "--experiments", "all", "--services", "--query"),
        ("watch", "--all", "--count", "1"),
        ("listen", "--bind", "127.0.0.1", "--port", "0", "--for", "0.1"),
    ],
    ids=" ".join,
)
def test_no_command_imports_on_a_worker_thread(two_targets: str, words: tuple[str, ...]) -> None:
    assert imported(COMMAND, *words, "--profiles", two_targets) == {}


@pytest.mark.parametrize(
    "words",
    [("check", "b"), ("store-test", "--yes", "a"), ("check", "a", "--services", "--query")],
    ids=" ".join,
)
def test_only_a_check_that_is_alone_imports_on_its_own_thread(
    two_targets: str, words: tuple[str, ...]
) -> None:
    assert set(imported(COMMAND, *words, "--profiles", two_targets)) <= {
        "dcmecho-run",
        "dcmecho-resolve",
    }


def test_the_console_imports_on_the_thread_that_is_made_for_it(two_targets: str) -> None:
    assert set(imported(CONSOLE, two_targets)) == {"dcmecho-load"}
