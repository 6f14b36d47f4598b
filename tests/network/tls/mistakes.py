"""TLS files and passphrases that cannot work: a table to read and to extend."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from dcmecho.diagnosis.target.tls import TlsSettings
from tests.network.tls.certificates import PASSPHRASE, WRONG_PASSPHRASE, Certificates

Ask = Callable[[Certificates], TlsSettings]
"""The TLS settings of the target."""


@dataclass(frozen=True)
class LocalMistake:
    """Unusable files, or an unusable passphrase. Nothing is sent."""

    id: str
    ask: Ask
    says: str
    """A part of the stage's summary."""


def own(
    cert: Callable[[Certificates], Path],
    key: Callable[[Certificates], Path],
    *,
    passphrase: str | None = None,
    env: str = "",
    command: str = "",
) -> Ask:
    def settings(certificates: Certificates) -> TlsSettings:
        return TlsSettings(
            cert_file=str(cert(certificates)),
            key_file=str(key(certificates)),
            passphrase=passphrase,
            passphrase_env=env,
            passphrase_command=command,
        )

    return settings


_CERT, _KEY = attrgetter("client.cert_file"), attrgetter("client.key_file")
_ENCRYPTED_KEY = attrgetter("encrypted_client.key_file")


def _absent(certificates: Certificates) -> Path:
    return certificates.ca_file.with_name("absent.pem")


def _folder(certificates: Certificates) -> Path:
    return certificates.ca_file.parent


def _text(certificates: Certificates) -> Path:
    return certificates.text_file("letter.pem", "Dear administrator,\n")


def _torn(certificates: Certificates) -> Path:
    return certificates.text_file("torn.pem", certificates.client.cert_file.read_text()[:300])


def _folder_with_a_pipe(certificates: Certificates) -> Path:
    folder = certificates.ca_file.parent / "with-a-pipe"
    folder.mkdir(exist_ok=True)
    pipe = folder / "0a1b2c3d.0"
    if not pipe.exists():
        os.mkfifo(pipe)
    return folder


LOCAL_MISTAKES = (
    LocalMistake(
        "ca_file absent",
        lambda certificates: TlsSettings(ca_files=(str(_absent(certificates)),)),
        "absent.pem: No such file or directory",
    ),
    LocalMistake(
        "ca_file is a folder",
        lambda certificates: TlsSettings(ca_files=(str(_folder(certificates)),)),
        "Is a directory",
    ),
    LocalMistake(
        "ca_file holds no PEM",
        lambda certificates: TlsSettings(ca_files=(str(_text(certificates)),)),
        "letter.pem: contains no PEM certificate",
    ),
    LocalMistake(
        "ca_file is torn",
        lambda certificates: TlsSettings(ca_files=(str(_torn(certificates)),)),
        "torn.pem: contains no PEM certificate",
    ),
    LocalMistake(
        "ca_folder is a file",
        lambda certificates: TlsSettings(ca_folder=str(certificates.ca_file)),
        "ca.pem: is not a folder",
    ),
    LocalMistake(
        "ca_folder with a pipe for a certificate",
        lambda certificates: TlsSettings(ca_folder=str(_folder_with_a_pipe(certificates))),
        "0a1b2c3d.0: is a named pipe, not a regular file",
    ),
    LocalMistake(
        "key without a certificate",
        lambda certificates: TlsSettings(key_file=str(_KEY(certificates))),
        "cert_file: is missing",
    ),
    LocalMistake("cert_file absent", own(_absent, _KEY), "cert_file: "),
    LocalMistake("key_file absent", own(_CERT, _absent), "key_file: "),
    LocalMistake(
        "cert_file holds no PEM", own(_text, _KEY), "letter.pem: contains no PEM certificate"
    ),
    LocalMistake(
        "key_file holds no key", own(_CERT, _CERT), "client.pem: contains no PEM private key"
    ),
    LocalMistake("cert_file is torn", own(_torn, _KEY), "torn.pem"),
    LocalMistake(
        "key of another certificate",
        own(_CERT, attrgetter("server.key_file")),
        "server.key: is not the key of the certificate",
    ),
    LocalMistake(
        "own key too short",
        own(attrgetter("weak_client.cert_file"), attrgetter("weak_client.key_file")),
        "weak-client.pem: cannot be used",
    ),
    LocalMistake("passphrase missing", own(_CERT, _ENCRYPTED_KEY), "encrypted.key: is encrypted"),
    LocalMistake(
        "passphrase wrong",
        own(_CERT, _ENCRYPTED_KEY, passphrase=WRONG_PASSPHRASE),
        "encrypted.key: the passphrase is wrong",
    ),
    LocalMistake(
        "passphrase empty",
        own(_CERT, _ENCRYPTED_KEY, passphrase=""),
        "encrypted.key: the passphrase is wrong",
    ),
    LocalMistake(
        "passphrase longer than OpenSSL takes",
        own(_CERT, _ENCRYPTED_KEY, passphrase=WRONG_PASSPHRASE * 50),
        "encrypted.key: the passphrase is wrong",
    ),
    LocalMistake(
        "passphrase_env not set",
        own(_CERT, _ENCRYPTED_KEY, env="DCMECHO_NOT_SET"),
        "the environment variable DCMECHO_NOT_SET is not set",
    ),
    LocalMistake(
        "passphrase_command fails",
        own(_CERT, _ENCRYPTED_KEY, command=f"echo {PASSPHRASE}; exit 3"),
        "passphrase_command: the command failed",
    ),
    LocalMistake(
        "passphrase_command prints another",
        own(_CERT, _ENCRYPTED_KEY, command=f"echo {WRONG_PASSPHRASE}"),
        "encrypted.key: the passphrase is wrong",
    ),
    LocalMistake(
        "server_name that no certificate bears",
        lambda certificates: TlsSettings(
            ca_files=(str(certificates.ca_file),), server_name="pacs..hospital.test"
        ),
        "server_name: pacs..hospital.test",
    ),
)
