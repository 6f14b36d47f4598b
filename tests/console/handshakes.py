"""TLS handshakes of played peers, with a certificate chain of a hospital."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.target.tls import Certificate, Handshake, TlsAlert, TlsEnding

DONE = Handshake(
    TlsEnding.DONE,
    0.0,
    14.2,
    version="TLSv1.3",
    cipher="TLS_AES_256_GCM_SHA384",
    chain=(
        Certificate(
            PeerText("CN=pacs.hospital.lan"),
            PeerText("CN=Hospital Issuing CA 2"),
            (PeerText("pacs.hospital.lan"), PeerText("192.168.1.50")),
            datetime(2026, 2, 1, tzinfo=UTC),
            datetime(2028, 2, 1, tzinfo=UTC),
            "RSA 3072",
            "4f1c" * 16,
        ),
        Certificate(
            PeerText("CN=Hospital Issuing CA 2"),
            PeerText("CN=Hospital Root CA"),
            (),
            datetime(2022, 2, 1, tzinfo=UTC),
            datetime(2032, 2, 1, tzinfo=UTC),
            "RSA 4096",
            "a907" * 16,
        ),
    ),
)
NOT_TRUSTED = replace(
    DONE,
    ending=TlsEnding.CERTIFICATE_REFUSED,
    alerts=(TlsAlert(48, "unknown_ca", from_peer=False),),
    verify_code=20,
    message=PeerText("unable to get local issuer certificate"),
)
"""Its issuer's root is in none of our files."""
