"""What another spelling, another title or another address of ours tells: a table."""

from __future__ import annotations

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.experiments.answers import (
    ACCEPTED,
    REFUSED,
    AnswerKind,
)
from dcmecho.diagnosis.experiments.plans import ExperimentId
from dcmecho.diagnosis.experiments.rule import (
    BROKEN_OFF,
    CALLED,
    CALLING,
    ECHO_ENDED_IT,
    OFTEN,
    REJECTED,
    SELDOM,
    TITLES,
    Rule,
    kinds,
)
from dcmecho.diagnosis.target.fields import Field

UNKNOWN_TITLES = (CauseId.AE_CALLED_UNKNOWN, CauseId.AE_CALLING_UNKNOWN)
UNKNOWN = (*UNKNOWN_TITLES, CauseId.AE_HOST_NOT_ALLOWED)

TITLE_RULES: tuple[Rule, ...] = (
    Rule(
        ExperimentId.VARIANT_SPACES,
        REJECTED,
        ACCEPTED,
        "accepted without the spaces",
        proves=CauseId.AE_SPACES,
        chance=OFTEN,
    ),
    Rule(
        ExperimentId.VARIANT_SPACES,
        BROKEN_OFF,
        kinds(AnswerKind.SUCCESS),
        "C-ECHO succeeds without the spaces",
        likely=(CauseId.AE_SPACES,),
        doubts=(*UNKNOWN, CauseId.ASSOC_ABORTED, CauseId.ECHO_ABORTED),
        chance=OFTEN,
    ),
    Rule(
        ExperimentId.VARIANT_SPACES,
        CALLED,
        CALLING,
        "without the spaces the peer rejects the calling title instead: the called title is right"
        " without them, and the calling title is wrong too",
        likely=(CauseId.AE_SPACES, CauseId.AE_CALLING_UNKNOWN),
        rules_out=(CauseId.AE_CALLED_UNKNOWN,),
    ),
    Rule(
        ExperimentId.VARIANT_SPACES,
        CALLED,
        TITLES - CALLING,
        "not accepted without the spaces either, so they are not the only problem",
        doubts=(CauseId.AE_SPACES,),
    ),
    Rule(
        ExperimentId.VARIANT_SPACES,
        TITLES - CALLED,
        TITLES,
        "not accepted without the spaces either, so they are not the only problem",
        doubts=(CauseId.AE_SPACES,),
    ),
    Rule(
        ExperimentId.VARIANT_CASE,
        REJECTED,
        ACCEPTED,
        "accepted with this spelling",
        proves=CauseId.AE_CASE,
        chance=OFTEN,
    ),
    Rule(
        ExperimentId.VARIANT_CASE,
        CALLED,
        CALLING,
        "with this spelling the peer rejects the calling title instead: the called title is right"
        " so, and the calling title is wrong too",
        likely=(CauseId.AE_CASE, CauseId.AE_CALLING_UNKNOWN),
        rules_out=(CauseId.AE_CALLED_UNKNOWN,),
        title=Field.CALLED_AE,
        chance=SELDOM,
    ),
    Rule(
        ExperimentId.VARIANT_CASE,
        CALLING,
        CALLED,
        "with this spelling the peer rejects the called title instead: the calling title is right"
        " so, and the called title is wrong too",
        likely=(CauseId.AE_CASE, CauseId.AE_CALLED_UNKNOWN),
        rules_out=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
        title=Field.CALLING_AE,
        chance=SELDOM,
    ),
    Rule(
        ExperimentId.VARIANT_CASE,
        CALLED,
        CALLING,
        "with this calling title it is rejected for a different reason: this peer tells the two"
        " titles apart, and the first rejection was about the called title",
        rules_out=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
        title=Field.CALLING_AE,
        chance=SELDOM,
    ),
    Rule(
        ExperimentId.VARIANT_CASE,
        BROKEN_OFF,
        kinds(AnswerKind.SUCCESS),
        "C-ECHO succeeds with this spelling",
        likely=(CauseId.AE_CASE,),
        doubts=(*UNKNOWN, CauseId.ASSOC_ABORTED, CauseId.ECHO_ABORTED),
        chance=OFTEN,
    ),
    Rule(
        ExperimentId.OWN_CALLING,
        TITLES,
        ACCEPTED,
        "your other title is accepted, so the called title and the network path are right; the"
        " problem is your calling title, or the address registered for it",
        likely=(CauseId.AE_CALLING_UNKNOWN,),
        doubts=(CauseId.ASSOC_ABORTED,),
        rules_out=(CauseId.AE_CALLED_UNKNOWN,),
        chance=OFTEN,
    ),
    Rule(
        ExperimentId.OWN_CALLING,
        CALLED,
        CALLING,
        "your other title is rejected for a different reason: this peer tells the two titles"
        " apart, and the first rejection was about the called title",
        rules_out=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
        chance=SELDOM,
    ),
    Rule(
        ExperimentId.OWN_CALLING,
        CALLING,
        CALLED,
        "your other title is accepted, and then the called title is rejected: both titles are"
        " wrong",
        likely=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_CALLED_UNKNOWN),
        chance=SELDOM,
    ),
    Rule(
        ExperimentId.OWN_CALLING,
        CALLING,
        CALLING,
        "your other title is rejected too; if the peer knows it, the problem is the address",
        likely=(CauseId.AE_HOST_NOT_ALLOWED,),
        chance=OFTEN,
    ),
    Rule(
        ExperimentId.OWN_CALLING,
        kinds(AnswerKind.CLOSED, AnswerKind.CLOSED_TO_CERTIFICATE),
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
        ECHO_ENDED_IT,
        kinds(AnswerKind.SUCCESS),
        "your other title can use C-ECHO: the program works, but this title is not allowed to",
        likely=(CauseId.AUTH_PER_COMMAND,),
        doubts=(CauseId.ECHO_ABORTED, CauseId.ECHO_CLOSED),
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        CALLED,
        CALLING,
        "a made-up calling title is rejected for a different reason: this peer tells the two"
        " titles apart, accepts your calling title and rejects the called title",
        rules_out=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
        chance=SELDOM,
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        REJECTED,
        ACCEPTED,
        "a made-up calling title is accepted with this called title, so the peer rejects your"
        " calling title, but not because it is unknown",
        likely=(CauseId.AE_HOST_NOT_ALLOWED,),
        doubts=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_CASE, CauseId.AE_SPACES),
        rules_out=(CauseId.AE_CALLED_UNKNOWN,),
        chance=SELDOM,
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        ECHO_ENDED_IT,
        kinds(AnswerKind.SUCCESS),
        "a made-up calling title can use C-ECHO: the program works, but yours is not allowed to",
        likely=(CauseId.AUTH_PER_COMMAND,),
        doubts=(CauseId.ECHO_ABORTED, CauseId.ECHO_CLOSED),
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        ECHO_ENDED_IT,
        REJECTED,
        "a made-up calling title is rejected and yours is accepted, so the peer knows your title"
        " and allows your address; only C-ECHO is not allowed, or fails",
        likely=(CauseId.AUTH_PER_COMMAND,),
        doubts=(CauseId.ECHO_ABORTED, CauseId.ECHO_CLOSED),
        rules_out=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        kinds(AnswerKind.SUCCESS),
        ACCEPTED - ECHO_ENDED_IT,
        "a made-up calling title is accepted too: the peer does not check it when an association"
        " is opened",
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        kinds(AnswerKind.SUCCESS),
        REFUSED,
        "a made-up calling title is rejected and yours is accepted: the peer checks it",
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        kinds(AnswerKind.SUCCESS),
        BROKEN_OFF | ECHO_ENDED_IT,
        "with a made-up calling title the association ends early, so the peer probably knows yours",
    ),
    Rule(
        ExperimentId.CONTROL_CALLED,
        kinds(AnswerKind.SUCCESS),
        ACCEPTED - ECHO_ENDED_IT,
        "a made-up called title is accepted too: the peer does not check it",
    ),
    Rule(
        ExperimentId.CONTROL_CALLED,
        kinds(AnswerKind.SUCCESS),
        REFUSED,
        "a made-up called title is rejected and the target's is accepted: the peer checks it",
    ),
    Rule(
        ExperimentId.CONTROL_CALLED,
        CALLED,
        ACCEPTED,
        "a made-up called title is accepted, so the rejection is not about the called title",
        doubts=(CauseId.AE_CALLED_UNKNOWN,),
        chance=SELDOM,
    ),
    Rule(
        ExperimentId.CONTROL_CALLED,
        CALLING,
        CALLED,
        "a made-up called title is rejected for a different reason: this peer tells the two"
        " titles apart, and the target's called title is right",
        rules_out=(CauseId.AE_CALLED_UNKNOWN,),
    ),
    Rule(
        ExperimentId.SOURCE_ADDRESS,
        REJECTED,
        ACCEPTED,
        "accepted from another address of this machine",
        proves=CauseId.AE_HOST_NOT_ALLOWED,
        chance=OFTEN,
    ),
    Rule(
        ExperimentId.SOURCE_ADDRESS,
        BROKEN_OFF,
        kinds(AnswerKind.SUCCESS),
        "C-ECHO succeeds from another address of this machine",
        likely=(CauseId.AE_HOST_NOT_ALLOWED,),
        doubts=(*UNKNOWN_TITLES, CauseId.ASSOC_ABORTED, CauseId.ECHO_ABORTED),
        chance=OFTEN,
    ),
)
