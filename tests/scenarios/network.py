"""What goes wrong between a workstation and an archive: a table to read and to extend.

Rules are written for nft(8) and routes for ip-route(8). The archive is healthy and listens on
port 104 (``addresses``); each scenario breaks one thing on the way to it, or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.exit_codes import ExitCode
from tests.scenarios.addresses import (
    ARCHIVE_IPV4,
    ARCHIVE_IPV6,
    ARCHIVE_LINK_LOCAL,
    BROKEN_NAME,
    ELSEWHERE_IPV4,
    ELSEWHERE_IPV6,
    INTERFACE,
    NAME_SERVER,
    NOBODY_IPV4,
    NOBODY_IPV6,
    ZONE,
)
from tests.scenarios.command_line import Suspect, likely, possible, proven

DROPS_DATA = "tcp dport 104 tcp flags & psh == psh drop"
"""The handshake carries no data and passes."""


@dataclass(frozen=True)
class Scenario:
    """One network problem, and what ``dcmecho`` must report about it."""

    id: str
    story: str
    host: str
    """The name or address given to ``dcmecho``, with port 104."""
    stage: StageId
    """The stage of the verdict."""
    exit_code: ExitCode
    causes: tuple[Suspect, ...] = ()
    """All listed causes, in order."""
    says: str = ""
    """A part of the stage's summary."""
    status: VerdictStatus = VerdictStatus.FAILED
    archive_firewall: tuple[str, ...] = ()
    """Rules for incoming packets at the archive's machine."""
    own_firewall: tuple[str, ...] = ()
    """Rules for outgoing packets of the workstation."""
    own_routes: tuple[str, ...] = ()
    name_server: str = NAME_SERVER
    """Address of the name server that the workstation uses."""
    options: tuple[str, ...] = ()
    """Options of the command line: short timeouts if a scenario waits for silence."""

    @property
    def needs_ipv6(self) -> bool:
        return any(":" in address for address in ZONE.get(self.host, (self.host,)))


GREEN = (
    Scenario(
        "ipv4",
        "Nothing is wrong: so it is each scenario's own fault that breaks it",
        ARCHIVE_IPV4,
        StageId.RELEASE,
        ExitCode.OK,
        status=VerdictStatus.OK,
    ),
    Scenario(
        "name",
        "The name server knows the archive",
        "pacs.hospital.test",
        StageId.RELEASE,
        ExitCode.OK,
        status=VerdictStatus.OK,
    ),
    Scenario(
        "ipv6",
        "An IPv6 address as it is written",
        ARCHIVE_IPV6,
        StageId.RELEASE,
        ExitCode.OK,
        status=VerdictStatus.OK,
    ),
    Scenario(
        "ipv6-link-local",
        "An IPv6 address that means something on one cable only",
        f"{ARCHIVE_LINK_LOCAL}%{INTERFACE}",
        StageId.RELEASE,
        ExitCode.OK,
        status=VerdictStatus.OK,
    ),
    Scenario(
        "name-with-ipv6-only",
        "A name with an AAAA record and no A record",
        "pacs-v6.hospital.test",
        StageId.RELEASE,
        ExitCode.OK,
        status=VerdictStatus.OK,
    ),
    Scenario(
        "first-address-dead",
        "A name with two A records, of which the first is a machine that was switched off",
        "two-addresses.hospital.test",
        StageId.CONNECT,
        ExitCode.OK,
        (proven(CauseId.TCP_NO_ANSWER),),
        says=f"to {ARCHIVE_IPV4}:104; not reachable: {NOBODY_IPV4}:104",
        status=VerdictStatus.WARNING,
        options=("-to", "1"),
    ),
)

SLOW = (
    Scenario(
        "first-packets-lost",
        "The network loses the first two requests for a connection",
        ARCHIVE_IPV4,
        StageId.CONNECT,
        ExitCode.OK,
        (likely(CauseId.TCP_SLOW), possible(CauseId.PEER_SLOW)),
        says="connected from 192.0.2.1",
        status=VerdictStatus.WARNING,
        archive_firewall=(
            "tcp dport 104 tcp flags & (syn | ack) == syn numgen inc mod 3 < 2 drop",
        ),
    ),
)

