"""The network between dcmecho and the vantage point is cut: no FIN comes, only silence."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from dcmecho.diagnosis.cause import CauseId
from dcmecho.dicom.vantage.far_socket import LOST_AFTER_S
from dcmecho.exit_codes import ExitCode
from tests.scenarios.addresses import ARCHIVE_IPV4, PORT
from tests.scenarios.network import DROPS_DATA
from tests.scenarios.vantage.addresses import GATEWAY_IPV4
from tests.scenarios.vantage.hospital import Hospital

_TIMER_S = 40.0
"""Longer than the silence that counts as lost."""
_PATIENCE_S = 20.0
_POLL_S = 0.05


def test_silence_on_the_way_ends_both_sides(site: Hospital, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dcmecho", "--json", "--no-history", "--from", "gateway"]
    command += ["--profiles", str(site.profiles(tmp_path)), "-ta", str(_TIMER_S)]
    command += [ARCHIVE_IPV4, str(PORT)]
    ssh_port = site.servers[0].port
    cut = [f"tcp dport {ssh_port} drop"], [f"tcp sport {ssh_port} drop"]
    with (
        site.archive.firewall([f"ip saddr {GATEWAY_IPV4} {DROPS_DATA}"]),
        subprocess.Popen(
            site.workstation.command(*command), stdout=subprocess.PIPE, text=True, cwd="/"
        ) as process,
    ):
        _until_connected(site)
        with site.gateway.firewall(*cut):
            cut_at = time.monotonic()
            printed, _ = process.communicate(timeout=_TIMER_S)
            took_s = time.monotonic() - cut_at
            _until_nobody_is_connected(site)

    report = json.loads(printed)
    assert [cause["id"] for cause in report["causes"]] == [CauseId.VANTAGE_LOST]
    assert process.returncode == ExitCode.NO_VANTAGE
    assert took_s < LOST_AFTER_S + 5


def _connections(site: Hospital) -> str:
    """The connections of the gateway to the archive, as ss(8) lists them."""
    command = site.gateway.command("ss", "-Htnp", "dst", f"{ARCHIVE_IPV4}:{PORT}")
    done = subprocess.run(command, capture_output=True, text=True, timeout=10)
    return "\n".join(line for line in done.stdout.splitlines() if "users:" in line)


def _until_connected(site: Hospital) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not _connections(site):
        assert time.monotonic() < deadline
        time.sleep(_POLL_S)


def _until_nobody_is_connected(site: Hospital) -> None:
    """Wait until no process of the gateway has a connection to the archive any more."""
    deadline = time.monotonic() + LOST_AFTER_S + _PATIENCE_S
    while _connections(site):
        assert time.monotonic() < deadline
        time.sleep(_POLL_S)
