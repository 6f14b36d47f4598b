"""What callers over TLS write of each server, and their packets, tell what a check of it says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from dcmecho.capture.associations.reading import read_associations
from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.texts.explaining import explain
from tests.network.diagnose.diagnosing import diagnose
from tests.network.roundtrip.callers import (
    DCMECHO,
    ECHOSCU_DEBUG,
    PYNETDICOM_TLS,
    Caller,
)
from tests.network.roundtrip.comparing import Agreement, Truth, compare
from tests.network.roundtrip.recording import recorded
from tests.network.tls.certificates import Certificates
from tests.network.tls.scenario import Scenario, tls_target
from tests.network.tls.scenarios import CERTIFICATE_OF_THE_PEER, OUR_CERTIFICATE
from tests.network.tls.servers import Servers

_PATIENCE_S = 3.0
_FAILING = (*CERTIFICATE_OF_THE_PEER, *OUR_CERTIFICATE)
_SMOKE = ("expired", "a stranger's shown to python")
_CALLERS = (ECHOSCU_DEBUG, PYNETDICOM_TLS, DCMECHO)

_NOT_LOOKED_AT: Mapping[CauseId, tuple[tuple[Caller, ...], str]] = {
    CauseId.TLS_CERT_NAME_MISMATCH: (
        _CALLERS,
        "DCMTK compares no name, and no caller here is given the name that the profile has",
    ),
    CauseId.TLS_CIPHER: ((ECHOSCU_DEBUG,), "DCMTK accepts shorter keys"),
}
"""By cause the callers that the server does not fail for, and why."""

_FAILS_OTHERWISE: Mapping[str, tuple[Caller, str]] = dict.fromkeys(
    ("none shown, TLS 1.2", "a stranger's shown, TLS 1.2"),
    (ECHOSCU_DEBUG, "DCMTK's default profile and this server share no cipher suite"),
)
"""By scenario the caller that fails earlier than a check, and why."""


def _assert_told(
    scenario: Scenario,
    caller: Caller,
    servers: Servers,
    certificates: Certificates,
    folder: Path,
) -> None:
    port = servers.port_of(scenario.server)
    patience_s = min(scenario.patience_s, _PATIENCE_S)
    target = tls_target(port, scenario.ask(certificates), patience_s)
    live = diagnose(target)
    truth = Truth(live, frozenset(cause.id for cause in live.causes))
    with recorded(folder / "run.pcap", port):
        text = caller.ask(target)
    callers, _ = _NOT_LOOKED_AT.get(live.causes[0].id, ((), ""))
    found = explain([[text]])
    otherwise, _ = _FAILS_OTHERWISE.get(scenario.id, (None, ""))
    if caller not in (*callers, otherwise):
        assert found.is_dicom, text
        assert compare(truth, found.failures) is not Agreement.DIFFERED, (live, text, found)
        read = read_associations([str(folder / "run.pcap")])
        assert compare(truth, read.associations) is not Agreement.DIFFERED, (live, text, read)


@pytest.mark.parametrize("name", _SMOKE)
def test_text_and_packets_tell_what_a_check_says(
    name: str, tls_servers: Servers, certificates: Certificates, tmp_path: Path
) -> None:
    (scenario,) = (each for each in _FAILING if each.id == name)
    _assert_told(scenario, ECHOSCU_DEBUG, tls_servers, certificates, tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize("caller", _CALLERS, ids=lambda caller: caller.name)
@pytest.mark.parametrize("scenario", _FAILING, ids=lambda scenario: scenario.id)
def test_text_and_packets_tell_it_of_every_server(
    scenario: Scenario,
    caller: Caller,
    tls_servers: Servers,
    certificates: Certificates,
    tmp_path: Path,
) -> None:
    _assert_told(scenario, caller, tls_servers, certificates, tmp_path)
