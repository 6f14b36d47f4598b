"""A workstation, two machines that it reaches by ssh, and an archive, each in a namespace.

As in ``namespaces``, nothing here touches this machine's own network.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from dcmecho.diagnosis.vantage.vantage import Vantage
from tests.network.peers.ssh_server import SshServer
from tests.network.vantage.ways import vantage
from tests.scenarios.addresses import ARCHIVE_IPV4, INTERFACE, NAME_SERVER, WORKSTATION_IPV4
from tests.scenarios.namespaces import Machine, answering, machine, require_namespaces
from tests.scenarios.vantage.addresses import GATEWAY_IPV4, OTHER_ARCHIVE_IPV4, WARD_IPV4

_BRIDGE = "lan0"


@dataclass(frozen=True)
class Hospital:
    """Four machines on one network; ``vantages`` are how the workstation reaches two of them."""

    workstation: Machine
    gateway: Machine
    ward: Machine
    archive: Machine
    vantages: tuple[Vantage, ...]
    servers: tuple[SshServer, ...]

    def profiles(self, folder: Path) -> Path:
        """Write a profile file with the vantage points, and return its path."""
        path = folder / "profiles.toml"
        path.write_text("".join(map(_table, self.vantages)))
        return path


def _table(point: Vantage) -> str:
    values = {"ssh": point.ssh, "ssh_config": point.ssh_config, "calling_ae": point.calling_ae}
    lines = [f'{key} = "{value}"' for key, value in values.items() if value]
    return "\n".join([f"[vantage.{point.name}]", *lines]) + "\n"


@contextmanager
def hospital(folder: Path) -> Iterator[Hospital]:
    """Lay out the network; every server answers when this is entered."""
    require_namespaces()
    with ExitStack() as made:
        switch = made.enter_context(machine("switch"))
        switch.configure(f"link add {_BRIDGE} type bridge", f"link set {_BRIDGE} up")
        places = (
            ("workstation", (WORKSTATION_IPV4,)),
            ("gateway", (GATEWAY_IPV4,)),
            ("ward", (WARD_IPV4,)),
            ("archive", (ARCHIVE_IPV4, NAME_SERVER, OTHER_ARCHIVE_IPV4)),
        )
        machines = {}
        for name, addresses in places:
            machines[name] = made.enter_context(machine(name))
            _plug_in(machines[name], switch, f"port{len(machines)}", addresses)
            machines[name].knows({})
        made.enter_context(answering(machines["archive"]))
        servers = []
        for name, address in (("gateway", GATEWAY_IPV4), ("ward", WARD_IPV4)):
            place = folder / name
            place.mkdir()
            command = machines[name].command
            servers.append(made.enter_context(SshServer.running(place, address, command)))
        gateway, ward = (vantage(server, server.key.parent) for server in servers)
        points = (gateway, Vantage("ward", "ward", ssh_config=ward.ssh_config))
        yield Hospital(**machines, vantages=points, servers=tuple(servers))


def _plug_in(place: Machine, switch: Machine, port: str, addresses: tuple[str, ...]) -> None:
    switch.configure(
        f"link add {port} type veth peer name {INTERFACE} netns {place.namespace}",
        f"link set {port} master {_BRIDGE}",
        f"link set {port} up",
    )
    for address in addresses:
        place.configure(f"address add {address}/24 dev {INTERFACE}")
    place.configure("link set lo up", f"link set {INTERFACE} up")
