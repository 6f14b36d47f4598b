"""Which TLS profile of PS3.15 a connection meets."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.stages.bcp195 import profile_met


@pytest.mark.parametrize(
    ("version", "cipher"),
    [
        ("TLSv1.3", "TLS_AES_128_GCM_SHA256"),
        ("TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256"),
        ("TLSv1.2", "ECDHE-RSA-AES256-GCM-SHA384"),
        ("TLSv1.2", "ECDHE-ECDSA-CHACHA20-POLY1305"),
        ("TLSv1.2", "DHE-RSA-AES128-GCM-SHA256"),
        ("TLSv1.2", "ECDHE-ECDSA-AES128-CCM"),
    ],
)
def test_a_suite_with_forward_secrecy_and_authentication_meets_the_profile(
    version: str, cipher: str
) -> None:
    met = profile_met(version, cipher)
    assert met.startswith("meets PS3.15 B.12 and B.13")


@pytest.mark.parametrize(
    ("version", "cipher", "why"),
    [
        ("TLSv1.2", "AES256-GCM-SHA384", "RFC 9325"),
        ("TLSv1.2", "ECDHE-RSA-AES128-SHA", "RFC 9325"),
        ("TLSv1.2", "ECDHE-RSA-AES256-SHA384", "RFC 9325"),
        ("TLSv1.2", "AES128-SHA", "RFC 9325"),
        ("TLSv1.2", "ECDHE-RSA-NULL-SHA", "RFC 9325"),
        ("TLSv1.1", "ECDHE-RSA-AES128-SHA", "TLSv1.1 is forbidden by RFC 8996"),
        ("TLSv1", "AES128-SHA", "TLSv1 is forbidden by RFC 8996"),
        ("SSLv3", "DES-CBC3-SHA", "SSLv3 is forbidden by RFC 8996"),
    ],
)
def test_an_old_version_or_suite_meets_none(version: str, cipher: str, why: str) -> None:
    met = profile_met(version, cipher)
    assert met.startswith("meets no current profile")
    assert why in met
