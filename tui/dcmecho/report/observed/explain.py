"""What texts tell of associations, as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.observed.association import (
    ObservedAssociation,
)
from dcmecho.diagnosis.texts.explaining import Explained
from dcmecho.report.observed.association import association_parts
from dcmecho.report.page import Gap, Part, Text
from dcmecho.report.plain import plain_lines

_UNKNOWN = (
    "This text is not known: there is nothing about DICOM connections in it that dcmecho"
    " recognizes. Paste the lines of the DICOM program itself, from where it requests or receives"
    " the association to where it gives up, as detailed as it can log (DCMTK: -v, or -d)."
)
_FINE = "No failure seen: {}, all without one that dcmecho knows."
_NOTHING_ENDS = "No failure seen. The text has no line that dcmecho knows as one."


def render(found: Explained) -> str:
    """Return all that is told; it ends with a newline."""
    return "".join(f"{line}\n" for line in plain_lines(_parts(found)))


def render_one(observed: ObservedAssociation) -> str:
    """Return what is told of one association; it ends with a newline."""
    return "".join(f"{line}\n" for line in plain_lines(association_parts(observed)))


def _parts(found: Explained) -> Iterator[Part]:
    if not found.is_dicom or not found.failures:
        yield from parts_without_failure(found)
        return
    for number, each in enumerate(found.failures):
        if number:
            yield Gap()
        yield from association_parts(each)
    yield from _rest(found)


def parts_without_failure(found: Explained) -> Iterator[Part]:
    """Yield why nothing is told: the texts are not known, or nothing failed in them."""
    if not found.is_dicom:
        yield Text(_UNKNOWN)
    elif found.fine:
        yield Text(_FINE.format(count(found.fine, "association")))
    else:
        yield Text(_NOTHING_ENDS)


def _rest(found: Explained) -> Iterator[Part]:
    if found.fine or found.untold:
        yield Gap()
    if found.fine:
        yield Text(f"{count(found.fine, 'other association')} without a failure.")
    if found.untold:
        yield Text(f"{count(found.untold, 'more failure')} of other kinds.")
