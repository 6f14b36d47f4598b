"""The rules that compare two answers of one peer: a table that a DICOM person can read.

A rule never trusts a reject reason alone. It compares two answers of the same peer to requests that
differ only in the one thing that the experiment changed.
"""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.experiments.answers import (
    ACCEPTED,
    DICOM,
    REFUSED,
    REJECTED_TRANSIENTLY,
    AnswerKind,
)
from dcmecho.diagnosis.experiments.plans import Experiment, ExperimentId
from dcmecho.diagnosis.target.fields import Field


def _kinds(*kinds: AnswerKind) -> frozenset[AnswerKind]:
    return frozenset(kinds)


_CALLED = _kinds(AnswerKind.REJECTED_CALLED)
_CALLING = _kinds(AnswerKind.REJECTED_CALLING)
_REJECTED = _CALLED | _CALLING
_TITLES = _REJECTED | {AnswerKind.ABORTED}
_BROKEN_OFF = _kinds(AnswerKind.ABORTED, AnswerKind.ABORTED_AT_ECHO)
"""An abort can be a temporary error, so comparing with one proves and rules out nothing."""
_ECHO_ENDED_IT = _kinds(AnswerKind.ABORTED_AT_ECHO, AnswerKind.CLOSED_AT_ECHO)
_APP_CONTEXT = _kinds(AnswerKind.REJECTED_APP_CONTEXT, AnswerKind.REJECTED_APP_CONTEXT_FOR_NOW)
_NO_ANSWER = _kinds(AnswerKind.SILENT, AnswerKind.CLOSED)

_OFTEN, _SOMETIMES, _SELDOM = 0.5, 0.3, 0.03


@dataclass(frozen=True, slots=True)
class Rule:
    """Applies if the first attempt ended as one of ``first``, the experiment as one of ``then``.

    ``proves`` leaves one cause, once both requests were repeated with the same results; until then
    that cause is likely. ``likely`` raises causes and ``doubts`` puts them last. ``rules_out``
    removes causes, only if no peer can answer like that for such a reason.
    """

    experiment: ExperimentId
    first: frozenset[AnswerKind]
    then: frozenset[AnswerKind]
    says: str
    proves: CauseId | None = None
    likely: tuple[CauseId, ...] = ()
    doubts: tuple[CauseId, ...] = ()
    rules_out: tuple[CauseId, ...] = ()
    title: Field | None = None
    """The title that the experiment must have written differently; ``None`` for any."""
    chance: float = _SOMETIMES
    """How often such an answer comes if a cause is true that it speaks for."""

    @property
    def raises(self) -> tuple[CauseId, ...]:
        """Return the causes that become likely."""
        return (*self.likely, *([self.proves] if self.proves else ()))

    def is_about(self, experiment: Experiment) -> bool:
        """Report whether the rule can apply to the answer to ``experiment``."""
        same_title = self.title is None or self.title is experiment.title
        return self.experiment is experiment.id and same_title


