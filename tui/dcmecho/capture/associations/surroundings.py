"""What the other conversations of a capture tell about one."""

from __future__ import annotations

from typing import NamedTuple

from dcmecho.capture.conversation import CaptureFacts


class Surroundings(NamedTuple):
    """The capture around a conversation."""

    facts: CaptureFacts
    ttls: dict[str, frozenset[int]]
    """By address, the TTLs of what it sent that was no RST."""

    def silence_after(self, time: float | None) -> float:
        """Return for how many seconds the capture goes on behind a time."""
        last = self.facts.last
        if last is None or last.time is None or time is None:
            return 0.0
        return last.time - time

    def asks_in_vain(self, address: str) -> bool:
        """Whether an address asked a name server and got no answer."""
        return any(each.client == address and not each.answered for each in self.facts.look_ups)
