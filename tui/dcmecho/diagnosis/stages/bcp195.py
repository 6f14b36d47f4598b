"""The BCP 195 profile of PS3.15 that a TLS connection meets, as far as that can be seen."""

from __future__ import annotations

_FORWARD_SECRET = ("ECDHE", "DHE")
_AUTHENTICATED = ("GCM", "CHACHA20", "CCM")


def profile_met(version: str, cipher: str) -> str:
    """Return which PS3.15 TLS profile a version and a cipher suite (OpenSSL's name) meet.

    PS3.15 B.12 is BCP 195 with RFC 8996 and 9325. B.13 is the same with only authenticated,
    forward-secret suites. B.9, which is retired, allowed TLS 1.0.
    """
    if version == "TLSv1.3":
        return "meets PS3.15 B.12 and B.13 (BCP 195, RFC 8996 and 9325)"
    if version == "TLSv1.2":
        strong = any(part in cipher for part in _FORWARD_SECRET) and any(
            part in cipher for part in _AUTHENTICATED
        )
        if strong:
            return "meets PS3.15 B.12 and B.13 (BCP 195, RFC 8996 and 9325)"
        return "meets no current profile of PS3.15: RFC 9325 advises against this cipher suite"
    return f"meets no current profile of PS3.15: {version} is forbidden by RFC 8996"
