"""What an association requestor sends, encoded by pynetdicom's PDU and DIMSE classes.

Only those: no association of pynetdicom's, no state machine and none of its threads. What comes
back is judged by its bytes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import cast

from pynetdicom.dimse_messages import DIMSEMessage
from pynetdicom.pdu import A_ASSOCIATE_RQ, A_RELEASE_RQ, P_DATA_TF
from pynetdicom.pdu_items import (
    AbstractSyntaxSubItem,
    ApplicationContextItem,
    ImplementationClassUIDSubItem,
    ImplementationVersionNameSubItem,
    MaximumLengthSubItem,
    PDUItem,
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
"""Also to a peer that takes any length: the time that one PDU may take is bounded."""

_RELEASE_RQ = A_RELEASE_RQ().encode()


class Requestor:
    """Asks for an association over a connected ``wire``, and over the association.

    Each call sends and returns. What cannot be sent is no error here: the wire has recorded the
    end that listening gives.
    """

    def __init__(self, wire: Wire, target: Target, options: RunOptions) -> None:
        self._wire = wire
        self._target = target
        self._options = options
        self.proposed = _proposed(options)
        """The presentation contexts that are asked for."""
        self._max_pdu_bytes = _LONGEST_PDU_BYTES

    def associate(self) -> None:
        """Send A-ASSOCIATE-RQ (PS3.8 9.3.2)."""
        self._send([self._association_request()])

    def accepted(self, max_pdu_bytes: int) -> None:
        """Heed the longest PDU that the peer takes, 0 for no limit (PS3.8 D.1)."""
        self._max_pdu_bytes = min(max_pdu_bytes or _LONGEST_PDU_BYTES, _LONGEST_PDU_BYTES)

    def echo(self, context_id: int, message_id: int) -> None:
        """Send C-ECHO-RQ (PS3.7 9.3.5.1)."""
        self._send(_echo_request(context_id, message_id, self._max_pdu_bytes))

    def request(self, message: DIMSEMessage, context_id: int) -> None:
        """Send a DIMSE request, in as many P-DATA-TF as the peer's maximum length asks for."""
        self._send(_fragments(message, context_id, self._max_pdu_bytes))

    def release(self) -> None:
        """Send A-RELEASE-RQ (PS3.8 9.3.6)."""
        self._send([_RELEASE_RQ])

    def _send(self, pdus: Iterable[bytes]) -> None:
        with contextlib.suppress(OSError):
            for pdu in pdus:
                self._wire.write(pdu)

    def _association_request(self) -> bytes:
        request = A_ASSOCIATE_RQ()
        request.called_ae_title = self._target.called_ae
        request.calling_ae_title = self._target.calling_ae
        application_context = self._options.application_context or APPLICATION_CONTEXT
        items = _items(application_context, self.proposed, self._target.max_pdu_bytes)
        request.variable_items = [cast(ApplicationContextItem, items)]
        return request.encode()


class _Encoded(PDUItem):
    """Items as the bytes that they are."""

    def __init__(self, items: Iterable[PDUItem]) -> None:
        self._data = b"".join(item.encode() for item in items)

    def encode(self) -> bytes:
        """The bytes."""
        return self._data

    def __len__(self) -> int:
        return len(self._data)


@lru_cache(maxsize=64)
def _items(
    application_context_name: str, proposed: tuple[ProposedContext, ...], max_pdu_bytes: int
) -> _Encoded:
    """What an A-ASSOCIATE-RQ holds beside titles: the same for most peers, and most of the work."""
    application_context = ApplicationContextItem()
    application_context.application_context_name = application_context_name
    return _Encoded(
        (application_context, *map(_context, proposed), _user_information(max_pdu_bytes))
    )


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
    """Who we are, and the longest PDU that we take (PS3.7 D.3.3)."""
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
    """Verification where nothing else is asked for; the ids are 1, 3, 5, … (PS3.8 9.3.2.2)."""
    syntaxes = _transfer_syntaxes(options.transfer_syntaxes)
    verification = ContextProposal(VERIFICATION_SOP_CLASS, syntaxes)
    proposals = options.contexts or (verification,) * options.presentation_contexts
    return tuple(
        ProposedContext(2 * number + 1, *proposal) for number, proposal in enumerate(proposals)
    )


def _transfer_syntaxes(count: int) -> tuple[str, ...]:
    """The first ``count`` in DCMTK's order; deflated last, since some peers take it and fail."""
    if count <= len(UNCOMPRESSED):
        return UNCOMPRESSED[:count]
    from pynetdicom import ALL_TRANSFER_SYNTAXES

    others = [uid for uid in ALL_TRANSFER_SYNTAXES if uid not in UNCOMPRESSED]
    others.sort(key=lambda uid: uid == DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)
    return (*UNCOMPRESSED, *others)[:count]


@lru_cache(maxsize=64)
def _echo_request(context_id: int, message_id: int, max_pdu_bytes: int) -> tuple[bytes, ...]:
    """A C-ECHO-RQ as PDUs: it is the same for every peer, and much work."""
    return tuple(_fragments(requests.echo_request(message_id), context_id, max_pdu_bytes))


def _fragments(message: DIMSEMessage, context_id: int, max_pdu_bytes: int) -> Iterator[bytes]:
    """``message`` as P-DATA-TFs, none longer than the peer takes (PS3.8 9.3.5)."""
    for data in message.encode_msg(context_id, max_pdu_bytes):
        yield P_DATA_TF(data).encode()
