"""The profile file in the user's own text editor, while the console steps aside."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from textual.screen import Screen

from dcmecho.console.background import Background
from dcmecho.console.file.edits import BookReading, read
from dcmecho.console.file.place import FilePlace, errors, place_of
from dcmecho.console.file.text_editor import (
    NoEditorError,
    TextEditor,
    chosen_editor,
    run_editor,
)
from dcmecho.console.main.panes import Panes
from dcmecho.console.runs.session import Session
from dcmecho.console.runs.writes import Writes
from dcmecho.console.screens.mounted import is_usable
from dcmecho.console.symbols import Mark
from dcmecho.diagnosis.sanitize import error_text, own_text, path_text
from dcmecho.profiles.book.locate import is_writable
from dcmecho.profiles.book.model import Problem, ProfileBook
from dcmecho.regular_file import read_regular


class TextEditing:
    """Opens the editor, reads the file anew after it, and says what has changed.

    Everything that runs goes on meanwhile; only the screen is not drawn.
    """

    def __init__(
        self, screen: Screen[None], session: Session, panes: Panes, writes: Writes
    ) -> None:
        self._screen = screen
        self._session = session
        self._panes = panes
        self._writes = writes
        self._disk = Background()

    def open(self) -> None:
        """Edit the file at the selected target, or at the first error of a broken file."""
        book, profile = self._session.book, self._panes.chosen
        if not book.exists:
            self._panes.say("There is no file yet. Press n to add a target.", Mark.SKIPPED)
        else:
            self._start(partial(place_of, book, profile))

    def _start(self, place: partial[FilePlace]) -> None:
        if self._writes.busy or self._disk.busy:
            self._panes.say("The file is being written. Try again when that is done.", Mark.SKIPPED)
            return
        try:
            editor = chosen_editor(os.environ)
        except NoEditorError as error:
            self._panes.say(f"{own_text(str(error))}.", Mark.FAILED)
        else:
            self._screen.run_worker(self._edit(editor, place))

    async def _edit(self, editor: TextEditor, find: partial[FilePlace]) -> None:
        path, former = self._session.path, self._session.book
        place, before = await self._disk.run(lambda: _with_content(find()))
        failure = await self._aside(editor.command(place.path, place.line))
        after, reading = await self._disk.run(lambda: (_content(place.path), read(path)))
        if not is_usable(self._screen):
            return
        self._show(reading)
        news = _new_errors(former, reading.book)
        said = [f"{own_text(editor.name)} {failure}." if failure else ""]
        said += [_outcome(editor, place.path, is_changed=after != before)]
        self._panes.say(" ".join(filter(None, said)), Mark.WARNING if failure else Mark.OK)
        if news and after != before:
            self._offer(news[0])

    async def _aside(self, command: list[str]) -> str:
        app = self._screen.app
        with ExitStack() as aside:
            if not app.is_headless:
                aside.enter_context(app.suspend())
            aside.enter_context(app.batch_update())
            return await run_editor(command)

    def _show(self, reading: BookReading) -> None:
        self._session.after_reading(reading)
        self._panes.show_file()

    def _offer(self, problem: Problem) -> None:
        from dcmecho.console.screens.confirm import ConfirmScreen

        question = ConfirmScreen(
            "There is an error in the file. Open it again?",
            own_text(str(problem)),
            "open it at this line",
            "leave it so",
        )
        place = FilePlace(problem.path, problem.line)
        self._screen.app.push_screen(question, partial(self._again_if, place))

    def _again_if(self, place: FilePlace, answer: bool | None) -> None:
        if answer:
            self._start(partial(FilePlace, place.path, place.line))


def _outcome(editor: TextEditor, path: Path, *, is_changed: bool) -> str:
    name = path_text(path.name)
    if is_changed:
        return f"{name} was changed and read again."
    if not is_writable(path):
        return f"Nothing has changed: {path_text(path)} is read-only for you."
    later = " What you save later is read too." if editor.may_stay_open else ""
    return f"Nothing in {name} has changed.{later}"


def _new_errors(former: ProfileBook, now: ProfileBook) -> list[Problem]:
    """Return the errors that were not there before, on whatever line."""
    known = Counter((each.path, each.key, each.message) for each in errors(former.problems))
    return [each for each in errors(now.problems) if not known[(each.path, each.key, each.message)]]


def _with_content(place: FilePlace) -> tuple[FilePlace, bytes | str]:
    return place, _content(place.path)


def _content(path: Path) -> bytes | str:
    """Return the content of a file, or why it cannot be read."""
    try:
        return read_regular(path)
    except OSError as error:
        return error_text(error)
