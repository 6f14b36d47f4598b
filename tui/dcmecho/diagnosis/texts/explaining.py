"""A text of any size: which associations failed in it, and what each failure can mean."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.observed.association import ObservedAssociation
from dcmecho.diagnosis.observed.service_reasoning import likely
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.texts.alike import Alike
from dcmecho.diagnosis.texts.assembling import Assembler, Seen
from dcmecho.diagnosis.texts.decoding import lines_of
from dcmecho.diagnosis.texts.joining import joined
from dcmecho.diagnosis.texts.judging import Judged
from dcmecho.diagnosis.texts.knowledge import Side
from dcmecho.diagnosis.texts.matching import known_messages
from dcmecho.diagnosis.texts.own_verdict import judged
from dcmecho.diagnosis.texts.sides import both_sides
from dcmecho.diagnosis.texts.telling import observed

_BATCH = 256
"""Lines that are looked at together."""
MOST_KINDS = 200
"""Failures that differ; more are counted, and not told."""


class Explained(NamedTuple):
    """What texts tell."""

    failures: tuple[ObservedAssociation, ...]
    """Those that failed, alike ones once, in the order of their times or of the texts."""
    fine: int
    """Associations without a failure."""
    untold: int
    """Failures of too many kinds to tell."""
    is_dicom: bool
    """Whether anything in them is about DICOM associations."""
    without_failure: tuple[ObservedAssociation, ...] = ()
    """Associations of a capture without a failure, alike ones once."""


def explain(texts: Iterable[Iterable[bytes]]) -> Explained:
    """Read texts, each in pieces, and tell of the associations in them."""
    books = [_Book().read(text) for text in texts]
    groups = both_sides([book.groups() for book in books])
    if len(groups) > 1:
        groups = [_unless_refused(group) for group in groups]
    return Explained(
        tuple(observed(group) for group in groups),
        sum(book.fine for book in books),
        sum(book.untold for book in books),
        any(book.is_dicom for book in books),
    )


def _unless_refused(group: Alike) -> Alike:
    """Prove no refused port beside other failures: the port can have been open for those."""
    found = group.judged.found
    if found[:1] == ((CauseId.TCP_REFUSED, Confidence.PROVEN),):
        less = ((CauseId.TCP_REFUSED, Confidence.LIKELY), *found[1:])
        group.judged = group.judged._replace(found=less)
    return group


class _Book:
    """What one text tells."""

    def __init__(self) -> None:
        self._assembler = Assembler(known_messages())
        self._alike: dict[tuple[object, ...], Alike] = {}
        self._open_end: Seen | None = None
        self.fine = 0
        self.untold = 0

    def read(self, chunks: Iterable[bytes]) -> _Book:
        """Read the whole text."""
        assembler = self._assembler
        lines = joined(lines_of(chunks))
        while batch := list(islice(lines, _BATCH)):
            assembler.lines(batch)
            for seen in assembler.finished():
                self._count(seen)
        for seen in assembler.end():
            self._count(seen)
        return self

    @property
    def is_dicom(self) -> bool:
        """Report whether anything in it is about DICOM for certain."""
        return bool(self._assembler.software)

    def groups(self) -> list[Alike]:
        """Return the failures; generic texts only if their software was recognized."""
        recognized = self._assembler.software
        found = [each for each in self._alike.values() if _is_certain(each.seen, recognized)]
        if len(found) == 1 and self._open_end is not None:
            _lend_names(found[0], self._open_end)
        if found or self._open_end is None or not self.is_dicom:
            return found
        alone = Alike(self._open_end, _without_end(self._open_end))
        alone.add(self._open_end)
        return [alone]

    def _count(self, seen: Seen) -> None:
        found = judged(seen)
        if found is None:
            self._count_fine(seen)
            return
        key = _likeness(seen, found)
        if key not in self._alike:
            if len(self._alike) >= MOST_KINDS:
                self.untold += 1
                return
            self._alike[key] = Alike(seen, found)
        self._alike[key].add(seen)

    def _count_fine(self, seen: Seen) -> None:
        if seen.accepted or seen.answered or seen.ended:
            self.fine += 1
        elif seen.began:
            self._open_end = seen


def _lend_names(group: Alike, began: Seen) -> None:
    """Give a failure without a beginning the names of the one that follows it.

    A log can be pasted with its newest line on top.
    """
    seen = group.seen
    is_alone = group.times == 1 and not (seen.began or seen.accepted)
    if is_alone and not seen.values.keys() & {"called", "calling", "host"}:
        seen.values.update(began.values)


def _without_end(seen: Seen) -> Judged:
    """Judge an association that began, and of which the text says no more."""
    if seen.side is Side.CALLED:
        found = likely(CauseId.PEER_CLOSED_ON_CONNECT, CauseId.PEER_SILENT)
    elif seen.gave_up:
        found = likely(
            CauseId.ASSOC_REJECTED,
            CauseId.ASSOC_ABORTED,
            CauseId.PEER_CLOSED_ON_REQUEST,
            CauseId.PEER_SILENT,
        )
    else:
        found = likely(
            CauseId.PEER_SILENT,
            CauseId.TCP_NO_ANSWER,
            CauseId.PEER_IS_TLS,
            CauseId.PEER_MALFORMED,
        )
    return Judged(StageId.ASSOCIATE, EvidenceKind.PEER_SILENT, {}, found, seen.service)


def _is_certain(seen: Seen, recognized: set[str]) -> bool:
    message = seen.failure
    if message is None or seen.is_certain:
        return True
    return seen.is_of_dicom if message.is_of_system else message.software in recognized


def _likeness(seen: Seen, judged: Judged) -> tuple[object, ...]:
    message = seen.failure
    return (
        message and (message.software, message.texts[0]),
        judged.stage,
        judged.kind,
        tuple(judged.data.items()),
        judged.service,
        judged.found,
        seen.side,
        *(seen.values.get(name, "") for name in ("called", "host", "port", "destination")),
    )
