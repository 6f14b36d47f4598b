"""One inbound connection, from its first byte to its end: the acceptor's side of PS3.8 9.2.

Works on the raw bytes, because pynetdicom drops a request whose titles break the standard before
it reports any event (https://github.com/pydicom/pynetdicom/issues/921). A listener must show such
requests.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from dcmecho.diagnosis.listen.calls import Accepted, Call, CallEnding
from dcmecho.diagnosis.listen.events import Admit, PendingAssociation
from dcmecho.diagnosis.network.association import Abort, Rejection
from dcmecho.dicom.listen.exchange import Exchange
from dcmecho.dicom.listen.limits import Limits
from dcmecho.dicom.listen.negotiation import answer_to
from dcmecho.dicom.listen.reading import identify_caller, read_request
from dcmecho.dicom.listen.stream import NotDicomError, OverlongPduError, Stream
from dcmecho.dicom.pdu import build
from dcmecho.dicom.pdu.build import Implementation
from dcmecho.dicom.pdu.framing import PduFault
from dcmecho.dicom.pdu.implementation import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION
from dcmecho.dicom.pdu.read import read_abort, read_fragments
from dcmecho.standard.pdu_types import PduType
from dcmecho.standard.refusals import AbortReason, AbortSource, abort_words

"""Reasons of an A-ABORT by the service provider (PS3.8 9.3.8)."""
_FIRST_BYTES = 16
_FIRST_BYTES_WAIT_S = 0.5
_TITLES = slice(10, 74)


class Association:
    """Serves one caller. Each change of its :class:`Call` goes to ``changed``."""

    def __init__(
        self,
        stream: Stream,
        call: Call,
        limits: Limits,
        admit: Admit,
        changed: Callable[[Call], None],
    ) -> None:
        self._stream = stream
        self._call = call
        self._limits = limits
        self._admit = admit
        self._changed = changed

    async def attend(self) -> None:
        """Read, answer and report until the connection ends. Raises only ``CancelledError``."""
        self._changed(self._call)
        try:
            await self._negotiate()
            if isinstance(self._call.answer, Accepted):
                await self._serve(self._call.answer)
        except NotDicomError:
            await self._show_non_dicom()
        except OverlongPduError as error:
            await self._refuse_length(error)
        except PduFault as fault:
            await self._abort(AbortReason.INVALID_PARAMETER_VALUE, str(fault))
        except TimeoutError:
            self._give_up()
        except EOFError:
            self._end(CallEnding.CLOSED_BY_PEER, self._stream.unfinished)
        except OSError:
            self._end(CallEnding.RESET_BY_PEER, self._stream.unfinished)
        except Exception as error:
            self._end(CallEnding.FAULT, repr(error))
        finally:
            if self._call.ending is None:
                self._abort_at_once()
                self._end(CallEnding.STOPPED)

    async def _negotiate(self) -> None:
        limits = self._limits
        pdu = await self._stream.next_pdu(limits.request_bytes, limits.request_timeout_s)
        if pdu[0] != PduType.ASSOCIATE_RQ:
            name = PduType(pdu[0]).words
            await self._abort(
                AbortReason.UNEXPECTED_PDU, f"it began with {name} instead of A-ASSOCIATE-RQ"
            )
            return
        request = read_request(pdu)
        self._show(replace(self._call, request=request))
        if request.fault:
            await self._abort(AbortReason.INVALID_PARAMETER_VALUE, request.fault)
            return
        admission = self._admit(
            PendingAssociation(self._call.source, self._call.arrived_at, request)
        )
        await self._send_answer(answer_to(request, admission), pdu[_TITLES])

    async def _send_answer(self, answer: Accepted | Rejection, titles: bytes) -> None:
        if isinstance(answer, Accepted):
            await self._send(self._acceptance(answer, titles))
            self._show(replace(self._call, answer=answer))
            return
        await self._send(build.associate_rj(answer.result, answer.source, answer.reason))
        self._show(replace(self._call, answer=answer))
        await self._end_and_linger(CallEnding.REJECTED)

    def _acceptance(self, answer: Accepted, titles: bytes) -> bytes:
        contexts = (
            build.context_answer(each.context_id, each.result, each.transfer_syntax)
            for each in answer.contexts
        )
        ours = Implementation(
            IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION, self._limits.pdu_bytes
        )
        return build.associate_ac(titles, contexts, ours)

    async def _serve(self, accepted: Accepted) -> None:
        exchange = Exchange(accepted)
        while self._call.ending is None:
            pdu = await self._stream.next_pdu(self._limits.pdu_bytes, self._limits.idle_timeout_s)
            match PduType(pdu[0]):
                case PduType.DATA_TF:
                    for fragment in read_fragments(pdu):
                        if answer := exchange.take(fragment):
                            await self._send(answer)
                    self._show_exchange(exchange)
                case PduType.RELEASE_RQ:
                    await self._send(build.RELEASE_RP)
                    await self._end_and_linger(CallEnding.RELEASED)
                case PduType.ABORT:
                    self._end(CallEnding.ABORTED_BY_PEER, read_abort(pdu).words)
                case other:
                    name = other.name.replace("_", "-")
                    await self._abort(AbortReason.UNEXPECTED_PDU, f"{name} on an open association")

    def _show_exchange(self, exchange: Exchange) -> None:
        call = replace(
            self._call,
            services=exchange.services,
            stored_objects=exchange.stored_objects,
            stored_bytes=exchange.stored_bytes,
        )
        if call.services != self._call.services or call.stored_objects != self._call.stored_objects:
            self._show(call)
        self._call = call

    async def _show_non_dicom(self) -> None:
        if self._call.request is not None:
            await self._abort(AbortReason.UNRECOGNIZED_PDU, "bytes that do not begin a PDU")
            return
        first = await self._stream.first_bytes(_FIRST_BYTES, _FIRST_BYTES_WAIT_S)
        self._call = replace(self._call, non_dicom=identify_caller(first), first_bytes=first)
        self._end(CallEnding.NOT_DICOM)

    async def _refuse_length(self, error: OverlongPduError) -> None:
        first = self._call.request is None
        limit = self._limits.request_bytes if first else self._limits.pdu_bytes
        name = PduType(error.pdu_type).words
        await self._abort(
            AbortReason.INVALID_PARAMETER_VALUE,
            f"{name} of {error.claimed} bytes; the limit is {limit}",
            CallEnding.TOO_LONG,
        )

    async def _abort(
        self, reason: AbortReason, remark: str, ending: CallEnding = CallEnding.ABORTED_BY_US
    ) -> None:
        with suppress(OSError):
            await self._send(build.abort(AbortSource.SERVICE_PROVIDER, reason))
        if self._call.answer is None:
            spoken = Abort(
                AbortSource.SERVICE_PROVIDER,
                reason,
                abort_words(AbortSource.SERVICE_PROVIDER, reason),
            )
            self._call = replace(self._call, answer=spoken)
        await self._end_and_linger(ending, remark)

    async def _end_and_linger(self, ending: CallEnding, remark: str = "") -> None:
        """Record the ending and wait for the caller to close; otherwise dcmecho closes."""
        self._end(ending, remark)
        await self._stream.until_closed(self._limits.linger_s)

    def _give_up(self) -> None:
        unfinished = self._stream.unfinished
        self._abort_at_once()
        if unfinished:
            self._end(CallEnding.UNFINISHED, unfinished)
        elif self._call.request is None:
            self._end(CallEnding.NOTHING_SENT)
        else:
            self._end(CallEnding.IDLE)

    def _abort_at_once(self) -> None:
        """Abort an open association, without waiting."""
        if isinstance(self._call.answer, Accepted):
            with suppress(OSError):
                self._stream.send_last(
                    build.abort(AbortSource.SERVICE_PROVIDER, AbortReason.NOT_SPECIFIED)
                )

    async def _send(self, data: bytes) -> None:
        await self._stream.send(data, self._limits.idle_timeout_s)

    def _end(self, ending: CallEnding, remark: str = "") -> None:
        self._show(replace(self._call, ending=ending, remark=remark))

    def _show(self, call: Call) -> None:
        self._call = call
        self._changed(call)
