"""The texts that ask for consent before dcmecho sends something that the peer keeps or logs."""

from __future__ import annotations

from dcmecho.diagnosis.move.model import LONGEST_S, MoveRequest
from dcmecho.diagnosis.sanitize import title_bytes
from dcmecho.diagnosis.store.model import PATIENT_ID, PATIENT_NAME, SyntheticImage
from dcmecho.diagnosis.target.target import Target


def move_sentence(order: MoveRequest, target: Target) -> str:
    """Return what a C-MOVE to this machine sends, and what happens to images that arrive."""
    ends = ", ".join(
        f"{end.ip or 'the address that reaches the peer'} port {end.port or '(any)'}"
        for end in order.ends
    )
    what = (
        "Images are accepted, counted and discarded."
        if order.accept
        else "The peer's call is read and rejected as transient, so no image is moved."
    )
    return (
        f"Asks {target} to send study {order.study_uid} to"
        f" {title_bytes(target.calling_ae)}, and listens on {ends}. Sends one C-MOVE, and one"
        f" C-FIND if needed, and waits up to {LONGEST_S:g} s for the end. {what} The peer"
        f" logs it. Use a phantom or test study, never a"
        " patient's: if the peer has another address registered for your AE title, it sends the"
        " study there."
    )


def store_sentence(sent: SyntheticImage, target: Target) -> str:
    """Return what storing a test image leaves at the peer."""
    return (
        f"Stores a test image of {sent.size_bytes} bytes at {target}: patient"
        f" {PATIENT_NAME}, ID {PATIENT_ID}, new UIDs. The image stays there: DICOM storage has no"
        " delete command, so the peer's administrator must remove it. The archive might also"
        " forward it to other systems. The peer logs the transfer."
    )
