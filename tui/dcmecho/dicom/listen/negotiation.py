"""Negotiates a listener's answer to an association request. No I/O."""

from __future__ import annotations

from dcmecho.diagnosis.listen.calls import Accepted, AssociationRequest, RequestedContext
from dcmecho.diagnosis.listen.events import Admission
from dcmecho.diagnosis.network.association import ContextAnswer, Rejection
from dcmecho.dicom.pdu.read import rejection_of
from dcmecho.dicom.pdu.uid_names import uid_name
from dcmecho.standard.context_results import ContextResult
from dcmecho.standard.refusals import RejectReason, RejectResult
from dcmecho.standard.uids import (
    APPLICATION_CONTEXT,
    IMPLICIT_VR_LITTLE_ENDIAN,
    UNCOMPRESSED,
    VERIFICATION_SOP_CLASS,
    is_storage,
)

_VERSION_1 = 1


def answer_to(request: AssociationRequest, admission: Admission) -> Accepted | Rejection:
    """Return the acceptance or rejection of a readable request (PS3.8 9.3.3, 9.3.4)."""
    if not request.protocol_version & _VERSION_1:
        return _rejected(RejectResult.PERMANENT, RejectReason.PROTOCOL_VERSION)
    if request.application_context.value != APPLICATION_CONTEXT:
        return _rejected(RejectResult.PERMANENT, RejectReason.APPLICATION_CONTEXT)
    if admission is Admission.NOT_NOW:
        return _rejected(RejectResult.TRANSIENT, RejectReason.CONGESTION)
    return Accepted(tuple(_negotiate(context, admission) for context in request.contexts))


def _rejected(result: RejectResult, reason: RejectReason) -> Rejection:
    return rejection_of(result, reason.source, reason.number)


def _negotiate(context: RequestedContext, admission: Admission) -> ContextAnswer:
    wanted = context.abstract_syntax.value
    offered = [syntax.value for syntax in context.transfer_syntaxes]
    if wanted == VERIFICATION_SOP_CLASS:
        chosen = next((syntax for syntax in UNCOMPRESSED if syntax in offered), "")
    elif admission is Admission.STORAGE and is_storage(wanted):
        # Data is discarded, so the caller's first choice is always acceptable.
        chosen = next(iter(offered), "")
    else:
        return _refused(context, ContextResult.ABSTRACT_SYNTAX_NOT_SUPPORTED)
    if not chosen:
        return _refused(context, ContextResult.TRANSFER_SYNTAXES_NOT_SUPPORTED)
    name = uid_name(chosen)
    return ContextAnswer(context.context_id, wanted, ContextResult.ACCEPTANCE, chosen, name)


def _refused(context: RequestedContext, result: ContextResult) -> ContextAnswer:
    """Return a refusal. Its transfer syntax is mandatory but meaningless (PS3.8 9.3.3.2)."""
    wanted = context.abstract_syntax.value
    return ContextAnswer(context.context_id, wanted, result, IMPLICIT_VR_LITTLE_ENDIAN)
