"""What a command of the console is: where its keys belong, what it needs, how it is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from textual.binding import Binding
from textual.message import Message


class Pane(Enum):
    """The places that keys belong to, by the title they carry on the screen."""

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
    GUIDE = "Guide"
    WATCH = "Watch"
    QUESTION = "Question"
    LISTEN_FORM = "Who calls us?"
    LISTENER = "Listener"
    SERVICES = "Services"
    ORDER = "Order"
    PATH = "Path of a file"


class Need(Enum):
    """What has to be there for a command to do something. The screen that has it tells."""

    NOTHING = auto()
    TARGETS = auto()
    """A target in the file."""
    TARGET = auto()
    """A target under the cursor."""
    RUNNABLE = auto()
    """A target under the cursor whose values can work."""
    RUN = auto()
    """Something that runs."""
    IDLE = auto()
    """Nothing that runs."""
    EXPERIMENT = auto()
    """An experiment that is announced."""
    CHANGE = auto()
    """A change of the file that can be taken back."""
    HIDDEN = auto()
    """A filter or marks, to be taken away."""
    OFFER = auto()
    """A proposal that can be declined."""
    ANSWER = auto()
    """An answer that can be taken back."""
    WALK = auto()
    """A walk that has begun."""
    RESULT = auto()
    """What a finished run has found out."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    ``action`` is the Textual action that the pane (or the screen) implements as ``action_…``;
    ``keys`` its keys, the first of which is shown; ``label`` stands in the footer and is empty for
    keys that need no place there; ``sentence`` in the help and the palette; ``need`` is what has to
    be there for it.
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
        """The action, wherever it is carried out."""
        return self.action.rpartition(".")[2]

    @property
    def key_text(self) -> str:
        """The key as a person reads it."""
        return self.shown_key or self.keys[0]

    def binding(self) -> Binding:
        """The Textual binding of this command."""
        return Binding(",".join(self.keys), self.action, self.label or self.sentence)


class CommandChosen(Message):
    """Carry out a command of a pane, as if its key had been pressed there."""

    def __init__(self, pane: Pane, command: Command) -> None:
        self.pane = pane
        self.command = command
        super().__init__()
