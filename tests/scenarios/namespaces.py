"""A workstation, an archive and the network between them, in namespaces that the tests make.

Nothing here touches this machine's own network: the firewalls, routes and name service are those of
the two namespaces, which go away at the end.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from tests.network.peers.real_peers import REQUIRE_PEERS, require_program
from tests.scenarios.addresses import (
    ARCHIVE_IPV4,
    ARCHIVE_IPV6,
    ARCHIVE_LINK_LOCAL,
    INTERFACE,
    NAME_SERVER,
    WORKSTATION_IPV4,
    WORKSTATION_IPV6,
)

_CONFIGURATION = Path("/etc/netns")
"""Where ip-netns(8) finds the files that it shows in place of those in /etc."""

_OWN_LOCKS = 'mount -t tmpfs -o mode=1777 none /run/lock && exec "$@"'
"""ip-netns(8) has made a mount namespace: other machines have the same addresses at this time."""

_REPOSITORY = Path(__file__).parents[2]
_COMMAND_DEADLINE_S = 10.0
_END_DEADLINE_S = 5.0


class SetUpError(Exception):
    """A command that lays out the network failed; the text is what it said."""


@dataclass(frozen=True)
class Machine:
    """One namespace. ``firewall``, ``routes`` and ``asks`` are its own."""

    namespace: str

    def command(self, *words: str) -> list[str]:
        """Return the command line that runs ``words`` on this machine, with locks of its own."""
        return [_ip(), "netns", "exec", self.namespace, "sh", "-c", _OWN_LOCKS, "sh", *words]

    @contextmanager
    def firewall(self, inbound: Sequence[str] = (), outbound: Sequence[str] = ()) -> Iterator[None]:
        """Apply these rules, as written for nft(8), until the context ends."""
        nft = require_program("nft", "nftables")
        rules = [
            "add table inet filter",
            "add chain inet filter input { type filter hook input priority filter; }",
            "add chain inet filter output { type filter hook output priority filter; }",
            *(f"add rule inet filter input {rule}" for rule in inbound),
            *(f"add rule inet filter output {rule}" for rule in outbound),
        ]
        try:
            _run(self.command(nft, "-f", "-"), "\n".join(rules) + "\n")
            yield
        finally:
            _run(self.command(nft, "flush", "ruleset"))

    @contextmanager
    def routes(self, routes: Sequence[str]) -> Iterator[None]:
        """Apply these routes, as written for ip-route(8), until the context ends."""
        with ExitStack() as added:
            for route in routes:
                self.configure(f"route add {route}")
                added.callback(self.configure, f"route del {route}")
            yield

    def asks(self, name_server: str, options: str = "") -> None:
        """Make this machine send every name lookup to the address ``name_server``.

        ``options`` are those of resolv.conf(5), such as ``timeout:1``.
        """
        folder = _CONFIGURATION / self.namespace
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "resolv.conf").write_text(f"nameserver {name_server}\noptions {options}\n")
        if Path("/etc/nsswitch.conf").exists():
            # Some systems ask a daemon over a socket, which would lead out of the namespace.
            (folder / "nsswitch.conf").write_text("hosts: files dns\n")

    def knows(self, names: Mapping[str, str]) -> None:
        """Give this machine a hosts(5) file with these names and their addresses."""
        self.asks(NAME_SERVER)
        lines = [f"{address} {name}\n" for name, address in names.items()]
        (_CONFIGURATION / self.namespace / "hosts").write_text("".join(lines))

    @contextmanager
    def address(self, address: str) -> Iterator[None]:
        """Make this machine call from another address of its network, until the context ends."""
        self.configure(f"address add {address}/24 dev {INTERFACE}")
        network = f"{address.rpartition('.')[0]}.0/24 dev {INTERFACE} proto kernel scope link"
        try:
            self.configure(f"route replace {network} src {address}")
            yield
        finally:
            self.configure(
                f"route replace {network} src {WORKSTATION_IPV4}",
                f"address del {address}/24 dev {INTERFACE}",
            )

    @contextmanager
    def renamed(self, interface: str, name: str) -> Iterator[None]:
        """Give an interface another name, as one that takes its place, until the context ends."""
        self.configure(f"link set {interface} name {name}")
        try:
            yield
        finally:
            self.configure(f"link set {name} name {interface}")

    def configure(self, *orders: str) -> None:
        """Run an ip(8) command."""
        for order in orders:
            _run([_ip(), "-n", self.namespace, *order.split()])


@dataclass(frozen=True)
class Site:
    """The workstation, the peer's machine, and a cable between them."""

    workstation: Machine
    archive: Machine