NAMES = (
    Scenario(
        "name-unknown",
        "The name server has no such name (NXDOMAIN)",
        "pcas.hospital.test",
        StageId.RESOLVE,
        ExitCode.NAME,
        (proven(CauseId.DNS_NOT_FOUND),),
    ),
    Scenario(
        "name-without-address",
        "The name exists and has no address (NODATA)",
        "no-address.hospital.test",
        StageId.RESOLVE,
        ExitCode.NAME,
        (proven(CauseId.DNS_NOT_FOUND),),
    ),
    Scenario(
        "name-server-failing",
        "The name server answers that it failed (SERVFAIL)",
        BROKEN_NAME,
        StageId.RESOLVE,
        ExitCode.NAME,
        (proven(CauseId.DNS_NO_ANSWER),),
        says="Temporary failure in name resolution",
    ),
    Scenario(
        "name-server-silent",
        "A firewall eats the questions: the system waits 10 s, dcmecho 5",
        "pacs.hospital.test",
        StageId.RESOLVE,
        ExitCode.NAME,
        (proven(CauseId.DNS_NO_ANSWER),),
        says="did not answer within 5 s",
        archive_firewall=("udp dport 53 drop",),
    ),
    Scenario(
        "name-server-gone",
        "The machine is there and runs no name server any more",
        "pacs.hospital.test",
        StageId.RESOLVE,
        ExitCode.NAME,
        (proven(CauseId.DNS_NO_ANSWER),),
        says="Temporary failure in name resolution",
        name_server=ARCHIVE_IPV4,
    ),
)

FIREWALLS = (
    Scenario(
        "syn-dropped",
        "The firewall drops the connection request",
        ARCHIVE_IPV4,
        StageId.CONNECT,
        ExitCode.TCP,
        (proven(CauseId.TCP_NO_ANSWER),),
        says="no answer within 1 s",
        archive_firewall=("tcp dport 104 drop",),
        options=("-to", "1"),
    ),
    Scenario(
        "syn-dropped-by-ourselves",
        "The workstation's own firewall lets nothing out to the port",
        ARCHIVE_IPV4,
        StageId.CONNECT,
        ExitCode.TCP,
        (proven(CauseId.TCP_NO_ANSWER),),
        own_firewall=("tcp dport 104 drop",),
        options=("-to", "1"),
    ),
    Scenario(
        "rejected-with-reset",
        "The firewall answers as a closed port does",
        ARCHIVE_IPV4,
        StageId.CONNECT,
        ExitCode.TCP,
        (proven(CauseId.TCP_REFUSED),),
        says="ECONNREFUSED",
        archive_firewall=("tcp dport 104 reject with tcp reset",),
    ),
    Scenario(
        "rejected-port-unreachable",
        "The default of nft and iptables: an ICMP that the system words as a closed port",
        ARCHIVE_IPV4,
        StageId.CONNECT,
        ExitCode.TCP,
        (proven(CauseId.TCP_REFUSED),),
        says="ECONNREFUSED",
        archive_firewall=("tcp dport 104 reject with icmp port-unreachable",),
    ),
    Scenario(
        "rejected-admin-prohibited",
        "The default of firewalld (Red Hat): the system says 'No route to host'",
        ARCHIVE_IPV4,
        StageId.CONNECT,
        ExitCode.TCP,
        (likely(CauseId.TCP_PROHIBITED), possible(CauseId.TCP_UNREACHABLE)),
        says="EHOSTUNREACH",
        archive_firewall=("tcp dport 104 reject with icmp admin-prohibited",),
    ),
    Scenario(
        "rejected-host-prohibited",
        "The default of older Red Hat systems",
        ARCHIVE_IPV4,
        StageId.CONNECT,
        ExitCode.TCP,
        (likely(CauseId.TCP_PROHIBITED), possible(CauseId.TCP_UNREACHABLE)),
        says="EHOSTUNREACH",
        archive_firewall=("tcp dport 104 reject with icmp host-prohibited",),
    ),
    Scenario(
        "rejected-net-prohibited",
        "A router forbids the network: the system says 'Network is unreachable'",
        ARCHIVE_IPV4,
        StageId.CONNECT,
        ExitCode.TCP,
        (likely(CauseId.TCP_UNREACHABLE), possible(CauseId.TCP_PROHIBITED)),
        says="ENETUNREACH",
        archive_firewall=("tcp dport 104 reject with icmp net-prohibited",),
    ),
    Scenario(
        "rejected-admin-prohibited-ipv6",
        "The default of firewalld over IPv6: the system says 'Permission denied'",
        ARCHIVE_IPV6,
        StageId.CONNECT,
        ExitCode.TCP,
        (likely(CauseId.TCP_PROHIBITED), possible(CauseId.TCP_LOCAL_ERROR)),
        says="EACCES",
        archive_firewall=("tcp dport 104 reject with icmpv6 admin-prohibited",),
    ),
    Scenario(
        "rejected-protocol-unreachable",
        "A rare REJECT that the system words as 'Protocol not available'",
        ARCHIVE_IPV4,
        StageId.CONNECT,
        ExitCode.TCP,
        (likely(CauseId.TCP_PROHIBITED), possible(CauseId.TCP_LOCAL_ERROR)),
        says="ENOPROTOOPT",
        archive_firewall=("tcp dport 104 reject with icmp prot-unreachable",),
    ),
    Scenario(
        "request-dropped",
        "The connection opens, then a firewall eats all data: no program had a say",
        ARCHIVE_IPV4,
        StageId.ASSOCIATE,
        ExitCode.NOT_DICOM,
        (likely(CauseId.TCP_NO_ANSWER), possible(CauseId.PEER_SILENT)),
        archive_firewall=(DROPS_DATA,),
        options=("-ta", "2"),
    ),
    Scenario(
        "big-packets-dropped",
        "The path drops large packets: a long request is lost, a short one passes",
        ARCHIVE_IPV4,
        StageId.ASSOCIATE,
        ExitCode.NOT_DICOM,
        (
            likely(CauseId.TCP_NO_ANSWER),
            possible(CauseId.TCP_BIG_PACKETS_LOST),
            possible(CauseId.PEER_SILENT),
        ),
        archive_firewall=("tcp dport 104 meta length > 900 drop",),
        options=("-ta", "2", "-ppc", "60"),
    ),
    Scenario(
        "request-reset",
        "An intrusion filter breaks the connection when it sees the request",
        ARCHIVE_IPV4,
        StageId.ASSOCIATE,
        ExitCode.NOT_DICOM,
        (
            likely(CauseId.PEER_RESET_ON_REQUEST),
            possible(CauseId.PEER_IS_TLS),
            possible(CauseId.PEER_CLOSED_ON_CONNECT),
            possible(CauseId.TCP_RESET),
        ),
        archive_firewall=("tcp dport 104 tcp flags & psh == psh reject with tcp reset",),
    ),
)

