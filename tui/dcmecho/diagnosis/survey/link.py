"""The network operations that a survey needs beyond those of the ladder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from dcmecho.diagnosis.move.model import MoveAnswer
from dcmecho.diagnosis.network.association import Answer, ContextAnswer
from dcmecho.diagnosis.network.connection import TcpInfo
from dcmecho.diagnosis.network.link import Link
from dcmecho.diagnosis.sanitize import NO_TEXT, PeerText
from dcmecho.diagnosis.store.model import StoreAnswer, SyntheticImage


@dataclass(frozen=True, slots=True)
class FindAnswer:
    """The answer to one C-FIND-RQ (PS3.7 9.3.2.2).

    If ``answer`` is ``ANSWERED``, there is a final status, or there are matches and nothing more
    was read.
    """

    answer: Answer
    status: int | None = None
    status_words: str = ""
    comment: PeerText = NO_TEXT
    matches: int = 0


class ServiceLink(Link, Protocol):
    """One association for any presentation contexts. Raises nothing."""

    def pause(self, seconds: float) -> None:
        """Wait, unless cancelled."""

    def find(self, context: ContextAnswer, message_id: int) -> FindAnswer:
        """Send a C-FIND-RQ for a study that does not exist, on an accepted context.

        Returns at the first match, without reading its content.
        """

    def find_study(self, context: ContextAnswer, message_id: int, study_uid: str) -> FindAnswer:
        """Send a C-FIND-RQ for one study and count the matches without reading them."""

    def request_move(
        self, context: ContextAnswer, message_id: int, study_uid: str, destination: str
    ) -> None:
        """Send a C-MOVE-RQ for one study (PS3.7 9.3.4.1)."""

    def wait_for_activity(self, wait_s: float) -> bool:
        """Wait up to ``wait_s``; return true if the peer sent something or ended, or on cancel."""

    def next_move(self, message_id: int, timeout_s: float) -> MoveAnswer:
        """Wait for the next C-MOVE-RSP."""

    def cancel_request(self, context_id: int, message_id: int) -> None:
        """Send C-CANCEL-RQ (PS3.7 9.3.2.3). The peer can stop early and send a final response."""

    def store(self, context: ContextAnswer, message_id: int, sent: SyntheticImage) -> StoreAnswer:
        """Send a C-STORE-RQ with the test image and wait for the answer."""

    @property
    def patience_s(self) -> float:
        """Maximum wait for each response, in seconds."""

    def tcp_info(self) -> TcpInfo | None:
        """Return the kernel's data about the open connection."""

    @property
    def tcp_info_at_end(self) -> TcpInfo | None:
        """The kernel's data about the connection when an answer did not arrive."""

    @property
    def request_bytes(self) -> int:
        """The length of the A-ASSOCIATE-RQ, or 0 if none was sent."""


Links = Callable[[], ServiceLink]
"""Creates a link for one more association."""