@contextmanager
def site() -> Iterator[Site]:
    """Lay out the site; an archive and a name server answer when this is entered.

    Skips (or fails, see ``REQUIRE_PEERS``) where this machine does not allow it.
    """
    require_namespaces()
    with ExitStack() as made:
        try:
            workstation = made.enter_context(machine("workstation"))
            archive = made.enter_context(machine("archive"))
            _connect(workstation, archive)
            with archive.firewall(["tcp dport 1 reject with tcp reset"]):
                pass
        except SetUpError as error:
            _unmet(f"this machine lets nobody lay out a network: {error}")
        made.enter_context(answering(archive))
        yield Site(workstation, archive)


def require_namespaces() -> None:
    """Skip (or fail, see ``REQUIRE_PEERS``) where nobody can lay out a network."""
    if os.geteuid() != 0:
        _unmet("network namespaces are for root: run these tests as root")
    require_program("ip", "iproute2")
    require_program("nft", "nftables")


def has_ipv6() -> bool:
    """Return whether the kernel supports IPv6."""
    return Path("/proc/net/if_inet6").exists()


def _unmet(reason: str) -> NoReturn:
    if os.environ.get(REQUIRE_PEERS) == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def machine(role: str) -> Iterator[Machine]:
    """Make a namespace for a machine, until the context ends."""
    namespace = f"dcmecho-{role}-{os.getpid()}-{secrets.token_hex(2)}"
    _run([_ip(), "netns", "add", namespace])
    try:
        yield Machine(namespace)
    finally:
        _run([_ip(), "netns", "delete", namespace])
        shutil.rmtree(_CONFIGURATION / namespace, ignore_errors=True)
        with suppress(OSError):
            _CONFIGURATION.rmdir()  # only where it is empty


def _connect(workstation: Machine, archive: Machine) -> None:
    workstation.configure(
        f"link add {INTERFACE} type veth peer name {INTERFACE} netns {archive.namespace}",
        f"address add {WORKSTATION_IPV4}/24 dev {INTERFACE}",
    )
    archive.configure(
        f"address add {ARCHIVE_IPV4}/24 dev {INTERFACE}",
        f"address add {NAME_SERVER}/24 dev {INTERFACE}",
    )
    if has_ipv6():
        workstation.configure(f"address add {WORKSTATION_IPV6}/64 dev {INTERFACE} nodad")
        archive.configure(
            f"address add {ARCHIVE_IPV6}/64 dev {INTERFACE} nodad",
            f"address add {ARCHIVE_LINK_LOCAL}/64 dev {INTERFACE} nodad",
        )
    for place in (workstation, archive):
        place.configure("link set lo up", f"link set {INTERFACE} up")
    # Linux limits the rate of ICMP errors, so a scenario could wait for the next one.
    _run(archive.command("tee", "/proc/sys/net/ipv4/icmp_ratelimit"), "0")
    if has_ipv6():
        _run(archive.command("tee", "/proc/sys/net/ipv6/icmp/ratelimit"), "0")


@contextmanager
def answering(place: Machine) -> Iterator[None]:
    """Run ``answering`` on ``place``; it has said that it is ready when this is entered."""
    process = subprocess.Popen(
        place.command(sys.executable, "-m", "tests.scenarios.answering"),
        cwd=_REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            if not process.stdout.readline():
                pytest.fail("the archive of the scenarios did not start, see its words on stderr")
            yield
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_END_DEADLINE_S)
            process.kill()


def _ip() -> str:
    return require_program("ip", "iproute2")


def _run(command: Sequence[str], stdin: str = "") -> None:
    done = subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=_COMMAND_DEADLINE_S,
        check=False,
    )
    if done.returncode != 0:
        raise SetUpError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
