"""Every command of the console, declared once. Keys, footer, palette and help are made from it."""

from __future__ import annotations

from collections.abc import Callable

from textual.binding import BindingType

from dcmecho.console.command import Command, Need, Pane
from dcmecho.console.editor_commands import CELLS, EDITOR, MANY
from dcmecho.console.screen_commands import (
    EXPLAIN,
    EXPORT,
    GUIDE,
    HISTORY,
    IMPORT,
    LISTEN_FORM,
    LISTENER,
    MOVE,
    ORDER,
    PATH,
    QUESTION,
    REPORT,
    SERVICES,
    WATCH,
)

DIAGNOSE = Command("diagnose", ("r",), "", "Check the selected target", need=Need.TARGETS)
CANCEL = Command("cancel", ("escape",), "Cancel", "Cancel the running check", "esc", need=Need.RUN)

ANYWHERE = (
    DIAGNOSE,
    CANCEL,
    Command(
        "experiment",
        ("x",),
        "Experiment",
        "Run the experiment that the diagnosis proposes",
        need=Need.EXPERIMENT,
    ),
    Command("guide", ("g",), "Guide", "Find the fix, one step at a time", need=Need.RUNNABLE),
    Command(
        "diagnose_all",
        ("a",),
        "All",
        "Check all marked targets, or all shown, many at once",
        need=Need.TARGETS,
    ),
    Command(
        "edit",
        ("e",),
        "Edit",
        "Edit the target's row, or one field of all marked targets",
        need=Need.TARGET,
    ),
    Command("undo", ("u",), "Undo", "Undo the last change to the file", need=Need.CHANGE),
    Command(
        "watch",
        ("w",),
        "Watch",
        "Watch the marked targets, or the selected one, over time",
        need=Need.TARGETS,
    ),
    Command(
        "services",
        ("s",),
        "Services",
        "Find out what the target accepts beyond C-ECHO",
        need=Need.RUNNABLE,
    ),
    Command("listen", ("L",), "Listen", "Show who calls you and what each one really sends"),
    Command(
        "report", ("R",), "Report", "Show and save the report of the last check", need=Need.TARGET
    ),
    Command("new", ("n",), "New", "Add a target"),
    Command("edit_whole", ("E",), "", "Edit all fields of the selected target", need=Need.TARGET),
    Command("edit_text", ("O",), "", "Open the file in your text editor, at the selected target"),
    Command("clone", ("c",), "", "Add a copy of the selected target", need=Need.TARGET),
    Command("delete", ("D",), "", "Delete the selected target (asks first)", need=Need.TARGET),
    Command("import_targets", ("I",), "", "Import targets from a file or from pasted text"),
    Command(
        "export_targets",
        ("X",),
        "",
        "Export the marked targets, or all shown, for other programs",
    ),
    Command(
        "explain",
        ("exclamation_mark",),
        "",
        "Explain what other software wrote: a message, or a log",
        "!",
    ),
    Command("copy", ("y",), "", "Copy and save the report of the last check", need=Need.TARGET),
    Command("focus_targets", ("1",), "", "Go to the targets"),
    Command("focus_diagnosis", ("2",), "", "Go to the diagnosis"),
    Command("focus_log", ("3",), "", "Go to the log"),
    Command("next_pane", ("tab",), "", "Go to the next pane", in_palette=False),
    Command("previous_pane", ("shift+tab",), "", "Go to the previous pane", in_palette=False),
    Command(
        "history",
        ("h",),
        "History",
        "Show what earlier checks of the target found",
        need=Need.TARGET,
    ),
    Command("zoom", ("z",), "", "Zoom this pane to the whole screen, and back"),
    Command("palette", ("colon",), "Commands", "Find a command by name", ":", in_palette=False),
    Command("help", ("question_mark", "f1"), "Help", "Show the keys of this pane", "?"),
    Command("quit", ("q", "ctrl+c"), "Quit", "Quit (asks first if something would be lost)", "q"),
)

