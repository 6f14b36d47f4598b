"""Every command of the console, declared once: key, footer, palette and help are made from it."""

from __future__ import annotations

from collections.abc import Callable

from textual.binding import BindingType

from dcmecho.console.command import Command, Need, Pane

MOVE = (
    Command("up", ("up", "k"), "", "Up one line", "↑ k", in_palette=False),
    Command("down", ("down", "j"), "", "Down one line", "↓ j", in_palette=False),
    Command("page_up", ("pageup",), "", "Up one page", "PgUp", in_palette=False),
    Command("page_down", ("pagedown",), "", "Down one page", "PgDn", in_palette=False),
    Command("first", ("home",), "", "To the first line", "Home", in_palette=False),
    Command("last", ("end", "G"), "", "To the last line", "End G", in_palette=False),
)
"""The keys that move within a pane, alike in all of them."""

DIAGNOSE = Command("diagnose", ("r",), "", "Diagnose the selected target", need=Need.TARGETS)
CANCEL = Command(
    "cancel", ("escape",), "Cancel", "Cancel the running diagnosis", "esc", need=Need.RUN
)

ANYWHERE = (
    DIAGNOSE,
    CANCEL,
    Command(
        "experiment",
        ("x",),
        "Experiment",
        "Make the experiment that the diagnosis announces",
        need=Need.EXPERIMENT,
    ),
    Command("guide", ("g",), "Guide", "Walk to the fix, one step at a time", need=Need.RUNNABLE),
    Command(
        "diagnose_all",
        ("a",),
        "All",
        "Diagnose all marked or all shown targets, many at once",
        need=Need.TARGETS,
    ),
    Command(
        "edit",
        ("e",),
        "Edit",
        "Edit the target in its row, or one field of all marked",
        need=Need.TARGET,
    ),
    Command("undo", ("u",), "Undo", "Take the last change of the file back", need=Need.CHANGE),
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
        "Ask what the target accepts beyond C-ECHO",
        need=Need.RUNNABLE,
    ),
    Command("listen", ("L",), "Listen", "Show who calls us, and what they really send"),
    Command(
        "report", ("R",), "Report", "Show the report of the last run, and save it", need=Need.TARGET
    ),
    Command("new", ("n",), "New", "Add a target"),
    Command("edit_whole", ("E",), "", "Edit all fields of the selected target", need=Need.TARGET),
    Command("clone", ("c",), "", "Add a copy of the selected target", need=Need.TARGET),
    Command("delete", ("D",), "", "Delete the selected target, after asking", need=Need.TARGET),
    Command("import_targets", ("I",), "", "Import targets from a file or from pasted text"),
    Command(
        "export_targets",
        ("X",),
        "",
        "Export the marked or all targets for other programs",
    ),
    Command("copy", ("y",), "", "Copy the report of the last run, and save it", need=Need.TARGET),
    Command("focus_targets", ("1",), "", "Go to the targets"),
    Command("focus_diagnosis", ("2",), "", "Go to the diagnosis"),
    Command("focus_log", ("3",), "", "Go to the log"),
    Command("next_pane", ("tab",), "", "Next pane", in_palette=False),
    Command("previous_pane", ("shift+tab",), "", "Previous pane", in_palette=False),
    Command("zoom", ("z",), "", "Zoom: the whole screen for this pane, and back"),
    Command("palette", ("colon",), "Commands", "Find a command by its name", ":", in_palette=False),
    Command("help", ("question_mark", "f1"), "Help", "Show the keys of this pane", "?"),
    Command("quit", ("q", "ctrl+c"), "Quit", "End running diagnoses and quit", "q"),
)

TARGETS = (
    Command(
        "screen.diagnose",
        ("enter",),
        "Diagnose",
        "Diagnose the selected target",
        in_palette=False,
        need=Need.TARGETS,
    ),
    Command(
        "screen.filter_targets",
        ("slash",),
        "Filter",
        "Show only targets that contain a text",
        "/",
        need=Need.TARGETS,
    ),
    Command(
        "screen.show_all",
        ("escape",),
        "",
        "Take the filter away, then the marks",
        "esc",
        need=Need.HIDDEN,
    ),
    Command("mark", ("space",), "", "Mark the target, to do something to several at once"),
    Command("mark_shown", ("asterisk",), "", "Mark all shown targets, or none of them", "*"),
    *MOVE,
)

