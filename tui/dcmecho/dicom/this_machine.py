"""What a C-MOVE to ourselves needs of this machine: a listener, and the addresses of both sides."""

from __future__ import annotations

from dcmecho.diagnosis.listening.events import Admit, EmitListening
from dcmecho.diagnosis.network import Address
from dcmecho.dicom.listening.listener import Listener, ListenerConfig, start
from dcmecho.dicom.listening.origins import addresses_of
from dcmecho.dicom.local_addresses import address_towards


class ThisMachine:
    """Implements :class:`dcmecho.diagnosis.services.moving.conduct.Machine`."""

    def listen(self, ends: tuple[Address, ...], emit: EmitListening, admit: Admit) -> Listener:
        """Begin to listen. Raises :class:`~dcmecho.dicom.listening.binding.CannotListenError`."""
        return start(ListenerConfig(ends), emit, admit)

    def address_towards(self, ip: str) -> str:
        """Our address that reaches a numeric address; empty where none does."""
        return address_towards(ip)

    def addresses_of(self, host: str) -> frozenset[str]:
        """The numeric addresses of a host."""
        return addresses_of(host)
