"""One archive, asked from several machines: where they first differ, and the cause of that."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.stage import StageId
from dcmecho.exit_codes import ExitCode
from tests.network.peers.real_peers import require_program, running
from tests.scenarios.addresses import ARCHIVE_IPV4, NOBODY_IPV4, PORT, WORKSTATION_IPV4
from tests.scenarios.hospital import GATEWAY_IPV4, OTHER_ARCHIVE_IPV4, Hospital, hospital
from tests.scenarios.namespaces import Machine
from tests.scenarios.network import DROPS_DATA
from tests.scenarios.test_changes import TITLES

_DEADLINE_S = 60.0
_NAME = "pacs.hospital.test"
"""What the name server has."""
_OTHER_NAME = "archive.hospital.test"
"""What only a hosts file has."""
_FROM_GATEWAY = f"ip saddr {GATEWAY_IPV4} tcp dport PORT"
_DROPPED = f"{_FROM_GATEWAY} drop"


@dataclass(frozen=True)
class Situation:
    """What is different for a machine, and what the comparison must say of it."""

    id: str
    differs_at: StageId | None
    causes: tuple[CauseId, ...] = ()
    """The first ones that are listed."""
    exit_code: ExitCode = ExitCode.TCP
    host: str = ARCHIVE_IPV4
    firewall: tuple[str, ...] = ()
    """Rules of the archive's machine; ``PORT`` in them is the archive's."""
    routes: tuple[str, ...] = ()
    """Routes of the gateway."""
    own_routes: tuple[str, ...] = ()
    """Routes of the workstation."""
    gateway_hosts: Mapping[str, str] = field(default_factory=dict)
    own_hosts: Mapping[str, str] = field(default_factory=dict)
    is_dcmqrscp: bool = False
    """Ask DCMTK's archive, which knows the workstation's address, in place of one for everyone."""
    gateway_title: str = ""
    vantages: str = "here,gateway"


_BLOCKED = (CauseId.PATH_BLOCKED_FROM,)
_NAME_DIFFERS = (CauseId.PATH_NAME_DIFFERS,)

SITUATIONS = (
    Situation("nothing differs", None, exit_code=ExitCode.OK),
    Situation(
        "nothing differs at an archive with titles",
        None,
        exit_code=ExitCode.REJECTED,
        is_dcmqrscp=True,
        vantages="gateway,ward",
    ),
    Situation("a firewall drops", StageId.CONNECT, _BLOCKED, firewall=(f"{_FROM_GATEWAY} drop",)),
    Situation(
        "a firewall refuses",
        StageId.CONNECT,
        _BLOCKED,
        firewall=(f"{_FROM_GATEWAY} reject with tcp reset",),
    ),
    Situation(
        "a firewall says prohibited",
        StageId.CONNECT,
        _BLOCKED,
        firewall=(f"{_FROM_GATEWAY} reject with icmpx type admin-prohibited",),
    ),
    Situation("no route there", StageId.CONNECT, _BLOCKED, routes=(f"unreachable {ARCHIVE_IPV4}",)),
    Situation(
        "no route here", StageId.CONNECT, _BLOCKED, own_routes=(f"unreachable {ARCHIVE_IPV4}",)
    ),
    Situation(
        "a firewall drops all data",
        StageId.ASSOCIATE,
        _BLOCKED,
        ExitCode.NOT_DICOM,
        firewall=(f"ip saddr {GATEWAY_IPV4} {DROPS_DATA.replace('104', 'PORT')}",),
    ),
    Situation("dropped from everywhere", None, firewall=("tcp dport PORT drop",)),
    Situation(
        "another address there, where nobody is",
        StageId.RESOLVE,
        _NAME_DIFFERS,
        host=_NAME,
        gateway_hosts={_NAME: NOBODY_IPV4},
    ),
    Situation(
        "a name that is not known there",
        StageId.RESOLVE,
        _NAME_DIFFERS,
        ExitCode.NAME,
        host=_OTHER_NAME,
        own_hosts={_OTHER_NAME: ARCHIVE_IPV4},
    ),
    Situation(
        "a name that is not known here",
        StageId.RESOLVE,
        _NAME_DIFFERS,
        ExitCode.NAME,
        host=_OTHER_NAME,
        gateway_hosts={_OTHER_NAME: ARCHIVE_IPV4},
    ),
    Situation(
        "another archive there",
        StageId.RESOLVE,
        _NAME_DIFFERS,
        ExitCode.REJECTED,
        host=_NAME,
        gateway_hosts={_NAME: OTHER_ARCHIVE_IPV4},
        is_dcmqrscp=True,
    ),
    Situation(
        "an address that is not registered",
        StageId.AE_TITLE,
        (CauseId.PATH_ADDRESS_NOT_REGISTERED, CauseId.PATH_TITLE_PER_ADDRESS),
        ExitCode.REJECTED,
        is_dcmqrscp=True,
    ),
    Situation(
        "another title there",
        StageId.AE_TITLE,
        (CauseId.PATH_TITLE_PER_ADDRESS, CauseId.PATH_ADDRESS_NOT_REGISTERED),
        ExitCode.REJECTED,
        is_dcmqrscp=True,
        gateway_title="GATEWAY",
    ),
    Situation(
        "three machines, two faults",
        StageId.CONNECT,
        (CauseId.PATH_BLOCKED_FROM, CauseId.PATH_ADDRESS_NOT_REGISTERED),
        ExitCode.REJECTED,
        is_dcmqrscp=True,
        vantages="here,gateway,ward",
        firewall=(f"{_FROM_GATEWAY} drop",),
    ),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    with hospital(tmp_path_factory.mktemp("hospital")) as laid_out:
        yield laid_out


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
