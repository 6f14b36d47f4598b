"""A command of the console: the pane of its keys, what it needs, its label and sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import assert_never

from textual.binding import Binding
from textual.message import Message


class Pane(Enum):
    """The places that keys belong to, by their titles on the screen."""

    ANYWHERE = "Anywhere"
    TARGETS = "Targets"
    DIAGNOSIS = "Diagnosis"
    LOG = "Log"
    EDITOR = "Edit a target"
    CELLS = "Edit in the row"
    MANY = "Edit several targets"
    REPORT = "Report"
    IMPORT = "Import"
    EXPORT = "Export"
    EXPLAIN = "Explain"
    GUIDE = "Guide"
    HISTORY = "History"
    WATCH = "Watch"
    QUESTION = "Question"
    LISTEN_FORM = "Who calls you?"
    LISTENER = "Listener"
    SERVICES = "Services"
    ORDER = "Request to a peer"
    PATH = "Path of a file"


class Need(Enum):
    """A precondition of a command. The screen reports whether it is met."""

    NOTHING = auto()
    TARGETS = auto()
    """At least one target in the file."""
    TARGET = auto()
    """A target under the cursor."""
    RUNNABLE = auto()
    """A target under the cursor whose values are valid."""
    RUN = auto()
    """Something that is running."""
    IDLE = auto()
    """Nothing that is running."""
    EXPERIMENT = auto()
    """A proposed experiment."""
    CHANGE = auto()
    """A change to the file that can be undone."""
    HIDDEN = auto()
    """A filter or marks to clear."""
    OFFER = auto()
    """A proposal that can be skipped."""
    ANSWER = auto()
    """An answer that can be undone."""
    WALK = auto()
    """A guide that has begun."""
    RESULT = auto()
    """The result of a finished run."""


def why_not(need: Need) -> str:
    """Return what to say about a command whose need is not met."""
    match need:
        case Need.TARGETS:
            return "No targets. Press n to add one."
        case Need.TARGET:
            return "No target is selected."
        case Need.RUNNABLE:
            return "Select a target without errors in the file. Press e to fix them."
        case Need.RUN:
            return "Nothing is running."
        case Need.IDLE:
            return "Something is running. Wait until it is over, or press esc to cancel it."
        case Need.EXPERIMENT:
            return "No experiment would narrow the causes down now."
        case Need.CHANGE:
            return "Nothing to undo: you have made no changes since dcmecho was opened."
        case Need.HIDDEN:
            return "Nothing to cancel, and no filter or marks to clear."
        case Need.OFFER:
            return "Nothing is proposed that you could skip."
        case Need.ANSWER:
            return "You have given no answer that could be undone."
        case Need.WALK:
            return "The guide has not begun yet."
        case Need.RESULT:
            return "There is no result yet."
        case Need.NOTHING:
            return ""
        case _:
            assert_never(need)


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    ``action`` is the Textual action that the pane (or the screen) implements as ``action_…``.
    ``keys`` are its keys; the first one is shown. ``label`` is shown in the footer; it is empty for
    keys that need no place there. ``sentence`` is shown in the help and the palette. ``need`` is
    what the command needs before it can do anything.
    """

    action: str
    keys: tuple[str, ...]
    label: str
    sentence: str
    shown_key: str = ""
    in_palette: bool = True
    need: Need = Need.NOTHING

    @property
    def name(self) -> str:
        """The action without the name of the pane or screen that implements it."""
        return self.action.rpartition(".")[2]

    @property
    def key_text(self) -> str:
        """The key as the user reads it."""
        return self.shown_key or self.keys[0]

    def binding(self) -> Binding:
        """Return the Textual binding of this command."""
        return Binding(",".join(self.keys), self.action, self.label or self.sentence)


class CommandChosen(Message):
    """Request for a command of a pane, as if its key had been pressed there."""

    def __init__(self, pane: Pane, command: Command) -> None:
        self.pane = pane
        self.command = command
        super().__init__()
