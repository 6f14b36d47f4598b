"""An OpenSSH server on loopback, whose connections a test can lose."""

from __future__ import annotations

import getpass
import os
import shlex
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.network.peers.real_peers import require_program, running

_PRIVILEGE_SEPARATION = Path("/run/sshd")
"""A server that root starts needs this folder (sshd(8))."""


def here(*words: str) -> list[str]:
    """Return the command line that runs ``words`` on this machine."""
    return list(words)


@dataclass(frozen=True, slots=True)
class SshServer:
    """``command`` logs in."""

    pid: int
    login: Sequence[str]
    port: int
    key: Path
    """The private key of the user."""
    known_hosts: Path
    """Has its host key."""
    address: str

    @classmethod
    @contextmanager
    def running(
        cls, folder: Path, address: str = "127.0.0.1", on: Callable[..., list[str]] = here
    ) -> Iterator[SshServer]:
        """Serve with keys of its own in ``folder``; skips if OpenSSH is missing.

        ``on`` gives the command line that runs words on the machine of ``address``.
        """
        sshd = require_program("sshd", "openssh-server")
        if os.geteuid() == 0:
            _PRIVILEGE_SEPARATION.mkdir(exist_ok=True)
        keys = [_key(folder / name) for name in ("host", "user")]
        authorized = keys[1].with_suffix(".pub")
        options = {
            "HostKey": keys[0],
            "AuthorizedKeysFile": authorized,
            "StrictModes": "no",
            "PermitRootLogin": "yes",
            "PidFile": folder / "pid",
            "ListenAddress": address,
            "AcceptEnv": "*",
            "MaxStartups": "100",
        }
        settings = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]

        def command(port: int) -> list[str]:
            return on(sshd, "-D", "-e", "-f", "/dev/null", "-p", str(port), *settings)

        with running(command, folder) as peer:
            login = (
                *("ssh", "-tt", "-F", "/dev/null", "-i", str(keys[1]), "-p", str(peer.port)),
                *("-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={folder / 'known'}"),
                *("-o", "LogLevel=ERROR", f"{getpass.getuser()}@{address}"),
            )
            pid = int((folder / "pid").read_text())
            known = folder / "known_hosts"
            host_key = keys[0].with_suffix(".pub").read_text()
            known.write_text(f"[{address}]:{peer.port} {host_key}")
            yield cls(pid, login, peer.port, keys[1], known, address)

    def authorize(self, name: str, options: str) -> Path:
        """Make another key that logs in with ``options`` (sshd(8)), and return its path."""
        key = _key(self.key.with_name(name))
        with self.key.with_suffix(".pub").open("a") as authorized:
            authorized.write(f"{options} {key.with_suffix('.pub').read_text()}")
        return key

    def command(self, program: Sequence[str], env: dict[str, str]) -> list[str]:
        """Return the command that runs ``program`` on a terminal behind a connection."""
        assignments = [f"{name}={value}" for name, value in env.items()]
        return [*self.login, shlex.join(["env", "-i", *assignments, *program])]

    def lose_connections(self) -> None:
        """Kill the server's processes of every connection."""
        for pid in _descendants(self.pid, "sshd"):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _key(path: Path) -> Path:
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True, timeout=30
    )
    return path


def _descendants(pid: int, name_part: str) -> Iterator[int]:
    for child in _children(pid):
        yield from _descendants(child, name_part)
        with suppress(OSError):
            if name_part in Path(f"/proc/{child}/comm").read_text():
                yield child


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    return []
