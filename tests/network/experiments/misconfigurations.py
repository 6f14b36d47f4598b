"""Tables of misconfigurations of real peers, and the causes that the report must find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dcmecho.diagnosis.cause import CauseId, Confidence
from tests.network.peers.orthanc import ECHO_FORBIDDEN
from tests.network.peers.real_peers import (
    ANOTHER_ADDRESS,
    ARCHIVE_TITLE,
    REGISTERED,
    REGISTERED_ELSEWHERE,
    UNREGISTERED,
)

PROVEN, LIKELY, POSSIBLE = Confidence.PROVEN, Confidence.LIKELY, Confidence.POSSIBLE
CALLED = CauseId.AE_CALLED_UNKNOWN
CALLING = CauseId.AE_CALLING_UNKNOWN
HOST = CauseId.AE_HOST_NOT_ALLOWED
CASE = CauseId.AE_CASE
SPACES = CauseId.AE_SPACES
AUTH = CauseId.AUTH_PER_COMMAND

WRONG = "WRONG_PACS"
SPACED = f" {ARCHIVE_TITLE}"


@dataclass(frozen=True)
class Case:
    """A misconfiguration, its true cause, and the confidence that the report must have.

    ``first`` is false where the wire cannot tell it from what comes before it.
    """

    wrong: str
    called_ae: str
    calling_ae: str
    cause: CauseId
    sure: Confidence
    own_titles: tuple[str, ...] = ()
    addresses: tuple[str, ...] = (ANOTHER_ADDRESS,)
    first: bool = True


def wrong_called(*own_titles: str) -> Case:
    return Case("wrong called", WRONG, REGISTERED, CALLED, LIKELY, own_titles)


CASE_OF_CALLED = Case("case of called", ARCHIVE_TITLE.lower(), REGISTERED, CASE, PROVEN)
CASE_OF_CALLING = Case("case of calling", ARCHIVE_TITLE, REGISTERED.lower(), CASE, PROVEN)
SPACE = Case("space before called", SPACED, REGISTERED, SPACES, PROVEN)
ELSEWHERE = Case(
    "registered elsewhere", ARCHIVE_TITLE, REGISTERED_ELSEWHERE, HOST, PROVEN, (REGISTERED,)
)
FORBIDDEN = Case("echo forbidden", ARCHIVE_TITLE, ECHO_FORBIDDEN, AUTH, LIKELY, (REGISTERED,))


def stranger(cause: CauseId = CALLING) -> Case:
    return Case("wrong calling", ARCHIVE_TITLE, UNREGISTERED, cause, LIKELY, (REGISTERED,))


def stranger_alone(sure: Confidence, *, first: bool) -> Case:
    return Case(
        "wrong calling, no other title", ARCHIVE_TITLE, UNREGISTERED, CALLING, sure, first=first
    )


def elsewhere_alone(*own_titles: str) -> Case:
    return replace(
        ELSEWHERE,
        wrong=f"registered elsewhere, no other address, own titles {own_titles}",
        sure=POSSIBLE,
        own_titles=own_titles,
        addresses=(),
        first=False,
    )


CASES: Mapping[str, Sequence[Case]] = {
    "dcmqrscp": (
        wrong_called(REGISTERED_ELSEWHERE),
        stranger(),
        stranger_alone(POSSIBLE, first=False),
        CASE_OF_CALLED,
        CASE_OF_CALLING,
        SPACE,
        ELSEWHERE,
        elsewhere_alone(REGISTERED),
    ),
    "orthanc_checks_called_title": (wrong_called(UNREGISTERED), SPACE),
    "orthanc_checks_each_command": (
        wrong_called(UNREGISTERED),
        stranger(AUTH),
        replace(ELSEWHERE, sure=LIKELY),
        FORBIDDEN,
        SPACE,
    ),
    "orthanc_checks_association": (
        wrong_called(UNREGISTERED),
        stranger(),
        stranger_alone(LIKELY, first=True),
        ELSEWHERE,
        elsewhere_alone(REGISTERED),
        FORBIDDEN,
        SPACE,
    ),
    "pynetdicom_checks_called": (wrong_called(), CASE_OF_CALLED),
    "pynetdicom_checks_calling": (stranger(), CASE_OF_CALLING),
    "pynetdicom_checks_both": (
        wrong_called(UNREGISTERED),
        stranger(),
        stranger_alone(LIKELY, first=True),
        CASE_OF_CALLED,
        CASE_OF_CALLING,
    ),
}
"""Misconfigurations by the name of the peer's fixture."""

GREEN: Mapping[str, tuple[bool | None, bool | None]] = {
    "storescp": (False, False),
    "dcmqrscp": (True, True),
    "orthanc_default": (False, False),
    "orthanc_checks_called_title": (True, False),
    # It aborts a stranger's C-ECHO, which can be due to the title or to an error.
    "orthanc_checks_each_command": (True, None),
    "orthanc_checks_association": (True, True),
    "pynetdicom_default": (False, False),
    "pynetdicom_checks_called": (True, False),
    "pynetdicom_checks_calling": (False, True),
    "pynetdicom_checks_both": (True, True),
}
"""Whether a peer checks the called and the calling title; ``None`` if that is uncertain."""

FAMILIES: Mapping[str, str] = {
    "storescp": "Orthanc or DCMTK's storescp",
    "dcmqrscp": "DCMTK's dcmqrscp or wlmscpfs",
    "orthanc_default": "Orthanc or DCMTK's storescp",
    "orthanc_checks_association": "Orthanc or DCMTK's storescp",
    "pynetdicom_default": "pynetdicom, PixelMed and dcmjs",
    "pynetdicom_checks_both": "pynetdicom, PixelMed and dcmjs",
}

LAB: Mapping[str, tuple[CauseId, Confidence]] = {
    "called-unknown": (CALLED, LIKELY),
    "calling-unknown": (CALLING, LIKELY),
    "ambiguous-rejection": (CALLING, LIKELY),
    "wrong-address": (HOST, PROVEN),
    "title-case": (CASE, PROVEN),
    "title-space": (SPACES, PROVEN),
    "aborts-first-command": (AUTH, LIKELY),
    "echo-forbidden": (AUTH, LIKELY),
    "rejects-verification": (CauseId.CONTEXT_REFUSED, LIKELY),
    "tls-drops-certificate": (CauseId.TLS_CLIENT_CERT_REFUSED, PROVEN),
}
"""Findings about the practice peers, with ``WORKSTATION_1`` as another own title."""
