"""An association for any presentation contexts, and the DIMSE requests on it."""

from __future__ import annotations

from io import BytesIO

from pydicom.dataset import Dataset
from pydicom.uid import UID, generate_uid
from pynetdicom.dimse_primitives import C_FIND, DimsePrimitiveType
from pynetdicom.dsutils import encode

from dcmecho.diagnosis.events import Direction
from dcmecho.diagnosis.link import ContextAnswer, Negotiation, TcpInfo
from dcmecho.diagnosis.model import RunOptions, StageId, Target
from dcmecho.diagnosis.services.link import FindAnswer
from dcmecho.dicom import words
from dcmecho.dicom.commands import C_FIND_RSP
from dcmecho.dicom.framing import PduType
from dcmecho.dicom.link import WireLink

_PENDING = frozenset({0xFF00, 0xFF01})
"""A match, and more to come (PS3.4 C.4.1.1.4)."""

_MEDIUM_PRIORITY = 0


class ServiceLink(WireLink):
    """Implements :class:`dcmecho.diagnosis.services.link.ServiceLink`.

    What answers a request is read from the bytes of its commands; data sets are not decoded.
    """

    request_bytes = 0
    """The length of the A-ASSOCIATE-RQ that was sent; 0 where none was."""
    tcp_info_at_end: TcpInfo | None = None
    """What the kernel knew of the connection when an A-ASSOCIATE-AC did not come."""

    def associate(self, target: Target, options: RunOptions) -> Negotiation:
        """Send A-ASSOCIATE-RQ with the contexts of ``options`` and wait for the answer."""
        negotiation = super().associate(target, options)
        self.tcp_info_at_end = negotiation.answer.tcp
        return negotiation

    def tcp_info(self) -> TcpInfo | None:
        """What the kernel knows of the open connection."""
        return self._wire.tcp_info()

    def find(self, context: ContextAnswer, message_id: int) -> FindAnswer:
        """Send a C-FIND-RQ for a random Study Instance UID, which no study can have.

        Returns at the first match: nothing more is read.
        """
        request = C_FIND()
        request.MessageID = message_id
        request.AffectedSOPClassUID = UID(context.abstract_syntax)
        request.Priority = _MEDIUM_PRIORITY
        request.Identifier = BytesIO(_nobodys_study(UID(context.transfer_syntax)))
        began = self.request(request, context.context_id)
        response = self.response(C_FIND_RSP, message_id, began)
        if response.command is None:
            return FindAnswer(response.answer)
        status = response.command.status or 0
        return FindAnswer(
            response.answer,
            status,
            words.status(status),
            response.command.comment,
            matches=int(status in _PENDING),
        )

    def request(self, primitive: DimsePrimitiveType, context_id: int) -> float:
        """Send a DIMSE request; returns when that was asked for, ``at_ms``."""
        self._stage = StageId.ECHO
        began = self.now_ms()
        self._asking.request(primitive, context_id)
        return began

    def _traffic(self, direction: Direction, at_ms: float, data: bytes) -> None:
        if direction is Direction.SENT and data[0] == PduType.ASSOCIATE_RQ:
            self.request_bytes = len(data)
        super()._traffic(direction, at_ms, data)


def _nobodys_study(transfer_syntax: UID) -> bytes:
    identifier = Dataset()
    identifier.QueryRetrieveLevel = "STUDY"
    identifier.StudyInstanceUID = generate_uid(prefix=None)
    encoded = encode(identifier, transfer_syntax.is_implicit_VR, transfer_syntax.is_little_endian)
    assert encoded is not None, "two short texts can be encoded"
    return encoded
