"""One association for a C-ECHO. pynetdicom encodes the requests; the answers are judged here.

The run's own thread sends and listens. No other thread, queue or polling is between the socket and
the reported times, and every wait has a timeout.
"""

from __future__ import annotations

import math
import time
from functools import partial
from typing import TYPE_CHECKING

from dcmecho.diagnosis.events import Direction, Emit, LogLayer, LogLine
from dcmecho.diagnosis.network.association import (
    Abort,
    Answer,
    EchoAnswer,
    Ending,
    Negotiation,
    Rejection,
)
from dcmecho.diagnosis.network.connection import Address, Connection, Resolution
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.pdu.commands import CommandAssembler, DimseCommand
from dcmecho.dicom.pdu.framing import PduFault
from dcmecho.dicom.pdu.read import Associate, Data, acceptance_of
from dcmecho.dicom.runs.loading import requestor_loaded, run_log
from dcmecho.dicom.runs.responses import Response, fault_of, fault_of_echo, malformed, never_whole
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.dicom.runs.turn import Applicant, Turn
from dcmecho.dicom.wire import kernel
from dcmecho.dicom.wire.clock import RunClock
from dcmecho.dicom.wire.connection import Arrival, Wire
from dcmecho.dicom.wire.network import Waiting
from dcmecho.dicom.wire.room import when_there_is_room
from dcmecho.standard.command_fields import CommandField
from dcmecho.standard.pdu_types import PduType
from dcmecho.standard.statuses import status_words

if TYPE_CHECKING:
    import ssl

    from dcmecho.diagnosis.target.tls import Handshake, TlsCheck, TlsSettings
    from dcmecho.diagnosis.vantage.vantage import VantageFailure, VantageReached
    from dcmecho.dicom.runs.requestor import Requestor

GRACE_S = 0.02
"""Time to listen before sending: a peer that closes or sends by then did so unasked."""

RELEASE_TIMEOUT_S = 5.0
"""Short, because the C-ECHO has been answered by then."""


