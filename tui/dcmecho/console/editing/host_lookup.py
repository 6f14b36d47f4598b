"""Looks up typed host names: when the typing pauses, on a thread, one name at a time."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import partial

from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from dcmecho.console.threads import do_beside
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.validation import Complaint
from dcmecho.diagnosis.target.value_checks import Severity, check_host

PAUSE_S = 0.4
"""Seconds without typing before the name is looked up."""

NameProblem = Callable[[str], str]
"""Looks a name up and returns why it does not resolve, empty if it does. Blocks for a while."""


class HostLookup:
    """The names that one editor has looked up; it receives the answers as :class:`Done`."""

    class Done(Message):
        """A name was looked up."""

    def __init__(self, name_problem: NameProblem) -> None:
        self._name_problem = name_problem
        self._answers: dict[str, str] = {}
        self._editor: Widget | None = None
        self._timer: Timer | None = None
        self._wanted = ""
        self._asking = False

    def serve(self, editor: Widget) -> None:
        """Send the answers to this editor from now on."""
        self._editor = editor

    def typed(self, host: str) -> None:
        """Look this host up, unless it changes again at once."""
        self._stop_timer()
        self._wanted = host
        if self._editor is not None and _is_name(host) and host not in self._answers:
            self._timer = self._editor.set_timer(PAUSE_S, self._ask)

    def go_on(self) -> None:
        """Look up the name that was typed while another one was being looked up."""
        if self._wanted not in self._answers:
            self._ask()

    def complaints(self, host: str) -> tuple[Complaint, ...]:
        """Return the known complaints about a host's name."""
        problem = self._answers.get(host, "")
        return (Complaint(Field.HOST, Severity.WARNING, problem),) if problem else ()

    def stop(self) -> None:
        """Look up no more names."""
        self._stop_timer()
        self._wanted = ""
        self._editor = None

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _ask(self) -> None:
        if not self._asking and self._wanted:
            self._asking = True
            do_beside("dcmecho-name", partial(self._look_up, self._wanted))

    def _look_up(self, host: str) -> None:
        problem = self._name_problem(host)
        editor = self._editor
        self._answers[host] = problem
        self._asking = False
        if editor is not None:
            editor.post_message(self.Done())


def _is_name(host: str) -> bool:
    if not host or check_host(host):
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False
