"""Editing a target field by field: what is typed, what it means, what is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dcmecho.diagnosis.sanitize import title_bytes
from dcmecho.diagnosis.tls import TlsSettings
from dcmecho.diagnosis.validation import (
    Complaint,
    Field,
    Severity,
    check_ae_title,
    check_host,
    check_max_pdu,
    check_port,
    check_timeout,
)
from dcmecho.profiles.model import REQUIRED, Profile, ProfileBook, Value

LABELS: Mapping[Field, str] = MappingProxyType(
    {
        Field.NAME: "Name",
        Field.GROUP: "Group",
        Field.HOST: "Host",
        Field.PORT: "Port",
        Field.CALLED_AE: "Called AE title",
        Field.CALLING_AE: "Calling AE title",
        Field.CONNECT_TIMEOUT_S: "Connect timeout",
        Field.ACSE_TIMEOUT_S: "ACSE timeout",
        Field.DIMSE_TIMEOUT_S: "DIMSE timeout",
        Field.MAX_PDU_BYTES: "Max PDU",
        Field.NOTES: "Notes",
        Field.DO_NOT_PROBE: "Do not probe",
        Field.NO_EXPERIMENTS: "No experiments",
    }
)
"""The fields of the form, in its order."""

EXPLANATIONS: Mapping[Field, str] = MappingProxyType(
    {
        Field.NAME: "what you call it",
        Field.GROUP: "its heading in the list",
        Field.HOST: "name or IP address",
        Field.PORT: "of their DICOM service",
        Field.CALLED_AE: "theirs, 16 bytes at most",
        Field.CALLING_AE: "ours, as they know us",
        Field.CONNECT_TIMEOUT_S: "seconds",
        Field.ACSE_TIMEOUT_S: "seconds",
        Field.DIMSE_TIMEOUT_S: "seconds",
        Field.MAX_PDU_BYTES: "bytes that we receive",
        Field.NOTES: "for people",
        Field.DO_NOT_PROBE: "a reason: forbids runs",
        Field.NO_EXPERIMENTS: "a reason: C-ECHO only",
    }
)

TITLES = frozenset({Field.CALLED_AE, Field.CALLING_AE})
_WHOLE = frozenset({Field.PORT, Field.MAX_PDU_BYTES})
_SECONDS = frozenset({Field.CONNECT_TIMEOUT_S, Field.ACSE_TIMEOUT_S, Field.DIMSE_TIMEOUT_S})


@dataclass(frozen=True, slots=True)
class Draft:
    """A target being edited.

    ``profile`` is ``None`` for a new one, and ``original`` what a new one is a copy of. ``texts``
    holds what the form starts with; an empty text means that the value is inherited.
    """

    title: str
    profile: Profile | None
    texts: Mapping[Field, str]
    book: ProfileBook
    original: Profile | None = None

    @property
    def tls(self) -> TlsSettings | None:
        """The TLS that the file asks for; it is edited there."""
        profile = self.profile or self.original
        return profile.target.tls if profile and profile.target else None

    def inherited(self, field: Field, group: str) -> str:
        """What an empty field stands for, empty where it stands for nothing."""
        value = self.book.inherited(group).get(field, "")
        return _as_text(value)

    def judge(self, field: Field, text: str, group: str) -> tuple[Complaint, ...]:
        """Every complaint about one field's text."""
        if not text:
            return self._judge_empty(field, group)
        if field is Field.NAME and text in self._other_names():
            return (_error(field, f"another target is called {text}: choose another name"),)
        value = _parse(field, text)
        if isinstance(value, Complaint):
            return (value,)
        return _check(field, value, self.tls)

    def changes(self, texts: Mapping[Field, str]) -> dict[Field, Value | None]:
        """The values to write, ``None`` for those to inherit. Only for texts without errors.

        Of a target in the file only those that were touched: the others may have been changed in
        the file meanwhile.
        """
        changed: dict[Field, Value | None] = {}
        for field, text in texts.items():
            value = _parse(field, text) if text else None
            if not isinstance(value, Complaint) and not self._stands_in_file(field, text, value):
                changed[field] = value
        return changed

    def _stands_in_file(self, field: Field, text: str, value: Value | None) -> bool:
        """True for an untouched value that the file has in the right type."""
        if self.profile is None or text != self.texts.get(field, ""):
            return False
        own = self.profile.own.get(field)
        return own == value or (own is None and value is None)

    def _judge_empty(self, field: Field, group: str) -> tuple[Complaint, ...]:
        if field in REQUIRED and not self.inherited(field, group):
            return (_error(field, "is needed"),)
        return ()

    def _other_names(self) -> Collection[str]:
        return {each.name for each in self.book.profiles if each is not self.profile}


def draft_of(book: ProfileBook, profile: Profile) -> Draft:
    """Edit a target of the file, broken or not."""
    return Draft(f"Edit {profile.name or 'a target without a name'}", profile, _own(profile), book)


def draft_new(book: ProfileBook, group: str) -> Draft:
    """Add a target, in the group that the cursor is in."""
    texts = dict.fromkeys(LABELS, "")
    texts[Field.GROUP] = group
    if Field.PORT not in book.inherited(group):
        texts[Field.PORT] = "104"
    return Draft("New target", None, texts, book)


def draft_clone(book: ProfileBook, profile: Profile) -> Draft:
    """Add a target that starts as a copy."""
    texts = dict(_own(profile))
    names = {each.name for each in book.profiles}
    copies = (f"{profile.name} copy{f' {n}' if n > 1 else ''}" for n in range(1, len(names) + 2))
    texts[Field.NAME] = next(name for name in copies if name not in names)
    return Draft(f"Clone of {profile.name}", None, texts, book, original=profile)


def tls_shown(tls: TlsSettings) -> str:
    """Tell what the file asks for in one line."""
    verified = "peer verified" if tls.verify else "peer not verified"
    return f"{tls.minimum_version} or newer, {verified} ([target.tls] in the file)"


def bytes_shown(field: Field, text: str) -> str:
    """An AE title byte by byte where it has odd characters, else empty."""
    if field not in TITLES or not text:
        return ""
    shown = title_bytes(text)
    return "" if shown == text else shown


def has_errors(complaints: Collection[Complaint]) -> bool:
    """True where a target with these complaints cannot work."""
    return any(complaint.severity is Severity.ERROR for complaint in complaints)


def _own(profile: Profile) -> dict[Field, str]:
    return {field: _as_text(profile.own.get(field, "")) for field in LABELS}


def _as_text(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _parse(field: Field, text: str) -> Value | Complaint:
    try:
        if field in _WHOLE:
            return int(text)
        if field in _SECONDS:
            return float(text)
    except ValueError:
        kind = "a whole number" if field in _WHOLE else "a number of seconds"
        return _error(field, f"must be {kind}")
    return text


def _check(field: Field, value: Value, tls: TlsSettings | None) -> tuple[Complaint, ...]:
    if field is Field.HOST:
        return check_host(str(value))
    if field is Field.PORT:
        return check_port(int(value), tls)
    if field in TITLES:
        return check_ae_title(field, str(value))
    if field in _SECONDS:
        return check_timeout(field, float(value))
    if field is Field.MAX_PDU_BYTES:
        return check_max_pdu(int(value))
    return ()


def _error(field: Field, message: str) -> Complaint:
    return Complaint(field, Severity.ERROR, message)