class WireLink:
    """Implements :class:`dcmecho.diagnosis.network.link.Link`. One instance serves one run."""

    def __init__(
        self, run_id: str, log: Emit | None, slots: PeerSlots, applicant: Applicant | None = None
    ) -> None:
        applicant = applicant or Applicant()
        self._run_id = run_id
        self._clock = RunClock()
        self._log = run_log(run_id, self._clock, log)
        self._stage = StageId.RESOLVE
        self._network = slots.network(applicant.vantage)
        traffic = self._log.passed if self._log else None
        self._wire = Wire(self._clock, traffic, self._network)
        self._is_cancelled = lambda: self._wire.cancelled
        self._turn = Turn(slots, applicant, self._wire.changed, self._is_cancelled)
        self._tell = applicant.emit or log
        """Receives what the user must see even without the log."""
        self._host = ""
        self._new_requestor: type[Requestor]
        self._requestor: Requestor | None = None
        self._commands = CommandAssembler()
        self._dimse_timeout_s = 30.0
        self._asking_on = 0
        """The presentation context of our requests: for C-ECHO the first accepted one."""
        self.connecting_since: float | None = None
        """Monotonic time since which an address has not answered, or ``None``."""
        self._context: ssl.SSLContext | None = None
        self._over = False
        """True if no association is open, so there is nothing to abort."""
        self._cancels_when_lost = self._network.cancels_when_lost(self.cancel)

    @property
    def cancelled(self) -> bool:
        """True once the run was cancelled."""
        return self._wire.cancelled

    def cancel(self) -> None:
        """Ask the run to end. Safe from any thread."""
        self._wire.cancel()

    def pause(self, seconds: float) -> None:
        """Wait, unless the run is cancelled. The run's times count from the end of the wait."""
        with self._wire.changed:
            self._wire.changed.wait_for(lambda: self.cancelled, seconds)
        self._clock.restart()

    def reach(self) -> VantageReached | VantageFailure | None:
        """As :meth:`Link.reach`. The run's times leave it out."""
        began = time.perf_counter()
        reached = self._network.reach(self._is_cancelled)
        self._clock.exclude(time.perf_counter() - began)
        return reached

    @property
    def vantage_failure(self) -> VantageFailure | None:
        """As :attr:`Link.vantage_failure`."""
        return self._network.failure

    def resolve(self, host: str, port: int, timeout_s: float) -> Resolution:
        """Return every address of ``host``, in the order of the name lookup."""
        began = self.now_ms()
        self._host = host
        if (address := self._network.literal(host, port)) is not None:
            return Resolution(began, 0.0, (address,))
        self._note(LogLayer.NAME, Direction.SENT, f"resolve {host}")
        waiting = Waiting(self._clock, self._wire.changed, self._is_cancelled)
        found = self._network.resolve(host, port, timeout_s, waiting)
        said = ", ".join(address.ip for address in found.addresses) or found.message
        self._note(LogLayer.NAME, Direction.RECEIVED, f"{host}: {said}")
        return found

    def connect(self, address: Address, timeout_s: float, options: RunOptions) -> Connection:
        """Open the TCP connection once no other run is connected to this peer."""
        attempt = partial(self._connect, address, timeout_s, options)
        return when_there_is_room(attempt, self._wire.changed, self._is_cancelled)

    def _connect(self, address: Address, timeout_s: float, options: RunOptions) -> Connection:
        self._reach(StageId.CONNECT)
        self.connecting_since = time.monotonic()
        ruling = self._turn.ruling(self._host, address, timeout_s)
        if ruling.forbidden:
            return Connection(address, self.now_ms(), 0.0, forbidden=ruling.forbidden)
        try:
            no_turn = self._turn.take(address, self._say_it_waits)
        except OSError as error:
            self._turn.end()
            words = kernel.words(error)
            return Connection(address, self.now_ms(), 0.0, errno=error.errno, message=words)
        if no_turn or self.cancelled:
            return Connection(address, self.now_ms(), 0.0, no_turn=no_turn)
        self._note(LogLayer.TCP, Direction.SENT, f"connect to {address}")
        connection = self._wire.connect(address, timeout_s, options)
        self.connecting_since = None
        if connection.connected:
            self._note(LogLayer.TCP, Direction.RECEIVED, f"connected from {connection.local}")
        elif not self.cancelled:
            heard = Direction.LOCAL if connection.timed_out else Direction.RECEIVED
            self._note(LogLayer.TCP, heard, f"{address}: {connection.message}")
        if not connection.connected:
            self._turn.end()
        return connection._replace(unseen=self._turn.unseen, doubt=ruling.doubt)

    def check_tls(self, settings: TlsSettings) -> TlsCheck:
        """Check the files of ``settings`` and keep the TLS context for :meth:`secure`."""
        from dcmecho.diagnosis.target.tls import TlsCheck
        from dcmecho.dicom.wire.tls.context import TlsFileError, context_in_time

        try:
            self._context = context_in_time(settings, self._wire.changed, self._is_cancelled)
        except TlsFileError as error:
            return TlsCheck((error.problem,))
        if not settings.cert_file:
            return TlsCheck()
        from dcmecho.dicom.wire.tls.certificates import first_certificate

        return TlsCheck(own=first_certificate(settings.cert_file))

    def secure(self, settings: TlsSettings, host: str, timeout_s: float) -> Handshake:
        """Do the TLS handshake on the open connection."""
        self._reach(StageId.TLS)
        assert self._context is not None, "secure() comes after check_tls()"
        name = settings.server_name or host
        self._note(LogLayer.TLS, Direction.SENT, f"ClientHello for {name}")
        handshake = self._wire.secure(self._context, name, timeout_s)
        self._note(LogLayer.TLS, Direction.RECEIVED, handshake.words)
        return handshake

    def associate(self, target: Target, options: RunOptions) -> Negotiation:
        """Listen for :data:`GRACE_S`, then send A-ASSOCIATE-RQ and wait for the answer."""
        self._reach(StageId.ASSOCIATE)
        self._dimse_timeout_s = target.dimse_timeout_s
        self._new_requestor, loading_s = requestor_loaded(self._clock)
        began = self.now_ms()
        self._wire.listen_before_sending(max(GRACE_S - loading_s, 0.0))
        if self._wire.spoken or self._wire.ended:
            arrival = self._wire.listen(target.acse_timeout_s)
            answer = self._answer(arrival, began)._replace(before_request=True)
            return Negotiation(self._unexpected(answer, arrival))
        self._wire.bound(min(options.socket_timeout_s or math.inf, target.acse_timeout_s))
        self._requestor = self._new_requestor(self._wire, target, options)
        self._requestor.associate()
        arrival = self._wire.listen(target.acse_timeout_s)
        answer = self._answer(arrival, began)._replace(request_bytes=self._requestor.request_bytes)
        negotiation = self._negotiation(answer, arrival)
        if negotiation.rejection is None or not options.watch_close_s:
            return negotiation
        farewell = self._wire.wait_for_end(options.watch_close_s)
        return negotiation._replace(closed_after=farewell is Ending.CLOSED)

    def echo(self, message_id: int) -> EchoAnswer:
        """Send one C-ECHO-RQ and wait for its C-ECHO-RSP."""
        self._reach(StageId.ECHO)
        began = self.now_ms()
        early = self._said_before_asking(began)
        if early is not None:
            return EchoAnswer(early, message_id)
        self._asking.echo(self._asking_on, message_id)
        response = self.response(CommandField.C_ECHO_RSP, message_id, began)
        command = response.command
        if command is None or command.status is None:
            return EchoAnswer(response.answer, message_id)
        if wrong := fault_of_echo(command):
            answer = response.answer._replace(ending=Ending.MALFORMED, message=wrong)
            return EchoAnswer(answer, message_id)
        said = status_words(command.status)
        return EchoAnswer(response.answer, message_id, command.status, said, command.comment)

    def _said_before_asking(self, began_ms: float) -> Answer | None:
        """Return what the peer sent on the accepted association before any request."""
        self._wire.listen_before_sending(0.0)
        if not (self._wire.spoken or self._wire.ended):
            return None
        arrival = self._wire.listen(self._dimse_timeout_s)
        answer = self._answer(arrival, began_ms)._replace(before_request=True)
        if answer.ending is Ending.ANSWERED and arrival.pdu.kind is PduType.DATA_TF:
            return malformed(answer, arrival, "P-DATA-TF before anything was asked")
        return self._unexpected(answer, arrival)

    def response(
        self,
        command_field: CommandField,
        message_id: int,
        began_ms: float,
        timeout_s: float | None = None,
    ) -> Response:
        """Wait for the next response (PS3.7 9.3), up to ``timeout_s`` or the DIMSE timeout.

        Anything but a response with this command field, to this message, with a status, breaks the
        standard. So do endless fragments without a whole command.
        """
        within_s = self._dimse_timeout_s if timeout_s is None else timeout_s
        deadline = time.monotonic() + within_s
        fragments = 0
        while True:
            arrival = self._wire.listen(max(deadline - time.monotonic(), 0.0))
            answer = self._answer(arrival, began_ms)
            if fragments and answer.ending is Ending.SILENT:
                return Response(never_whole(answer, arrival, fragments, within_s))
            if answer.ending is not Ending.ANSWERED:
                return Response(answer)
            if arrival.pdu.kind is not PduType.DATA_TF:
                return Response(self._unexpected(answer, arrival))
            data = arrival.pdu.content
            if not isinstance(data, Data):
                return Response(malformed(answer, arrival, arrival.pdu.fault))
            try:
                command = self._command(data)
            except PduFault as fault:
                return Response(malformed(answer, arrival, str(fault)))
            if command is not None:
                wrong = fault_of(command, command_field, message_id)
                if wrong:
                    return Response(malformed(answer, arrival, wrong))
                owes = command.has_dataset and not data.ends_dataset
                return Response(answer, command, owes)
            fragments += 1
            if time.monotonic() >= deadline:
                return Response(never_whole(answer, arrival, fragments, within_s))

    def release(self) -> Answer:
        """Send A-RELEASE-RQ and wait for A-RELEASE-RP, up to :data:`RELEASE_TIMEOUT_S`."""
        self._reach(StageId.RELEASE)
        began = self.now_ms()
        self._asking.release()
        arrival = self._wire.listen(RELEASE_TIMEOUT_S)
        answer = self._answer(arrival, began)
        if answer.ending is Ending.ANSWERED and arrival.pdu.kind is not PduType.RELEASE_RP:
            return self._unexpected(answer, arrival)
        self._over = answer.ending is Ending.ANSWERED
        return answer

    def abort(self) -> None:
        """Send A-ABORT if an association is open or requested."""
        if not self._over:
            self._wire.abort()
            self._over = True

    def close(self) -> None:
        """Abort an open association and close the connection."""
        try:
            self.abort()
            self._wire.close()
        finally:
            self._turn.end()

    def _reach(self, stage: StageId) -> None:
        self._stage = stage
        if self._log is not None:
            self._log.stage = stage

    def _say_it_waits(self, text: str) -> None:
        if self._tell is not None:
            line = (self._stage, self.now_ms(), LogLayer.RUN, Direction.LOCAL, text)
            self._tell(LogLine(self._run_id, *line))

    @property
    def _asking(self) -> Requestor:
        assert self._requestor is not None, "associate() comes first"
        return self._requestor

    def _negotiation(self, answer: Answer, arrival: Arrival) -> Negotiation:
        if answer.ending is not Ending.ANSWERED:
            return Negotiation(answer)
        pdu = arrival.pdu
        if pdu.kind is PduType.ASSOCIATE_RJ:
            self._over = True
        elif pdu.kind is not PduType.ASSOCIATE_AC:
            return Negotiation(self._unexpected(answer, arrival))
        match pdu.content:
            case Rejection() as rejection:
                return Negotiation(answer, rejection=rejection)
            case Associate() as accept:
                return self._accepted(answer, arrival, accept)
            case _:
                return Negotiation(malformed(answer, arrival, pdu.fault))

    def _accepted(self, answer: Answer, arrival: Arrival, accept: Associate) -> Negotiation:
        try:
            acceptance = acceptance_of(accept, self._asking.proposed)
        except PduFault as fault:
            return Negotiation(malformed(answer, arrival, str(fault)))
        self._asking.accepted(acceptance.max_pdu_bytes or 0)
        accepted = (each.context_id for each in acceptance.contexts if each.is_accepted)
        self._asking_on = next(accepted, 0)
        return Negotiation(answer, acceptance=acceptance)

    def _command(self, data: Data) -> DimseCommand | None:
        whole = None
        for fragment in data.fragments:
            if fragment.context_id != self._asking_on:
                other, ours = fragment.context_id, self._asking_on
                raise PduFault(f"a message on presentation context {other} instead of {ours}")
            whole = self._commands.add(fragment) or whole
        return whole

    def _unexpected(self, answer: Answer, arrival: Arrival) -> Answer:
        """Return the answer for a PDU that is not the expected one."""
        if answer.ending is not Ending.ANSWERED:
            return answer
        pdu = arrival.pdu
        kind = PduType(pdu.data[0])
        if kind is PduType.ABORT:
            self._over = True
            if not isinstance(pdu.content, Abort):
                return malformed(answer, arrival, pdu.fault)
            return answer._replace(ending=Ending.ABORTED, abort=pdu.content)
        if kind is PduType.ASSOCIATE_RQ:
            message = "it sends dcmecho's own request back"
            return answer._replace(ending=Ending.NOT_DICOM, data=pdu.data, message=message)
        name = kind.name.replace("_", "-")
        return malformed(answer, arrival, f"a PDU of type {kind:d} ({name}) is not expected here")

    def _answer(self, arrival: Arrival, began_ms: float) -> Answer:
        silent = arrival.ending is Ending.SILENT
        since = began_ms if self._wire.sent_at_ms is None else self._wire.sent_at_ms
        leftover = b"" if arrival.ending is Ending.ANSWERED else arrival.pdu.data
        if arrival.ending in (Ending.CLOSED, Ending.RESET):
            how = "FIN: the peer closed" if arrival.ending is Ending.CLOSED else "RST: reset"
            self._note(LogLayer.TCP, Direction.RECEIVED, f"{how} the connection")
        elif silent:
            self._note(LogLayer.TCP, Direction.LOCAL, "no answer in time")
        return Answer(
            arrival.ending,
            arrival.at_ms,
            max(arrival.at_ms - since, 0.0),
            data=leftover,
            message=arrival.message,
            unfinished=arrival.unfinished,
            tcp=self._wire.tcp_info() if silent or self._stage is StageId.ECHO else None,
        )

    def _note(self, layer: LogLayer, direction: Direction, text: str) -> None:
        if self._log is not None:
            self._log.note(layer, direction, text)

    def now_ms(self) -> float:
        """Return the milliseconds since the run began."""
        return self._clock.now_ms()
