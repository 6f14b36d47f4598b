"""A reader that keeps all it is handed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dcmecho.capture.conversation import CaptureFacts, Conversation, Gap, Seen, Way
from dcmecho.capture.read import read_captures
from dcmecho.capture.reader import Meeting

CAPTURES = Path(__file__).parents[2] / "corpora" / "captures"


class Heard:
    """One conversation as a reader got it that skips nothing."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self.data_of: dict[Way, bytearray] = {way: bytearray() for way in Way}
        self.bytes_of: dict[Way, dict[int, int]] = {way: {} for way in Way}
        self.gaps: list[tuple[Way, Gap]] = []
        self.calls: list[tuple[Way, Seen, int]] = []
        self.ended: Conversation | None = None

    def data(self, way: Way, at: Seen, data: bytes) -> int:
        assert self.ended is None
        assert data
        self.bytes_of[way].update(enumerate(data, self.length(way)))
        self.data_of[way] += data
        self.calls.append((way, at, len(data)))
        return 0

    def gap(self, way: Way, at: Seen, gap: Gap) -> int:
        assert self.ended is None
        assert gap.length > 0
        assert gap.offset == self.length(way)
        self.gaps.append((way, gap))
        self.calls.append((way, at, 0))
        return 0

    def length(self, way: Way) -> int:
        """Bytes of a direction that were handed over or named as missing."""
        missing = sum(gap.length for of, gap in self.gaps if of is way)
        return len(self.data_of[way]) + missing

    def end(self, conversation: Conversation) -> None:
        assert self.ended is None
        self.ended = conversation

    @property
    def conversation(self) -> Conversation:
        assert self.ended is not None
        return self.ended


def hear(*files: str | Path) -> tuple[list[Heard], CaptureFacts]:
    """Read captures. Returns the conversations in the order of their first frames."""
    heard: list[Heard] = []

    def listen(meeting: Meeting) -> Heard:
        heard.append(Heard(meeting))
        return heard[-1]

    facts = read_captures([str(file) for file in files], listen)
    return sorted(heard, key=lambda each: each.meeting.number), facts


def only(files: Sequence[str | Path] | str | Path) -> Heard:
    """Read captures with one conversation."""
    (heard,), _ = hear(*([files] if isinstance(files, str | Path) else files))
    return heard
