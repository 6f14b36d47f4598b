"""``dcmecho lab``: serves the practice peers."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence

from dcmecho.cli.options.parser import Parser
from dcmecho.diagnosis.sanitize import error_text
from dcmecho.exit_codes import ExitCode
from dcmecho.lab.ports import LOOPBACK, PortInUseError, Ports
from dcmecho.lab.server import Lab
from dcmecho.lab.tls.files import KEPT_IN


def serve(argv: Sequence[str]) -> int:
    """Serve the practice peers on their fixed ports until Ctrl-C."""
    parser = Parser(
        "dcmecho lab",
        "dcmecho lab",
        "Serves practice peers on 127.0.0.1, healthy and broken, until Ctrl-C. Their\n"
        "ports are fixed and start at 11112. The certificates of those with TLS are in\n"
        f"{KEPT_IN}.",
    )
    parser.add_help_option()
    parser.read(argv)
    lab = Lab(ports=Ports.FIXED)
    try:
        lab.start()
    except PortInUseError as error:
        sys.stderr.write(f"dcmecho lab: {error}\n")
        return ExitCode.USAGE
    try:
        _certify(lab)
        for peer in lab.peers:
            address = f"{LOOPBACK}:{lab.port_of(peer.id)}"
            sys.stdout.write(f"{address}  {peer.called_ae:16}  {peer.name}\n")
        sys.stdout.write("\nServing until Ctrl-C.\n")
        sys.stdout.flush()
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        lab.stop()
    return ExitCode.OK


def _certify(lab: Lab) -> None:
    try:
        lab.certify()
    except OSError as error:
        reason = f"no certificates in {KEPT_IN}: {error_text(error)}"
        sys.stderr.write(f"dcmecho lab: the peers with TLS do not answer: {reason}\n")
