"""The further addresses of the hospital, for documentation (RFC 5737)."""

from __future__ import annotations

GATEWAY_IPV4 = "192.0.2.2"
WARD_IPV4 = "192.0.2.3"
OTHER_ARCHIVE_IPV4 = "192.0.2.12"
"""Another address of the archive's machine."""
