"""What can be wrong with the way to a vantage point: a table to read and to extend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.vantage.vantage import PYTHON, Vantage
from tests.network.peers.ssh_server import SshServer


@dataclass(frozen=True)
class Way:
    """One fault, and the cause that it has."""

    id: str
    cause: CauseId
    ssh: Mapping[str, str] = field(default_factory=dict)
    """What ssh_config(5) has in place of the right value."""
    key: str = ""
    """The options that the key has at the server (sshd(8)), if it has any."""
    python: str = PYTHON
    confidence: Confidence = Confidence.PROVEN


FAILING_WAYS = (
    Way("an unknown name", CauseId.VANTAGE_NAME, {"HostName": "no-such-machine.invalid"}),
    Way("a closed port", CauseId.VANTAGE_UNREACHABLE, {"Port": "1"}),
    Way("a new host key", CauseId.VANTAGE_HOST_KEY, {"UserKnownHostsFile": "/dev/null"}),
    Way("an unknown user", CauseId.VANTAGE_PERMISSION, {"User": "no-such-user"}),
    Way("no key", CauseId.VANTAGE_PERMISSION, {"IdentityFile": "/dev/null"}),
    Way("no Python", CauseId.VANTAGE_NO_PYTHON, python="no-such-python3"),
    Way(
        "a silent forced command",
        CauseId.VANTAGE_FORBIDDEN,
        key='command="true"',
        confidence=Confidence.LIKELY,
    ),
    Way("no shell", CauseId.VANTAGE_FORBIDDEN, key='command="/usr/sbin/nologin >&2"'),
    Way("another program", CauseId.VANTAGE_NOISY_SHELL, key='command="echo Menu: 1 Shell"'),
    Way("a flood", CauseId.VANTAGE_NOISY_SHELL, key='command="cat /dev/zero"'),
)

LOST = Way("the connection ends in the middle", CauseId.VANTAGE_LOST)


def vantage(server: SshServer, folder: Path, way: Way | None = None) -> Vantage:
    """Return the machine of ``server`` as a vantage point, reached as ``way`` says."""
    key = server.key
    if way is not None and way.key:
        key = server.authorize(f"key-{folder.name}", way.key)
    values = {
        "HostName": server.address,
        "Port": str(server.port),
        "IdentityFile": str(key),
        "IdentitiesOnly": "yes",
        "IdentityAgent": "none",
        "UserKnownHostsFile": str(server.known_hosts),
        "GlobalKnownHostsFile": "/dev/null",
    }
    values |= way.ssh if way is not None else {}
    config = folder / "ssh_config"
    config.write_text("\n".join(["Host *", *(f"  {key} {value}" for key, value in values.items())]))
    python = PYTHON if way is None else way.python
    return Vantage("gateway", "gateway", ssh_config=str(config), python=python)
