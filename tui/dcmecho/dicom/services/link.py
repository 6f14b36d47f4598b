"""An association for any presentation contexts, and the DIMSE requests on it."""

from __future__ import annotations

import time

from pynetdicom.dimse_messages import DIMSEMessage

from dcmecho.diagnosis.move.model import MoveAnswer
from dcmecho.diagnosis.network.association import ContextAnswer, Ending, Negotiation
from dcmecho.diagnosis.network.connection import TcpInfo
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.store.model import StoreAnswer, SyntheticImage
from dcmecho.diagnosis.survey.link import FindAnswer
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.pdu import requests
from dcmecho.dicom.pdu.read import Data
from dcmecho.dicom.runs.link import WireLink
from dcmecho.dicom.runs.responses import Response, malformed
from dcmecho.dicom.services.store import build
from dcmecho.standard.command_fields import CommandField
from dcmecho.standard.pdu_types import PduType
from dcmecho.standard.statuses import MOVE_STATUSES, PENDING, STORE_STATUSES, status_words

MOST_MATCHES = 100
"""Maximum matches read. A Study Instance UID should match one study."""


class WireServiceLink(WireLink):
    """Implements :class:`dcmecho.diagnosis.survey.link.ServiceLink`.

    Answers are read from the bytes of their commands. Data sets are not decoded.
    """

    tcp_info_at_end: TcpInfo | None = None
    """The kernel's data about the connection when no A-ASSOCIATE-AC arrived."""

    _moving_since_ms = 0.0

    def associate(self, target: Target, options: RunOptions) -> Negotiation:
        """Send A-ASSOCIATE-RQ with the contexts of ``options`` and wait for the answer."""
        negotiation = super().associate(target, options)
        self.tcp_info_at_end = negotiation.answer.tcp
        return negotiation

    def tcp_info(self) -> TcpInfo | None:
        """Return the kernel's data about the open connection."""
        return self._wire.tcp_info()

    @property
    def request_bytes(self) -> int:
        """The length of the A-ASSOCIATE-RQ, or 0 if none was sent."""
        return 0 if self._requestor is None else self._requestor.request_bytes

    @property
    def patience_s(self) -> float:
        """Maximum wait for each response, in seconds."""
        return self._dimse_timeout_s

    def find(self, context: ContextAnswer, message_id: int) -> FindAnswer:
        """Send a C-FIND-RQ for a random Study Instance UID, which no study can have.

        Returns at the first match: nothing more is read.
        """
        request = requests.find_request(context, message_id, requests.new_uid())
        began = self.request(request, context.context_id)
        return _find_answer(self.response(CommandField.C_FIND_RSP, message_id, began), 0)

    def find_study(self, context: ContextAnswer, message_id: int, study_uid: str) -> FindAnswer:
        """Send a C-FIND-RQ for one study and count up to :data:`MOST_MATCHES` matches.

        All of them together get the DIMSE timeout, so a peer that goes on sending some ends it.
        """
        request = requests.find_request(context, message_id, study_uid)
        began = self.request(request, context.context_id)
        matches = 0
        deadline = time.monotonic() + self._dimse_timeout_s
        while True:
            left_s = max(deadline - time.monotonic(), 0.0)
            response = self._whole_response(CommandField.C_FIND_RSP, message_id, began, left_s)
            found = _find_answer(response, matches)
            if found.status not in PENDING or found.matches >= MOST_MATCHES:
                return found
            matches = found.matches

    def request_move(
        self, context: ContextAnswer, message_id: int, study_uid: str, destination: str
    ) -> None:
        """Send a C-MOVE-RQ for one study (PS3.7 9.3.4.1)."""
        request = requests.move_request(context, message_id, study_uid, destination)
        self._moving_since_ms = self.request(request, context.context_id)

    def wait_for_activity(self, wait_s: float) -> bool:
        """Wait up to ``wait_s``; return true if the peer sent something or ended, or on cancel."""
        self._wire.listen_before_sending(wait_s)
        return self._wire.spoken or self._wire.ended or self.cancelled

    def next_move(self, message_id: int, timeout_s: float) -> MoveAnswer:
        """Wait for the next C-MOVE-RSP. Its data set is discarded."""
        response = self._whole_response(
            CommandField.C_MOVE_RSP, message_id, self._moving_since_ms, timeout_s
        )
        command = response.command
        if command is None:
            return MoveAnswer(response.answer)
        status = command.status or 0
        return MoveAnswer(
            response.answer,
            status,
            status_words(status, MOVE_STATUSES),
            command.comment,
            command.sub_operations,
        )

    def cancel_request(self, context_id: int, message_id: int) -> None:
        """Send C-CANCEL-RQ (PS3.7 9.3.2.3)."""
        self._asking.request(requests.cancel_request(message_id), context_id)

    def store(self, context: ContextAnswer, message_id: int, sent: SyntheticImage) -> StoreAnswer:
        """Send a C-STORE-RQ with the test image, and wait for its answer.

        No single PDU waits longer for room to be sent than the DIMSE timeout.
        """
        dataset = requests.encoded(build(sent), context)
        request = requests.store_request(context, message_id, sent.instance_uid, dataset)
        before = self.tcp_info()
        self._wire.bound(self._dimse_timeout_s)
        began = self.request(request, context.context_id)
        response = self.response(CommandField.C_STORE_RSP, message_id, began)
        # Measured from the first byte of the request, because the transfer is what takes time.
        answer = response.answer._replace(elapsed_ms=response.answer.at_ms - began)
        if response.command is None:
            return StoreAnswer(answer, len(dataset), before)
        status = response.command.status or 0
        return StoreAnswer(
            answer,
            len(dataset),
            before,
            status,
            status_words(status, STORE_STATUSES),
            response.command.comment,
        )

    def request(self, message: DIMSEMessage, context_id: int) -> float:
        """Send a DIMSE request; return the time before sending, as ``at_ms``."""
        self._reach(StageId.ECHO)
        began = self.now_ms()
        self._asking_on = context_id
        self._asking.request(message, context_id)
        return began

    def _whole_response(
        self, command_field: CommandField, message_id: int, began_ms: float, timeout_s: float
    ) -> Response:
        """Wait for a response and the end of its data set, which is discarded."""
        deadline = time.monotonic() + timeout_s
        response = self.response(command_field, message_id, began_ms, timeout_s)
        owes = response.owes_dataset
        while owes:
            arrival = self._wire.listen(max(deadline - time.monotonic(), 0.0))
            answer = self._answer(arrival, began_ms)
            if answer.ending is not Ending.ANSWERED:
                return Response(answer)
            if arrival.pdu.kind is not PduType.DATA_TF:
                return Response(self._unexpected(answer, arrival))
            if not isinstance(arrival.pdu.content, Data):
                return Response(malformed(answer, arrival, arrival.pdu.fault))
            owes = not arrival.pdu.content.ends_dataset
        return response


def _find_answer(response: Response, matches: int) -> FindAnswer:
    """Return the answer with ``matches`` earlier matches, plus this one if it is a match."""
    if response.command is None:
        return FindAnswer(response.answer, matches=matches)
    status = response.command.status or 0
    return FindAnswer(
        response.answer,
        status,
        status_words(status),
        response.command.comment,
        matches + int(status in PENDING),
    )
