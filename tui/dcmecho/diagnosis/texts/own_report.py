"""What dcmecho itself has written: its verdict and its causes, read from a pasted report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import FINDINGS
from dcmecho.diagnosis.causes.texts import CAUSES
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.texts.knowledge import AnyCauseId
from dcmecho.diagnosis.verdict import VerdictStatus

_LEAD = r"[>|\s]*"
_LABELS = {stage.row.label: stage for stage in StageId}
_LINE = re.compile(
    rf"{_LEAD}(?:"
    r"(?:D: run \w+: )?(?P<calling>[!-~][ -~]{0,120}?) -> (?P<called>[!-~][ -~]{0,120}?)"
    r" @ (?P<host>[\w.\-:%\[\]]+):(?P<port>[0-9]{1,5})\s*$"
    rf"|(?P<word>FAILED|WARNING) at (?P<label>{'|'.join(map(re.escape, _LABELS))}): "
    r"|(?P<ok>OK): C-ECHO-RSP "
    r"|(?P<sure>proven|likely|possible)\s{2,}(?P<title>\S.*)"
    r")"
)
_STATUS = {"FAILED": VerdictStatus.FAILED, "WARNING": VerdictStatus.WARNING}
_PLACEHOLDER = re.compile(r"\\\{\w+\\\}")
_FEWEST_WORDS = 4
"""The words of a title that stand in its first line, however narrow that is."""
_BYTES = re.compile(r" \(([0-9a-f]{2}(?: [0-9a-f]{2})*)\)$")
_OWNER = re.compile(r"\s\(.*$")
"""Behind a title: who can mend it."""


class Heading(NamedTuple):
    """The line of a report with what was checked."""

    values: Mapping[str, str]


class OwnVerdict(NamedTuple):
    """The line with its end."""

    status: VerdictStatus
    stage: StageId


class OwnCause(NamedTuple):
    """The first line of a cause."""

    id: AnyCauseId
    sure: Confidence


@dataclass(slots=True)
class OwnReport:
    """A report, as far as it was read."""

    verdict: OwnVerdict | None = None
    causes: list[OwnCause] = field(default_factory=list)


def may_be_own(line: str) -> bool:
    """Report whether a line has the form of one of a report; so have all with other digits."""
    return _LINE.match(line) is not None


def own_line(line: str) -> Heading | OwnVerdict | OwnCause | None:
    """Return what a line of a report says; ``None`` for all others."""
    found = _LINE.match(line)
    if found is None:
        return None
    if found["host"]:
        titles = {name: _title(found[name]) for name in ("calling", "called")}
        return Heading({**titles, "host": found["host"].strip("[]"), "port": found["port"]})
    if found["word"]:
        return OwnVerdict(_STATUS[found["word"]], _LABELS[found["label"]])
    if found["ok"]:
        return OwnVerdict(VerdictStatus.OK, StageId.RELEASE)
    cause = _cause(_OWNER.sub("", found["title"]).strip())
    return None if cause is None else OwnCause(cause, Confidence(found["sure"]))


def _title(shown: str) -> str:
    """Return a title as it was: of odd ones a report shows the bytes."""
    raw = _BYTES.search(shown)
    return bytes.fromhex(raw[1]).decode("latin-1") if raw else shown


def _cause(title: str) -> AnyCauseId | None:
    """Return the cause with this title, of which the end can stand in the next line."""
    return next((cause for cause, known in _titles() if known.match(title)), None)


@cache
def _titles() -> tuple[tuple[AnyCauseId, re.Pattern[str]], ...]:
    """Return the titles, the longest first: one can begin as another."""
    known = sorted(_known(), key=lambda each: len(each[1]), reverse=True)
    return tuple((cause, _pattern(title)) for cause, title in known)


def _known() -> Iterator[tuple[AnyCauseId, str]]:
    yield from ((cause, text.title) for cause, text in CAUSES.texts.items())
    yield from ((cause, text.title) for cause, text in FINDINGS.texts.items())


def _pattern(title: str) -> re.Pattern[str]:
    """Return a title with anything in its placeholders; its end may be missing."""
    words = [_PLACEHOLDER.sub(".+?", re.escape(word)) for word in title.split(" ")]
    ends = "".join(f"(?:$| {word}" for word in words[_FEWEST_WORDS:])
    return re.compile(" ".join(words[:_FEWEST_WORDS]) + ends + ")" * ends.count("(?:$"))
