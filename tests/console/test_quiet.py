"""The console is quick to open and silent when nothing happens."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.console.on_a_terminal import (
    on_a_terminal,
    read_answer,
    read_until,
    read_until_quiet,
)
from tests.network.real_peers import unused_port

IDLE_S = 1.6
"""Six drains of the log and three blinks of a cursor would fit in: such a console is never idle."""

_ENV = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "COLUMNS": "120", "LINES": "36"}
_ESCAPE, _CLEAR = b"\x1b", b"\x15"


def test_an_idle_console_writes_nothing(profiles: Path) -> None:
    """Wherever one left it: the list, an editor, the palette, after a run, beside a watch."""
    profiles.write_text(
        '[defaults]\ncalling_ae = "WS"\n[[target]]\nname = "Main PACS"\nhost = "127.0.0.1"\n'
        f'port = {unused_port()}\ncalled_ae = "PACS"\n'
    )
    listener = [b"L", _CLEAR + b"127.0.0.1\t", _CLEAR + str(unused_port()).encode() + b"\r"]
    with on_a_terminal(profiles, _ENV) as (terminal, _):
        read_until(terminal, b"Quit")
        read_until_quiet(terminal, IDLE_S)
        for keys in ([b"e"], [b"E"], [b"/"], [b":"], [b"?"], [b"r"], [b"g"], [b"w"], listener):
            shown = ""
            for key in keys:
                os.write(terminal, key)
                shown += read_answer(terminal, IDLE_S)
            if keys is listener:
                assert "Listening on" in shown
            # After a run there is nothing to leave.
            if keys != [b"r"]:
                os.write(terminal, _ESCAPE)
                read_answer(terminal, IDLE_S)


def test_the_console_itself_loads_no_dicom_library() -> None:
    code = (
        "import sys, dcmecho.console.app; "
        "print([name for name in ('pynetdicom', 'pydicom', 'tomlkit') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