DIAGNOSIS = (
    Command(
        "screen.diagnose",
        ("enter",),
        "Diagnose",
        "Diagnose the target again",
        in_palette=False,
        need=Need.TARGETS,
    ),
    *MOVE,
)

LOG = (
    Command("expand", ("enter",), "Expand", "Show a line's details and bytes, or fold them"),
    Command("screen.filter_log", ("slash",), "Filter", "Show only lines that contain a text", "/"),
    Command("layer", ("f",), "Layer", "Show one layer: name, tcp, tls, acse, dimse, run"),
    Command("pause", ("p", "space"), "Pause", "Hold the log still, and go on", "p"),
    Command("save", ("S",), "Save", "Save the log of this target to a file"),
    *MOVE,
)

_FIELD_KEYS = (
    Command("save", ("enter",), "Save", "Save the target to the file", in_palette=False),
    Command(
        "next_field", ("down", "tab"), "Next field", "Go to the next field", "tab", in_palette=False
    ),
    Command(
        "previous_field", ("up", "shift+tab"), "", "Previous field", "shift+tab", in_palette=False
    ),
    Command(
        "test",
        ("ctrl+t", "f5"),
        "Test",
        "Run the diagnosis with these values, without saving them",
        in_palette=False,
    ),
)

_LEAVE_EDITOR = (
    Command("leave", ("escape",), "Leave", "Leave without saving", "esc", in_palette=False),
    Command("screen.help", ("f1",), "Help", "Show the keys of this pane", in_palette=False),
)

EDITOR = (*_FIELD_KEYS, *_LEAVE_EDITOR)

CELLS = (
    *_FIELD_KEYS,
    Command("whole", ("ctrl+o", "f2"), "All fields", "Open all fields", in_palette=False),
    *_LEAVE_EDITOR,
)

MANY = (
    Command("save", ("enter",), "Save", "Save the field of all marked targets", in_palette=False),
    Command("next_field", ("down", "tab"), "Field", "Take the next field", "↑ ↓", in_palette=False),
    Command(
        "previous_field",
        ("up", "shift+tab"),
        "",
        "Take the field before",
        "↑ shift+tab",
        in_palette=False,
    ),
    Command("page_down", ("pagedown",), "", "Scroll what changes", "PgDn", in_palette=False),
    Command("page_up", ("pageup",), "", "Scroll what changes back", "PgUp", in_palette=False),
    *_LEAVE_EDITOR,
)

REPORT = (
    Command("save", ("S",), "Save", "Save the report to a file"),
    Command("copy", ("y",), "Copy", "Copy the report, and save it to a file"),
    Command("close", ("escape", "q", "R"), "Back", "Back to the console", "esc", in_palette=False),
)

IMPORT = (
    Command("write", ("enter",), "Look, then write", "Show what would be written, then write it"),
    Command("other", ("tab",), "Other pane", "To the preview, and back to the source"),
    Command("leave", ("escape",), "Back", "Back to the source, or to the console", "esc"),
    *MOVE,
)

EXPORT = (
    Command("choose", ("enter",), "Write", "Write the targets in this format to a new file"),
    Command("leave", ("escape", "q"), "Back", "Back to the console", "esc"),
    *MOVE,
)

GUIDE = (
    Command("choose", ("enter",), "Choose", "Take the choice that the cursor is on"),
    Command("skip", ("s",), "Skip", "Do without what is proposed", need=Need.OFFER),
    Command("undo", ("u",), "Undo", "Take the last change of the file back", need=Need.CHANGE),
    Command(
        "copy",
        ("y",),
        "Copy",
        "Copy the text to hand over or the report, and save it",
        need=Need.RESULT,
    ),
    Command("step_back", ("b",), "Step back", "Take your last answer back", need=Need.ANSWER),
    Command("complain", ("c",), "Complaint", "Say what is wrong", need=Need.WALK),
    Command(
        "run",
        ("r",),
        "Run again",
        "Run the diagnosis again and go on from there",
        need=Need.RUNNABLE,
    ),
    Command("next_pane", ("tab",), "", "To the text, what is known, the choices", in_palette=False),
    Command("help", ("question_mark", "f1"), "Help", "Show the keys of the guide", "?"),
    Command("leave", ("escape", "q"), "Back", "Cancel what runs, or back to the console", "esc"),
    *MOVE,
)

