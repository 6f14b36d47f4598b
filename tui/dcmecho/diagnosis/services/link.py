"""What a survey asks of the network beyond the ladder's own questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from dcmecho.diagnosis.link import Answer, ContextAnswer, Link, TcpInfo


@dataclass(frozen=True, slots=True)
class FindAnswer:
    """The answer to one C-FIND-RQ (PS3.7 9.3.2.2).

    ``ANSWERED`` has the final status, or matches after which nothing more was read.
    """

    answer: Answer
    status: int | None = None
    status_words: str = ""
    comment: str = ""
    matches: int = 0


class ServiceLink(Link, Protocol):
    """One association for any presentation contexts. Raises nothing."""

    def pause(self, seconds: float) -> None:
        """Wait, unless cancelled."""

    def find(self, context: ContextAnswer, message_id: int) -> FindAnswer:
        """Send a C-FIND-RQ for a study that does not exist, on an accepted context.

        Returns at the first match: what it holds is not read.
        """

    def tcp_info(self) -> TcpInfo | None:
        """What the kernel knows of the open connection."""

    @property
    def tcp_info_at_end(self) -> TcpInfo | None:
        """What the kernel knew of it when an answer did not come."""

    @property
    def request_bytes(self) -> int:
        """The length of the A-ASSOCIATE-RQ that was sent; 0 where none was."""


Links = Callable[[], ServiceLink]
"""Makes a link for one further association."""
