"""pynetdicom's blocking calls on a thread of their own, so that nobody else is blocked by them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from pynetdicom import ALL_TRANSFER_SYNTAXES, _config
from pynetdicom.association import Association
from pynetdicom.dimse_primitives import DimsePrimitiveType
from pynetdicom.pdu_primitives import A_P_ABORT
from pynetdicom.presentation import PresentationContext, build_context
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from dcmecho.diagnosis.link import Address
from dcmecho.diagnosis.model import RunOptions, Target
from dcmecho.dicom.transport import WireAE
from dcmecho.dicom.wire import Wire

# pynetdicom's own log handlers crash on odd PDUs; ours read the bytes.
_config.LOG_HANDLER_LEVEL = "none"

_FIRST_SYNTAXES = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2")
_DEFLATED = "1.2.840.10008.1.2.1.99"


class Driver:
    """Drives one association over ``wire``. Calls return at once; the wire tells what came."""

    def __init__(self, wire: Wire, address: Address, target: Target, options: RunOptions) -> None:
        self._wire = wire
        self._address = address
        self._target = target
        self._contexts = _contexts(options)
        self._ae = WireAE(target.calling_ae, wire, options.application_context)
        # No timer of its own: the run bounds every wait and ends the connection.
        self._ae.acse_timeout = None
        self._ae.dimse_timeout = None
        self._ae.network_timeout = None
        self._calls: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="dcmecho-driver", daemon=True)
        self.fault: Exception | None = None
        """What pynetdicom raised while the connection was in order, if anything."""
        self._thread.start()

    def associate(self) -> None:
        """Send A-ASSOCIATE-RQ."""
        self._calls.put(self._associate)

    def echo(self, message_id: int) -> None:
        """Send C-ECHO-RQ."""
        self._calls.put(lambda: self._association.send_c_echo(message_id))

    def request(self, primitive: DimsePrimitiveType, context_id: int) -> None:
        """Send a DIMSE request; nobody waits for its answer but those who watch the wire."""
        self._calls.put(lambda: self._association.dimse.send_msg(primitive, context_id))

    def release(self) -> None:
        """Send A-RELEASE-RQ."""
        self._calls.put(self._association.release)

    def stop(self, timeout_s: float) -> None:
        """End pynetdicom's threads; the wire has ended. Waits up to ``timeout_s`` for each."""
        self._calls.put(None)
        association = self._ae.association
        if association is not None:
            _unblock_caller(association)
        self._thread.join(timeout_s)
        if association is not None:
            _end_threads(association, timeout_s)

    @property
    def _association(self) -> Association:
        association = self._ae.association
        assert association is not None, "associate() comes first"
        return association

    def _associate(self) -> None:
        scoped = (self._address.ip, 0, self._address.scope_id)
        self._ae.associate(
            scoped if self._address.scope_id else self._address.ip,
            self._address.port,
            contexts=self._contexts,
            ae_title=self._target.called_ae,
            max_pdu=self._target.max_pdu_bytes,
        )

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            try:
                call()
            except Exception as error:
                # After the end of the connection pynetdicom may raise what it likes.
                if not self._wire.ended:
                    self.fault = error
                    self._wire.wake()


def _contexts(options: RunOptions) -> list[PresentationContext]:
    """Verification, syntaxes in DCMTK's order; deflated last, since some peers take it and fail.

    Or what the options name; context n has the id 2n + 1, counted from 0.
    """
    if options.contexts:
        return [
            build_context(each.abstract_syntax, list(each.transfer_syntaxes))
            for each in options.contexts
        ]
    others = [syntax for syntax in ALL_TRANSFER_SYNTAXES if syntax not in _FIRST_SYNTAXES]
    others.sort(key=lambda syntax: syntax == _DEFLATED)
    syntaxes = [*_FIRST_SYNTAXES, *others][: options.transfer_syntaxes]
    return [build_context(Verification, syntaxes) for _ in range(options.presentation_contexts)]


def _unblock_caller(association: Association) -> None:
    """Answer what a blocked call waits for: a PDU, or a DIMSE message."""
    association.dul.kill_dul()
    association.dul.to_user_queue.put(A_P_ABORT())
    association.dimse.msg_queue.put((None, None))


def _end_threads(association: Association, timeout_s: float) -> None:
    # Only now: the association's own thread would take what the caller waits for.
    association._kill = True
    association._reactor_checkpoint.set()
    association.dul.join(timeout_s)
    if association.is_alive():
        association.join(timeout_s)
