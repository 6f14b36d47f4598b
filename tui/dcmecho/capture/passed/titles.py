"""Whom a conversation called, and who called: the titles as they were sent."""

from __future__ import annotations

from functools import lru_cache

from dcmecho.capture.conversation import Way
from dcmecho.capture.passed.listening import Listener
from dcmecho.diagnosis.target.target import Target


def target_of(heard: Listener) -> Target:
    """Return whom a conversation called, with titles as they were sent, without padding."""
    server = heard.meeting.server
    associate = heard.trace.request or heard.trace.acceptance
    called = calling = ""
    if associate is not None:
        called, calling = (
            title.decode("latin-1").strip(" \0")
            for title in (associate.called_ae, associate.calling_ae)
        )
    elif (begin := _beginning(heard)) is not None:
        called = begin[10:26].decode("latin-1").strip(" \0") if len(begin) >= 26 else ""
        calling = begin[26:42].decode("latin-1").strip(" \0") if len(begin) >= 42 else ""
    return _target(server.address, server.port, called, calling)


@lru_cache(maxsize=256)
def _target(host: str, port: int, called: str, calling: str) -> Target:
    """Return a target. The same callers call the same servers: thousands of them are kept once."""
    return Target(host, port, called, calling)


def _beginning(heard: Listener) -> bytes | None:
    """Return what there is of a request that is not whole."""
    for partial in heard.trace.partials:
        if partial.kind == 1 and partial.way is Way.FROM_CLIENT:
            return partial.data
    return None
