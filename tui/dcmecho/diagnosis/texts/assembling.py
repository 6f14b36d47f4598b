"""From the lines of a text to the associations in it, in bounded memory."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.observed.association import C_ECHO
from dcmecho.diagnosis.texts.commands import command_in
from dcmecho.diagnosis.texts.joining import BREAK, readings
from dcmecho.diagnosis.texts.knowledge import Message, Moment, Side, Tells
from dcmecho.diagnosis.texts.matching import NOTHING, Hit, Matcher, Shape
from dcmecho.diagnosis.texts.own_report import Heading, OwnCause, OwnReport, OwnVerdict, own_line
from dcmecho.diagnosis.texts.values import given_status, time_in
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.standard.statuses import SUCCESS

_MOST_OPEN = 512
_MOST_VALUES = 16
_MOST_LOOKS = 4
_ANOTHER_AFTER = timedelta(seconds=2)
_CONTAINER = re.compile(r"^([\w.\-]{1,60})\s+\| ")
OWN_NAME = "dcmecho"
"""The name of this program beside those of the software that is known."""
_PROMPT = re.compile(r"[$#>%] ?[\w./\-]+ ")
_BEGINNINGS = (Tells.REQUESTED, Tells.RECEIVED)
_ANY_CONNECTION = (EvidenceKind.TCP_FAILED, EvidenceKind.NAME_FAILED, EvidenceKind.TLS_FAILED)
_LASTING = frozenset({"called", "calling", "host", "port", "client", "client_port", "destination"})


@dataclass(slots=True)
class Seen:
    """What the lines so far tell of one association."""

    values: dict[str, str] = field(default_factory=dict)
    side: Side | None = None
    moment: Moment | None = None
    service: str = ""
    failure: Message | None = None
    failure_values: dict[str, str] = field(default_factory=dict)
    at: datetime | None = None
    is_certain: bool = False
    """Whether one of its failing texts is one that only DICOM programs write."""
    is_of_dicom: bool = False
    """Whether anything that only DICOM programs write was said of it."""
    began: bool = False
    encrypted: bool = False
    gave_up: bool = False
    """Whether this side aborted."""
    fails: bool = False
    """Whether a message said that the request fails, so that the next one is of another."""
    accepted: bool = False
    commanded: bool = False
    answered: bool = False
    ended: bool = False
    released: bool = False
    """Whether it ended as it should."""
    looked_for_time: int = 0
    """Lines in which a time was looked for in vain: many logs have none."""
    own: OwnReport | None = None
    """What dcmecho itself said of it, if this is its report."""
    shown: list[str] = field(default_factory=list)
    """The texts of the messages, as they are known: never what stands in the log."""

    @property
    def is_fresh(self) -> bool:
        """Report whether nothing but values is known of it."""
        return not (self.began or self.accepted or self.failure or self.ended or self.own)


class Assembler:
    """Puts together what belongs to one association; :meth:`finished` has those that are over."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._open: OrderedDict[str, Seen] = OrderedDict()
        self._current: dict[str, str] = {}
        self._by_title: dict[str, str] = {}
        self._number = 0
        self._done: list[Seen] = []
        self._elsewhere: set[str] = set()
        """Streams whose last words were about connections that are not DICOM."""
        self.software: set[str] = set()
        """All that was recognized in this text for certain."""

    def lines(self, lines: Sequence[str]) -> None:
        """Take in lines, in their order."""
        for line, shape in self._matcher.shapes(lines):
            if shape is not NOTHING or BREAK in line:
                self._line(line, shape)

    def _line(self, line: str, shape: Shape) -> None:
        if BREAK in line:
            line, shape = self._unbroken(line)
        stream = _stream(line)
        own = own_line(line) if shape.may_be_own else None
        if own is not None:
            self._take_own(stream, own)
        may_be_command = shape.may_be_command and not self._only_speaks_of_it(stream, line)
        command = command_in(line) if may_be_command else None
        if command is not None:
            seen = self._new(stream)
            seen.values.update(command.values)
            seen.service, seen.side, seen.is_of_dicom = command.service, Side.CALLING, True
        if shape.places:
            hits = self._about_dicom(stream, shape, line)
            if hits:
                self._take(stream, hits, line, shape)

    def _unbroken(self, line: str) -> tuple[str, Shape]:
        """Return the reading of a broken line that tells most."""
        both = list(self._matcher.shapes(readings(line)))
        return max(both, key=lambda each: _covered(each[1]))

    def _about_dicom(self, stream: str, shape: Shape, line: str) -> Sequence[Hit]:
        """Leave out what is written of other connections."""
        hits = shape.hits(line)
        if shape.is_elsewhere:
            hits = [hit for hit in hits if not _is_of_any_connection(hit)]
        if shape.is_certain and hits:
            self._elsewhere.discard(stream)
            return hits
        if shape.is_elsewhere:
            if len(self._elsewhere) >= _MOST_OPEN:
                self._elsewhere.clear()
            self._elsewhere.add(stream)
        if stream not in self._elsewhere:
            return hits
        return [hit for hit in hits if not hit.message.is_of_system]

    def _only_speaks_of_it(self, stream: str, line: str) -> bool:
        """Report whether a command is one in dcmecho's report, which nobody ran."""
        seen = self._open.get(self._current.get(stream, ""))
        return seen is not None and seen.own is not None and not _PROMPT.search(line)

    def finished(self) -> Iterator[Seen]:
        """Yield the associations that no later line can change; empties the list."""
        done, self._done = self._done, []
        yield from done

    def end(self) -> Iterator[Seen]:
        """Yield all that is left, at the end of the text."""
        yield from self.finished()
        left = list(self._open.values())
        self._open.clear()
        self._current.clear()
        yield from left

    def _take(self, stream: str, hits: Sequence[Hit], line: str, shape: Shape) -> None:
        together = _together(hits)
        at = time_in(line) if shape.is_timed else None
        seen = self._association(stream, hits, together, at)
        if at is None and seen.at is None and seen.looked_for_time < _MOST_LOOKS:
            at = time_in(line)
            seen.looked_for_time += 1
        for hit in hits:
            self._note(seen, hit, at)
        if "calling" in together:
            if len(self._by_title) > _MOST_OPEN:
                self._by_title.clear()
            self._by_title[f"{stream}|{together['calling']}"] = self._current[stream]

    def _take_own(self, stream: str, own: Heading | OwnVerdict | OwnCause) -> None:
        seen = self._open.get(self._current.get(stream, ""))
        match own:
            case Heading(values):
                if seen is None or _is_another(seen, values):
                    seen = self._new(stream)
                seen.values.update(values)
                seen.own, seen.side, seen.service = OwnReport(), Side.CALLING, C_ECHO
            case OwnVerdict():
                if seen is None or seen.own is None or seen.own.verdict is not None:
                    seen = self._new(stream)
                seen.own, seen.is_certain, seen.is_of_dicom = OwnReport(own), True, True
                seen.answered = own.status is VerdictStatus.OK
                self.software.add(OWN_NAME)
            case OwnCause() if seen is not None and seen.own is not None:
                seen.own.causes.append(own)

    def _association(
        self, stream: str, hits: Sequence[Hit], values: Mapping[str, str], at: datetime | None
    ) -> Seen:
        keyed = _key(stream, hits)
        if keyed:
            return self._keyed(stream, keyed, hits)
        current = self._open.get(self._current.get(stream, ""))
        calling = values.get("calling")
        if calling and current is not None and current.values.get("calling", calling) != calling:
            key = self._by_title.get(f"{stream}|{calling}", "")
            other = self._open.get(key)
            if other is not None and not any(_begins(hit, other) for hit in hits):
                return self._touch(stream, key)
        if current is None or any(_is_new(hit, current, at) for hit in hits):
            current = self._new(stream)
        return current

    def _keyed(self, stream: str, key: str, hits: Sequence[Hit]) -> Seen:
        before = self._open.get(key)
        if before is not None and any(_begins(hit, before) for hit in hits):
            self._done.append(self._open.pop(key))
        elif before is not None:
            return self._touch(stream, key)
        current = self._current.get(stream, "")
        seen = self._open.get(current)
        if seen is None or not seen.is_fresh or "association" in seen.values:
            return self._add(stream, key, Seen())
        del self._open[current]
        return self._add(stream, key, seen)

    def _new(self, stream: str) -> Seen:
        self._number += 1
        return self._add(stream, f"{stream}#{self._number}", Seen())

    def _add(self, stream: str, key: str, seen: Seen) -> Seen:
        self._open[key] = seen
        self._current[stream] = key
        if len(self._open) > _MOST_OPEN:
            self._done.append(self._open.popitem(last=False)[1])
        if len(self._current) > _MOST_OPEN:
            self._current = {stream: key}
        return seen

    def _touch(self, stream: str, key: str) -> Seen:
        self._open.move_to_end(key)
        self._current[stream] = key
        return self._open[key]

    def _note(self, seen: Seen, hit: Hit, at: datetime | None) -> None:
        message = hit.message
        if not message.is_generic:
            self.software.add(message.software)
            seen.is_of_dicom = True
        for name, value in hit.values.items():
            if name == "association":
                seen.values[name] = value
            elif name in _LASTING:
                seen.values.setdefault(name, value)
        if at is not None and (seen.at is None or (message.is_failure and not seen.failure)):
            seen.at = at
        _progress(seen, message)
        if _is_success(hit):
            seen.answered = True
        elif message.is_failure and not (message.is_of_system and seen.ended):
            _fail(seen, hit)


