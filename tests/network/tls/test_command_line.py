"""DCMTK's TLS options, as DCMTK means them."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from dcmecho.exit_codes import ExitCode
from dcmecho.lab.behaviour import Hold, Script
from tests.network.diagnose.test_command_line import COMMAND, DEADLINE_S, dcmecho
from tests.network.peers.real_peers import require_program
from tests.network.peers.scripted import ServePeer
from tests.network.tls.certificates import HOST, PASSPHRASE, WRONG_PASSPHRASE, Certificates
from tests.network.tls.scenario import OPTIONAL, REQUIRED
from tests.network.tls.servers import PythonServer, Server, Servers, Storescp

Options = Callable[[Certificates], list[str]]


def own(certificates: Certificates) -> list[str]:
    return ["+tls", str(certificates.client.key_file), str(certificates.client.cert_file)]


def encrypted(certificates: Certificates) -> list[str]:
    credential = certificates.encrypted_client
    return ["+tls", str(credential.key_file), str(credential.cert_file)]


def trusted(certificates: Certificates) -> list[str]:
    return ["+cf", str(certificates.ca_file)]


def in_folder(certificates: Certificates) -> list[str]:
    """The root in a folder, under its hash."""
    openssl = require_program("openssl", "openssl")
    subprocess.run([openssl, "rehash", certificates.ca_folder], check=True, capture_output=True)
    return ["+cd", str(certificates.ca_folder)]


def not_hashed(certificates: Certificates) -> list[str]:
    """A folder with file names that OpenSSL does not look for."""
    return ["+cd", str(certificates.ca_file.parent)]


WORKING: list[tuple[str, Server, Options]] = [
    (
        "+tls +cf",
        Storescp(REQUIRED),
        lambda certificates: [*own(certificates), *trusted(certificates)],
    ),
    (
        "+tls +cf -rc",
        Storescp(REQUIRED),
        lambda certificates: [*own(certificates), *trusted(certificates), "-rc"],
    ),
    (
        "+tls +cd",
        Storescp(REQUIRED),
        lambda certificates: [*own(certificates), *in_folder(certificates)],
    ),
    ("+tla +cf", Storescp(OPTIONAL), lambda certificates: ["+tla", *trusted(certificates)]),
    (
        "+tla +cf +cf",
        PythonServer(lambda certificates: certificates.without_intermediate),
        lambda certificates: [
            "+tla",
            *trusted(certificates),
            "+cf",
            str(certificates.intermediate_file),
        ],
    ),
    ("+tla -ic", Storescp(OPTIONAL), lambda _papers: ["+tla", "-ic"]),
    (
        "+tls +pw",
        Storescp(REQUIRED),
        lambda certificates: [*encrypted(certificates), "+pw", PASSPHRASE, *trusted(certificates)],
    ),
    (
        "+tls -pw, not encrypted",
        Storescp(REQUIRED),
        lambda certificates: [*own(certificates), "-pw", *trusted(certificates)],
    ),
]

FAILING: list[tuple[str, Server, Options, ExitCode]] = [
    ("+tla, one is demanded", Storescp(REQUIRED), lambda p: ["+tla", *trusted(p)], ExitCode.TLS),
    ("+tls, nothing trusted", Storescp(REQUIRED), own, ExitCode.TLS),
    (
        "+cd, not hashed",
        Storescp(REQUIRED),
        lambda certificates: [*own(certificates), *not_hashed(certificates)],
        ExitCode.TLS,
    ),
    (
        "+pw, a wrong one",
        Storescp(REQUIRED),
        lambda certificates: [
            *encrypted(certificates),
            "+pw",
            WRONG_PASSPHRASE,
            *trusted(certificates),
        ],
        ExitCode.PROFILE,
    ),
    (
        "-pw, encrypted",
        Storescp(REQUIRED),
        lambda certificates: [*encrypted(certificates), "-pw", *trusted(certificates)],
        ExitCode.PROFILE,
    ),
    (
        "certificate and key exchanged",
        Storescp(REQUIRED),
        lambda certificates: [
            "+tls",
            str(certificates.client.cert_file),
            str(certificates.client.key_file),
            *trusted(certificates),
        ],
        ExitCode.PROFILE,
    ),
]


def echoscu(options: list[str], port: int) -> int:
    """Return the exit code of DCMTK's own client."""
    program = require_program("echoscu", "dcmtk")
    done = subprocess.run(
        [program, *options, HOST, str(port)],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=DEADLINE_S,
        check=False,
    )
    return done.returncode


