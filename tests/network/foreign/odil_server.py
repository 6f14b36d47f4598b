"""odil's server on PORT: one association at a time, and no listening socket meanwhile.

A program of its own, for the Python that Debian's odil belongs to.
"""

from __future__ import annotations

import sys
from contextlib import suppress

import odil  # type: ignore[import-not-found]


def serve(port: int) -> None:
    """Answer C-ECHO with success, one caller after another."""
    while True:
        association = odil.Association()
        # Raised at the end of an association too.
        with suppress(odil.Exception):
            association.receive_association("v4", port)
            _answer(association)


def _answer(association: odil.Association) -> None:
    echo = odil.EchoSCP(association)
    echo.set_callback(lambda _request: 0)
    dispatcher = odil.SCPDispatcher(association)
    dispatcher.set_echo_scp(echo)
    while True:
        dispatcher.dispatch()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
