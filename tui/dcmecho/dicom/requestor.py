"""pynetdicom's association requestor, stepped by the run's own thread.

pynetdicom builds every PDU and message and keeps the state machine of PS3.8 9.2. Its reactor
threads, which poll, are never started: the run asks here, listens on its :class:`Wire`, and judges
what came by its bytes. So nothing lies between the socket and the times that are reported.
"""

from __future__ import annotations

import contextlib
from functools import lru_cache
from typing import cast

from pydicom.uid import UID
from pynetdicom import AE, _config
from pynetdicom._globals import ALL_TRANSFER_SYNTAXES, MODE_REQUESTOR
from pynetdicom.association import Association
from pynetdicom.dimse_messages import C_ECHO_RQ
from pynetdicom.dimse_primitives import C_ECHO, DimsePrimitiveType
from pynetdicom.pdu import A_ASSOCIATE_AC
from pynetdicom.pdu_primitives import A_ASSOCIATE, P_DATA
from pynetdicom.presentation import PresentationContext, build_context
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]
from pynetdicom.transport import T_CONNECT, AddressInformation, AssociationSocket

from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.target import Target
from dcmecho.dicom.implementation import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION
from dcmecho.dicom.pdus import clean_accept
from dcmecho.dicom.wire import Wire
from dcmecho.standard.uids import (
    APPLICATION_CONTEXT,
    DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
    UNCOMPRESSED,
)

# pynetdicom's own log handlers crash on odd PDUs; ours read the bytes.
_config.LOG_HANDLER_LEVEL = "none"

_LONGEST_PDU_BYTES = 65_536
"""Also to a peer that takes any length: the time that one PDU may take is bounded."""
_NOWHERE = AddressInformation("", 0)


class Requestor:
    """Asks for an association over a connected ``wire``, and over the association.

    Each call sends and returns. What cannot be sent is no error here: the wire has recorded the
    end that listening gives.
    """

    def __init__(self, wire: Wire, target: Target, options: RunOptions) -> None:
        self._options = options
        self._association = Association(AE(target.calling_ae), MODE_REQUESTOR)
        self._dul = self._association.dul
        self._dul.socket = cast(AssociationSocket, _Plug(self._association, wire))
        requestor, acceptor = self._association.requestor, self._association.acceptor
        requestor.ae_title = target.calling_ae
        requestor.maximum_length = target.max_pdu_bytes
        requestor.implementation_class_uid = UID(IMPLEMENTATION_CLASS_UID)
        requestor.implementation_version_name = IMPLEMENTATION_VERSION
        requestor.requested_contexts = _contexts(options)
        acceptor.ae_title = target.called_ae

    def associate(self) -> None:
        """Send A-ASSOCIATE-RQ (PS3.8 9.3.2)."""
        requestor = self._association.requestor
        primitive = A_ASSOCIATE()
        primitive.application_context_name = UID(
            self._options.application_context or APPLICATION_CONTEXT
        )
        primitive.calling_ae_title = requestor.ae_title
        primitive.called_ae_title = self._association.acceptor.ae_title
        primitive.calling_presentation_address = _NOWHERE
        primitive.called_presentation_address = _NOWHERE
        primitive.presentation_context_definition_list = requestor.requested_contexts
        primitive.user_information = requestor.user_information
        requestor.primitive = primitive
        self._dul.send_pdu(primitive)
        self._step()

    def accepted(self, pdu: bytes, max_pdu_bytes: int) -> None:
        """Take an A-ASSOCIATE-AC to the state machine, in a form that it digests.

        ``max_pdu_bytes`` is the longest PDU that the peer takes, 0 for no limit.
        Raises :class:`~dcmecho.dicom.pdus.PduFault`.
        """
        acceptance = _acceptance(clean_accept(pdu))
        longest = min(max_pdu_bytes or _LONGEST_PDU_BYTES, _LONGEST_PDU_BYTES)
        self._association.acceptor.maximum_length = longest
        self._dul._recv_pdu.put(acceptance)
        self._dul.state_machine.do_action("Evt3")

    def echo(self, context_id: int, message_id: int) -> None:
        """Send C-ECHO-RQ (PS3.7 9.3.5.1)."""
        longest = self._association.dimse.maximum_pdu_size
        for fragment in _echo_request(context_id, message_id, longest):
            self._dul.send_pdu(fragment)
        self._step()

    def request(self, message: DimsePrimitiveType, context_id: int) -> None:
        """Send a DIMSE request, in as many P-DATA-TF as the peer's maximum length asks for."""
        self._association.dimse.send_msg(message, context_id)
        self._step()

    def release(self) -> None:
        """Send A-RELEASE-RQ (PS3.8 9.3.6)."""
        self._association.acse.send_release()
        self._step()

    def close(self) -> None:
        """Let go of the association. It is of no use any more."""
        # Its parts refer to each other in circles: many runs would wait for the garbage collector,
        # which stops all others meanwhile.
        vars(self._dul).clear()
        vars(self._association).clear()

    def _step(self) -> None:
        """Let the state machine act on everything that was asked of it."""
        while self._dul._process_recv_primitive():
            self._dul.state_machine.do_action(self._dul.event_queue.get(block=False))


class _Plug:
    """What the state machine takes for its ``AssociationSocket``: the wire is connected already."""

    def __init__(self, association: Association, wire: Wire) -> None:
        self._association = association
        self._wire = wire

    def connect(self, primitive: T_CONNECT) -> None:
        primitive.result = "Evt2"
        self._association.dul.to_provider_queue.put(primitive)

    def send(self, pdu: bytes) -> None:
        with contextlib.suppress(OSError):
            self._wire.write(pdu)


# What pynetdicom makes of the same bytes is the same for every peer, and most of a run's work.


@lru_cache(maxsize=64)
def _echo_request(context_id: int, message_id: int, max_pdu_bytes: int) -> tuple[P_DATA, ...]:
    """A C-ECHO-RQ (PS3.7 9.3.5.1) as the fragments to send. Read only."""
    request = C_ECHO()
    request.MessageID = message_id
    request.AffectedSOPClassUID = Verification
    message = C_ECHO_RQ()
    message.primitive_to_message(request)
    return tuple(message.encode_msg(context_id, max_pdu_bytes))


@lru_cache(maxsize=64)
def _acceptance(pdu: bytes) -> A_ASSOCIATE_AC:
    """A cleaned A-ASSOCIATE-AC, which names no peer. Read only."""
    acceptance = A_ASSOCIATE_AC()
    acceptance.decode(pdu)
    return acceptance


def _contexts(options: RunOptions) -> list[PresentationContext]:
    """What is proposed, with the ids 1, 3, 5, … (PS3.8 9.3.2.2)."""
    if options.contexts:
        proposed = [
            build_context(each.abstract_syntax, list(each.transfer_syntaxes))
            for each in options.contexts
        ]
    else:
        syntaxes = _transfer_syntaxes(options.transfer_syntaxes)
        proposed = [
            build_context(Verification, [*syntaxes]) for _ in range(options.presentation_contexts)
        ]
    for number, context in enumerate(proposed):
        context.context_id = 2 * number + 1
    return proposed


@lru_cache(maxsize=64)
def _transfer_syntaxes(count: int) -> tuple[str, ...]:
    """The first ``count`` in DCMTK's order; deflated last, since some peers take it and fail."""
    others = [str(uid) for uid in ALL_TRANSFER_SYNTAXES if uid not in UNCOMPRESSED]
    others.sort(key=lambda uid: uid == DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)
    return (*UNCOMPRESSED, *others)[:count]
