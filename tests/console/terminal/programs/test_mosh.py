"""The console over mosh, which has one screen only: what it shows stays there when it ends."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import termios
from pathlib import Path

import pyte
import pytest

from tests.console.terminal.on_a_terminal import (
    KEY_QUIET_S,
    OPEN,
    PATHS,
    read_until_quiet,
    started_on_a_terminal,
)
from tests.network.peers.real_peers import require_program

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(120)]


def test_the_console_leaves_a_clean_screen(profiles: Path) -> None:
    server, client = (require_program(f"mosh-{end}", "mosh") for end in ("server", "client"))
    console = [sys.executable, "-c", OPEN, str(profiles)]
    after = ["sh", "-c", '"$@"; echo LEFT; read line', "sh", *console]
    env = {**PATHS, "HOME": str(profiles.parent), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    started = subprocess.run(
        [server, "new", "-i", "127.0.0.1", "--", *after],
        env=env,
        cwd=profiles.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    connect = re.search(r"MOSH CONNECT (\d+) (\S+)", started.stdout)
    assert connect is not None
    shown = pyte.Screen(80, 24)
    stream = pyte.Stream(shown)
    command = [client, "127.0.0.1", connect[1]]
    with started_on_a_terminal(command, profiles.parent, {**env, "MOSH_KEY": connect[2]}) as (
        terminal,
        _,
    ):
        termios.tcsetwinsize(terminal, (24, 80))
        for key, wanted in ((b"", "Main PACS"), (b"q", "LEFT")):
            os.write(terminal, key)
            while wanted not in "\n".join(shown.display):
                stream.feed(read_until_quiet(terminal, KEY_QUIET_S))
        os.write(terminal, b"\n")
    assert "Main PACS" not in "\n".join(shown.display)