def _is_of_any_connection(hit: Hit) -> bool:
    """Report whether a message can be about a connection that is not DICOM."""
    return hit.message.tells is Tells.ELSEWHERE or hit.message.evidence in _ANY_CONNECTION


def _is_another(seen: Seen, values: Mapping[str, str]) -> bool:
    """Report whether a heading is not of the report, or run, that is being read."""
    if seen.own is None:
        return False
    return seen.own.verdict is not None or not values.items() <= seen.values.items()


def _covered(shape: Shape) -> int:
    return sum(place.end - place.start for place in shape.places)


def _stream(line: str) -> str:
    """Return the container that a line of several is of."""
    container = _CONTAINER.match(line) if " | " in line else None
    return container[1] if container else ""


def _together(hits: Sequence[Hit]) -> Mapping[str, str]:
    """Return the values of all messages of a line; the first that has one counts."""
    if len(hits) == 1:
        return hits[0].values
    together: dict[str, str] = {}
    for hit in hits:
        together = {**hit.values, **together}
    return together


def _key(stream: str, hits: Sequence[Hit]) -> str:
    for hit in hits:
        if "association" in hit.values:
            return f"{stream}|{hit.message.side}|{hit.values['association']}"
    return ""


def _begins(hit: Hit, seen: Seen) -> bool:
    return hit.message.tells in _BEGINNINGS and not seen.is_fresh


