"""The texts about each cause that a diagnosis can name, from ``causes.toml``."""

from __future__ import annotations

from types import MappingProxyType

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.causes.words import CauseWords

_NEUTRAL = MappingProxyType(
    {
        "called_ae": "(called title unknown)",
        "calling_ae": "(calling title unknown)",
        "host": "the host",
        "port": "(unknown)",
        "peer_address": "the peer",
        "local_address": "this machine's address",
        "time": "the time of this check",
        "triple": "(code unknown)",
        "status": "(code unknown)",
        "error": "nothing more",
        "seen": "no bytes",
        "seconds": "some",
        "subject": "(subject unknown)",
        "issuer": "(issuer unknown)",
        "names": "no name",
        "server_name": "the host",
        "not_before": "(date unknown)",
        "not_after": "(date unknown)",
        "days": "some",
        "missing": "(not known which)",
        "moment": "on C-ECHO",
        "alert": "none seen",
        "own_subject": "no certificate",
        "this_machine": "this machine",
        "This_machine": "This machine",
        "vantage": "the vantage point",
        "works_from": "one machine",
        "fails_from": "another machine",
        "works_as": "the title",
        "fails_with": "a refusal",
        "addresses_there": "one address",
        "addresses_here": "another address",
        "login": "ssh",
        "said": "nothing",
        "loopback": "the host",
        "ipv6_only": "only IPv6 was tried",
    },
)
"""The placeholders of the texts, and what replaces an unknown value; see ``causes.toml``."""

CAUSES = CauseWords(CauseId, __package__, "causes.toml", _NEUTRAL)
