"""What can be different for one of several machines: a table to read and to extend.

Rules are written for nft(8), routes for ip-route(8).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.stage import StageId
from dcmecho.exit_codes import ExitCode
from tests.scenarios.addresses import ARCHIVE_IPV4, NOBODY_IPV4
from tests.scenarios.network import DROPS_DATA
from tests.scenarios.vantage.addresses import GATEWAY_IPV4, OTHER_ARCHIVE_IPV4

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
