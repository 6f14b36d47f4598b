"""Peers that answer a query, an object or a large request oddly, all asked at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

import pytest

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.services.catalogue import MADE_UP_SOP_CLASS
from dcmecho.diagnosis.services.model import (
    LikeOutcome,
    ObjectKind,
    ProbeStep,
    QueryOutcome,
    ServicesResult,
)
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.lab import pdu
from dcmecho.lab.behaviour import (
    Application,
    AwaitPdu,
    Behaviour,
    Close,
    FindResponse,
    Hold,
    Offer,
    Reset,
    Script,
    Send,
    Steps,
    abort,
    reject,
)
from dcmecho.standard.uids import (
    EXPLICIT_VR_LITTLE_ENDIAN,
    IMPLICIT_VR_LITTLE_ENDIAN,
    JPEG_2000_LOSSLESS,
    JPEG_BASELINE,
    STUDY_ROOT_FIND,
)
from tests.network.peers.scripted import lab_of
from tests.network.services.surveying import Suspect, begin, result_of, suspects

CT = "1.2.840.10008.5.1.4.1.1.2"
SHORT_S = 0.6

COMPRESSED_CT = ObjectKind(
    "ct.dcm", CT, "CT Image Storage", JPEG_BASELINE, "JPEG Baseline (Process 1)"
)
PRIVATE_CT = ObjectKind("ct.dcm", CT, "CT Image Storage", "2.16.840.1.113709.1.2.2", "its own")
PLAIN_CT = ObjectKind(
    "ct.dcm", CT, "CT Image Storage", EXPLICIT_VR_LITTLE_ENDIAN, "Explicit VR Little Endian"
)


def archive(on_find: FindResponse | Steps) -> Application:
    return Application(offers=(Offer((STUDY_ROOT_FIND,)),), on_find=on_find)


def sure(finding: FindingId, confidence: Confidence = Confidence.PROVEN) -> tuple[Suspect, ...]:
    return ((finding, confidence),)


NOT_AUTHORISED = (
    (FindingId.QUERY_NOT_AUTHORISED, Confidence.LIKELY),
    (FindingId.QUERY_CRASHED, Confidence.POSSIBLE),
)

CRASHED = (
    (FindingId.QUERY_CRASHED, Confidence.LIKELY),
    (FindingId.QUERY_NOT_AUTHORISED, Confidence.POSSIBLE),
)

QUERIES: dict[str, tuple[Behaviour, QueryOutcome, tuple[Suspect, ...]]] = {
    "success": (archive(FindResponse()), QueryOutcome.NO_MATCH, ()),
    "a match nobody can have": (
        archive(FindResponse(0xFF00)),
        QueryOutcome.MATCHED,
        sure(FindingId.QUERY_KEY_IGNORED),
    ),
    "out of resources": (
        archive(FindResponse(0xA700)),
        QueryOutcome.STATUS,
        sure(FindingId.QUERY_STATUS),
    ),
    "abort": (archive(abort(0, 0)), QueryOutcome.ABORTED, NOT_AUTHORISED),
    "close": (archive((Close(),)), QueryOutcome.CLOSED, CRASHED),
    "reset": (archive((Reset(),)), QueryOutcome.CLOSED, CRASHED),
    "silence": (
        archive((Hold(),)),
        QueryOutcome.NO_ANSWER,
        sure(FindingId.QUERY_NO_ANSWER, Confidence.LIKELY),
    ),
    "C-ECHO-RSP": (
        archive((Send(pdu.echo_rsp(1, 1, 0)), Hold())),
        QueryOutcome.MALFORMED,
        sure(FindingId.QUERY_MALFORMED),
    ),
    "not offered": (Application(), QueryOutcome.NOT_OFFERED, sure(FindingId.QUERY_NOT_OFFERED)),
    "rejected": (Script((AwaitPdu(), *reject(1, 1, 7))), QueryOutcome.NOT_ASKED, ()),
}

OBJECTS: dict[str, tuple[Behaviour, LikeOutcome, tuple[Suspect, ...]]] = {
    "as it is": (Application(offers=(Offer((CT,), (JPEG_BASELINE,)),)), LikeOutcome.TAKEN, ()),
    "uncompressed only": (
        Application(offers=(Offer((CT,)),)),
        LikeOutcome.NOT_AS_IT_IS,
        sure(FindingId.OBJECT_NEEDS_DECOMPRESSION),
    ),
    "another compression only": (
        Application(offers=(Offer((CT,), (JPEG_2000_LOSSLESS,)),)),
        LikeOutcome.NOT_AS_IT_IS,
        sure(FindingId.OBJECT_NEEDS_OTHER_COMPRESSION),
    ),
    "not at all": (
        Application(),
        LikeOutcome.REFUSED,
        sure(FindingId.OBJECT_SOP_CLASS_REFUSED, Confidence.LIKELY),
    ),
    "with no syntax": (
        Application(offers=(Offer((CT,), ()),)),
        LikeOutcome.REFUSED,
        sure(FindingId.OBJECT_NO_SYNTAX_TAKEN, Confidence.LIKELY),
    ),
    "rejected": (Script((AwaitPdu(), *reject(1, 1, 7))), LikeOutcome.NOT_ASKED, ()),
}


@dataclass(frozen=True)
class Case:
    behaviour: Behaviour
    asked: SurveyRequest


CASES = {
    **{f"query: {name}": Case(row[0], SurveyRequest(query=True)) for name, row in QUERIES.items()},
    **{
        f"object: {name}": Case(row[0], SurveyRequest(like=COMPRESSED_CT))
        for name, row in OBJECTS.items()
    },
    "object: other encoding": Case(
        Application(offers=(Offer((CT,), (IMPLICIT_VR_LITTLE_ENDIAN,)),)),
        SurveyRequest(like=PLAIN_CT),
    ),
    "object: private transfer syntax": Case(
        Application(offers=(Offer((CT,), (IMPLICIT_VR_LITTLE_ENDIAN,)),)),
        SurveyRequest(like=PRIVATE_CT),
    ),
    "object: taken by who takes anything": Case(
        Application(
            offers=(Offer((CT, MADE_UP_SOP_CLASS), (JPEG_BASELINE, IMPLICIT_VR_LITTLE_ENDIAN)),)
        ),
        SurveyRequest(like=COMPRESSED_CT),
    ),
    "large: sound": Case(Application(), SurveyRequest(probe=True)),
    "large: silent": Case(Application(most_contexts=4), SurveyRequest(probe=True)),
    "large: silent to all": Case(Script((AwaitPdu(), Hold())), SurveyRequest(probe=True)),
}


@pytest.fixture(scope="module")
def results() -> Iterator[dict[str, ServicesResult]]:
    """Ask every peer, all at the same time."""
    with ExitStack() as labs:
        runs = {}
        for name, case in CASES.items():
            (target,) = labs.enter_context(lab_of(case.behaviour)).targets()
            hasty = replace(target, acse_timeout_s=SHORT_S, dimse_timeout_s=SHORT_S)
            runs[name] = begin(hasty, case.asked)
        yield {name: result_of(run) for name, run in runs.items()}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_judged_by_what_came(results: dict[str, ServicesResult], name: str) -> None:
    query = results[f"query: {name}"].query
    assert query is not None
    assert (query.outcome, suspects(query.findings)) == QUERIES[name][1:]


def test_a_match_ends_the_query_unread(results: dict[str, ServicesResult]) -> None:
    query = results["query: a match nobody can have"].query
    assert query is not None
    assert query.matches == 1


@pytest.mark.parametrize("name", OBJECTS)
def test_an_object_is_judged_by_its_own_syntax_first(
    results: dict[str, ServicesResult], name: str
) -> None:
    like = results[f"object: {name}"].like
    assert like is not None
    assert (like.outcome, suspects(like.findings)) == OBJECTS[name][1:]


def test_what_helps_is_named(results: dict[str, ServicesResult]) -> None:
    like = results["object: uncompressed only"].like
    assert like is not None
    (found,) = like.findings
    assert "Implicit VR Little Endian, Explicit VR Little Endian" in found.explanation
    assert any("decompress" in action for action in found.actions)


def test_an_uncompressed_object_needs_no_decompression(results: dict[str, ServicesResult]) -> None:
    like = results["object: other encoding"].like
    assert like is not None
    assert suspects(like.findings) == sure(FindingId.OBJECT_NEEDS_OTHER_ENCODING)


def test_no_public_tool_is_said_to_decode_a_private_transfer_syntax(
    results: dict[str, ServicesResult],
) -> None:
    like = results["object: private transfer syntax"].like
    assert like is not None
    assert suspects(like.findings) == sure(FindingId.OBJECT_PRIVATE_SYNTAX)


def test_who_takes_anything_proves_little(results: dict[str, ServicesResult]) -> None:
    like = results["object: taken by who takes anything"].like
    assert like is not None
    assert like.outcome is LikeOutcome.TAKEN
    assert "does not exist" in like.summary


def test_an_association_that_does_not_come_about_stops_the_survey(
    results: dict[str, ServicesResult],
) -> None:
    stopped = results["query: rejected"].stopped
    assert stopped is not None
    assert "1/1/7" in stopped.title


def test_a_sound_way_shows_nothing(results: dict[str, ServicesResult]) -> None:
    probe = results["large: sound"].probe
    assert probe is not None
    assert probe.passed
    assert probe.findings == ()
    assert probe.requests[0].request_bytes < 400
    assert probe.requests[-1].request_bytes > 16000


def test_a_program_that_does_not_answer_is_no_black_hole(
    results: dict[str, ServicesResult],
) -> None:
    probe = results["large: silent"].probe
    assert probe is not None
    assert not probe.passed
    steps = [(each.contexts, each.small_segments, each.step) for each in probe.requests]
    assert steps == [
        (1, False, ProbeStep.ANSWERED),
        (6, False, ProbeStep.UNANSWERED),
        (6, True, ProbeStep.UNANSWERED),
        (1, False, ProbeStep.ANSWERED),
    ]
    assert suspects(probe.findings) == sure(
        FindingId.PEER_LARGE_REQUEST_UNANSWERED, Confidence.LIKELY
    )


def test_who_answers_nothing_says_nothing_about_sizes(results: dict[str, ServicesResult]) -> None:
    probe = results["large: silent to all"].probe
    assert probe is not None
    assert len(probe.requests) == 1
    assert probe.findings == ()
