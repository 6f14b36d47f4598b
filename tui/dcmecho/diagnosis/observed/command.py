"""The command line that checks what an observed association asked for."""

from __future__ import annotations

import shlex

from dcmecho.diagnosis.observed.association import UNKNOWN_PORT
from dcmecho.diagnosis.target.target import Target

CALLED_TITLE, CALLING_TITLE, HOST, PORT = "CALLED_TITLE", "CALLING_TITLE", "HOST", "PORT"
"""What stands for a value that is not known."""


def check_command(target: Target) -> str:
    """Return the command, quoted for a shell: its values are a stranger's."""
    port = PORT if target.port == UNKNOWN_PORT else str(target.port)
    called, calling = target.called_ae or CALLED_TITLE, target.calling_ae or CALLING_TITLE
    words = ("dcmecho", "--experiments", "-aec", called, "-aet", calling)
    return shlex.join((*words, target.host or HOST, port))
