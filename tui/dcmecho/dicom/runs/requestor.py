"""Sends the requests of an association requestor, encoded by pynetdicom.

Uses only its PDU and DIMSE classes, not its associations, state machine or threads. Answers are
judged by their bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from pynetdicom.dimse_messages import DIMSEMessage
from pynetdicom.pdu import A_ASSOCIATE_RQ, A_RELEASE_RQ, P_DATA_TF
from pynetdicom.pdu_items import (
    AbstractSyntaxSubItem,
    ApplicationContextItem,
    ImplementationClassUIDSubItem,
    ImplementationVersionNameSubItem,
    MaximumLengthSubItem,
    PresentationContextItemRQ,
    TransferSyntaxSubItem,
    UserInformationItem,
)

from dcmecho.diagnosis.run_options import ContextProposal, RunOptions
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.pdu import requests
from dcmecho.dicom.pdu.implementation import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION
from dcmecho.dicom.pdu.read import ProposedContext
from dcmecho.dicom.wire.connection import Wire
from dcmecho.standard.uids import (
    APPLICATION_CONTEXT,
    DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
    UNCOMPRESSED,
    VERIFICATION_SOP_CLASS,
)

_LONGEST_PDU_BYTES = 65_536
"""Also for a peer without a limit, so sending one PDU takes a limited time."""

_TITLES_AT, _TITLE_BYTES = 10, 16
"""The called, then the calling AE title in an A-ASSOCIATE-RQ (PS3.8 9.3.2)."""

_RELEASE_RQ = A_RELEASE_RQ().encode()


class Requestor:
    """Sends the association request and other requests over a connected ``wire``.

    Each call sends and returns. A failed send raises nothing: the wire records the end, and
    listening returns it.
    """

    def __init__(self, wire: Wire, target: Target, options: RunOptions) -> None:
        self._wire = wire
        self._target = target
        self._options = options
        self.proposed = _proposed(options)
        """The proposed presentation contexts."""
        self._max_pdu_bytes = _LONGEST_PDU_BYTES
        self.request_bytes = 0
        """The length of the A-ASSOCIATE-RQ that was sent."""

    def associate(self) -> None:
        """Send A-ASSOCIATE-RQ (PS3.8 9.3.2)."""
        request = self._association_request()
        self.request_bytes = len(request)
        self._send([request])

    def accepted(self, max_pdu_bytes: int) -> None:
        """Set the longest PDU that the peer accepts, 0 for no limit (PS3.8 D.1)."""
        self._max_pdu_bytes = min(max_pdu_bytes or _LONGEST_PDU_BYTES, _LONGEST_PDU_BYTES)

    def echo(self, context_id: int, message_id: int) -> None:
        """Send C-ECHO-RQ (PS3.7 9.3.5.1)."""
        self._send(_echo_request(context_id, message_id, self._max_pdu_bytes))

    def request(self, message: DIMSEMessage, context_id: int) -> None:
        """Send a DIMSE request, split by the peer's maximum PDU length."""
        self._send(_fragments(message, context_id, self._max_pdu_bytes))

    def release(self) -> None:
        """Send A-RELEASE-RQ (PS3.8 9.3.6)."""
        self._send([_RELEASE_RQ])

    def _send(self, pdus: Iterable[bytes]) -> None:
        try:
            for pdu in pdus:
                self._wire.write(pdu)
        except OSError:
            return

    def _association_request(self) -> bytes:
        application_context = self._options.application_context or APPLICATION_CONTEXT
        target = self._target
        untitled = _untitled_request(application_context, self.proposed, target.max_pdu_bytes)
        titles = target.called_ae.ljust(_TITLE_BYTES) + target.calling_ae.ljust(_TITLE_BYTES)
        end_of_titles = _TITLES_AT + 2 * _TITLE_BYTES
        return untitled[:_TITLES_AT] + titles.encode("ascii") + untitled[end_of_titles:]


@lru_cache(maxsize=64)
def _untitled_request(
    application_context_name: str, proposed: tuple[ProposedContext, ...], max_pdu_bytes: int
) -> bytes:
    """Return an A-ASSOCIATE-RQ without titles. Cached: slow, and equal for most peers."""
    application_context = ApplicationContextItem()
    application_context.application_context_name = application_context_name
    request = A_ASSOCIATE_RQ()
    request.variable_items = [
        application_context,
        *map(_context, proposed),
        _user_information(max_pdu_bytes),
    ]
    return request.encode()


def _context(proposed: ProposedContext) -> PresentationContextItemRQ:
    abstract_syntax = AbstractSyntaxSubItem()
    abstract_syntax.abstract_syntax_name = proposed.abstract_syntax
    context = PresentationContextItemRQ()
    context.presentation_context_id = proposed.context_id
    context.abstract_transfer_syntax_sub_items = [
        abstract_syntax,
        *map(_transfer_syntax, proposed.transfer_syntaxes),
    ]
    return context


def _transfer_syntax(uid: str) -> TransferSyntaxSubItem:
    transfer_syntax = TransferSyntaxSubItem()
    transfer_syntax.transfer_syntax_name = uid
    return transfer_syntax


def _user_information(max_pdu_bytes: int) -> UserInformationItem:
    """Return our implementation and the longest PDU we accept (PS3.7 D.3.3)."""
    maximum_length = MaximumLengthSubItem()
    maximum_length.maximum_length_received = max_pdu_bytes
    class_uid = ImplementationClassUIDSubItem()
    class_uid.implementation_class_uid = IMPLEMENTATION_CLASS_UID
    version = ImplementationVersionNameSubItem()
    version.implementation_version_name = IMPLEMENTATION_VERSION
    user_information = UserInformationItem()
    user_information.user_data = [maximum_length, class_uid, version]
    return user_information


def _proposed(options: RunOptions) -> tuple[ProposedContext, ...]:
    """Return the proposed contexts, by default Verification; ids 1, 3, 5, … (PS3.8 9.3.2.2)."""
    syntaxes = _transfer_syntaxes(options.transfer_syntaxes)
    verification = ContextProposal(VERIFICATION_SOP_CLASS, syntaxes)
    proposals = options.contexts or (verification,) * options.presentation_contexts
    return tuple(
        ProposedContext(2 * number + 1, *proposal) for number, proposal in enumerate(proposals)
    )


def _transfer_syntaxes(count: int) -> tuple[str, ...]:
    """Return ``count`` syntaxes in DCMTK's order; deflated last: some peers accept it and fail."""
    if count <= len(UNCOMPRESSED):
        return UNCOMPRESSED[:count]
    from pynetdicom import ALL_TRANSFER_SYNTAXES

    others = [uid for uid in ALL_TRANSFER_SYNTAXES if uid not in UNCOMPRESSED]
    others.sort(key=lambda uid: uid == DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)
    return (*UNCOMPRESSED, *others)[:count]


@lru_cache(maxsize=64)
def _echo_request(context_id: int, message_id: int, max_pdu_bytes: int) -> tuple[bytes, ...]:
    """Return a C-ECHO-RQ as PDUs. Cached: slow, and equal for every peer."""
    return tuple(_fragments(requests.echo_request(message_id), context_id, max_pdu_bytes))


def _fragments(message: DIMSEMessage, context_id: int, max_pdu_bytes: int) -> Iterator[bytes]:
    """Yield ``message`` as P-DATA-TFs no longer than the peer accepts (PS3.8 9.3.5)."""
    for data in message.encode_msg(context_id, max_pdu_bytes):
        yield P_DATA_TF(data).encode()
