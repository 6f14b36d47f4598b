"""Import and export in the console: a preview first, and nothing written without enter."""

from __future__ import annotations

from pathlib import Path

from textual import events

from dcmecho.console.app import ConsoleApp
from dcmecho.console.terminal import MONOCHROME_ASCII
from tests.console.driving import PROFILES, SMALL, WIDE, Console, opened
from tests.console.playback import Theatre

TABLE = """\
Station;IP address;Port;AE title
Main PACS;pacs.hospital.lan;11112;TARGET_PACS
CT 2;192.168.1.61;104;CT2
CT 3;192.168.1.62;104;CT3
Angio;192.168.1.63;1O4;ANGIO
"""
