"""A-ASSOCIATE, A-ABORT and P-DATA PDUs read from their bytes (PS3.8 9.3), leniently.

Titles padded with NUL, escape sequences in a version name or unknown items are facts to show, not
errors. Only what makes a PDU unreadable raises :class:`PduFault`, with the byte where it lies.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from dcmecho.diagnosis.association import Abort, Acceptance, ContextAnswer, Rejection
from dcmecho.diagnosis.sanitize import printable, title_bytes
from dcmecho.dicom.framing import HEADER_BYTES
from dcmecho.dicom.uid_names import uid_name
from dcmecho.standard.refusals import abort_words, rejection_manner, rejection_words

_CALLED_AT, _CALLING_AT, _ITEMS_AT = 10, 26, 74
_ITEM_HEADER_BYTES = 4
_READ_AGAIN = 8
"""Each PDU is read for the log, and again for what it says: at once, beside other runs'."""


class PduFault(ValueError):
    """A PDU that cannot be read: what is wrong, and at which byte of the PDU."""


class ProposedContext(NamedTuple):
    """A presentation context as proposed in an A-ASSOCIATE-RQ (PS3.8 9.3.2.2)."""

    context_id: int
    abstract_syntax: str
    transfer_syntaxes: tuple[str, ...]


class Associate(NamedTuple):
    """An A-ASSOCIATE-RQ or -AC as it stands on the wire. Titles are the 16 raw bytes."""

    protocol_version: int
    called_ae: bytes
    calling_ae: bytes
    application_context: str
    proposed: tuple[ProposedContext, ...]
    answered: tuple[ContextAnswer, ...]
    answered_at: tuple[int, ...]
    """At which byte of the PDU each of ``answered`` begins."""
    max_pdu_bytes: int | None
    implementation_class_uid: str
    implementation_version: bytes


class Fragment(NamedTuple):
    """One presentation data value (PS3.8 9.3.5.1, E.2)."""

    context_id: int
    is_command: bool
    is_last: bool
    data: bytes


class UserItem(NamedTuple):
    """One sub-item of the user information (PS3.7 D.3.3); ``data`` may hold a secret (0x58)."""

    kind: int
    data: bytes


class _Item(NamedTuple):
    kind: int
    at: int
    data: bytes


def read_associate(pdu: bytes) -> Associate:
    """Read an A-ASSOCIATE-RQ or -AC. Raises :class:`PduFault`."""
    if len(pdu) < _ITEMS_AT:
        raise PduFault(f"an A-ASSOCIATE PDU of {len(pdu)} bytes ends inside its fixed part")
    proposed: list[ProposedContext] = []
    answered: list[ContextAnswer] = []
    answered_at: list[int] = []
    application_context = ""
    user: dict[int, bytes] = {}
    for item in _items(pdu, _ITEMS_AT):
        if item.kind == 0x10:
            application_context = _uid(item.data)
        elif item.kind == 0x20:
            proposed.append(_proposed(pdu, item))
        elif item.kind == 0x21:
            answered.append(_answered(pdu, item))
            answered_at.append(item.at - _ITEM_HEADER_BYTES)
        elif item.kind == 0x50:
            user = {sub.kind: sub.data for sub in _items(pdu, item.at, item.at + len(item.data))}
    length = user.get(0x51, b"")
    return Associate(
        protocol_version=int.from_bytes(pdu[6:8], "big"),
        called_ae=pdu[10:26],
        calling_ae=pdu[26:42],
        application_context=application_context,
        proposed=tuple(proposed),
        answered=tuple(answered),
        answered_at=tuple(answered_at),
        max_pdu_bytes=int.from_bytes(length, "big") if len(length) == 4 else None,
        implementation_class_uid=_uid(user.get(0x52, b"")),
        implementation_version=user.get(0x55, b""),
    )


@lru_cache(maxsize=_READ_AGAIN)
def reread_associate(pdu: bytes) -> Associate:
    """:func:`read_associate` for the PDUs of a run of ours, each of which is read several times.

    Not for a caller's, which may hold a secret that is not to be kept.
    """
    return read_associate(pdu)


def read_user_items(pdu: bytes) -> tuple[UserItem, ...]:
    """The user information of an A-ASSOCIATE-RQ or -AC, in order. Raises :class:`PduFault`."""
    return tuple(
        UserItem(sub.kind, sub.data)
        for item in _items(pdu, _ITEMS_AT)
        if item.kind == 0x50
        for sub in _items(pdu, item.at, item.at + len(item.data))
    )


