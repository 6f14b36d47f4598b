"""The console is quick to open and silent when nothing happens."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.console.terminal.on_a_terminal import on_a_terminal, read_until, read_until_quiet
from tests.network.peers.real_peers import unused_port

SILENCE_S = 1.6
"""Six drains of the log and three blinks of a cursor would fit in."""

_ENV = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "COLUMNS": "120", "LINES": "36"}
_ESCAPE, _CLEAR = b"\x1b", b"\x15"
_PLACES = {
    b"e": b"Host: name or IP",
    b"E": b"of 16 bytes",
    b"/": b"enter keeps",
    b":": b"profiles.toml",
    b"?": b"Keys in Targets",
    b"g": b"What is known",
    b"w": b"What changed",
}
"""The keys that lead to a place that escape leaves, with a text that is shown there."""


def test_an_idle_console_writes_nothing(profiles: Path) -> None:
    """Wherever one left it: the list, an editor, the palette, after a run, beside a watch."""
    profiles.write_text(
        '[defaults]\ncalling_ae = "WS"\n[[target]]\nname = "Main PACS"\nhost = "127.0.0.1"\n'
        f'port = {unused_port()}\ncalled_ae = "PACS"\n'
    )
    with on_a_terminal(profiles, _ENV) as (terminal, _):

        def shows(keys: bytes, text: bytes) -> None:
            """Press, wait for the text, and for the silence after it."""
            os.write(terminal, keys)
            read_until(terminal, text)
            read_until_quiet(terminal, SILENCE_S)

        def visits(keys: bytes) -> None:
            shows(keys, _PLACES[keys])
            os.write(terminal, _ESCAPE)
            read_until(terminal, b"Targets")

        shows(b"", b"Quit")
        for keys in (b"e", b"E", b"/", b":", b"?"):
            visits(keys)
        shows(b"r", b"What to do next")
        for keys in (b"g", b"w"):
            visits(keys)
        shows(b"L", b"Your address")
        port = str(unused_port()).encode()
        shows(_CLEAR + b"127.0.0.1\t" + _CLEAR + port + b"\r", b"Listening on")


def test_the_console_itself_loads_no_dicom_library() -> None:
    code = (
        "import sys, dcmecho.console.app; "
        "print([name for name in ('pynetdicom', 'pydicom', 'tomlkit') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


_ASKED_FOR_LATER = (
    "dcmecho.diagnosis.experiments.plans",
    "dcmecho.diagnosis.investigation",
    "dcmecho.diagnosis.survey.survey",
    "dcmecho.diagnosis.watch.watch",
    "dcmecho.diagnosis.listen.verdict",
    "dcmecho.profiles.book.change",
)


def test_the_first_screen_waits_for_nothing_that_is_asked_for_later() -> None:
    code = (
        "import sys, dcmecho.console.app; from importlib.util import find_spec\n"
        f"print([name for name in {_ASKED_FOR_LATER} if name in sys.modules])\n"
        f"print([name for name in {_ASKED_FOR_LATER} if find_spec(name) is None])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    loaded, unknown = done.stdout.splitlines()
    assert loaded == "[]"
    assert unknown == "[]", "a module was renamed: name it here by its new name"