RULES: tuple[Rule, ...] = (
    Rule(
        ExperimentId.VARIANT_SPACES,
        _REJECTED,
        ACCEPTED,
        "accepted without the spaces",
        proves=CauseId.AE_SPACES,
        chance=_OFTEN,
    ),
    Rule(
        ExperimentId.VARIANT_SPACES,
        _BROKEN_OFF,
        _kinds(AnswerKind.SUCCESS),
        "C-ECHO succeeds without the spaces",
        likely=(CauseId.AE_SPACES,),
        doubts=(CauseId.ASSOC_ABORTED, CauseId.ECHO_ABORTED),
        chance=_OFTEN,
    ),
    Rule(
        ExperimentId.VARIANT_SPACES,
        _CALLED,
        _CALLING,
        "without the spaces the peer rejects the calling title instead: the called title is right"
        " without them, and the calling title is wrong too",
        likely=(CauseId.AE_SPACES, CauseId.AE_CALLING_UNKNOWN),
        rules_out=(CauseId.AE_CALLED_UNKNOWN,),
    ),
    Rule(
        ExperimentId.VARIANT_SPACES,
        _CALLED,
        _TITLES - _CALLING,
        "not accepted without the spaces either, so they are not the only problem",
        doubts=(CauseId.AE_SPACES,),
    ),
    Rule(
        ExperimentId.VARIANT_SPACES,
        _TITLES - _CALLED,
        _TITLES,
        "not accepted without the spaces either, so they are not the only problem",
        doubts=(CauseId.AE_SPACES,),
    ),
    Rule(
        ExperimentId.VARIANT_CASE,
        _REJECTED,
        ACCEPTED,
        "accepted with this spelling",
        proves=CauseId.AE_CASE,
        chance=_OFTEN,
    ),
    Rule(
        ExperimentId.VARIANT_CASE,
        _CALLED,
        _CALLING,
        "with this spelling the peer rejects the calling title instead: the called title is right"
        " so, and the calling title is wrong too",
        likely=(CauseId.AE_CASE, CauseId.AE_CALLING_UNKNOWN),
        rules_out=(CauseId.AE_CALLED_UNKNOWN,),
        title=Field.CALLED_AE,
        chance=_SELDOM,
    ),
    Rule(
        ExperimentId.VARIANT_CASE,
        _CALLING,
        _CALLED,
        "with this spelling the peer rejects the called title instead: the calling title is right"
        " so, and the called title is wrong too",
        likely=(CauseId.AE_CASE, CauseId.AE_CALLED_UNKNOWN),
        rules_out=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
        title=Field.CALLING_AE,
        chance=_SELDOM,
    ),
    Rule(
        ExperimentId.VARIANT_CASE,
        _CALLED,
        _CALLING,
        "with this calling title it is rejected for a different reason: this peer tells the two"
        " titles apart, and the first rejection was about the called title",
        rules_out=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
        title=Field.CALLING_AE,
        chance=_SELDOM,
    ),
    Rule(
        ExperimentId.VARIANT_CASE,
        _BROKEN_OFF,
        _kinds(AnswerKind.SUCCESS),
        "C-ECHO succeeds with this spelling",
        likely=(CauseId.AE_CASE,),
        doubts=(CauseId.ASSOC_ABORTED, CauseId.ECHO_ABORTED),
        chance=_OFTEN,
    ),
    Rule(
        ExperimentId.OWN_CALLING,
        _TITLES,
        ACCEPTED,
        "your other title is accepted, so the called title and the network path are right; the"
        " problem is your calling title, or the address registered for it",
        likely=(CauseId.AE_CALLING_UNKNOWN,),
        doubts=(CauseId.ASSOC_ABORTED,),
        rules_out=(CauseId.AE_CALLED_UNKNOWN,),
        chance=_OFTEN,
    ),
    Rule(
        ExperimentId.OWN_CALLING,
        _CALLED,
        _CALLING,
        "your other title is rejected for a different reason: this peer tells the two titles"
        " apart, and the first rejection was about the called title",
        rules_out=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
        chance=_SELDOM,
    ),
    Rule(
        ExperimentId.OWN_CALLING,
        _CALLING,
        _CALLED,
        "your other title is accepted, and then the called title is rejected: both titles are"
        " wrong",
        likely=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_CALLED_UNKNOWN),
        chance=_SELDOM,
    ),
    Rule(
        ExperimentId.OWN_CALLING,
        _CALLING,
        _CALLING,
        "your other title is rejected too; if the peer knows it, the problem is the address",
        likely=(CauseId.AE_HOST_NOT_ALLOWED,),
        chance=_OFTEN,
    ),
    Rule(
        ExperimentId.OWN_CALLING,
        _kinds(AnswerKind.CLOSED, AnswerKind.CLOSED_TO_CERTIFICATE),
        ACCEPTED,
        "your other title is accepted, so the port is right; the problem is your calling title,"
        " or the address registered for it",
        likely=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
        rules_out=(
            CauseId.PEER_IS_OTHER,
            CauseId.PEER_IS_TLS,
            CauseId.PEER_CLOSED_ON_CONNECT,
            CauseId.TLS_CLIENT_CERT_REFUSED,
        ),
    ),
    Rule(
        ExperimentId.OWN_CALLING,
        _ECHO_ENDED_IT,
        _kinds(AnswerKind.SUCCESS),
        "your other title can use C-ECHO: the program works, but this title is not allowed to",
        likely=(CauseId.AUTH_PER_COMMAND,),
        doubts=(CauseId.ECHO_ABORTED, CauseId.ECHO_CLOSED),
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        _CALLED,
        _CALLING,
        "a made-up calling title is rejected for a different reason: this peer tells the two"
        " titles apart, accepts your calling title and rejects the called title",
        rules_out=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
        chance=_SELDOM,
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        _REJECTED,
        ACCEPTED,
        "a made-up calling title is accepted with this called title, so the peer rejects your"
        " calling title, but not because it is unknown",
        likely=(CauseId.AE_HOST_NOT_ALLOWED,),
        doubts=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_CASE, CauseId.AE_SPACES),
        rules_out=(CauseId.AE_CALLED_UNKNOWN,),
        chance=_SELDOM,
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        _ECHO_ENDED_IT,
        _kinds(AnswerKind.SUCCESS),
        "a made-up calling title can use C-ECHO: the program works, but yours is not allowed to",
        likely=(CauseId.AUTH_PER_COMMAND,),
        doubts=(CauseId.ECHO_ABORTED, CauseId.ECHO_CLOSED),
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        _ECHO_ENDED_IT,
        _REJECTED,
        "a made-up calling title is rejected and yours is accepted, so the peer knows your title"
        " and allows your address; only C-ECHO is not allowed, or fails",
        likely=(CauseId.AUTH_PER_COMMAND,),
        doubts=(CauseId.ECHO_ABORTED, CauseId.ECHO_CLOSED),
        rules_out=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        _kinds(AnswerKind.SUCCESS),
        ACCEPTED - _ECHO_ENDED_IT,
        "a made-up calling title is accepted too: the peer does not check it when an association"
        " is opened",
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        _kinds(AnswerKind.SUCCESS),
        REFUSED,
        "a made-up calling title is rejected and yours is accepted: the peer checks it",
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        _kinds(AnswerKind.SUCCESS),
        _BROKEN_OFF | _ECHO_ENDED_IT,
        "with a made-up calling title the association ends early, so the peer probably knows yours",
    ),
    Rule(
        ExperimentId.CONTROL_CALLED,
        _kinds(AnswerKind.SUCCESS),
        ACCEPTED - _ECHO_ENDED_IT,
        "a made-up called title is accepted too: the peer does not check it",
    ),
    Rule(
        ExperimentId.CONTROL_CALLED,
        _kinds(AnswerKind.SUCCESS),
        REFUSED,
        "a made-up called title is rejected and the target's is accepted: the peer checks it",
    ),
    Rule(
        ExperimentId.CONTROL_CALLED,
        _CALLED,
        ACCEPTED,
        "a made-up called title is accepted, so the rejection is not about the called title",
        doubts=(CauseId.AE_CALLED_UNKNOWN,),
        chance=_SELDOM,
    ),
    Rule(
        ExperimentId.CONTROL_CALLED,
        _CALLING,
        _CALLED,
        "a made-up called title is rejected for a different reason: this peer tells the two"
        " titles apart, and the target's called title is right",
        rules_out=(CauseId.AE_CALLED_UNKNOWN,),
    ),
    Rule(
        ExperimentId.SOURCE_ADDRESS,
        _REJECTED,
        ACCEPTED,
        "accepted from another address of this machine",
        proves=CauseId.AE_HOST_NOT_ALLOWED,
        chance=_OFTEN,
    ),
    Rule(
        ExperimentId.SOURCE_ADDRESS,
        _BROKEN_OFF,
        _kinds(AnswerKind.SUCCESS),
        "C-ECHO succeeds from another address of this machine",
        likely=(CauseId.AE_HOST_NOT_ALLOWED,),
        doubts=(CauseId.ASSOC_ABORTED, CauseId.ECHO_ABORTED),
        chance=_OFTEN,
    ),
    Rule(
        ExperimentId.FLIP_TLS,
        _NO_ANSWER,
        _kinds(AnswerKind.TLS_DONE, AnswerKind.TLS_REFUSED),
        "the port answers a TLS greeting with TLS",
        proves=CauseId.PEER_IS_TLS,
        chance=_OFTEN,
    ),
    Rule(
        ExperimentId.FLIP_TLS,
        _NO_ANSWER,
        _kinds(AnswerKind.NOT_TLS),
        "the port answers a TLS greeting, but not with TLS",
        rules_out=(CauseId.PEER_IS_TLS,),
    ),
    Rule(
        ExperimentId.FLIP_TLS,
        _NO_ANSWER,
        _kinds(AnswerKind.TLS_BROKEN),
        "a TLS greeting gets no TLS answer either",
        # Some servers close without an alert if they share no version or cipher with dcmecho.
        doubts=(CauseId.PEER_IS_TLS,),
    ),
    Rule(
        ExperimentId.FLIP_TLS,
        _NO_ANSWER,
        _kinds(AnswerKind.TLS_SILENT),
        "a TLS greeting is not answered either",
        doubts=(CauseId.PEER_IS_TLS,),
    ),
    Rule(
        ExperimentId.FLIP_TLS,
        _kinds(AnswerKind.TLS_BROKEN, AnswerKind.TLS_SILENT),
        DICOM,
        "a DICOM application answers without TLS",
        proves=CauseId.TLS_PEER_IS_PLAIN,
        chance=_OFTEN,
    ),
    Rule(
        ExperimentId.FLIP_TLS,
        _kinds(AnswerKind.TLS_BROKEN, AnswerKind.TLS_SILENT),
        _kinds(AnswerKind.TCP_REFUSED),
        "the port refuses connections right after the TLS greeting, which probably ended the"
        " server: some plain DICOM programs do not survive one (CTN). Ask the peer's administrator"
        " whether it must be started again",
        likely=(CauseId.TLS_PEER_IS_PLAIN,),
    ),
    Rule(
        ExperimentId.WITHOUT_CERTIFICATE,
        _kinds(AnswerKind.CLOSED_TO_CERTIFICATE),
        DICOM,
        "a DICOM application answers without your certificate",
        proves=CauseId.TLS_CLIENT_CERT_REFUSED,
        chance=_OFTEN,
    ),
    Rule(
        ExperimentId.WITHOUT_CERTIFICATE,
        _kinds(AnswerKind.CLOSED_TO_CERTIFICATE),
        _kinds(AnswerKind.TLS_REFUSED),
        # A proxy that accepted the certificate, with no server behind it, ends both in this way.
        "without your certificate the peer sends an alert, so it checks certificates, and probably"
        " refuses yours",
        likely=(CauseId.TLS_CLIENT_CERT_REFUSED,),
        doubts=(CauseId.PEER_CLOSED_ON_REQUEST, CauseId.PEER_RESET_ON_REQUEST),
    ),
    Rule(
        ExperimentId.RETRY_LATER,
        _kinds(AnswerKind.SILENT),
        DICOM,
        "a DICOM application answers a little later, so the peer was busy",
        rules_out=(CauseId.PEER_IS_HTTP, CauseId.PEER_IS_TLS, CauseId.PEER_IS_OTHER),
    ),
    Rule(
        ExperimentId.RETRY_LATER,
        _APP_CONTEXT
        | _kinds(AnswerKind.REJECTED_NO_REASON, AnswerKind.REJECTED)
        | REJECTED_TRANSIENTLY,
        _kinds(AnswerKind.SUCCESS),
        "C-ECHO succeeds a little later, so the peer was busy",
        rules_out=(
            CauseId.ASSOC_APP_CONTEXT,
            CauseId.ASSOC_PROTOCOL_VERSION,
            CauseId.CONTEXT_REFUSED,
            CauseId.AUTH_IDENTITY_REQUIRED,
        ),
    ),
    Rule(
        ExperimentId.RETRY_LATER,
        _kinds(AnswerKind.REJECTED_UNEXPLAINED),
        _kinds(AnswerKind.REJECTED_UNEXPLAINED),
        "the same a little later, so the peer is probably not just busy; it can demand a user"
        " identity, which dcmecho does not send",
        likely=(CauseId.AUTH_IDENTITY_REQUIRED,),
    ),
    Rule(
        ExperimentId.RETRY_LATER,
        _kinds(AnswerKind.TCP_REFUSED),
        DICOM,
        "a DICOM application answers a little later: the peer was starting, or it closes its port"
        " while it is busy",
    ),
    Rule(
        ExperimentId.ECHO_IMPLICIT,
        _kinds(AnswerKind.CONTEXT_REFUSED, AnswerKind.REJECTED_NO_REASON, AnswerKind.REJECTED),
        _kinds(AnswerKind.SUCCESS),
        "C-ECHO succeeds with Implicit VR Little Endian only",
        proves=CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED,
        chance=_OFTEN,
    ),
    Rule(
        ExperimentId.ECHO_EXPLICIT,
        _kinds(AnswerKind.CONTEXT_REFUSED, AnswerKind.REJECTED_NO_REASON),
        _kinds(AnswerKind.SUCCESS),
        "C-ECHO succeeds if Explicit VR Little Endian is offered too",
        proves=CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED,
        chance=_OFTEN,
    ),
    Rule(
        ExperimentId.FINGERPRINT,
        _CALLED,
        _kinds(AnswerKind.REJECTED_APP_CONTEXT),
        "the software answers like one whose reason 7 means the called title",
        doubts=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
    ),
    Rule(
        ExperimentId.FINGERPRINT,
        _CALLED,
        _CALLED,
        "the software answers like one whose reason 7 means the called title",
        doubts=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
    ),
    Rule(
        ExperimentId.FINGERPRINT,
        _CALLING,
        _CALLING,
        "the software answers like one that does not check addresses",
        doubts=(CauseId.AE_HOST_NOT_ALLOWED,),
    ),
    Rule(
        ExperimentId.FINGERPRINT,
        _kinds(AnswerKind.REJECTED_NO_REASON),
        _APP_CONTEXT,
        "a made-up application context is rejected for a different reason, so the peer does not"
        " refuse everyone; it probably accepts none of the offered services",
        likely=(CauseId.CONTEXT_REFUSED,),
        doubts=(CauseId.ASSOC_REJECTED, CauseId.AUTH_IDENTITY_REQUIRED),
    ),
    Rule(
        ExperimentId.FINGERPRINT,
        _kinds(AnswerKind.REJECTED_NO_REASON),
        _kinds(AnswerKind.REJECTED_NO_REASON),
        "rejected in the same way whatever it is asked, as DCMTK with --refuse",
        likely=(CauseId.ASSOC_REJECTED,),
        doubts=(CauseId.CONTEXT_REFUSED,),
    ),
    Rule(
        ExperimentId.SMALL_SEGMENTS,
        _kinds(AnswerKind.REQUEST_LOST),
        DICOM,
        "small segments get through: the network path drops large packets (MTU)",
        rules_out=(CauseId.PEER_SILENT, CauseId.TCP_UNREACHABLE),
        chance=_OFTEN,
    ),
)
