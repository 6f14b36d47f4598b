"""How a played peer behaves, by the name of the target."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.diagnosis.events import LogLine
from dcmecho.diagnosis.network.association import Rejection
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import Handshake
from tests.console.handshakes import DONE, NOT_TRUSTED


@dataclass(frozen=True)
class PlayedPeer:
    """How the peer of one run behaves.

    ``held_at`` keeps that stage waiting for ``PlayedEngine.go_on``.

    ``rejection`` meets whoever does not come with one of ``called`` and one of ``callers``, where
    those are given, and everybody where they are not; ``stranger_rejection`` whoever is not among
    ``callers``, where the peer tells the two apart.
    """

    refused: bool = False
    forbidden: str = ""
    """Why another target of the file forbids the address."""
    lost: bool = False
    """No answer to TCP."""
    rejection: Rejection | None = None
    called: tuple[str, ...] = ()
    callers: tuple[str, ...] = ()
    stranger_rejection: Rejection | None = None
    handshake: Handshake | None = None
    fault: str = ""
    """What dcmecho itself fails with."""
    implementation: str = "OFFIS_DCMTK_367"
    echo_status: int = 0
    association_ms: float = 3.8
    echo_ms: float = 0.9
    held_at: StageId | None = None
    lingers: bool = False
    """Held when cancelled too, so that one sees it being cancelled."""
    extra_lines: tuple[LogLine, ...] = ()

    def answers(self, target: Target) -> Rejection | None:
        """Give the rejection of a request with the titles of ``target``, if there is one."""
        if not self.called and not self.callers:
            return self.rejection
        if self.callers and target.calling_ae not in self.callers:
            return self.stranger_rejection or self.rejection
        return self.rejection if self.called and target.called_ae not in self.called else None


GREEN = PlayedPeer()
REFUSED = PlayedPeer(refused=True)
CALLED_UNKNOWN = PlayedPeer(
    rejection=Rejection(1, 1, 7, "called AE title not recognized", "permanent, service user")
)
CONGESTED = PlayedPeer(rejection=Rejection(2, 3, 1, "temporary congestion", "transient"))
TRUSTED = PlayedPeer(handshake=DONE)
ISSUER_UNKNOWN = PlayedPeer(handshake=NOT_TRUSTED)