WATCH = (
    Command("go_to", ("enter",), "Go to", "Back to the console, to this target"),
    Command("drop", ("d",), "Drop", "Watch this target no more"),
    Command("stop", ("s",), "Stop", "End the watch, after asking"),
    Command("next_pane", ("tab",), "", "To what changed, and back", in_palette=False),
    Command("leave", ("escape", "q", "w"), "Back", "Back; the watch goes on", "esc"),
    Command("help", ("question_mark", "f1"), "Help", "Show the keys of the watch", "?"),
    *MOVE,
)

QUESTION = (
    Command("choose", ("enter",), "Answer", "Take what was typed, save it and run again"),
    Command("down", ("down",), "Other answers", "Go to the other answers", "↓"),
    Command("screen.help", ("f1",), "Help", "Show the keys of the question"),
    Command("leave", ("escape",), "Back", "Back to the console", "esc"),
)
"""The keys that are left of the guide's while a value is typed."""

LISTEN_FORM = (
    Command("screen.start", ("enter",), "Listen", "Begin to listen", in_palette=False),
    Command("next_field", ("tab", "down"), "Next field", "To the next field", in_palette=False),
    Command("previous_field", ("shift+tab", "up"), "", "To the field before", in_palette=False),
    Command("screen.help", ("f1",), "Help", "Show the keys of this form", in_palette=False),
    Command("screen.leave", ("escape",), "Back", "Back to the console", "esc", in_palette=False),
)

LISTENER = (
    Command(
        "screen.start",
        ("enter",),
        "Listen again",
        "Listen again with the same values",
        need=Need.IDLE,
    ),
    Command("screen.change", ("e",), "Change", "Stop, and change address, port, title or caller"),
    Command("screen.save", ("S",), "Save", "Save who called to a file", need=Need.RESULT),
    Command(
        "screen.copy", ("y",), "Copy", "Copy who called, or what the other side needs, and save it"
    ),
    Command("screen.next_pane", ("tab",), "", "To the call in full, and back", in_palette=False),
    *MOVE,
    Command("screen.help", ("question_mark", "f1"), "Help", "Show the keys of the listener", "?"),
    Command(
        "screen.leave", ("escape", "q"), "Back", "Stop listening, and back to the console", "esc"
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
        "like", ("o",), "Object", "Ask whether it would take a DICOM file as it is", need=Need.IDLE
    ),
    Command(
        "query",
        ("f",),
        "C-FIND",
        "Send a C-FIND that matches nothing, after asking you",
        need=Need.IDLE,
    ),
    Command(
        "probe", ("p",), "PDU size", "Send requests that grow, after asking you", need=Need.IDLE
    ),
    Command(
        "move", ("m",), "C-MOVE", "Have a study sent back to us, after asking you", need=Need.IDLE
    ),
    Command("store", ("t",), "Store", "Store a test image there, after asking you", need=Need.IDLE),
    Command(
        "copy",
        ("y",),
        "Copy",
        "Copy the answers as text, and save them to a file",
        need=Need.RESULT,
    ),
    Command("save", ("S",), "Save", "Save the answers as text to a file", need=Need.RESULT),
    Command("next_pane", ("tab",), "", "To the matrix, to the words beside it", in_palette=False),
    Command("help", ("question_mark", "f1"), "Help", "Show the keys of the services", "?"),
    Command("leave", ("escape", "q"), "Back", "Cancel what runs, or back to the console", "esc"),
    *MOVE,
)

ORDER = (
    Command("submit", ("enter",), "Go on", "Go on to the question", in_palette=False),
    Command("next_field", ("tab", "down"), "Next field", "To the next field", in_palette=False),
    Command("previous_field", ("shift+tab", "up"), "", "To the field before", in_palette=False),
    Command("leave", ("escape",), "Back", "Ask nothing", "esc", in_palette=False),
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
    """The Textual bindings of a pane's commands. Raises ``LookupError`` for a pane without any."""
    if pane not in COMMANDS:
        raise LookupError(f"{pane} has no commands in COMMANDS of console/commands.py")
    return [command.binding() for command in COMMANDS[pane]]


def need_of(action: str, *panes: Pane) -> Need:
    """Tell what the command with this action needs, in the first of these panes that has it."""
    every = (command for pane in panes for command in COMMANDS[pane])
    return next((each.need for each in every if each.name == action), Need.NOTHING)


def offered(pane: Pane, meets: Callable[[Need], bool]) -> list[Command]:
    """The commands with a place in the footer whose need is met."""
    return [each for each in COMMANDS[pane] if each.label and meets(each.need)]
