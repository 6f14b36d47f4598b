"""One sitting at the console: the profile file, the runs and what they have told so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from dcmecho.console.bridge import Bridge, StartRun
from dcmecho.console.log_buffer import LogEntry
from dcmecho.console.state import ConsoleState, Phase, Record
from dcmecho.diagnosis.events import RunFinished
from dcmecho.diagnosis.validation import Field
from dcmecho.profiles.model import Profile, ProfileBook, Value
from dcmecho.profiles.store import load


def profile_key(profile: Profile) -> str:
    """What tells a profile from all others of its file, also from one of the same name."""
    return f"{profile.name}\0{profile.occurrence}" if profile.occurrence else profile.name


class Session:
    """What the screen shows and asks for; no widget in it."""

    def __init__(self, path: Path, start: StartRun, wake: Callable[[], object]) -> None:
        self.path = path
        self.book: ProfileBook = load(path)
        self.state = ConsoleState()
        self.bridge = Bridge(start, wake)

    def record(self, profile: Profile) -> Record:
        """What is known of a profile's runs."""
        return self.state[profile_key(profile)]

    def diagnose(self, profile: Profile) -> None:
        """Start a run of a profile that can run."""
        if profile.target is not None:
            self.record(profile).begin()
            self.bridge.run(profile_key(profile), profile.target)

    def cancel(self, profile: Profile) -> None:
        """Ask the run of a profile to end."""
        self.record(profile).phase = Phase.CANCELLING
        self.bridge.cancel(profile_key(profile))

    def absorb_news(self) -> set[str]:
        """Take in the stage and run events that came. Gives the keys of the profiles concerned.

        The log of a run is complete when its report is shown.
        """
        news = self.bridge.news()
        finished = [key for key, event in news if isinstance(event, RunFinished)]
        for key, event in news:
            self.state[key].take(event)
        changed = {key for key, _ in news}
        if finished:
            changed |= self.absorb_lines()
        for key in finished:
            self.bridge.end(key)
        return changed

    def absorb_lines(self) -> set[str]:
        """Take in the log lines that came. Gives the keys of the profiles concerned."""
        batches: dict[str, list[LogEntry]] = {}
        for key, line in self.bridge.lines():
            started_at = self.state[key].started_at
            if started_at is not None:
                at = started_at + timedelta(milliseconds=line.at_ms)
                batches.setdefault(key, []).append(LogEntry(at, line))
        for key, entries in batches.items():
            self.state[key].log.extend(entries)
        return set(batches)

    def running_keys(self) -> set[str]:
        """The keys of the profiles that run now."""
        return {key for key in map(profile_key, self.book.profiles) if self.state[key].running}

    def absorb_failures(self) -> list[tuple[str, str]]:
        """Take in runs that could not begin: the profile's key and why."""
        failures = self.bridge.failures()
        for key, _ in failures:
            self.state[key].phase = Phase.NOT_RUN
        return failures

    def reload(self) -> None:
        """Read the file again."""
        self.book = load(self.path)

    def save(self, profile: Profile | None, changes: Mapping[Field, Value | None]) -> str:
        """Write a changed or (``None``) a new target, and give its key. Raises ``ProfileError``."""
        from dcmecho.profiles.edit import add_target, save_target

        name = str(changes.get(Field.NAME) or "")
        if profile is None:
            values = {field: value for field, value in changes.items() if value is not None}
            add_target(self.path, values)
        else:
            save_target(self.path, profile.name, changes, profile.occurrence)
            self.state.rename(profile_key(profile), name)
            self.bridge.rename(profile_key(profile), name)
        self.reload()
        return name

    def delete(self, profile: Profile) -> None:
        """Delete a target from the file, and end its run. Raises ``ProfileError``."""
        from dcmecho.profiles.edit import delete_target

        delete_target(self.path, profile.name, profile.occurrence)
        key = profile_key(profile)
        self.bridge.cancel(key)
        self.bridge.end(key)
        self.state.forget(key)
        self.reload()
