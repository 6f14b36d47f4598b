"""Reads A-ASSOCIATE, A-ABORT and P-DATA PDUs from their bytes (PS3.8 9.3), leniently.

Titles padded with NUL, escape sequences in a version name and unknown items are facts to show, not
errors. Only an unreadable PDU raises :class:`PduFault`, which names the byte of the problem.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dcmecho.diagnosis.network.association import Abort, Acceptance, ContextAnswer, Rejection
from dcmecho.diagnosis.sanitize import PeerText, title_bytes
from dcmecho.dicom.pdu.commands import Fragment, read_command
from dcmecho.dicom.pdu.framing import HEADER_BYTES, PduFault, claimed_bytes, is_pdu
from dcmecho.dicom.pdu.uid_names import read_uid, uid_name
from dcmecho.standard.pdu_types import PduType
from dcmecho.standard.refusals import abort_words, rejection_manner, rejection_words

_CALLED_AT, _CALLING_AT, _ITEMS_AT = 10, 26, 74
_ITEM_HEADER_BYTES = 4

_SHORTEST_MAX_PDU_BYTES = 7
"""What one byte of a message takes: 6 bytes of its fragment go before it (PS3.8 9.3.5.1)."""


class ProposedContext(NamedTuple):
    """A presentation context as proposed in an A-ASSOCIATE-RQ (PS3.8 9.3.2.2)."""

    context_id: int
    abstract_syntax: str
    transfer_syntaxes: tuple[str, ...]


class UserItem(NamedTuple):
    """One sub-item of the user information (PS3.7 D.3.3); ``data`` can be a secret (0x58)."""

    kind: int
    data: bytes


class Associate(NamedTuple):
    """An A-ASSOCIATE-RQ or -AC as on the wire. Titles are the 16 raw bytes."""

    protocol_version: int
    called_ae: bytes
    calling_ae: bytes
    application_context: str
    proposed: tuple[ProposedContext, ...]
    answered: tuple[ContextAnswer, ...]
    answered_at: tuple[int, ...]
    """The byte of the PDU at which each item of ``answered`` begins."""
    max_pdu_bytes: int | None
    max_pdu_at: int
    """At which byte of the PDU the item with ``max_pdu_bytes`` begins; 0 where it has none."""
    implementation_class_uid: str
    implementation_version: bytes
    user_items: tuple[UserItem, ...]


class _Item(NamedTuple):
    kind: int
    at: int
    data: bytes


class Data(NamedTuple):
    """A P-DATA-TF (PS3.8 9.3.5)."""

    fragments: tuple[Fragment, ...]

    @property
    def ends_dataset(self) -> bool:
        """True if it contains the last fragment of a data set."""
        return any(each.is_last and not each.is_command for each in self.fragments)


Content = Associate | Rejection | Abort | Data


class Pdu(NamedTuple):
    """Bytes from the wire, read once for the log and for the judgement."""

    data: bytes
    kind: PduType | None = None
    """``None`` for bytes that are not a complete PDU."""
    content: Content | None = None
    """The content, or ``None`` if the PDU has only a kind or cannot be read."""
    fault: str = ""
    """The reason why it cannot be read."""


def read_pdu(data: bytes) -> Pdu:
    """Read bytes from the wire. Raises nothing."""
    if not is_pdu(data) or len(data) < (claimed_bytes(data) or HEADER_BYTES):
        return Pdu(data)
    return read_whole_pdu(data)


def read_whole_pdu(data: bytes) -> Pdu:
    """Read one PDU with a header of DICOM, not a byte more or less. Raises nothing."""
    kind = PduType(data[0])
    try:
        return Pdu(data, kind, _content(kind, data))
    except PduFault as fault:
        return Pdu(data, kind, fault=str(fault))


def _content(kind: PduType, data: bytes) -> Content | None:
    match kind:
        case PduType.ASSOCIATE_RQ | PduType.ASSOCIATE_AC:
            return read_associate(data)
        case PduType.ASSOCIATE_RJ:
            return read_rejection(data)
        case PduType.DATA_TF:
            return Data(read_fragments(data))
        case PduType.ABORT:
            return read_abort(data)
        case PduType.RELEASE_RQ | PduType.RELEASE_RP:
            return None


def read_associate(pdu: bytes) -> Associate:
    """Read an A-ASSOCIATE-RQ or -AC. Raises :class:`PduFault`."""
    if len(pdu) < _ITEMS_AT:
        raise PduFault(f"an A-ASSOCIATE PDU of {len(pdu)} bytes ends inside its fixed part")
    proposed: list[ProposedContext] = []
    answered: list[ContextAnswer] = []
    answered_at: list[int] = []
    application_context = ""
    user_items: list[UserItem] = []
    last_items: tuple[_Item, ...] = ()
    for item in _items(pdu, _ITEMS_AT):
        if item.kind == 0x10:
            application_context = read_uid(item.data)
        elif item.kind == 0x20:
            proposed.append(_proposed(pdu, item))
        elif item.kind == 0x21:
            answered.append(_answered(pdu, item))
            answered_at.append(item.at - _ITEM_HEADER_BYTES)
        elif item.kind == 0x50:
            last_items = tuple(_items(pdu, item.at, item.at + len(item.data)))
            user_items += (UserItem(sub.kind, sub.data) for sub in last_items)
    user = {item.kind: item.data for item in last_items}
    length = user.get(0x51, b"")
    length_at = max((item.at for item in last_items if item.kind == 0x51), default=0)
    return Associate(
        protocol_version=int.from_bytes(pdu[6:8], "big"),
        called_ae=pdu[10:26],
        calling_ae=pdu[26:42],
        application_context=application_context,
        proposed=tuple(proposed),
        answered=tuple(answered),
        answered_at=tuple(answered_at),
        max_pdu_bytes=int.from_bytes(length, "big") if len(length) == 4 else None,
        max_pdu_at=max(length_at - _ITEM_HEADER_BYTES, 0),
        implementation_class_uid=read_uid(user.get(0x52, b"")),
        implementation_version=user.get(0x55, b""),
        user_items=tuple(user_items),
    )


def acceptance_of(accept: Associate, contexts: Iterable[ProposedContext]) -> Acceptance:
    """Match an A-ASSOCIATE-AC with the proposed contexts. Raises :class:`PduFault`."""
    proposed = {context.context_id: context for context in contexts}
    if 0 < (accept.max_pdu_bytes or 0) < _SHORTEST_MAX_PDU_BYTES:
        raise PduFault(
            f"maximum length {accept.max_pdu_bytes} at byte {accept.max_pdu_at} leaves no room for"
            f" a message: {_SHORTEST_MAX_PDU_BYTES} is the least, 0 means no limit"
        )
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
    answers = tuple(
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
        implementation_version=PeerText(accept.implementation_version.strip(b" \0")),
        contexts=answers,
        remarks=_remarks(accept),
    )


def read_rejection(pdu: bytes) -> Rejection:
    """Read an A-ASSOCIATE-RJ (PS3.8 9.3.4). Raises :class:`PduFault`."""
    if len(pdu) != 10:
        raise PduFault(f"an A-ASSOCIATE-RJ of {len(pdu)} bytes instead of 10")
    result, source, reason = pdu[7:10]
    return rejection_of(result, source, reason)


def rejection_of(result: int, source: int, reason: int) -> Rejection:
    """Return the rejection with these numbers, and their meaning in words."""
    manner = rejection_manner(result, source)
    return Rejection(result, source, reason, rejection_words(source, reason), manner)


def read_abort(pdu: bytes) -> Abort:
    """Read an A-ABORT (PS3.8 9.3.8). Raises :class:`PduFault`."""
    if len(pdu) != 10:
        raise PduFault(f"an A-ABORT of {len(pdu)} bytes instead of 10")
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
        fragments.append(_fragment(context_id, control, pdu[at + 6 : end]))
        at = end
    return tuple(fragments)


def _fragment(context_id: int, control: int, data: bytes) -> Fragment:
    is_command, is_last = bool(control & 1), bool(control & 2)
    if not is_command:
        return Fragment(context_id, is_command, is_last, data)
    try:
        return Fragment(context_id, is_command, is_last, data, read_command(data))
    except PduFault as fault:
        return Fragment(context_id, is_command, is_last, data, fault=str(fault))


def _remarks(accept: Associate) -> tuple[str, ...]:
    """Return oddities of an acceptance that dcmecho tolerates but other software might not."""
    titles = (
        ("called", _CALLED_AT, accept.called_ae),
        ("calling", _CALLING_AT, accept.calling_ae),
    )
    return tuple(
        f"the {name} AE title at byte {at} is padded with NUL instead of spaces:"
        f" {title_bytes(title.rstrip(b' '))}"
        for name, at, title in titles
        if 0 in title
    )


def _proposed(pdu: bytes, item: _Item) -> ProposedContext:
    _long_enough(item)
    subs = tuple(_items(pdu, item.at + 4, item.at + len(item.data)))
    return ProposedContext(
        item.data[0],
        next((read_uid(sub.data) for sub in subs if sub.kind == 0x30), ""),
        tuple(read_uid(sub.data) for sub in subs if sub.kind == 0x40),
    )


def _answered(pdu: bytes, item: _Item) -> ContextAnswer:
    _long_enough(item)
    subs = _items(pdu, item.at + 4, item.at + len(item.data))
    syntax = next((read_uid(sub.data) for sub in subs if sub.kind == 0x40), "")
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
