"""The ssh command that brings the far socket to a vantage point."""

from __future__ import annotations

import base64
import hashlib
import shlex
import zlib
from functools import cache
from importlib.resources import files

from dcmecho.diagnosis.vantage.vantage import Vantage

_OPTIONS = (
    "BatchMode=yes",
    "ForwardAgent=no",
    "ForwardX11=no",
    "ClearAllForwardings=yes",
    "PermitLocalCommand=no",
    "RequestTTY=no",
    "RemoteCommand=none",
    "EscapeChar=none",
    "ConnectTimeout=10",
    "ServerAliveInterval=2",
    "ServerAliveCountMax=3",
    # Lower, the reason of a failure is not printed.
    "LogLevel=INFO",
)
"""See ssh_config(5). What the user has set there holds for all else, host keys before all."""


@cache
def far_socket() -> str:
    """Return the text of the program that runs at the vantage point."""
    return files("dcmecho.dicom.vantage").joinpath("far_socket.py").read_text(encoding="utf-8")


def far_socket_hash() -> str:
    """Return the SHA-256 of that text, in hexadecimal."""
    return hashlib.sha256(far_socket().encode()).hexdigest()


def command(vantage: Vantage, *, asks: bool = False) -> list[str]:
    """Return the command that starts the far socket of ``vantage``.

    With ``asks``, ssh can ask for a passphrase or about a new host key on the terminal.
    """
    options = [f"-o{each}" for each in _OPTIONS if not (asks and each.startswith("BatchMode"))]
    config = ("-F", vantage.ssh_config) if vantage.ssh_config else ()
    packed = base64.b64encode(zlib.compress(far_socket().encode(), 9)).decode()
    code = f'import zlib,base64;exec(zlib.decompress(base64.b64decode("{packed}")))'
    there = shlex.join([vantage.python, "-I", "-c", code])
    return ["ssh", *config, *options, "--", vantage.ssh, there]


def shown_command(vantage: Vantage) -> str:
    """Return the command to show, with the name of the program in place of its text."""
    *first, there = command(vantage)
    python = shlex.quote(vantage.python)
    return f"{shlex.join(first)} '{python} -I -c <far_socket.py, {len(there) // 1024} kB>'"
