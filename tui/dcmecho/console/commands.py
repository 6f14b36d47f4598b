"""Every command of the console, declared once. Keys, footer, palette and help are made from it."""

from __future__ import annotations

from collections.abc import Callable

from textual.binding import BindingType

from dcmecho.console.command import Command, Need, Pane
from dcmecho.console.editor_commands import CELLS, EDITOR, MANY

MOVE = (
    Command("up", ("up", "k"), "", "Up one line", "↑ k", in_palette=False),
    Command("down", ("down", "j"), "", "Down one line", "↓ j", in_palette=False),
    Command("page_up", ("pageup",), "", "Up one page", "PgUp", in_palette=False),
    Command("page_down", ("pagedown",), "", "Down one page", "PgDn", in_palette=False),
    Command("first", ("home",), "", "Go to the first line", "Home", in_palette=False),
    Command("last", ("end", "G"), "", "Go to the last line", "End G", in_palette=False),
)
"""The keys that move within a pane. They are the same in all panes."""

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
        "Export the marked targets, or all, for other programs",
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

REPORT = (
    Command("save", ("S",), "Save", "Save the report to a file"),
    Command("copy", ("y",), "Copy", "Copy the report and save it to a file"),
    Command("redact", ("x",), "Redact", "Hide names and addresses, or show them again"),
    Command("markdown", ("m",), "Markdown", "Show Markdown for a ticket, or plain text again"),
    Command("help", ("question_mark", "f1"), "Help", "Show the keys of the report", "?"),
    Command(
        "close", ("escape", "q", "R"), "Back", "Go back to the console", "esc", in_palette=False
    ),
)

IMPORT = (
    Command(
        "write", ("enter",), "Preview, then write", "Show what would be written, then write it"
    ),
    Command("other", ("tab",), "Other pane", "Go to the preview, or back to the source"),
    Command("help", ("question_mark", "f1"), "Help", "Show the keys of the import", "? f1"),
    Command("leave", ("escape",), "Back", "Go back to the source, or to the console", "esc"),
    *MOVE,
)

EXPORT = (
    Command("choose", ("enter",), "Write", "Write the targets in this format to a new file"),
    Command("help", ("question_mark", "f1"), "Help", "Show the keys of the export", "?"),
    Command("leave", ("escape", "q"), "Back", "Go back to the console", "esc"),
    *MOVE,
)

GUIDE = (
    Command("choose", ("enter",), "Choose", "Choose the item under the cursor"),
    Command("skip", ("s",), "Skip", "Skip what is proposed", need=Need.OFFER),
    Command("undo", ("u",), "Undo", "Undo the last change to the file", need=Need.CHANGE),
    Command(
        "copy",
        ("y",),
        "Copy",
        "Copy and save the message or the report",
        need=Need.RESULT,
    ),
    Command("step_back", ("b",), "Step back", "Undo your last answer", need=Need.ANSWER),
    Command("symptom", ("c",), "Symptom", "Say what is wrong", need=Need.WALK),
    Command(
        "run",
        ("r",),
        "Check again",
        "Check the target again and go on from there",
        need=Need.RUNNABLE,
    ),
    Command(
        "next_pane",
        ("tab",),
        "",
        "Go to the text, to what is known, to the choices",
        in_palette=False,
    ),
    Command("help", ("question_mark", "f1"), "Help", "Show the keys of the guide", "?"),
    Command(
        "leave", ("escape", "q"), "Back", "Cancel what is running, or go back to the console", "esc"
    ),
    *MOVE,
)

WATCH = (
    Command("go_to", ("enter",), "Diagnosis", "Open the diagnosis of what the watch saw"),
    Command("drop", ("d",), "Drop", "Stop watching this target"),
    Command("stop", ("s",), "Stop", "Stop watching (asks first)"),
    Command("next_pane", ("tab",), "", "Go to the list of changes, and back", in_palette=False),
    Command(
        "leave", ("escape", "q", "w"), "Back", "Go back to the console; watching continues", "esc"
    ),
    Command("help", ("question_mark", "f1"), "Help", "Show the keys of the watch", "?"),
    *MOVE,
)

