"""The large-PDU probe: association requests of growing size, until one is not answered.

A network path that drops large packets passes a C-ECHO but stalls images. Long A-ASSOCIATE-RQs
show this without any data: the number of presentation contexts makes them 0.3 to 16 kB long.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import FINDINGS, Finding, FindingId
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.experiments.answers import DICOM, AnswerKind, answer_of
from dcmecho.diagnosis.run_options import SMALL_SEGMENT_BYTES, ContextProposal, RunOptions
from dcmecho.diagnosis.services.model import ProbeRequest, ProbeResult, ProbeStep
from dcmecho.diagnosis.survey.associations import AssociationOutcome, Associations
from dcmecho.standard.uids import (
    DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
    JPEG_BASELINE,
    UNCOMPRESSED,
    VERIFICATION_SOP_CLASS,
)

CONTEXTS = (1, 6, 13, 27, 54, 108)
"""About 0.3, 1, 2, 4, 8 and 16 kB."""

PATIENCE_S = 8.0
"""In this time Linux has sent a lost segment again five times."""

MOST_ASSOCIATIONS = len(CONTEXTS) + 2
"""The requests of growing size, and two more to find out why one failed."""

_CONTEXT = ContextProposal(
    VERIFICATION_SOP_CLASS, (*UNCOMPRESSED, DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, JPEG_BASELINE)
)

_STEPS: Mapping[AnswerKind, ProbeStep] = MappingProxyType(
    {
        AnswerKind.REQUEST_LOST: ProbeStep.LOST,
        AnswerKind.LONG_REQUEST_LOST: ProbeStep.LOST,
        AnswerKind.SILENT: ProbeStep.UNANSWERED,
        AnswerKind.CLOSED: ProbeStep.BROKEN,
        AnswerKind.CLOSED_TO_CERTIFICATE: ProbeStep.BROKEN,
        AnswerKind.NOT_DICOM: ProbeStep.BROKEN,
    }
)

_STALLED = frozenset({ProbeStep.LOST, ProbeStep.UNANSWERED})


@dataclass(frozen=True, slots=True)
class _Judged:
    summary: str
    findings: tuple[Finding, ...] = ()


class Probe:
    """Sends the requests one after another; ``requests`` are those sent so far."""

    def __init__(self, associations: Associations) -> None:
        self._associations = associations
        self.requests: list[ProbeRequest] = []

    def run(self) -> ProbeResult:
        """Send the requests and judge them. Raises the same errors as ``Associations.open``."""
        for contexts in CONTEXTS:
            last = self._send(contexts)
            if last.step is not ProbeStep.ANSWERED:
                judged = self._why(last)
                return ProbeResult(tuple(self.requests), judged.summary, False, judged.findings)
        summary = f"requests of up to {_size(last)} were answered: no sign of lost large packets"
        return ProbeResult(tuple(self.requests), summary, True)

    def _send(self, contexts: int, *, small_segments: bool = False) -> ProbeRequest:
        how = f" in segments of {SMALL_SEGMENT_BYTES} bytes" if small_segments else ""
        number = count(contexts, "presentation context")
        purpose = f"a request with {number}{how}"
        options = RunOptions(max_segment_bytes=SMALL_SEGMENT_BYTES if small_segments else 0)
        asked = (_CONTEXT,) * contexts
        associated = self._associations.open(purpose, asked, None, options, PATIENCE_S)
        request = _request(associated, contexts, small_segments)
        self.requests.append(request)
        return request

    def _why(self, failed: ProbeRequest) -> _Judged:
        size = _size(failed)
        if failed.step is ProbeStep.NOT_REACHED:
            return _Judged(failed.text)
        if len(self.requests) == 1:
            return _Judged(f"even the smallest request fails: {failed.text}")
        if failed.step in _STALLED:
            return self._why_stalled(failed)
        if self._send(CONTEXTS[0]).step is not ProbeStep.ANSWERED:
            return _Judged(f"a request of {size} failed, and then a small one too: {failed.text}")
        sure = Confidence.LIKELY if failed.step is ProbeStep.REFUSED else Confidence.POSSIBLE
        found = FINDINGS.describe(FindingId.PEER_LARGE_REQUEST_REFUSED, sure, _values(failed))
        return _Judged(
            f"small requests are answered, but one of {size} is not: {failed.text}", (found,)
        )

    def _why_stalled(self, stalled: ProbeRequest) -> _Judged:
        size = _size(stalled)
        in_small = self._send(stalled.contexts, small_segments=True)
        if in_small.step is ProbeStep.ANSWERED:
            return self._why_large_packets(stalled)
        if in_small.step not in _STALLED:
            return _Judged(f"a request of {size} stalled, then: {in_small.text}")
        if self._send(CONTEXTS[0]).step is not ProbeStep.ANSWERED:
            return _Judged(f"a request of {size} stalled, and then a small one too")
        lost = in_small.step is ProbeStep.LOST
        cause = FindingId.PATH_LOSES_REQUESTS if lost else FindingId.PEER_LARGE_REQUEST_UNANSWERED
        found = FINDINGS.describe(cause, Confidence.LIKELY, _values(stalled))
        said = f"small requests are answered, but one of {size} stalls, even in small segments"
        return _Judged(said, (found,))

    def _why_large_packets(self, stalled: ProbeRequest) -> _Judged:
        size = _size(stalled)
        again = self._send(stalled.contexts)
        if again.step is ProbeStep.ANSWERED:
            return _Judged(
                f"a request of {size} stalled once but was answered when repeated: the network"
                " path or the peer was down for a moment"
            )
        lost = stalled.step is ProbeStep.LOST
        cause = FindingId.PATH_LOSES_BIG_PACKETS if lost else FindingId.PATH_LOSES_BIG_ANSWERS
        # A load balancer in front of two servers, one of which hangs, looks like a lost answer.
        sure = Confidence.PROVEN if lost and again.step is stalled.step else Confidence.LIKELY
        said = f"a request of {size} stalls twice, but is answered when sent in small segments"
        return _Judged(said, (FINDINGS.describe(cause, sure, _values(stalled)),))


def _request(associated: AssociationOutcome, contexts: int, small_segments: bool) -> ProbeRequest:
    step = ProbeStep.ANSWERED
    text = "answered"
    if associated.acceptance is None:
        answer = answer_of(associated.report.stages)
        refused = ProbeStep.REFUSED if answer in DICOM else ProbeStep.NOT_REACHED
        step = _STEPS.get(answer, refused)
        text = associated.report.verdict.title
    return ProbeRequest(
        associated.request_bytes,
        contexts,
        step,
        text,
        small_segments,
        associated.report.elapsed_ms,
        associated.tcp,
    )


def _values(request: ProbeRequest) -> dict[str, str]:
    tcp = request.tcp
    return {
        "bytes": str(request.request_bytes),
        "segment": str(tcp.segment_bytes) if tcp else "unknown",
        "mtu": str(tcp.path_mtu_bytes) if tcp else "unknown",
        "retransmits": str(tcp.total_retransmits) if tcp else "unknown",
        "ending": request.text,
    }


def _size(request: ProbeRequest) -> str:
    return f"{request.request_bytes / 1000:.1f} kB"
