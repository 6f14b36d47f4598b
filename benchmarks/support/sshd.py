"""OpenSSH on 127.0.0.1, with keys of its own."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.peers import free_port, wait_until_open

_PRIVILEGE_SEPARATION = Path("/run/sshd")


@contextmanager
def sshd(folder: Path) -> Iterator[Path]:
    """Serve, and yield the ssh_config(5) whose host ``gateway`` logs in there."""
    program = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise SystemExit("sshd is not installed (Debian package openssh-server)")
    if os.geteuid() == 0:
        _PRIVILEGE_SEPARATION.mkdir(exist_ok=True)
    for name in ("host", "user"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True)
    port = free_port()
    options = {
        "HostKey": folder / "host",
        "AuthorizedKeysFile": folder / "user.pub",
        "StrictModes": "no",
        "PermitRootLogin": "yes",
        "PidFile": "none",
        "ListenAddress": "127.0.0.1",
        "MaxStartups": "100",
    }
    settings = [part for key, value in options.items() for part in ("-o", f"{key}={value}")]
    command = [program, "-D", "-f", "/dev/null", "-p", str(port), *settings]
    (folder / "known").write_text(f"[127.0.0.1]:{port} {(folder / 'host.pub').read_text()}")
    config = folder / "ssh_config"
    config.write_text(
        f"Host gateway\n HostName 127.0.0.1\n Port {port}\n User {getpass.getuser()}\n"
        f" IdentityFile {folder / 'user'}\n IdentitiesOnly yes\n"
        f" UserKnownHostsFile {folder / 'known'}\n"
    )
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            wait_until_open(port)
            yield config
        finally:
            server.terminate()