@pytest.mark.parametrize(
    ("server", "options"), [row[1:] for row in WORKING], ids=[r[0] for r in WORKING]
)
def test_works_as_with_echoscu(
    tls_servers: Servers, certificates: Certificates, server: Server, options: Options
) -> None:
    port, given = tls_servers.port_of(server), options(certificates)
    done = dcmecho(*given, HOST, str(port))
    assert (done.returncode, echoscu(given, port)) == (0, 0), done.stdout


@pytest.mark.parametrize(
    ("server", "options", "code"), [row[1:] for row in FAILING], ids=[r[0] for r in FAILING]
)
def test_fails_as_with_echoscu(
    tls_servers: Servers,
    certificates: Certificates,
    server: Server,
    options: Options,
    code: ExitCode,
) -> None:
    port, given = tls_servers.port_of(server), options(certificates)
    done = dcmecho(*given, HOST, str(port))
    assert done.returncode == code, done.stdout
    assert echoscu(given, port) != 0


def test_says_that_the_peer_was_not_verified(tls_servers: Servers) -> None:
    done = dcmecho("+tla", "-ic", HOST, str(tls_servers.port_of(Storescp(OPTIONAL))))
    assert "WARNING at TLS: " in done.stdout
    assert "peer not authenticated" in done.stdout


def test_debug_output_shows_the_handshake_and_no_secret(
    tls_servers: Servers, certificates: Certificates
) -> None:
    port = str(tls_servers.port_of(Storescp(REQUIRED)))
    given = [*encrypted(certificates), *trusted(certificates), "+pw", PASSPHRASE]
    for form in ("text", "json", "jsonl"):
        done = dcmecho("-d", "--format", form, *given, HOST, port)
        assert "ClientHello" in done.stderr
        assert PASSPHRASE not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["+cf", "ca.pem"], "+cf, +cd and -ic need +tls KEY CERT or +tla"),
        (["-ic"], "+cf, +cd and -ic need +tls KEY CERT or +tla"),
        (["+tls", "key.pem", "cert.pem", "+tla"], "not allowed with argument"),
        (["+tla", "-ic", "-rc"], "not allowed with argument"),
        (["+tla", "+pw", PASSPHRASE, "-pw"], "not allowed with argument"),
    ],
)
def test_conflicting_options_are_refused(argv: list[str], said: str) -> None:
    done = dcmecho(*argv, HOST, "1")
    assert done.returncode == ExitCode.USAGE
    assert said in done.stderr
    assert PASSPHRASE not in done.stderr


def test_missing_files_still_give_a_report(tmp_path: Path) -> None:
    done = dcmecho("--json", "+tla", "+cf", str(tmp_path / "absent.pem"), HOST, "1")
    assert done.returncode == ExitCode.PROFILE
    assert json.loads(done.stdout)["causes"][0]["id"] == "profile.tls-file-invalid"


def test_an_unanswered_handshake_can_be_interrupted(serve_peer: ServePeer) -> None:
    target = serve_peer(Script((Hold(),)))
    running = subprocess.Popen(
        [*COMMAND, "--format", "jsonl", "-to", "600", "+tla", HOST, str(target.port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with running:
        assert running.stdout is not None
        for line in running.stdout:
            event = json.loads(line)
            if event.get("event") == "stage-started" and event["stage"] == "tls":
                break
        running.send_signal(signal.SIGINT)
        last = list(running.stdout)[-1]
        assert running.wait(DEADLINE_S) == ExitCode.INTERRUPTED
    assert json.loads(last)["verdict"]["stage"] == "tls"
