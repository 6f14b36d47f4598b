"""What another channel, moment, syntax or segment size tells: a table."""

from __future__ import annotations

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.experiments.answers import (
    DICOM,
    REJECTED_TRANSIENTLY,
    AnswerKind,
)
from dcmecho.diagnosis.experiments.plans import ExperimentId
from dcmecho.diagnosis.experiments.rule import (
    APP_CONTEXT,
    CALLED,
    CALLING,
    NO_ANSWER,
    OFTEN,
    Rule,
    kinds,
)

CONNECTION_RULES: tuple[Rule, ...] = (
    Rule(
        ExperimentId.FLIP_TLS,
        NO_ANSWER,
        kinds(AnswerKind.TLS_DONE, AnswerKind.TLS_REFUSED),
        "the port answers a TLS greeting with TLS",
        proves=CauseId.PEER_IS_TLS,
        chance=OFTEN,
    ),
    Rule(
        ExperimentId.FLIP_TLS,
        NO_ANSWER,
        kinds(AnswerKind.NOT_TLS),
        "the port answers a TLS greeting, but not with TLS",
        rules_out=(CauseId.PEER_IS_TLS,),
    ),
    Rule(
        ExperimentId.FLIP_TLS,
        NO_ANSWER,
        kinds(AnswerKind.TLS_BROKEN),
        "a TLS greeting gets no TLS answer either",
        # Some servers close without an alert if they share no version or cipher with dcmecho.
        doubts=(CauseId.PEER_IS_TLS,),
    ),
    Rule(
        ExperimentId.FLIP_TLS,
        NO_ANSWER,
        kinds(AnswerKind.TLS_SILENT),
        "a TLS greeting is not answered either",
        doubts=(CauseId.PEER_IS_TLS,),
    ),
    Rule(
        ExperimentId.FLIP_TLS,
        kinds(AnswerKind.TLS_BROKEN, AnswerKind.TLS_SILENT),
        DICOM,
        "a DICOM application answers without TLS",
        proves=CauseId.TLS_PEER_IS_PLAIN,
        chance=OFTEN,
    ),
    Rule(
        ExperimentId.FLIP_TLS,
        kinds(AnswerKind.TLS_BROKEN, AnswerKind.TLS_SILENT),
        kinds(AnswerKind.TCP_REFUSED),
        "the port refuses connections right after the TLS greeting, which probably ended the"
        " server: some plain DICOM programs do not survive one (CTN). Ask the peer's administrator"
        " whether it must be started again",
        likely=(CauseId.TLS_PEER_IS_PLAIN,),
    ),
    Rule(
        ExperimentId.WITHOUT_CERTIFICATE,
        kinds(AnswerKind.CLOSED_TO_CERTIFICATE),
        DICOM,
        "a DICOM application answers without your certificate",
        proves=CauseId.TLS_CLIENT_CERT_REFUSED,
        chance=OFTEN,
    ),
    Rule(
        ExperimentId.WITHOUT_CERTIFICATE,
        kinds(AnswerKind.CLOSED_TO_CERTIFICATE),
        kinds(AnswerKind.TLS_REFUSED),
        # A proxy that accepted the certificate, with no server behind it, ends both in this way.
        "without your certificate the peer sends an alert, so it checks certificates, and probably"
        " refuses yours",
        likely=(CauseId.TLS_CLIENT_CERT_REFUSED,),
        doubts=(CauseId.PEER_CLOSED_ON_REQUEST, CauseId.PEER_RESET_ON_REQUEST),
    ),
    Rule(
        ExperimentId.RETRY_LATER,
        kinds(AnswerKind.SILENT),
        DICOM,
        "a DICOM application answers a little later, so the peer was busy",
        rules_out=(CauseId.PEER_IS_HTTP, CauseId.PEER_IS_TLS, CauseId.PEER_IS_OTHER),
    ),
    Rule(
        ExperimentId.RETRY_LATER,
        APP_CONTEXT
        | kinds(AnswerKind.REJECTED_NO_REASON, AnswerKind.REJECTED)
        | REJECTED_TRANSIENTLY,
        kinds(AnswerKind.SUCCESS),
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
        kinds(AnswerKind.REJECTED_UNEXPLAINED),
        kinds(AnswerKind.REJECTED_UNEXPLAINED),
        "the same a little later, so the peer is probably not just busy; it can demand a user"
        " identity, which dcmecho does not send",
        likely=(CauseId.AUTH_IDENTITY_REQUIRED,),
    ),
    Rule(
        ExperimentId.RETRY_LATER,
        kinds(AnswerKind.TCP_REFUSED),
        DICOM,
        "a DICOM application answers a little later: the peer was starting, or it closes its port"
        " while it is busy",
    ),
    Rule(
        ExperimentId.ECHO_IMPLICIT,
        kinds(AnswerKind.CONTEXT_REFUSED, AnswerKind.REJECTED_NO_REASON, AnswerKind.REJECTED),
        kinds(AnswerKind.SUCCESS),
        "C-ECHO succeeds with Implicit VR Little Endian only",
        proves=CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED,
        chance=OFTEN,
    ),
    Rule(
        ExperimentId.ECHO_EXPLICIT,
        kinds(AnswerKind.CONTEXT_REFUSED, AnswerKind.REJECTED_NO_REASON),
        kinds(AnswerKind.SUCCESS),
        "C-ECHO succeeds if Explicit VR Little Endian is offered too",
        proves=CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED,
        chance=OFTEN,
    ),
    Rule(
        ExperimentId.FINGERPRINT,
        CALLED,
        kinds(AnswerKind.REJECTED_APP_CONTEXT),
        "the software answers like one whose reason 7 means the called title",
        doubts=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
    ),
    Rule(
        ExperimentId.FINGERPRINT,
        CALLED,
        CALLED,
        "the software answers like one whose reason 7 means the called title",
        doubts=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
    ),
    Rule(
        ExperimentId.FINGERPRINT,
        CALLING,
        CALLING,
        "the software answers like one that does not check addresses",
        doubts=(CauseId.AE_HOST_NOT_ALLOWED,),
    ),
    Rule(
        ExperimentId.FINGERPRINT,
        kinds(AnswerKind.REJECTED_NO_REASON),
        APP_CONTEXT,
        "a made-up application context is rejected for a different reason, so the peer does not"
        " refuse everyone; it probably accepts none of the offered services",
        likely=(CauseId.CONTEXT_REFUSED,),
        doubts=(CauseId.ASSOC_REJECTED, CauseId.AUTH_IDENTITY_REQUIRED),
    ),
    Rule(
        ExperimentId.FINGERPRINT,
        kinds(AnswerKind.REJECTED_NO_REASON),
        kinds(AnswerKind.REJECTED_NO_REASON),
        "rejected in the same way whatever it is asked, as DCMTK with --refuse",
        likely=(CauseId.ASSOC_REJECTED,),
        doubts=(CauseId.CONTEXT_REFUSED,),
    ),
    Rule(
        ExperimentId.SMALL_SEGMENTS,
        kinds(AnswerKind.LONG_REQUEST_LOST),
        DICOM,
        "small segments get through: the network path drops large packets (MTU)",
        proves=CauseId.TCP_BIG_PACKETS_LOST,
        rules_out=(CauseId.PEER_SILENT, CauseId.TCP_UNREACHABLE),
        chance=OFTEN,
    ),
    Rule(
        ExperimentId.SMALL_SEGMENTS,
        kinds(AnswerKind.LONG_REQUEST_LOST),
        kinds(AnswerKind.LONG_REQUEST_LOST),
        "lost in small segments too, so the size of the packets is not the cause",
        doubts=(CauseId.TCP_BIG_PACKETS_LOST,),
    ),
    Rule(
        ExperimentId.RETRY_LATER,
        kinds(AnswerKind.LONG_REQUEST_LOST, AnswerKind.REQUEST_LOST),
        DICOM,
        "a DICOM application answers the same request a little later, so the network path loses"
        " packets at times, or was down for a moment",
        doubts=(CauseId.TCP_BIG_PACKETS_LOST, CauseId.PEER_SILENT),
    ),
)
