"""Takes the values of a site out of one text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from dcmecho.diagnosis.sanitize import own_text, title_bytes, title_words
from dcmecho.report.redaction.addresses import address_in
from dcmecho.report.redaction.known import KnownValue
from dcmecho.report.redaction.pseudonyms import Kind, Pseudonyms
from dcmecho.report.redaction.vocabulary import PATH, Vocabulary

_LONG = 5
"""From this length on a value is found wherever it stands, and in any case."""

_FIGURE = re.compile(r"[0-9.,:]+")
_FORMED = re.compile(
    r"(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?!\w))"
    r"|(?P<ipv6>(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}"
    r"(?:(?:[0-9]{1,3}\.){3}[0-9]{1,3}|[0-9A-Fa-f]{0,4})(?:%[\w.-]*\w)?(?![\w:]|\.[0-9]))"
    r"|(?P<ipv4>(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?!\w|\.[0-9]))"
    r"|(?P<uid>(?<![\w.])[0-9]+(?:\.[0-9]+){4,}(?!\w))"
    r"|(?P<bytes>(?<!\w)[0-9A-Fa-f]{2}(?: [0-9A-Fa-f]{2}){2,}(?!\w))"
    rf"|(?P<path>{PATH.pattern})"
)
"""Values that are recognized by their form, whoever wrote them."""

_TOKEN = re.compile(r"\S+")
_EDGES = "[]():;,'\"!?"


class TextRedaction:
    """Replaces what is known, and then each word that is not dcmecho's own."""

    def __init__(
        self, pseudonyms: Pseudonyms, vocabulary: Vocabulary, known: Iterable[KnownValue]
    ) -> None:
        self._pseudonyms = pseudonyms
        self._vocabulary = vocabulary
        self._whole: dict[str, str] = {}
        self._forms: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        for value, kind in known:
            self._learn(value, kind)
        self._search = _any_of(self._forms, self._folded)

    def of(self, text: str) -> str:
        """Return the text without the values of the site."""
        if not text.strip() or (found := self._whole.get(text)) is None:
            return "".join(self._parts(text))
        return found

    def _learn(self, value: str, kind: Kind) -> None:
        if not value or value in self._whole:
            return
        if kind is Kind.SAID and self._vocabulary.has(value):
            return
        other = self._pseudonyms.of(value, kind)
        if other == value:
            return
        self._whole[value] = other
        is_anywhere = len(value.strip()) >= _LONG and not self._vocabulary.has(value)
        for form, replacement in _forms(value, other):
            self._forms.setdefault(form, replacement)
            if is_anywhere and len(form) >= _LONG:
                self._folded.setdefault(form.casefold(), replacement)

    def _parts(self, text: str) -> Iterator[str]:
        at = 0
        for found in self._search.finditer(text) if self._search else ():
            yield self._others(text[at : found.start()])
            seen = found.group()
            yield self._forms.get(seen) or self._folded[seen.casefold()]
            at = found.end()
        yield self._others(text[at:])

    def _others(self, text: str) -> str:
        return "".join(self._formed(text))

    def _formed(self, text: str) -> Iterator[str]:
        at = 0
        for found in _FORMED.finditer(text):
            yield _TOKEN.sub(self._token, text[at : found.start()])
            yield self._other_of(found)
            at = found.end()
        yield _TOKEN.sub(self._token, text[at:])

    def _other_of(self, found: re.Match[str]) -> str:
        seen = found.group()
        match found.lastgroup:
            case "time":
                return seen
            case "ipv4" | "ipv6" if address_in(seen) is not None:
                return self._pseudonyms.of(seen)
            case "uid":
                return self._pseudonyms.of(seen)
            case "bytes":
                return self._pseudonyms.of(seen, Kind.SENTENCE)
            case "path" if not self._vocabulary.has_path(seen.rstrip(".")):
                return self._pseudonyms.of(seen, Kind.FILE)
            case _:
                return seen

    def _token(self, found: re.Match[str]) -> str:
        token = found.group()
        core = token.strip(_EDGES).rstrip(".…")
        if not core or self._vocabulary.has(core):
            return token
        other = self._whole.get(core) or self._pseudonyms.of(core)
        if other == core or _FIGURE.fullmatch(core):
            other = self._pseudonyms.of(core, Kind.SENTENCE)
        return token.replace(core, other, 1)


def _forms(value: str, other: str) -> Iterator[tuple[str, str]]:
    """Yield a value in each form in which it can stand in a text, with its pseudonym in this form.

    Hexadecimal digits that are letters and base64 are no words, so they need no attribution.
    """
    yield value, other
    for form in (own_text, title_bytes, title_words, _spaced_hex, _hex, str.strip):
        if (shown := form(value)).strip():
            yield shown, form(other)


def _hex(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").hex()


def _spaced_hex(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").hex(" ")


def _any_of(forms: Mapping[str, str], folded: Mapping[str, str]) -> re.Pattern[str] | None:
    """Return what finds the longest of these values; short ones only as words of their own."""
    patterns = [
        re.escape(form) if form.casefold() in folded else rf"(?<!\w){re.escape(form)}(?!\w)"
        for form in sorted(forms, key=len, reverse=True)
    ]
    loose = [f"(?i:{re.escape(form)})" for form in sorted(folded, key=len, reverse=True)]
    return re.compile("|".join([*loose, *patterns])) if patterns else None