ROUTES = (
    Scenario(
        "address-of-nobody",
        "Same subnet, and no machine has the address: ARP gives up after 3 s",
        NOBODY_IPV4,
        StageId.CONNECT,
        ExitCode.TCP,
        (likely(CauseId.TCP_UNREACHABLE), possible(CauseId.TCP_PROHIBITED)),
        says="EHOSTUNREACH",
    ),
    Scenario(
        "address-of-nobody-ipv6",
        "The same over IPv6: neighbour discovery gives up after 3 s",
        NOBODY_IPV6,
        StageId.CONNECT,
        ExitCode.TCP,
        (likely(CauseId.TCP_UNREACHABLE), possible(CauseId.TCP_PROHIBITED)),
        says="EHOSTUNREACH",
    ),
    Scenario(
        "no-route",
        "The workstation has no route to the archive's network",
        ELSEWHERE_IPV4,
        StageId.CONNECT,
        ExitCode.TCP,
        (likely(CauseId.TCP_UNREACHABLE), possible(CauseId.TCP_PROHIBITED)),
        says="ENETUNREACH",
    ),
    Scenario(
        "no-route-ipv6",
        "The same over IPv6",
        ELSEWHERE_IPV6,
        StageId.CONNECT,
        ExitCode.TCP,
        (likely(CauseId.TCP_UNREACHABLE), possible(CauseId.TCP_PROHIBITED)),
        says="ENETUNREACH",
    ),
    Scenario(
        "route-prohibited",
        "A rule on the workstation itself forbids the way",
        ELSEWHERE_IPV4,
        StageId.CONNECT,
        ExitCode.TCP,
        (proven(CauseId.TCP_LOCAL_ERROR),),
        says="EACCES",
        own_routes=(f"prohibit {ELSEWHERE_IPV4}",),
    ),
    Scenario(
        "route-prohibited-ipv6",
        "The same over IPv6, where a firewall on the way has the same words",
        ELSEWHERE_IPV6,
        StageId.CONNECT,
        ExitCode.TCP,
        (likely(CauseId.TCP_PROHIBITED), possible(CauseId.TCP_LOCAL_ERROR)),
        says="EACCES",
        own_routes=(f"prohibit {ELSEWHERE_IPV6}",),
    ),
    Scenario(
        "route-blackhole",
        "A rule on the workstation itself swallows what goes there",
        ELSEWHERE_IPV4,
        StageId.CONNECT,
        ExitCode.TCP,
        (proven(CauseId.TCP_LOCAL_ERROR),),
        says="EINVAL",
        own_routes=(f"blackhole {ELSEWHERE_IPV4}",),
    ),
    Scenario(
        "route-unreachable",
        "A rule on the workstation itself says that there is no way: the words of a firewall",
        ELSEWHERE_IPV4,
        StageId.CONNECT,
        ExitCode.TCP,
        (likely(CauseId.TCP_PROHIBITED), possible(CauseId.TCP_UNREACHABLE)),
        says="EHOSTUNREACH",
        own_routes=(f"unreachable {ELSEWHERE_IPV4}",),
    ),
)

SCENARIOS = (*GREEN, *SLOW, *NAMES, *FIREWALLS, *ROUTES)
