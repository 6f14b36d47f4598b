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
from tests.network.tls.certificates import HOST, PASSPHRASE, WRONG_PASSPHRASE, Papers
from tests.network.tls.scenario import OPTIONAL, REQUIRED
from tests.network.tls.servers import PythonServer, Server, Servers, Storescp

Options = Callable[[Papers], list[str]]


def own(papers: Papers) -> list[str]:
    return ["+tls", str(papers.client.key_file), str(papers.client.cert_file)]


def encrypted(papers: Papers) -> list[str]:
    credential = papers.encrypted_client
    return ["+tls", str(credential.key_file), str(credential.cert_file)]


def trusted(papers: Papers) -> list[str]:
    return ["+cf", str(papers.ca_file)]


def in_folder(papers: Papers) -> list[str]:
    """The root in a folder, under its hash."""
    openssl = require_program("openssl", "openssl")
    subprocess.run([openssl, "rehash", papers.ca_folder], check=True, capture_output=True)
    return ["+cd", str(papers.ca_folder)]


def not_hashed(papers: Papers) -> list[str]:
    """A folder whose names OpenSSL does not look for."""
    return ["+cd", str(papers.ca_file.parent)]


WORKING: list[tuple[str, Server, Options]] = [
    ("+tls +cf", Storescp(REQUIRED), lambda papers: [*own(papers), *trusted(papers)]),
    ("+tls +cf -rc", Storescp(REQUIRED), lambda papers: [*own(papers), *trusted(papers), "-rc"]),
    ("+tls +cd", Storescp(REQUIRED), lambda papers: [*own(papers), *in_folder(papers)]),
    ("+tla +cf", Storescp(OPTIONAL), lambda papers: ["+tla", *trusted(papers)]),
    (
        "+tla +cf +cf",
        PythonServer(lambda papers: papers.without_intermediate),
        lambda papers: ["+tla", *trusted(papers), "+cf", str(papers.intermediate_file)],
    ),
    ("+tla -ic", Storescp(OPTIONAL), lambda _papers: ["+tla", "-ic"]),
    (
        "+tls +pw",
        Storescp(REQUIRED),
        lambda papers: [*encrypted(papers), "+pw", PASSPHRASE, *trusted(papers)],
    ),
    (
        "+tls -pw, not encrypted",
        Storescp(REQUIRED),
        lambda papers: [*own(papers), "-pw", *trusted(papers)],
    ),
]

FAILING: list[tuple[str, Server, Options, ExitCode]] = [
    ("+tla, one is demanded", Storescp(REQUIRED), lambda p: ["+tla", *trusted(p)], ExitCode.TLS),
    ("+tls, nothing trusted", Storescp(REQUIRED), own, ExitCode.TLS),
    (
        "+cd, not hashed",
        Storescp(REQUIRED),
        lambda papers: [*own(papers), *not_hashed(papers)],
        ExitCode.TLS,
    ),
    (
        "+pw, a wrong one",
        Storescp(REQUIRED),
        lambda papers: [*encrypted(papers), "+pw", WRONG_PASSPHRASE, *trusted(papers)],
        ExitCode.PROFILE,
    ),
    (
        "-pw, encrypted",
        Storescp(REQUIRED),
        lambda papers: [*encrypted(papers), "-pw", *trusted(papers)],
        ExitCode.PROFILE,
    ),
    (
        "certificate and key exchanged",
        Storescp(REQUIRED),
        lambda papers: [
            "+tls",
            str(papers.client.cert_file),
            str(papers.client.key_file),
            *trusted(papers),
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
    tls_servers: Servers, papers: Papers, server: Server, options: Options
) -> None:
    port, given = tls_servers.port_of(server), options(papers)
    done = dcmecho(*given, HOST, str(port))
    assert (done.returncode, echoscu(given, port)) == (0, 0), done.stdout


@pytest.mark.parametrize(
    ("server", "options", "code"), [row[1:] for row in FAILING], ids=[r[0] for r in FAILING]
)
def test_fails_as_with_echoscu(
    tls_servers: Servers, papers: Papers, server: Server, options: Options, code: ExitCode
) -> None:
    port, given = tls_servers.port_of(server), options(papers)
    done = dcmecho(*given, HOST, str(port))
    assert done.returncode == code, done.stdout
    assert echoscu(given, port) != 0


def test_not_verified_is_said(tls_servers: Servers) -> None:
    done = dcmecho("+tla", "-ic", HOST, str(tls_servers.port_of(Storescp(OPTIONAL))))
    assert "WARNING at TLS: " in done.stdout
    assert "peer not authenticated" in done.stdout


def test_debug_output_shows_the_handshake_and_no_secret(
    tls_servers: Servers, papers: Papers
) -> None:
    port = str(tls_servers.port_of(Storescp(REQUIRED)))
    given = [*encrypted(papers), *trusted(papers), "+pw", PASSPHRASE]
    for form in ("text", "json", "jsonl"):
        done = dcmecho("-d", "--format", form, *given, HOST, port)
        assert "ClientHello" in done.stderr
        assert PASSPHRASE not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["+cf", "ca.pem"], "+cf, +cd and -ic go with +tls KEY CERT or +tla"),
        (["-ic"], "+cf, +cd and -ic go with +tls KEY CERT or +tla"),
        (["+tls", "key.pem", "cert.pem", "+tla"], "not allowed with argument"),
        (["+tla", "-ic", "-rc"], "not allowed with argument"),
        (["+tla", "+pw", PASSPHRASE, "-pw"], "not allowed with argument"),
    ],
)
def test_options_that_do_not_go_together(argv: list[str], said: str) -> None:
    done = dcmecho(*argv, HOST, "1")
    assert done.returncode == ExitCode.USAGE
    assert said in done.stderr
    assert PASSPHRASE not in done.stderr


def test_files_that_are_absent_still_give_a_report(tmp_path: Path) -> None:
    done = dcmecho("--json", "+tla", "+cf", str(tmp_path / "absent.pem"), HOST, "1")
    assert done.returncode == ExitCode.PROFILE
    assert json.loads(done.stdout)["causes"][0]["id"] == "profile.tls-file-invalid"


def test_interrupting_a_handshake_that_nobody_answers(serve_peer: ServePeer) -> None:
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
