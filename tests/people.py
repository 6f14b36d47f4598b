"""Users of this machine that a test makes up: what they run has their rights and nothing more."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from tests.network.peers.real_peers import REQUIRE_PEERS, require_program

_UNUSED_IDS = range(61_184, 65_520)
"""Neither Debian nor systemd gives these to anyone (systemd.io/UIDS-GIDS)."""

_KEPT = ("PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "COVERAGE_PROCESS_START")
_FOR_A_COMMAND_S = 50.0


@dataclass(frozen=True)
class Person:
    """A user with a private group, and perhaps a shared one."""

    uid: int
    shared_group: int | None = None
    umask: int = 0o022
    home: Path = Path("/nonexistent")
    env: Mapping[str, str] = field(default_factory=dict)
    within: Sequence[str] = ()
    """A command of root's that runs what it is given, in a namespace of its own for example."""

    def start(self, *words: str | Path, cwd: Path | None = None) -> subprocess.Popen[str]:
        """Start a program, with its input and output as pipes."""
        groups = f"--groups={self.shared_group}" if self.shared_group else "--clear-groups"
        who = (f"--reuid={self.uid}", f"--regid={self.uid}", groups)
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        return subprocess.Popen(
            [*self.within, require_program("setpriv", "util-linux"), *who, *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            umask=self.umask,
            cwd=cwd or "/",
            env={**kept, "HOME": str(self.home), **self.env},
        )

    def python(
        self, program: str, *words: str | Path, cwd: Path | None = None
    ) -> subprocess.Popen[str]:
        """Start a Python program."""
        return self.start(sys.executable, "-c", program, *words, cwd=cwd)

    def dcmecho(self, *words: str | Path, cwd: Path | None = None, given: str = "") -> Ran:
        """Run a dcmecho command to its end; ``given`` is its standard input."""
        return ended(self.start(sys.executable, "-m", "dcmecho", *words, cwd=cwd), given)


@dataclass(frozen=True)
class Ran:
    """What a program that has ended wrote, and its exit code."""

    code: int
    out: str
    err: str


def line_from(process: subprocess.Popen[str]) -> str:
    """Wait for the next line that a program writes."""
    assert process.stdout is not None
    return process.stdout.readline()


def enter(process: subprocess.Popen[str]) -> None:
    """Give a program an empty line."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def ended(process: subprocess.Popen[str], given: str = "") -> Ran:
    """Wait until a program ends."""
    with process:
        try:
            out, err = process.communicate(given, timeout=_FOR_A_COMMAND_S)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return Ran(process.returncode, out, err)


def people(count: int, shared_group: int | None = None) -> list[Person]:
    """Return users that do not exist on this machine. Skips the test where that is impossible."""
    _require_people()
    return [Person(uid, shared_group) for uid in _unused()[:count]]


def unused_group() -> int:
    """Return a group that does not exist on this machine, and that no person has for itself."""
    return _UNUSED_IDS[-1]


@contextmanager
def open_folder() -> Iterator[Path]:
    """Make a folder that everybody can enter, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="dcmecho-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def owned(path: Path, uid: int, mode: int, gid: int | None = None) -> Path:
    """Give a file or folder to a user, and set its mode."""
    os.chown(path, uid, uid if gid is None else gid)
    path.chmod(mode)
    return path


@cache
def _unused() -> list[int]:
    taken = {each.pw_uid for each in pwd.getpwall()}
    return [uid for uid in _UNUSED_IDS if uid not in taken]


def _require_people() -> None:
    if reason := _obstacle():
        if os.environ.get(REQUIRE_PEERS) == "1":
            pytest.fail(reason)
        pytest.skip(reason)


@cache
def _obstacle() -> str:
    if os.geteuid() != 0:
        return "only root can run programs as other users"
    said = ended(Person(_unused()[0]).python("import dcmecho.cli.main, textual"))
    return f"other users cannot run this Python: {said.err}" if said.code else ""