TARGETS = (
    Command(
        "screen.diagnose",
        ("enter",),
        "Check",
        "Check the selected target",
        in_palette=False,
        need=Need.TARGETS,
    ),
    Command(
        "screen.filter_targets",
        ("slash",),
        "Filter",
        "Show only targets with a text in name, state or cause",
        "/",
        need=Need.TARGETS,
    ),
    Command(
        "only_failing",
        ("f",),
        "",
        "Show only the targets that fail, or all again",
        need=Need.TARGETS,
    ),
    Command(
        "sort",
        ("o",),
        "",
        "Sort by state, name, last check, failure, or as in the file",
        need=Need.TARGETS,
    ),
    Command(
        "screen.show_all",
        ("escape",),
        "",
        "Clear filter and order, then the marks",
        "esc",
        need=Need.HIDDEN,
    ),
    Command("mark", ("space",), "", "Mark the target, to act on several at once"),
    Command("mark_shown", ("asterisk",), "", "Mark all shown targets, or unmark them", "*"),
    *MOVE,
)

DIAGNOSIS = (
    Command(
        "screen.diagnose",
        ("enter",),
        "Check",
        "Check the target again",
        in_palette=False,
        need=Need.TARGETS,
    ),
    Command(
        "screen.show_all",
        ("escape",),
        "",
        "Clear the filter of the targets, then the marks",
        "esc",
        need=Need.HIDDEN,
    ),
    *MOVE,
)

LOG = (
    Command("expand", ("enter",), "Expand", "Show a line's details and bytes, or hide them"),
    Command("screen.filter_log", ("slash",), "Filter", "Show only lines that contain a text", "/"),
    Command("layer", ("f",), "Layer", "Show one layer: name, tcp, tls, acse, dimse, run"),
    Command("pause", ("p", "space"), "Pause", "Pause the log, or resume it", "p"),
    Command("save", ("S",), "Save", "Save the log of this target to a file"),
    Command(
        "screen.show_all",
        ("escape",),
        "",
        "Show all lines of the log, then all targets",
        "esc",
        need=Need.HIDDEN,
    ),
    *MOVE,
)

COMMANDS = {
    Pane.ANYWHERE: ANYWHERE,
    Pane.TARGETS: TARGETS,
    Pane.DIAGNOSIS: DIAGNOSIS,
    Pane.LOG: LOG,
    Pane.EDITOR: EDITOR,
    Pane.CELLS: CELLS,
    Pane.MANY: MANY,
    Pane.REPORT: REPORT,
    Pane.IMPORT: IMPORT,
    Pane.EXPORT: EXPORT,
    Pane.EXPLAIN: EXPLAIN,
    Pane.GUIDE: GUIDE,
    Pane.HISTORY: HISTORY,
    Pane.WATCH: WATCH,
    Pane.QUESTION: QUESTION,
    Pane.LISTEN_FORM: LISTEN_FORM,
    Pane.LISTENER: LISTENER,
    Pane.SERVICES: SERVICES,
    Pane.ORDER: ORDER,
    Pane.PATH: PATH,
}
"""The commands of each pane, in the order of the footer and the help."""


def bindings(pane: Pane) -> list[BindingType]:
    """Return the Textual bindings of a pane's commands. Raises ``LookupError`` if it has none."""
    if pane not in COMMANDS:
        raise LookupError(f"{pane} has no commands in COMMANDS of console/commands.py")
    return [command.binding() for command in COMMANDS[pane]]


def need_of(action: str, *panes: Pane) -> Need:
    """Return what the command with this action needs, from the first of these panes that has it."""
    every = (command for pane in panes for command in COMMANDS[pane])
    return next((each.need for each in every if each.name == action), Need.NOTHING)


def offered(pane: Pane, meets: Callable[[Need], bool]) -> list[Command]:
    """Return the commands that have a footer label and whose need is met."""
    return [each for each in COMMANDS[pane] if each.label and meets(each.need)]
