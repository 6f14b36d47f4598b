"""Anything other than a regular file is refused at once, wherever a file is read."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dcmecho.console.exchange.import_source import NothingToImportError, reading_of
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.dicom.services.object_kind import NoObjectError, read_kind
from dcmecho.dicom.wire.tls.context import TlsFileError, build_context
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.edit.edit import add_target
from dcmecho.regular_file import read_regular, require_regular
from tests.network.tls.certificates import Certificates

_DEADLINE_S = 60.0

Special = Callable[[Path], Path]


def pipe(folder: Path) -> Path:
    """Create a named pipe that nobody writes to."""
    path = folder / "special"
    os.mkfifo(path)
    return path


def unix_socket(folder: Path) -> Path:
    path = folder / "special"
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))
    return path


def device(folder: Path) -> Path:
    path = folder / "special"
    path.symlink_to("/dev/zero")
    return path


def directory(folder: Path) -> Path:
    path = folder / "special"
    path.mkdir()
    return path


SPECIAL = [
    pytest.param(pipe, "is a named pipe, not a regular file", id="pipe"),
    pytest.param(unix_socket, "is a socket, not a regular file", id="socket"),
    pytest.param(device, "is a device, not a regular file", id="device"),
    pytest.param(directory, "Is a directory", id="directory"),
]


@pytest.mark.parametrize(("special", "said"), SPECIAL)
class TestRefused:
    def test_on_its_own(self, tmp_path: Path, special: Special, said: str) -> None:
        path = special(tmp_path)
        for reading in (read_regular, require_regular):
            with pytest.raises(OSError, match=said):
                reading(path)

    def test_as_a_profile_file(self, tmp_path: Path, special: Special, said: str) -> None:
        path = special(tmp_path)
        (problem,) = load(path).problems
        assert said in str(problem)
        with pytest.raises(ProfileError):
            add_target(path, {Field.NAME: "CT 2"})
        assert not stat.S_ISREG(path.stat().st_mode), "it is what it was"

    def test_as_an_object_to_ask_about(self, tmp_path: Path, special: Special, said: str) -> None:
        with pytest.raises(NoObjectError, match=said):
            read_kind(special(tmp_path))

    def test_as_a_file_to_import(self, tmp_path: Path, special: Special, said: str) -> None:
        with pytest.raises(NothingToImportError, match=said):
            reading_of(str(special(tmp_path)))

    @pytest.mark.parametrize("key", ["ca_file", "cert_file", "key_file"])
    def test_as_a_file_of_tls(self, tmp_path: Path, special: Special, said: str, key: str) -> None:
        certificates = Certificates(tmp_path)
        path = str(special(tmp_path))
        cert = str(certificates.client.cert_file)
        settings = {
            "ca_file": TlsSettings(ca_files=(path,)),
            "cert_file": TlsSettings(cert_file=path, key_file=str(certificates.client.key_file)),
            "key_file": TlsSettings(cert_file=cert, key_file=path),
        }[key]
        with pytest.raises(TlsFileError, match=said) as raised:
            build_context(settings, lambda: False)
        assert (raised.value.problem.key, raised.value.problem.path) == (key, path)


def test_a_file_and_a_link_to_it_are_read(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_bytes(b"content")
    link.symlink_to(file)
    assert read_regular(file) == read_regular(link) == b"content"


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--all", "--profiles", "{pipe}"],
        ["watch", "--all", "--profiles", "{pipe}"],
        ["import", "{pipe}", "--dry-run"],
        ["export", "--all", "--profiles", "{pipe}"],
        ["--like", "{pipe}", "127.0.0.1", "1"],
        ["+cf", "{pipe}", "+tla", "127.0.0.1", "1"],
    ],
    ids=lambda arguments: " ".join(arguments),
)
def test_the_command_ends_and_names_the_pipe(tmp_path: Path, arguments: list[str]) -> None:
    path = pipe(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "dcmecho", *(each.format(pipe=path) for each in arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_DEADLINE_S,
        check=False,
    )
    assert done.returncode != 0
    told = " ".join((done.stdout + done.stderr).split())
    assert "is a named pipe, not a regular file" in told, "however long the path is"
