"""The user's own text editor: which one it is, and how it opens a file at a line."""

from __future__ import annotations

import asyncio
import contextlib
import re
import shlex
import shutil
import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import FrameType

_VARIABLES = ("VISUAL", "EDITOR")
_OTHERWISE = "vi"
_ENDS_WITHIN_S = 0.5
"""An editor gets this long to keep what was typed there if the console has to end."""


class OpensAt(Enum):
    """How an editor is told the line, as its arguments before the line and after it."""

    PLUS = ("+{line}", "{file}")
    COLON = ("{file}:{line}",)
    GO_TO = ("-g", "{file}:{line}")
    NOT = ("{file}",)


_PLUS = (
    *("vi", "vim", "nvi", "nvim", "view", "vimx", "gvim", "elvis", "vile"),
    *("nano", "rnano", "pico", "emacs", "emacsclient", "jmacs", "zile", "mg"),
    *("micro", "joe", "jpico", "jstar", "ne", "mcedit", "kak", "gedit", "sensible"),
)
_EDITORS = {
    **dict.fromkeys(_PLUS, OpensAt.PLUS),
    **dict.fromkeys(("hx", "helix", "subl", "zed"), OpensAt.COLON),
    **dict.fromkeys(("code", "codium", "vscodium", "cursor"), OpensAt.GO_TO),
}
"""To read and to extend: the first letters of a program's name, up to any other character."""


class NoEditorError(Exception):
    """There is no editor to open; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class TextEditor:
    """A program that edits text, with the arguments that the user gives it."""

    words: Sequence[str]

    @property
    def name(self) -> str:
        """The name of the program."""
        return Path(self.words[0]).name

    def command(self, file: Path, line: int) -> list[str]:
        """Return the command that opens a file, at a line if the editor can do that."""
        place = {"file": file.absolute(), "line": line}
        return [*self.words, *(each.format(**place) for each in self._opens_at.value)]

    @property
    def may_stay_open(self) -> bool:
        """Whether its window can stay open when the command has ended."""
        return self._opens_at is not OpensAt.PLUS

    @property
    def _opens_at(self) -> OpensAt:
        real = Path(shutil.which(self.words[0]) or self.name).resolve().name
        found = (_EDITORS.get(_first_letters(name)) for name in (self.name, real))
        return next(filter(None, found), OpensAt.NOT)


def chosen_editor(env: Mapping[str, str]) -> TextEditor:
    """Return the user's editor: ``VISUAL``, ``EDITOR`` or vi. Raises ``NoEditorError``."""
    variable = next((each for each in _VARIABLES if env.get(each, "").strip()), "")
    try:
        words = shlex.split(env[variable]) if variable else [_OTHERWISE]
    except ValueError as error:
        raise NoEditorError(f"{variable} is not a command: {error}. Correct it") from error
    if shutil.which(words[0]) is None:
        told = f"{words[0]}, named by {variable}, was not found" if variable else "No vi found"
        raise NoEditorError(f"{told}. Set EDITOR to a text editor that is installed")
    return TextEditor(words)


async def run_editor(command: Sequence[str]) -> str:
    """Run an editor on this terminal; return how it failed, empty if it did not.

    The keys that make signals are the editor's meanwhile. If cancelled, the editor must end.
    """
    with _ignored(signal.SIGINT, signal.SIGQUIT):
        try:
            process = await asyncio.create_subprocess_exec(*command)
        except OSError as error:
            return f"cannot be started: {error.strerror or error}"
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await _end(process)
            raise
    if code < 0:
        return f"ended with signal {-code}"
    return f"ended with exit code {code}" if code else ""


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError, asyncio.TimeoutError):
        process.send_signal(signal.SIGHUP)
        await asyncio.wait_for(process.wait(), _ENDS_WITHIN_S)


@contextlib.contextmanager
def _ignored(*numbers: signal.Signals) -> Iterator[None]:
    """Ignore signals here, but not in a program that is started meanwhile."""
    former = {number: signal.signal(number, _nothing) for number in numbers}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """Take the place of ``SIG_IGN``, which the program would inherit."""


def _first_letters(name: str) -> str:
    found = re.match("[a-z]*", name)
    return found[0] if found else ""
