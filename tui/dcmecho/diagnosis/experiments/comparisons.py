"""The rules by which two answers of one peer are compared: a table that a DICOM person can read.

A rule never trusts a reject reason by itself. It compares: the same peer, asked twice, answered
differently (or not), and the only difference was the one thing that the experiment changed.
"""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.experiments.answers import ACCEPTED, DICOM, REFUSED, AnswerKind
from dcmecho.diagnosis.experiments.plans import ExperimentId


def _kinds(*kinds: AnswerKind) -> frozenset[AnswerKind]:
    return frozenset(kinds)


_REJECTED = _kinds(AnswerKind.REJECTED_CALLED, AnswerKind.REJECTED_CALLING)
_TITLES = _REJECTED | {AnswerKind.ABORTED}
_BROKEN_OFF = _kinds(AnswerKind.ABORTED, AnswerKind.ABORTED_AT_ECHO)
"""An abort can be a passing fault: a comparison with one proves nothing, and rules nothing out."""
_ECHO_ENDED_IT = _kinds(AnswerKind.ABORTED_AT_ECHO, AnswerKind.CLOSED_AT_ECHO)
_NO_ANSWER = _kinds(AnswerKind.SILENT, AnswerKind.CLOSED)


@dataclass(frozen=True, slots=True)
class Rule:
    """When the first attempt ended as one of ``first`` and the experiment as one of ``then``.

    ``proves`` leaves one cause, once the difference holds when both are asked again: until then
    that one is likely. ``likely`` raises causes, ``doubts`` puts them last, and
    ``rules_out`` strikes them out: only where no peer can answer like that for such a reason.
    """

    experiment: ExperimentId
    first: frozenset[AnswerKind]
    then: frozenset[AnswerKind]
    says: str
    proves: CauseId | None = None
    likely: tuple[CauseId, ...] = ()
    doubts: tuple[CauseId, ...] = ()
    rules_out: tuple[CauseId, ...] = ()


