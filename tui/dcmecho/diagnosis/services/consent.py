"""What is said before something is asked of a peer that it will remember. Said everywhere alike."""

from __future__ import annotations

from dcmecho.diagnosis.move.model import MoveRequest
from dcmecho.diagnosis.sanitize import printable, title_bytes
from dcmecho.diagnosis.store.model import PATIENT_ID, PATIENT_NAME, SyntheticImage
from dcmecho.diagnosis.target.target import Target


def move_sentence(order: MoveRequest, target: Target) -> str:
    """What a C-MOVE to ourselves sends, and what becomes of what comes."""
    ends = ", ".join(
        f"{end.ip or 'our address towards the peer'} port {end.port or '(any)'}"
        for end in order.ends
    )
    what = (
        "What it sends is let in, counted and dropped in memory."
        if order.accept
        else "When it calls, its association is read and rejected as transient: nothing is moved."
    )
    return (
        f"Asks {printable(str(target))} to send study {printable(order.study_uid)} to"
        f" {title_bytes(target.calling_ae)} (one C-MOVE, and one C-FIND where it is needed), and"
        f" listens on {ends}. {what} The peer logs it. Name a phantom study, no patient's: where"
        " the peer has our title at another address, it sends the study there."
    )


def store_sentence(sent: SyntheticImage, target: Target) -> str:
    """What storing a test object leaves behind."""
    return (
        f"Stores an image of {sent.size_bytes} bytes at {printable(str(target))}: patient"
        f" {PATIENT_NAME}, ID {PATIENT_ID}, new UIDs. It stays there: DICOM's services have no"
        " delete, so the archive's administrator has to remove it, and what the archive forwards"
        " goes further. The peer logs it."
    )
