"""The peers and programs that the benchmarks measure against."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_START_TIMEOUT_S = 10.0
_SYSTEM_FOLDERS = "/usr/bin:/usr/local/bin:/opt/homebrew/bin"


def dcmtk(name: str) -> str:
    """Return the path of DCMTK's program, not pynetdicom's of the same name."""
    found = shutil.which(name, path=f"{_SYSTEM_FOLDERS}:{os.environ['PATH']}")
    if found is None:
        raise SystemExit(f"{name} is not installed (Debian package dcmtk)")
    return found


@contextmanager
def storescp(folder: Path) -> Iterator[int]:
    """Run DCMTK's ``storescp``, with a process per association, and yield its port."""
    port = free_port()
    command = [dcmtk("storescp"), "--fork", "--output-directory", str(folder), str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as peer:
        try:
            wait_until_open(port)
            yield port
        finally:
            peer.terminate()


def free_port() -> int:
    """Return a port that nothing uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("", 0))
        return int(probe.getsockname()[1])


def wait_until_open(port: int) -> None:
    """Wait until something listens on ``port``."""
    deadline = time.monotonic() + _START_TIMEOUT_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1.0).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def hosts(number: int) -> Sequence[str]:
    """Return addresses of this machine; dcmecho treats each as a different peer."""
    return [f"127.{n // 62500 + 1}.{n // 250 % 250 + 1}.{n % 250 + 1}" for n in range(number)]


def profiles_toml(addresses: Sequence[str], port: int, connect_timeout_s: float = 10.0) -> str:
    """Return a profile file with a target for each address: ``Target 0`` and so on."""
    entries = (
        f'[[target]]\nname = "Target {n}"\nhost = "{host}"\nport = {port}\ncalled_ae = "PACS"\n'
        for n, host in enumerate(addresses)
    )
    return f"[defaults]\nconnect_timeout_s = {connect_timeout_s:g}\n" + "".join(entries)
