"""The keys of a TLS table, ``[target.tls]``, one row each, and the table itself as a key."""

from __future__ import annotations

import contextlib
from typing import NamedTuple

from dcmecho.diagnosis.rows import RowEnum
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.risk import Risk


class TlsKeyRow(NamedTuple):
    """Everything about one key of a TLS table."""

    label: str
    """Its name in the form."""
    hint: str
    """A few words beside it in the form."""
    expected: str
    """What the file must contain, for the message about a wrong type."""
    risk: Risk
    """Whether it counts in a file that somebody else can change."""
    is_path: bool = False
    is_passphrase: bool = False
    """Whether it says where the passphrase is; its value is never shown."""


_TEXT = "text in quotes"


class TlsKey(RowEnum):
    """The keys of a TLS table, in the order of the form."""

    row: TlsKeyRow

    CA_FILE = (
        "ca_file",
        TlsKeyRow(
            "CA files",
            "PEM, commas between",
            f"{_TEXT}, or a list of texts in quotes",
            Risk.NONE,
            is_path=True,
        ),
    )
    CA_FOLDER = (
        "ca_folder",
        TlsKeyRow("CA folder", "made by c_rehash", _TEXT, Risk.NONE, is_path=True),
    )
    CERT_FILE = (
        "cert_file",
        TlsKeyRow("Your certificate", "PEM, if peers ask", _TEXT, Risk.NONE, is_path=True),
    )
    KEY_FILE = "key_file", TlsKeyRow("Its private key", "PEM", _TEXT, Risk.NONE, is_path=True)
    PASSPHRASE_ENV = (
        "passphrase_env",
        TlsKeyRow("Passphrase in", "name of a variable", _TEXT, Risk.NONE, is_passphrase=True),
    )
    PASSPHRASE_COMMAND = (
        "passphrase_command",
        TlsKeyRow(
            "Passphrase from",
            "command that prints it",
            _TEXT,
            Risk.RUNS_A_PROGRAM,
            is_passphrase=True,
        ),
    )
    MINIMUM_VERSION = (
        "minimum_version",
        TlsKeyRow(
            "Minimum TLS", "1.0 to 1.3", '"1.0", "1.1", "1.2" or "1.3", in quotes', Risk.NONE
        ),
    )
    VERIFY = "verify", TlsKeyRow("Verify peer", "yes or no", "true or false", Risk.NONE)
    SERVER_NAME = (
        "server_name",
        TlsKeyRow("Certificate name", "if not the host", _TEXT, Risk.NONE),
    )


class TlsSwitch(RowEnum):
    """The TLS table as a whole: there, or ``false`` for a plain target."""

    row: TlsKeyRow

    TLS = "tls", TlsKeyRow("TLS", "yes or no", "a table, or false for plain", Risk.NONE)


TlsItem = TlsSwitch | TlsKey
TLS_ITEMS: tuple[TlsItem, ...] = (*TlsSwitch, *TlsKey)
"""The TLS values of a target, in the order of the form."""

TargetKey = Field | TlsItem
"""Everything that the file can say of a target."""


def target_key(name: str) -> TargetKey:
    """Return the key of this name. Raises ``ValueError``."""
    for keys in (Field, TlsSwitch, TlsKey):
        with contextlib.suppress(ValueError):
            return keys(name)
    raise ValueError(f"{name} is not a key of a target")
