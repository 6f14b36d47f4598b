"""Peers for the network tests: the lab, scripted ones, DCMTK and Orthanc."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from dcmecho.diagnosis.target.target import Target
from dcmecho.lab.behaviour import Behaviour
from dcmecho.lab.server import Lab
from tests.network.peers import dcmtk, orthanc
from tests.network.peers.real_peers import RealPeer
from tests.network.peers.scripted import ServePeer, lab_of
from tests.network.tls.certificates import Certificates
from tests.network.tls.servers import Servers


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """Serve every peer of the lab."""
    with Lab() as running:
        yield running


@pytest.fixture
def serve_peer() -> Iterator[ServePeer]:
    """Serve one-off behaviours, any number in a test."""
    with ExitStack() as labs:

        def serve(behaviour: Behaviour) -> Target:
            (target,) = labs.enter_context(lab_of(behaviour)).targets()
            return target

        yield serve


@pytest.fixture(scope="session")
def storescp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPeer]:
    with dcmtk.storescp(tmp_path_factory.mktemp("storescp")) as peer:
        yield peer


@pytest.fixture(scope="session")
def dcmqrscp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPeer]:
    with dcmtk.dcmqrscp(tmp_path_factory.mktemp("dcmqrscp")) as peer:
        yield peer


@pytest.fixture(scope="session")
def orthanc_default(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealPeer]:
    with orthanc.orthanc(tmp_path_factory.mktemp("orthanc"), orthanc.DEFAULT) as peer:
        yield peer


@pytest.fixture(scope="session")
def orthanc_checks_called_title(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RealPeer]:
    with orthanc.orthanc(tmp_path_factory.mktemp("orthanc"), orthanc.CHECKS_CALLED_TITLE) as peer:
        yield peer


@pytest.fixture(scope="session")
def orthanc_checks_each_command(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RealPeer]:
    with orthanc.orthanc(tmp_path_factory.mktemp("orthanc"), orthanc.CHECKS_EACH_COMMAND) as peer:
        yield peer


@pytest.fixture(scope="session")
def orthanc_checks_association(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RealPeer]:
    with orthanc.orthanc(tmp_path_factory.mktemp("orthanc"), orthanc.CHECKS_ASSOCIATION) as peer:
        yield peer


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="session")
def tls_servers(
    certificates: Certificates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Servers]:
    with Servers(certificates, tmp_path_factory.mktemp("tls")) as servers:
        yield servers