HISTORY = (
    Command("open", ("enter",), "Open", "Open the report of this state"),
    Command("mark", ("space",), "Mark", "Mark this state, to compare another one with it"),
    Command("compare", ("c",), "Compare", "Compare with the marked state, or with the one before"),
    Command("leave", ("escape", "q", "h"), "Back", "Go back to the console", "esc"),
    Command("help", ("question_mark", "f1"), "Help", "Show the keys of the history", "?"),
    *MOVE,
)

QUESTION = (
    Command("choose", ("enter",), "Answer", "Save the value and check again"),
    Command("down", ("down",), "Other answers", "Go to the other answers", "↓"),
    Command("screen.help", ("f1",), "Help", "Show the keys of the question"),
    Command("leave", ("escape",), "Back", "Go back to the console", "esc"),
)
"""The guide's keys that stay active while a value is typed."""

LISTEN_FORM = (
    Command("screen.start", ("enter",), "Listen", "Start listening", in_palette=False),
    Command("next_field", ("tab", "down"), "Next field", "Go to the next field", in_palette=False),
    Command(
        "previous_field", ("shift+tab", "up"), "", "Go to the previous field", in_palette=False
    ),
    Command("screen.help", ("f1",), "Help", "Show the keys of this form", in_palette=False),
    Command("screen.leave", ("escape",), "Back", "Go back to the console", "esc", in_palette=False),
)

LISTENER = (
    Command(
        "screen.start",
        ("enter",),
        "Listen again",
        "Listen again with the same values",
        need=Need.IDLE,
    ),
    Command(
        "screen.change", ("e",), "Change", "Stop, and change the address, port, AE title or caller"
    ),
    Command("screen.save", ("S",), "Save", "Save the calls to a file", need=Need.RESULT),
    Command(
        "screen.copy",
        ("y",),
        "Copy",
        "Copy and save the calls, or what the peer needs",
    ),
    Command(
        "screen.next_pane",
        ("tab",),
        "",
        "Go to the details of the call, and back",
        in_palette=False,
    ),
    *MOVE,
    Command("screen.help", ("question_mark", "f1"), "Help", "Show the keys of the listener", "?"),
    Command(
        "screen.leave", ("escape", "q"), "Back", "Stop listening and go back to the console", "esc"
    ),
)

SERVICES = (
    Command(
        "ask",
        ("enter", "r"),
        "Ask",
        "Ask for every SOP class with each transfer syntax",
        need=Need.IDLE,
    ),
    Command(
        "like",
        ("o",),
        "Object",
        "Ask whether the peer would accept an object like a file",
        need=Need.IDLE,
    ),
    Command(
        "query",
        ("f",),
        "C-FIND",
        "Send one C-FIND that matches nothing (asks first)",
        need=Need.IDLE,
    ),
    Command(
        "probe",
        ("p",),
        "PDU size",
        "Send association requests of growing size (asks first)",
        need=Need.IDLE,
    ),
    Command("move", ("m",), "C-MOVE", "Have a study sent to you (asks first)", need=Need.IDLE),
    Command(
        "store", ("t",), "Store", "Store a test image at the peer (asks first)", need=Need.IDLE
    ),
    Command(
        "copy",
        ("y",),
        "Copy",
        "Copy the answers as text and save them to a file",
        need=Need.RESULT,
    ),
    Command("save", ("S",), "Save", "Save the answers as text to a file", need=Need.RESULT),
    Command(
        "next_pane",
        ("tab",),
        "",
        "Go to the matrix, or to the explanation beside it",
        in_palette=False,
    ),
    Command("help", ("question_mark", "f1"), "Help", "Show the keys of the services", "?"),
    Command(
        "leave", ("escape", "q"), "Back", "Cancel what is running, or go back to the console", "esc"
    ),
    *MOVE,
)

ORDER = (
    Command("submit", ("enter",), "Continue", "Continue to the confirmation", in_palette=False),
    Command("next_field", ("tab", "down"), "Next field", "Go to the next field", in_palette=False),
    Command(
        "previous_field", ("shift+tab", "up"), "", "Go to the previous field", in_palette=False
    ),
    Command(
        "leave", ("escape",), "Back", "Go back without sending anything", "esc", in_palette=False
    ),
)

PATH = (Command("complete", ("tab",), "Complete", "Complete the path", in_palette=False),)

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
