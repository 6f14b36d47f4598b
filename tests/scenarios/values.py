"""Values of a target that cannot work, as people type them: a table to read and to extend."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.diagnosis.cause import CauseId


@dataclass(frozen=True)
class BadValues:
    """The typed values, and every cause that must be listed (proven: nothing was sent)."""

    id: str
    arguments: tuple[str, ...]
    causes: tuple[CauseId, ...]
    says: str
    """A part of the stage's summary."""


BAD_VALUES = (
    BadValues(
        "host-is-a-url",
        ("http://pacs.hospital.test/", "104"),
        (CauseId.HOST_INVALID,),
        "Enter only the host",
    ),
    BadValues(
        "host-with-an-empty-label",
        ("pacs..hospital.test", "104"),
        (CauseId.HOST_INVALID,),
        "Remove the extra dot",
    ),
    BadValues(
        "host-read-as-octal",
        ("010.077.003.002", "104"),
        (CauseId.HOST_INVALID,),
        "8.63.3.2",
    ),
    BadValues(
        "port-too-big",
        ("127.0.0.1", "70000"),
        (CauseId.PORT_INVALID,),
        "70000",
    ),
    BadValues(
        "port-of-nothing",
        ("127.0.0.1", "0"),
        (CauseId.PORT_INVALID,),
        "0 is not a port",
    ),
    BadValues(
        "called-title-too-long",
        ("-aec", "SEVENTEEN_LETTERS", "127.0.0.1", "104"),
        (CauseId.AE_TITLE_INVALID,),
        "17 bytes",
    ),
    BadValues(
        "calling-title-with-a-backslash",
        ("-aet", "RAD\\CT1", "127.0.0.1", "104"),
        (CauseId.AE_TITLE_INVALID,),
        "backslash",
    ),
    BadValues(
        "called-title-empty",
        ("-aec", "", "127.0.0.1", "104"),
        (CauseId.AE_TITLE_INVALID,),
        "an AE title is required",
    ),
    BadValues(
        "calling-title-of-spaces",
        ("-aet", "   ", "127.0.0.1", "104"),
        (CauseId.AE_TITLE_INVALID,),
        "only spaces",
    ),
    BadValues(
        "everything-in-one-word",
        ("TARGET_PACS_WEST1@pacs..hospital.test:70000",),
        (CauseId.HOST_INVALID, CauseId.PORT_INVALID, CauseId.AE_TITLE_INVALID),
        "Remove the extra dot",
    ),
)
