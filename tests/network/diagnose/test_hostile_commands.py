"""Hostile answers to every command: no false success, hang, raw control byte or traceback.

The oracle reads the bytes that were sent by itself (PS3.8 9.3, PS3.7 E.1), with no code of dcmecho.
"""

from __future__ import annotations

import contextlib
import io
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcmecho.cli.main import run
from dcmecho.exit_codes import ExitCode
from tests.network.diagnose.test_hostile import Answering, answering, mutations
from tests.unit.services.objects import write_compressed_ct

_QUICK = ("-to", "2", "-ta", "0.1", "-td", "0.1")
_ACCEPTANCE, _DATA, _ECHO_RSP = 2, 4, 0x8030

_MOVE = ("move", "--study", "1.2.3", "--bind", "127.0.0.1", "--port", "0")

COMMANDS: dict[str, tuple[str, ...]] = {
    "echo": ("-d", *_QUICK, "{host}", "{port}"),
    "json": ("--json", *_QUICK, "{host}", "{port}"),
    "jsonl": ("--format", "jsonl", *_QUICK, "{host}", "{port}"),
    "nagios": ("--format", "nagios", *_QUICK, "{host}", "{port}"),
    "services": ("--services", "--query", "--like", "{object}", *_QUICK, "{host}", "{port}"),
    "check": ("check", "--all", "--profiles", "{profiles}"),
    "check json": ("check", "--all", "--json", "--profiles", "{profiles}"),
    "watch": ("watch", "--all", "--count", "1", "--profiles", "{profiles}"),
    "move": (*_MOVE, "-td", "0.1", "--yes", "--profiles", "{profiles}", "a"),
    "store": ("store-test", "--size", "8k", "-td", "0.1", "--yes", "--profiles", "{profiles}", "a"),
}
"""Commands that ask a peer. Table to read and to extend."""


def pdus(sent: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the kind and the value of each whole PDU, up to the first that is none."""
    while len(sent) >= 6:
        kind, length = struct.unpack_from(">BxL", sent)
        if len(sent) < 6 + length:
            return
        yield kind, sent[6 : 6 + length]
        sent = sent[6 + length :]


def accepts(sent: bytes) -> bool:
    """Report whether the first PDU is an A-ASSOCIATE-AC."""
    return next(pdus(sent), (0, b""))[0] == _ACCEPTANCE


def echoes(sent: bytes) -> bool:
    """Report whether some P-DATA-TF holds a C-ECHO-RSP with status 0."""
    commands = b"".join(value for kind, value in pdus(sent) if kind == _DATA)
    is_response = struct.pack("<HHIH", 0, 0x0100, 2, _ECHO_RSP) in commands
    return is_response and struct.pack("<HHIH", 0, 0x0900, 2, 0) in commands


@pytest.fixture(scope="module")
def server() -> Iterator[Answering]:
    with answering() as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, server: Answering) -> Path:
    path = tmp_path_factory.mktemp("hostile")
    write_compressed_ct(path / "ct.dcm")
    (path / "profiles.toml").write_text(
        "[defaults]\nacse_timeout_s = 0.1\ndimse_timeout_s = 0.1\nconnect_timeout_s = 2\n"
        f'[[target]]\nname = "a"\nhost = "127.0.0.1"\nport = {server.target.port}\n'
        'called_ae = "TARGET_PACS"\n',
        encoding="utf-8",
    )
    return path


def said(argv: list[str]) -> tuple[int, str]:
    """Run a command in this process; return its exit code, and all that it printed."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = run(argv)
        except SystemExit as ended:
            code = int(ended.code or 0)
    return code, out.getvalue() + err.getvalue()


def assert_harmless(server: Answering, folder: Path, name: str, answers: tuple[bytes, ...]) -> None:
    server.answers = list(answers)
    values = {
        "host": "127.0.0.1",
        "port": str(server.target.port),
        "profiles": str(folder / "profiles.toml"),
        "object": str(folder / "ct.dcm"),
    }
    code, text = said([each.format(**values) for each in COMMANDS[name]])
    assert not {ch for ch in text if ch != "\n" and not ch.isprintable()}, text
    assert "Traceback" not in text
    assert "bug in dcmecho" not in text
    assert code != ExitCode.INTERNAL, text
    if code == ExitCode.OK:
        assert accepts(answers[0]), text
        assert any(map(echoes, answers)), text


_SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


@pytest.mark.timeout(600)
@settings(max_examples=30, deadline=None, suppress_health_check=_SLOW)
@given(name=st.sampled_from(list(COMMANDS)), answers=mutations())
def test_every_command(
    server: Answering, folder: Path, name: str, answers: tuple[bytes, ...]
) -> None:
    assert_harmless(server, folder, name, answers)


@pytest.mark.nightly
@pytest.mark.timeout(7200)
@settings(max_examples=5000, deadline=None, suppress_health_check=_SLOW)
@given(name=st.sampled_from(list(COMMANDS)), answers=mutations())
def test_every_command_5000_times(
    server: Answering, folder: Path, name: str, answers: tuple[bytes, ...]
) -> None:
    assert_harmless(server, folder, name, answers)
