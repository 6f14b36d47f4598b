"""What the texts of causes can name of an association in a capture."""

from __future__ import annotations

from dcmecho.capture.associations.judged import Judged
from dcmecho.capture.conversation import Way
from dcmecho.capture.passed.listening import Listener
from dcmecho.capture.passed.titles import target_of
from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.move.counts import NO_COUNTS, SubOperations
from dcmecho.diagnosis.observed.command import CALLED_TITLE, CALLING_TITLE
from dcmecho.diagnosis.sanitize import PeerText, title_words
from dcmecho.diagnosis.target.target import Target

_BLANK = "(blank)"
_UNTOLD = {
    "triple": "a code that the capture does not have",
    "status": "a status that the capture does not have",
    "subject": "the server",
    "issuer": "an issuer that is not read",
    "not_before": "a date that is not read",
    "not_after": "a date that is not read",
    "names": "names that are not read",
    "time": "the time in the capture",
    "registration": "the destination's own title, address and port",
    "ends": "the destination",
}


def values_of(
    heard: Listener, judged: Judged, target: Target, sub: Listener | None
) -> dict[str, str]:
    """Return the values by their placeholders; ``sub`` is the sub-association of a C-MOVE."""
    conversation = heard.conversation
    assert conversation is not None
    client = conversation.client
    values = _UNTOLD | {
        "called_ae": _title(target.called_ae, CALLED_TITLE, heard),
        "calling_ae": _title(target.calling_ae, CALLING_TITLE, heard),
        "host": target.host,
        "port": str(target.port),
        "peer_address": f"{target.host}:{target.port}",
        "local_address": client.endpoint.address,
        "ending": judged.title,
        "bytes": str(client.end),
        "size": str(client.end),
        "acknowledged": str(client.acked or 0),
        "retransmits": str(client.retransmissions),
        "segment": str(client.largest),
        "mtu": "not known",
    }
    first, last = conversation.first.time, conversation.last.time
    if first and last:
        values["elapsed"] = duration((last - first) * 1000)
    data = judged.data
    if judged.kind is EvidenceKind.ASSOCIATION_REJECTED and "reason" in data:
        values["triple"] = "/".join(str(data[name]) for name in ("result", "source", "reason"))
    status = data.get("status")
    if isinstance(status, int):
        values["status"] = f"0x{status:04X}"
    return values | _certificate_values(heard) | _move_values(heard, sub)


def _certificate_values(heard: Listener) -> dict[str, str]:
    tls = heard.tls.get(Way.FROM_SERVER)
    if tls is None or tls.certificate is None:
        return {}
    known = tls.certificate
    return {
        "subject": known.subject.brief,
        "issuer": known.issuer.brief,
        "not_before": f"{known.not_before:%Y-%m-%d}",
        "not_after": f"{known.not_after:%Y-%m-%d}",
        "names": ", ".join(each.brief for each in known.names[:4]) or "no names",
    }


def destination_of(heard: Listener) -> str:
    """Return the title that a C-MOVE asked to send to, without padding; or nothing."""
    asked = heard.trace.failed or heard.trace.last
    return asked.command.move_destination.brief if asked is not None else ""


def _title(title: str, untold: str, heard: Listener) -> str:
    if title:
        return title_words(title)
    return _BLANK if heard.trace.request is not None else untold


def _move_values(heard: Listener, sub: Listener | None) -> dict[str, str]:
    destination = destination_of(heard)
    values = {"title": destination or "the destination's own title"}
    asked = heard.trace.failed or heard.trace.last
    if asked is not None and asked.answer is not None:
        values["counts"] = _counts(asked.answer.sub_operations)
    if sub is not None:
        server = str(sub.meeting.server)
        values |= {"ends": server, "came_to": server}
        if called := PeerText(target_of(sub).called_ae).brief:
            # Its own title is not in the capture, only the one that it was called by.
            values |= {"came_title": called, "title": "the destination's own title"}
    return values


def _counts(counts: SubOperations) -> str:
    if counts == NO_COUNTS:
        return "without counts of sub-operations"
    return f"{counts.sent} of {counts.total} sub-operations carried out"