def _is_new(hit: Hit, seen: Seen, at: datetime | None) -> bool:
    """Report whether a message cannot belong to the association that was last spoken of."""
    message = hit.message
    if seen.own is not None:
        return message.tells in _BEGINNINGS
    match message.tells:
        case Tells.REQUESTED | Tells.RECEIVED:
            return not seen.is_fresh
        case Tells.CONNECTED:
            return not seen.is_fresh and (seen.ended or seen.failure is not None or seen.accepted)
        case Tells.FAILS:
            return seen.fails or seen.accepted
        case _:
            pass
    if message.is_failure and seen.failure is not None and at and seen.at:
        return at - seen.at > _ANOTHER_AFTER
    return message.is_failure and seen.ended and seen.failure is None


def _progress(seen: Seen, message: Message) -> None:
    if message.side is not None and (seen.side is None or message.rank > 1):
        seen.side = seen.side or message.side
    if message.service and message.rank != 0:
        seen.service = message.service if message.is_failure else seen.service or message.service
    if message.tells is Tells.COMMAND and message.service:
        seen.service = message.service
    if message.tells is Tells.NAMES:
        return
    _course(seen, message)
    if message.moment is not None and message.tells is not Tells.RELEASING:
        later = seen.moment is not None and message.moment is Moment.REQUEST
        releases = seen.moment is Moment.RELEASE and seen.answered
        stays = (later and seen.accepted) or releases
        seen.moment = seen.moment if stays else message.moment


def _course(seen: Seen, message: Message) -> None:
    """Note how far the association came."""
    match message.tells:
        case Tells.REQUESTED | Tells.RECEIVED:
            seen.began = True
        case Tells.ACCEPTED:
            seen.accepted, seen.moment = True, Moment.COMMAND
        case Tells.COMMAND:
            seen.commanded, seen.moment = True, Moment.COMMAND
        case Tells.ANSWERED:
            seen.answered = True
        case Tells.RELEASED | Tells.ENDED:
            seen.ended = True
            seen.released = message.tells is Tells.RELEASED
        case Tells.FAILS:
            seen.fails = True
        case Tells.OWN_ABORT:
            seen.gave_up = True
        case Tells.ENCRYPTED:
            seen.encrypted = True
        case Tells.RELEASING if _releases(seen, message):
            seen.moment = Moment.RELEASE
        case _:
            pass


def _releases(seen: Seen, message: Message) -> bool:
    is_usual = bool(message.moment) or seen.answered or not seen.commanded
    return is_usual and seen.failure is None


def _is_success(hit: Hit) -> bool:
    """Report whether a message tells of an answer with status 0x0000."""
    is_answer = hit.message.evidence is EvidenceKind.ECHO_RESPONSE
    return is_answer and given_status(hit.values) == SUCCESS


def _show(seen: Seen, hit: Hit) -> None:
    """Keep a text to be shown, once: no code, and no part of another."""
    text = hit.text if hit.text[:1].isalpha() else hit.message.texts[0]
    lowered = text.lower()
    if any(lowered in shown.lower() for shown in seen.shown):
        return
    seen.shown = [shown for shown in seen.shown if shown.lower() not in lowered]
    if len(seen.shown) < _MOST_VALUES:
        seen.shown.append(text)


def _fail(seen: Seen, hit: Hit) -> None:
    message, before = hit.message, seen.failure
    seen.is_certain = seen.is_certain or not message.is_generic
    _show(seen, hit)
    implied = {name: str(value) for name, value in message.data.items()}
    values = {**implied, **{k: v for k, v in hit.values.items() if k not in _LASTING}}
    if before is None or message.rank > before.rank:
        same = before is not None and before.evidence is message.evidence
        seen.failure_values = {**(seen.failure_values if same else {}), **values}
        seen.failure = message
    elif before.evidence is message.evidence:
        for name, value in values.items():
            seen.failure_values.setdefault(name, value)
