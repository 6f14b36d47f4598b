"""pynetdicom's transport over a :class:`~dcmecho.dicom.wire.Wire` that is already connected."""

from __future__ import annotations

from functools import partial

from pydicom.uid import UID
from pynetdicom import AE
from pynetdicom.association import Association
from pynetdicom.transport import T_CONNECT, AddressInformation, AssociationSocket

from dcmecho.dicom.framing import HEADER_BYTES, PduType, claimed_bytes
from dcmecho.dicom.pdus import PduFault, clean_accept, with_application_context
from dcmecho.dicom.requests import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION
from dcmecho.dicom.wire import Wire

_FINAL = frozenset({PduType.ASSOCIATE_RJ, PduType.ABORT})


class WireSocket(AssociationSocket):
    """An ``AssociationSocket`` whose connection was made, and is recorded, by a ``Wire``.

    pynetdicom is shown only what it has to act upon, in a form that it digests. A-ASSOCIATE-RJ and
    A-ABORT end the conversation for it: the run has judged them from their bytes, and its reactor
    dies of a rejection whose numbers it does not know. An A-ASSOCIATE-AC is cleaned of what it
    stumbles over (NUL-padded titles, control characters in a version name).
    """

    def __init__(
        self,
        assoc: Association,
        address: AddressInformation,
        wire: Wire,
        application_context: str,
    ) -> None:
        self._wire = wire
        self._application_context = application_context
        self._pending = b""
        self._over = False
        super().__init__(assoc, address=address)

    def _create_socket(self, address: AddressInformation) -> None:  # type: ignore[override]
        """No socket of its own: the wire has one."""

    def connect(self, primitive: T_CONNECT) -> None:
        """Hand the open connection to pynetdicom's state machine (Evt2, PS3.8 9.2)."""
        # Stays True: acse tests it after the reactor may have read the answer and closed already.
        self._is_connected = True
        primitive.result = "Evt2"
        self.provider_queue.put(primitive)
        self._ready.set()

    @property
    def ready(self) -> bool:
        """True where a read would not block; tells the state machine of an end once."""
        if self._over:
            return False
        if self._wire.ended:
            self.close()
            return False
        return self._wire.readable()

    def recv(self, nr_bytes: int) -> bytearray:
        """Read ``nr_bytes``. Raises ``OSError`` where pynetdicom is to take it for the end."""
        try:
            if not self._pending:
                self._pending = self._next_pdu()
        except OSError:
            self._over = True
            raise
        given, self._pending = self._pending[:nr_bytes], self._pending[nr_bytes:]
        return bytearray(given)

    def _next_pdu(self) -> bytes:
        header = bytes(self._wire.read(HEADER_BYTES))
        pdu = header + bytes(self._wire.read((claimed_bytes(header) or len(header)) - len(header)))
        if len(pdu) != claimed_bytes(pdu) or pdu[0] in _FINAL:
            raise ConnectionAbortedError("the conversation is over")
        if pdu[0] != PduType.ASSOCIATE_AC:
            return pdu
        try:
            return clean_accept(pdu)
        except PduFault as fault:
            raise ConnectionAbortedError(str(fault)) from fault

    def send(self, bytestream: bytes) -> None:
        """Send one PDU, recorded by the wire. The run aborts for itself, once."""
        if bytestream[0] == PduType.ABORT:
            return
        if self._application_context and bytestream[0] == PduType.ASSOCIATE_RQ:
            bytestream = with_application_context(bytestream, self._application_context)
        try:
            self._wire.write(bytestream)
        except OSError:
            self.close()

    def close(self) -> None:
        """Tell the state machine that the connection is over (Evt17). The run closes it."""
        if not self._over:
            self._over = True
            self.event_queue.put("Evt17")

    def _shutdown_socket(self) -> None:
        """The run closes the connection: it may want to see what the peer still does."""


class WireAE(AE):
    """An application entity whose one association runs over the given wire."""

    def __init__(self, ae_title: str, wire: Wire, application_context: str = "") -> None:
        super().__init__(ae_title)
        self.implementation_class_uid = UID(IMPLEMENTATION_CLASS_UID)
        self.implementation_version_name = IMPLEMENTATION_VERSION
        self._wire = wire
        self._application_context = application_context
        self.association: Association | None = None
        """The association, from before ``associate()`` returns."""

    def _create_socket(
        self, assoc: Association, address: AddressInformation, tls_args: object
    ) -> AssociationSocket:
        self.association = assoc
        if self._wire.ended:
            # Who ended it may have looked for an association to end before there was this one.
            raise ConnectionAbortedError("the connection is over")
        assoc.dul.daemon = True
        assoc._run_reactor = partial(_stay_paused, assoc)  # type: ignore[method-assign]
        return WireSocket(assoc, address, self._wire, self._application_context)


def _stay_paused(association: Association) -> None:
    """In place of pynetdicom's reactor, until its state machine ends.

    The run judges what comes by its bytes. The reactor would only take answers from the call that
    waits for them: where two calls follow closely it does not notice that it was paused again.
    """
    association._is_paused = True
    association.dul.join()