def read_acceptance(pdu: bytes, requested: Associate) -> Acceptance:
    """Read an A-ASSOCIATE-AC as the answer to ``requested``. Raises :class:`PduFault`."""
    accept = reread_associate(pdu)
    proposed = {context.context_id: context for context in requested.proposed}
    if not accept.answered:
        raise PduFault("an A-ASSOCIATE-AC that answers no presentation context")
    answered: set[int] = set()
    for answer, at in zip(accept.answered, accept.answered_at, strict=True):
        if answer.context_id not in proposed:
            raise PduFault(
                f"presentation context {answer.context_id} at byte {at} was never proposed"
            )
        if answer.context_id in answered:
            raise PduFault(
                f"presentation context {answer.context_id} at byte {at} is answered twice"
            )
        answered.add(answer.context_id)
        offered = proposed[answer.context_id].transfer_syntaxes
        if answer.is_accepted and answer.transfer_syntax not in offered:
            raise PduFault(
                f"presentation context {answer.context_id} at byte {at} is accepted with a transfer"
                f" syntax that was never proposed ({answer.transfer_syntax_name or 'none'})"
            )
    contexts = tuple(
        ContextAnswer(
            answer.context_id,
            proposed[answer.context_id].abstract_syntax,
            answer.result,
            answer.transfer_syntax,
            answer.transfer_syntax_name,
        )
        for answer in accept.answered
    )
    return Acceptance(
        max_pdu_bytes=accept.max_pdu_bytes,
        implementation_class_uid=accept.implementation_class_uid,
        implementation_version=printable(accept.implementation_version.strip(b" \0")),
        contexts=contexts,
        remarks=_remarks(pdu),
    )


def read_rejection(pdu: bytes) -> Rejection:
    """Read an A-ASSOCIATE-RJ (PS3.8 9.3.4). Raises :class:`PduFault`."""
    if len(pdu) != 10:
        raise PduFault(f"an A-ASSOCIATE-RJ of {len(pdu)} bytes, where the standard has 10")
    result, source, reason = pdu[7:10]
    return rejection_of(result, source, reason)


def rejection_of(result: int, source: int, reason: int) -> Rejection:
    """A rejection with these numbers, and their words."""
    manner = rejection_manner(result, source)
    return Rejection(result, source, reason, rejection_words(source, reason), manner)


def read_abort(pdu: bytes) -> Abort:
    """Read an A-ABORT (PS3.8 9.3.8). Raises :class:`PduFault`."""
    if len(pdu) != 10:
        raise PduFault(f"an A-ABORT of {len(pdu)} bytes, where the standard has 10")
    source, reason = pdu[8:10]
    return Abort(source, reason, abort_words(source, reason))


def read_fragments(pdu: bytes) -> tuple[Fragment, ...]:
    """Read the presentation data values of a P-DATA-TF. Raises :class:`PduFault`."""
    fragments = []
    at = HEADER_BYTES
    while at < len(pdu):
        if at + 6 > len(pdu):
            raise PduFault(f"a presentation data value is cut short at byte {at}")
        length, context_id, control = struct.unpack_from(">IBB", pdu, at)
        end = at + 4 + length
        if length < 2 or end > len(pdu):
            raise PduFault(f"a presentation data value of {length} bytes at byte {at} overruns")
        fragments.append(
            Fragment(context_id, bool(control & 1), bool(control & 2), pdu[at + 6 : end])
        )
        at = end
    return tuple(fragments)


def _remarks(pdu: bytes) -> tuple[str, ...]:
    """What is odd in an acceptance, and harmless to us: other software stumbles over it."""
    titles = (("called", _CALLED_AT, pdu[10:26]), ("calling", _CALLING_AT, pdu[26:42]))
    return tuple(
        f"the {name} AE title at byte {at} is padded with NUL, where the standard has spaces:"
        f" {title_bytes(title.rstrip(b' '))}"
        for name, at, title in titles
        if 0 in title
    )


def _proposed(pdu: bytes, item: _Item) -> ProposedContext:
    _long_enough(item)
    subs = tuple(_items(pdu, item.at + 4, item.at + len(item.data)))
    return ProposedContext(
        item.data[0],
        next((_uid(sub.data) for sub in subs if sub.kind == 0x30), ""),
        tuple(_uid(sub.data) for sub in subs if sub.kind == 0x40),
    )


def _answered(pdu: bytes, item: _Item) -> ContextAnswer:
    _long_enough(item)
    subs = _items(pdu, item.at + 4, item.at + len(item.data))
    syntax = next((_uid(sub.data) for sub in subs if sub.kind == 0x40), "")
    return ContextAnswer(item.data[0], "", item.data[2], syntax, uid_name(syntax))


def _long_enough(item: _Item) -> None:
    if len(item.data) < 4:
        raise PduFault(f"a presentation context item at byte {item.at} is too short")


def _items(pdu: bytes, at: int, end: int | None = None) -> Iterator[_Item]:
    end = len(pdu) if end is None else end
    while at < end:
        if at + 4 > end:
            raise PduFault(f"an item is cut short at byte {at}")
        kind, _, length = struct.unpack_from(">BBH", pdu, at)
        if at + 4 + length > end:
            raise PduFault(f"item 0x{kind:02X} of {length} bytes at byte {at} overruns the PDU")
        yield _Item(kind, at + 4, pdu[at + 4 : at + 4 + length])
        at += 4 + length


def _uid(data: bytes) -> str:
    return printable(data.rstrip(b"\0 "))
