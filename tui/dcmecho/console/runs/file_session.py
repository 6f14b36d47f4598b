"""The profile file of this session, and what is known of its targets when the file changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dcmecho.console.file.edits import BookReading, SavedChange
from dcmecho.console.file.profile_file import ProfileFile
from dcmecho.console.file.profile_keys import profile_key
from dcmecho.console.runs.bridge import Bridge
from dcmecho.console.runs.engine import Engine
from dcmecho.console.runs.marks import Marks
from dcmecho.console.runs.memory import ConsoleMemory
from dcmecho.console.runs.state.record import Record
from dcmecho.console.runs.state.targets import ConsoleState
from dcmecho.console.saving import Saving
from dcmecho.console.watch.session import WatchSession
from dcmecho.diagnosis.target.target import Target
from dcmecho.journal.kinds import Book
from dcmecho.profiles.book.load import settings
from dcmecho.profiles.book.locate import real_place
from dcmecho.profiles.book.model import Profile, ProfileBook


class FileSession:
    """Keeps what is known of a target when it is renamed, and ends it when it is deleted."""

    def __init__(
        self,
        path: Path,
        engine: Engine,
        wake: Callable[[], object],
        wake_for_watch: Callable[[], object],
        memory: ConsoleMemory | None = None,
    ) -> None:
        self.path = path
        self.file = ProfileFile(path)
        self.state = ConsoleState()
        self.bridge = Bridge(wake)
        self.watching = WatchSession(engine.diagnose, wake_for_watch)
        self.marks = Marks()
        """The targets that ``space`` has marked; :attr:`marked` returns their profiles."""
        self.unwatched: list[str] = []
        """Why targets are no longer watched since the user was last told."""
        self.memory = memory
        if memory is not None:
            memory.start(wake)
        self._recalled: set[str] | None = None
        """The targets whose past was looked up; ``None`` until the console has been opened."""
        self._engine = engine
        engine.forbid(self.book.prohibitions)

    @property
    def journal_book(self) -> Book:
        """What the journal must know of the file."""
        return Book(str(real_place(self.path)), frozenset(each.name for each in self.book.profiles))

    def recall(self) -> None:
        """Look up how the targets of the file were before the console was opened."""
        self._recalled = set()
        self._recall_new()

    def _recall_new(self) -> None:
        """Look up the past of targets that have come to the file."""
        if self.memory is None or self._recalled is None:
            return
        every = ((profile_key(each), each.target) for each in self.book.profiles)
        known = self._recalled
        new = {key: target for key, target in every if target and key not in known}
        self._recalled |= new.keys()
        if new:
            self.memory.recall(new, self.journal_book)

    @property
    def saving(self) -> Saving:
        """Saves reports, logs and exports: in the folder that is set, else in the current one."""
        return Saving(settings(self.path).folder)

    @property
    def book(self) -> ProfileBook:
        """The contents of the file."""
        return self.file.book

    @property
    def marked(self) -> tuple[Profile, ...]:
        """The marked profiles, in the order of the file."""
        if not self.marks:
            return ()
        return tuple(each for each in self.book.profiles if profile_key(each) in self.marks)

    def record(self, profile: Profile) -> Record:
        """Return what is known of a profile's runs."""
        return self.state[profile_key(profile)]

    def find(self, key: str) -> Profile | None:
        """Return the profile of this key, as it is in the file now."""
        return next((each for each in self.book.profiles if profile_key(each) == key), None)

    def after_reading(self, reading: BookReading) -> None:
        """Replace the contents of the file.

        A file that cannot be read or is empty, for example while someone corrects a typing error or
        another program writes it, ends no watch.
        """
        self.file.after_reading(reading)
        if not reading.book.is_known or not reading.book.profiles:
            return
        self._engine.forbid(self.book.prohibitions)
        self._recall_new()
        if self.marks:
            self.marks.keep(map(profile_key, self.book.profiles))
        for key, watched in self.watching.targets.items():
            if self._target(key) != watched:
                self._watch_anew(key, key)

    def _watch_anew(self, former_key: str, key: str) -> None:
        """Watch targets with their new values; stop watching those that are gone or forbidden."""
        former = self.watching.targets.get(former_key)
        target = self._target(key)
        self.watching.drop(former_key)
        if target is not None and not target.do_not_probe:
            self.watching.watch([(key, target)])
        elif former is not None:
            self.unwatched.append(f"{former.name} ({self._why_unwatched(key)})")

    def _why_unwatched(self, key: str) -> str:
        if self.find(key) is None:
            return "not in the file any more"
        return "has errors in the file" if self._target(key) is None else "must not be probed"

    def told_unwatched(self) -> str:
        """Return once which targets are no longer watched and why; empty for none."""
        words, self.unwatched = ", ".join(self.unwatched), []
        return words

    def _target(self, key: str) -> Target | None:
        profile = self.find(key)
        return profile.target if profile else None

    def after_write(self, written: SavedChange, reading: BookReading) -> None:
        """Take in a change to the file, which ``u`` can undo from now on."""
        self.file.history.add(written)
        self._go_on(written, reading)

    def after_undo(self, removed: SavedChange, undone: SavedChange, reading: BookReading) -> None:
        """Take in the undo of ``removed``."""
        self.file.history.remove(removed)
        self._go_on(undone, reading)

    def _go_on(self, written: SavedChange, reading: BookReading) -> None:
        self._follow(written)
        renamed = written.key and written.key != written.former_key
        was_watched = renamed and written.former_key in self.watching.targets
        if was_watched:
            self.watching.drop(written.former_key)
        self.after_reading(reading)
        if was_watched:
            self._watch_anew(written.former_key, written.key)

    def _follow(self, written: SavedChange) -> None:
        """Keep what is known of a target under its new name, and forget what is no longer true."""
        former, key = written.former_key, written.key
        if former and not key:
            self.bridge.cancel(former)
            self.bridge.end(former)
            self.state.forget(former)
            self.watching.drop(former)
        elif former and key:
            self.state[former].guide_progress = None
            self.state.rename(former, key)
            self.bridge.rename(former, key)
            self.marks.rename(former, key)
