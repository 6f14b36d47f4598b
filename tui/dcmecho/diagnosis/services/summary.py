"""A matrix in a few sentences, shared by the screen, the report and the mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dcmecho.diagnosis.services.catalogue import SERVICES, Syntax
from dcmecho.diagnosis.services.model import ContextReply, Matrix, SopClassRow
from dcmecho.standard.uids import EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN

_TAKEN_FOR_GRANTED = frozenset({IMPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the summary: ``Stores`` and ``CT, MR, ...``."""

    lead: str
    text: str


def summary(matrix: Matrix) -> tuple[Line, ...]:
    """Return the lines, or none if nothing was answered."""
    services = [row for row in matrix.rows if row.sop_class.group == SERVICES]
    objects = [row for row in matrix.rows if row.sop_class.group != SERVICES]
    lines = [
        *_offered("Offers", "Not offered", services),
        *_offered("Stores", "Refuses", objects),
        *_compressed(objects, matrix.syntaxes),
    ]
    if matrix.indiscriminate:
        what = " and ".join(matrix.indiscriminate)
        lines.append(Line("Beware", f"the peer also accepts {what}: acceptance proves little here"))
    if any(_takes_one_syntax(row) for row in matrix.rows):
        lines.append(
            Line(
                "Beware",
                "where a SOP class has both + and 2, the peer can be one that takes one transfer"
                " syntax of each SOP class, as PixelMed does: offered alone, the one with 2 can be"
                " accepted",
            )
        )
    if matrix.broken_off:
        lines.append(Line("Stopped", matrix.broken_off))
    return tuple(lines)


def explain(row: SopClassRow) -> tuple[str, ...]:
    """Return sentences about the peer's answer for one SOP class."""
    if not row.is_answered:
        return (row.cells[0].reply.words,)
    accepted = row.accepted
    sentences = []
    if accepted:
        sentences.append(f"Accepted with {len(accepted)} of {len(row.cells)} transfer syntaxes.")
    for reply in ContextReply:
        syntaxes = [cell.syntax for cell in row.cells if cell.reply is reply]
        if syntaxes and reply is not ContextReply.ACCEPTED:
            sentences.append(f"{reply.words[:1].upper()}{reply.words[1:]}: {listed(syntaxes)}.")
    if accepted and any(cell.reply is ContextReply.ABSTRACT_SYNTAX for cell in row.cells):
        sentences.append("The peer accepts the SOP class. The 3 is about these transfer syntaxes.")
    if _takes_one_syntax(row):
        sentences.append(
            "The peer accepts the SOP class. It can be one that takes one transfer syntax at a"
            " time, as PixelMed does: offered alone, the one with 2 can be accepted."
        )
    return tuple(sentences)


def _takes_one_syntax(row: SopClassRow) -> bool:
    """PixelMed chooses a transfer syntax, and answers 2 to the others that it knows."""
    refused_so = any(cell.reply is ContextReply.NO_REASON for cell in row.cells)
    return bool(row.accepted) and refused_so


def listed(syntaxes: Iterable[Syntax]) -> str:
    """Return transfer syntaxes by family, with their column codes: ``JPEG (JB, JL)``."""
    families: dict[str, list[str]] = {}
    for syntax in syntaxes:
        families.setdefault(syntax.family, []).append(syntax.code)
    return ", ".join(f"{family} ({', '.join(codes)})" for family, codes in families.items())


def _offered(yes: str, no: str, rows: Iterable[SopClassRow]) -> Iterable[Line]:
    answered = [row for row in rows if row.is_answered]
    refused = [row for row in answered if not row.accepted]
    if answered and not refused:
        yield Line(yes, f"all {len(answered)} that were asked")
    elif answered and len(refused) == len(answered):
        yield Line(yes, f"none of the {len(answered)} that were asked")
    elif answered:
        yield Line(yes, _names(row for row in answered if row.accepted))
        yield Line(no, _names(refused))


def _compressed(objects: Iterable[SopClassRow], syntaxes: Iterable[Syntax]) -> Iterable[Line]:
    stored = [row for row in objects if row.accepted]
    if not stored:
        return
    taken = [
        syntax
        for syntax in syntaxes
        if syntax.uid not in _TAKEN_FOR_GRANTED and any(syntax in row.accepted for row in stored)
    ]
    text = listed(taken) if taken else "nothing: send uncompressed"
    yield Line("Compressed", text)


def _names(rows: Iterable[SopClassRow]) -> str:
    return ", ".join(row.sop_class.short for row in rows)