RULES: tuple[Rule, ...] = (
    Rule(
        ExperimentId.VARIANT_SPACES,
        _REJECTED,
        ACCEPTED,
        "without the spaces it is accepted",
        proves=CauseId.AE_SPACES,
    ),
    Rule(
        ExperimentId.VARIANT_SPACES,
        _BROKEN_OFF,
        _kinds(AnswerKind.GREEN),
        "without the spaces it works",
        likely=(CauseId.AE_SPACES,),
        doubts=(CauseId.ASSOC_ABORTED, CauseId.ECHO_ABORTED),
    ),
    Rule(
        ExperimentId.VARIANT_SPACES,
        _TITLES,
        _TITLES,
        "without the spaces it is refused as well: they are not all that is wrong",
        doubts=(CauseId.AE_SPACES,),
    ),
    Rule(
        ExperimentId.VARIANT_CASE,
        _REJECTED,
        ACCEPTED,
        "written like this it is accepted",
        proves=CauseId.AE_CASE,
    ),
    Rule(
        ExperimentId.VARIANT_CASE,
        _BROKEN_OFF,
        _kinds(AnswerKind.GREEN),
        "written like this it works",
        likely=(CauseId.AE_CASE,),
        doubts=(CauseId.ASSOC_ABORTED, CauseId.ECHO_ABORTED),
    ),
    Rule(
        ExperimentId.OWN_CALLING,
        _TITLES,
        ACCEPTED,
        "our other title is accepted: the called title and the way are right, and it is our"
        " calling title that is refused, or its registered address",
        likely=(CauseId.AE_CALLING_UNKNOWN,),
        doubts=(CauseId.ASSOC_ABORTED,),
        rules_out=(CauseId.AE_CALLED_UNKNOWN,),
    ),
    Rule(
        ExperimentId.OWN_CALLING,
        _kinds(AnswerKind.REJECTED_CALLED),
        _kinds(AnswerKind.REJECTED_CALLING),
        "our other title is refused with another reason: this peer tells the two apart, and it"
        " was the called title that it did not like",
        rules_out=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
    ),
    Rule(
        ExperimentId.OWN_CALLING,
        _kinds(AnswerKind.REJECTED_CALLING),
        _kinds(AnswerKind.REJECTED_CALLING),
        "our other title is refused as well: if the peer knows that one, it is the address",
        likely=(CauseId.AE_HOST_NOT_ALLOWED,),
    ),
    Rule(
        ExperimentId.OWN_CALLING,
        _kinds(AnswerKind.CLOSED),
        ACCEPTED,
        "our other title is accepted: the port is right, and it is our calling title that the"
        " peer hangs up on, or its registered address",
        likely=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
        rules_out=(CauseId.PEER_IS_TLS, CauseId.PEER_CLOSED_ON_CONNECT),
    ),
    Rule(
        ExperimentId.OWN_CALLING,
        _ECHO_ENDED_IT,
        _kinds(AnswerKind.GREEN),
        "our other title may use C-ECHO: the program works, this one is not allowed to",
        likely=(CauseId.AUTH_PER_COMMAND,),
        doubts=(CauseId.ECHO_ABORTED, CauseId.ECHO_CLOSED),
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        _kinds(AnswerKind.REJECTED_CALLED),
        _kinds(AnswerKind.REJECTED_CALLING),
        "a calling title that nobody has is refused with another reason: this peer tells the two"
        " apart, ours passes, and it is the called title that it does not like",
        rules_out=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED),
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        _REJECTED,
        ACCEPTED,
        "a calling title that nobody has is accepted with this called title: it is ours that is"
        " refused, and not for being unknown",
        likely=(CauseId.AE_HOST_NOT_ALLOWED,),
        doubts=(CauseId.AE_CALLING_UNKNOWN, CauseId.AE_CASE, CauseId.AE_SPACES),
        rules_out=(CauseId.AE_CALLED_UNKNOWN,),
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        _ECHO_ENDED_IT,
        _kinds(AnswerKind.GREEN),
        "a calling title that nobody has may use C-ECHO: the program works, ours is not allowed to",
        likely=(CauseId.AUTH_PER_COMMAND,),
        doubts=(CauseId.ECHO_ABORTED, CauseId.ECHO_CLOSED),
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        _kinds(AnswerKind.GREEN),
        ACCEPTED - _ECHO_ENDED_IT,
        "a calling title that nobody has is accepted as well: the peer does not check it when an"
        " association is opened",
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        _kinds(AnswerKind.GREEN),
        REFUSED,
        "a calling title that nobody has is refused, and ours was accepted: the peer looks at it",
    ),
    Rule(
        ExperimentId.CONTROL_CALLING,
        _kinds(AnswerKind.GREEN),
        _BROKEN_OFF | _ECHO_ENDED_IT,
        "a calling title that nobody has is broken off: it seems that the peer knows ours",
    ),
    Rule(
        ExperimentId.CONTROL_CALLED,
        _kinds(AnswerKind.GREEN),
        ACCEPTED - _ECHO_ENDED_IT,
        "a called title that nobody has is accepted as well: the peer does not check it",
    ),
    Rule(
        ExperimentId.CONTROL_CALLED,
        _kinds(AnswerKind.GREEN),
        REFUSED,
        "a called title that nobody has is refused, and the one in the profile was accepted: the"
        " peer looks at it",
    ),
    Rule(
        ExperimentId.CONTROL_CALLED,
        _kinds(AnswerKind.REJECTED_CALLED),
        ACCEPTED,
        "a called title that nobody has is accepted: it is not the called title that is refused",
        doubts=(CauseId.AE_CALLED_UNKNOWN,),
    ),
    Rule(
        ExperimentId.CONTROL_CALLED,
        _kinds(AnswerKind.REJECTED_CALLING),
        _kinds(AnswerKind.REJECTED_CALLED),
        "a called title that nobody has is refused with another reason: this peer tells the two"
        " apart, and the called title in the profile is right",
        rules_out=(CauseId.AE_CALLED_UNKNOWN,),
    ),
    Rule(
        ExperimentId.SOURCE_ADDRESS,
        _REJECTED,
        ACCEPTED,
        "from another address of this machine it is accepted",
        proves=CauseId.AE_HOST_NOT_ALLOWED,
    ),
    Rule(
        ExperimentId.SOURCE_ADDRESS,
        _BROKEN_OFF,
        _kinds(AnswerKind.GREEN),
        "from another address of this machine it works",
        likely=(CauseId.AE_HOST_NOT_ALLOWED,),
    ),
    Rule(
        ExperimentId.FLIP_TLS,
        _NO_ANSWER,
        _kinds(AnswerKind.TLS_DONE, AnswerKind.TLS_REFUSED),
        "the port answers a TLS greeting with TLS",
        proves=CauseId.PEER_IS_TLS,
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
        # Some servers break off without an alert where they share no version or cipher with us.
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
        "without TLS a DICOM application answers",
        proves=CauseId.TLS_PEER_IS_PLAIN,
    ),
    Rule(
        ExperimentId.RETRY_LATER,
        _kinds(AnswerKind.SILENT),
        DICOM,
        "a little later a DICOM application answers: it was busy at that moment",
        rules_out=(CauseId.PEER_IS_HTTP, CauseId.PEER_IS_TLS, CauseId.PEER_IS_OTHER),
    ),
    Rule(
        ExperimentId.RETRY_LATER,
        _kinds(AnswerKind.REJECTED_FOR_NOW, AnswerKind.REJECTED_APP_CONTEXT, AnswerKind.REJECTED),
        _kinds(AnswerKind.GREEN),
        "a little later it works: it was busy at that moment",
        rules_out=(CauseId.ASSOC_APP_CONTEXT, CauseId.CONTEXT_REFUSED),
    ),
    Rule(
        ExperimentId.ECHO_IMPLICIT,
        _kinds(AnswerKind.CONTEXT_REFUSED, AnswerKind.REJECTED),
        _kinds(AnswerKind.GREEN),
        "with Implicit VR Little Endian only it works",
        proves=CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED,
    ),
    Rule(
        ExperimentId.SMALL_SEGMENTS,
        _kinds(AnswerKind.EATEN),
        DICOM,
        "in small segments it passes: the way loses big packets (MTU)",
        rules_out=(CauseId.PEER_SILENT,),
    ),
)
