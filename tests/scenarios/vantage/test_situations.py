"""One archive, asked from several machines: where they first differ, and the cause of that."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.network.peers.real_peers import require_program, running
from tests.scenarios.addresses import PORT, WORKSTATION_IPV4
from tests.scenarios.namespaces import Machine
from tests.scenarios.test_changes import TITLES
from tests.scenarios.vantage.hospital import Hospital
from tests.scenarios.vantage.situations import SITUATIONS, Situation

_DEADLINE_S = 60.0


def dcmqrscp(site: Hospital, folder: Path, port: int | None = None) -> Any:
    program = require_program("dcmqrscp", "dcmtk")
    (folder / "storage").mkdir(parents=True)
    configuration = folder / "dcmqrscp.cfg"
    configuration.write_text(TITLES.format(address=WORKSTATION_IPV4, storage=folder / "storage"))
    options = ["-dhl", "--config", str(configuration)]
    return running(lambda found: site.archive.command(program, *options, str(found)), folder, port)


def ask(
    site: Hospital, folder: Path, port: int, situation: Situation
) -> tuple[int, dict[str, Any]]:
    """Compare the vantage points of a situation, and return what is printed."""
    gateway, ward = site.vantages
    titled = replace(site, vantages=(replace(gateway, calling_ae=situation.gateway_title), ward))
    options = ["--profiles", str(titled.profiles(folder)), "--from", situation.vantages]
    return run(site.workstation, [*options, *_target(situation, port, "MY_WORKSTATION")])


def run(machine: Machine, options: list[str]) -> tuple[int, dict[str, Any]]:
    """Run dcmecho on a machine, and return its exit code and what it prints."""
    command = [sys.executable, "-m", "dcmecho", "--json", "--no-history", *options]
    done = subprocess.run(
        machine.command(*command),
        capture_output=True,
        text=True,
        timeout=_DEADLINE_S,
        check=False,
        cwd="/",
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def _target(situation: Situation, port: int, calling_ae: str) -> list[str]:
    timers = ["-to", "1", "-ta", "2", "-td", "2"]
    return [*timers, "-aet", calling_ae, "-aec", "MAIN_PACS", situation.host, str(port)]


def verdict(report: dict[str, Any]) -> object:
    """What a run found, without times and ports."""
    causes = [(cause["id"], cause["confidence"]) for cause in report["causes"]]
    stages = [(stage["id"], stage["status"]) for stage in report["stages"]]
    return report["verdict"]["status"], report["verdict"]["stage"], causes, stages


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.id)
def test_the_first_difference_and_its_cause(
    situation: Situation, site: Hospital, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        port = PORT
        if situation.is_dcmqrscp:
            port = stack.enter_context(dcmqrscp(site, tmp_path / "archive")).port
        firewall = [rule.replace("PORT", str(port)) for rule in situation.firewall]
        stack.enter_context(site.archive.firewall(inbound=firewall))
        stack.enter_context(site.gateway.routes(situation.routes))
        stack.enter_context(site.workstation.routes(situation.own_routes))
        site.gateway.knows(situation.gateway_hosts)
        site.workstation.knows(situation.own_hosts)
        code, found = ask(site, tmp_path, port, situation)
        title = situation.gateway_title or "MY_WORKSTATION"
        _, on_the_gateway = run(site.gateway, _target(situation, port, title))

    differs_at = situation.differs_at.value if situation.differs_at else None
    assert found["differs_at"] == differs_at
    listed = [cause["id"] for cause in found["causes"]]
    assert listed[: len(situation.causes)] == [cause.value for cause in situation.causes]
    assert bool(listed) is bool(situation.causes)
    assert code == situation.exit_code
    (from_there,) = (each for each in found["reports"] if each["vantage"] == "gateway")
    assert verdict(from_there) == verdict(on_the_gateway)
