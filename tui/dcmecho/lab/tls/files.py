"""TLS in front of a practice peer: what it asks of its clients, and the files it takes."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from dcmecho.diagnosis.target.tls import TlsSettings

KEPT_IN = "~/.local/state/dcmecho/lab"
"""Where the lab on its fixed ports has its certificates, so that a profile file can name them."""


@dataclass(frozen=True, slots=True)
class LabTls:
    """TLS in front of a practice peer.

    A peer with ``knows_nobody`` asks for a certificate and trusts none. Its target shows one.
    """

    knows_nobody: bool = False


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """The files that the peers and their targets use, as PEM."""

    folder: Path

    @property
    def ca(self) -> Path:
        """The authority that issued the certificates."""
        return self.folder / "ca.pem"

    @property
    def peer(self) -> Path:
        """The peers' certificate and key."""
        return self.folder / "peer.pem"

    @property
    def client(self) -> Path:
        """The certificate that targets show, and its key."""
        return self.folder / "workstation.pem"

    def settings(self, tls: LabTls) -> TlsSettings:
        """Return the TLS settings of a target."""
        shown = str(self.client) if tls.knows_nobody else ""
        return TlsSettings(ca_files=(str(self.ca),), cert_file=shown, key_file=shown)

    def context(self, tls: LabTls) -> ssl.SSLContext:
        """Return the context of a peer. Raises ``OSError`` before the files are made."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(self.peer)
        context.verify_mode = ssl.CERT_OPTIONAL if tls.knows_nobody else ssl.CERT_NONE
        return context
