"""The commands of the screens that open over the working one, and the movements of every pane."""

from __future__ import annotations

from dcmecho.console.command import Command, Need

MOVE = (
    Command("up", ("up", "k"), "", "Up one line", "↑ k", in_palette=False),
    Command("down", ("down", "j"), "", "Down one line", "↓ j", in_palette=False),
    Command("page_up", ("pageup",), "", "Up one page", "PgUp", in_palette=False),
    Command("page_down", ("pagedown",), "", "Down one page", "PgDn", in_palette=False),
    Command("first", ("home",), "", "Go to the first line", "Home", in_palette=False),
    Command("last", ("end", "G"), "", "Go to the last line", "End G", in_palette=False),
)
"""The keys that move within a pane. They are the same in all panes."""

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

EXPLAIN = (
    Command("read", ("enter",), "Explain", "Read the source, or go to the explanation"),
    Command("other", ("tab",), "Other pane", "Go to the next pane: list, explanation, log, source"),
    Command("new_target", ("n",), "New target", "Add a target with these values", need=Need.RESULT),
    Command("help", ("question_mark", "f1"), "Help", "Show the keys of this screen", "? f1"),
    Command("leave", ("escape",), "Back", "Go back to the source, or to the console", "esc"),
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
