"""Associations for questions beyond C-ECHO: one at a time, 1 s apart, within the budget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from dcmecho.diagnosis.events import Emit, Event, LogLine
from dcmecho.diagnosis.investigation import MAX_ASSOCIATIONS, PAUSE_S
from dcmecho.diagnosis.ladder import climb
from dcmecho.diagnosis.network.association import Acceptance
from dcmecho.diagnosis.network.connection import TcpInfo
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.run_options import ContextProposal, RunOptions
from dcmecho.diagnosis.survey.link import Links, ServiceLink
from dcmecho.diagnosis.target.target import Target

MAX_CONTEXTS = 128
"""So many context identifiers there are: the odd numbers of one byte (PS3.8 9.3.2.2)."""

Visit = Callable[[ServiceLink, Acceptance], bool]
"""What to do on an accepted association; returns whether there is still one to release."""


class BudgetSpentError(Exception):
    """One diagnosis makes no more associations than the budget allows."""


class CancelledError(Exception):
    """Somebody asked the run to end: its last association tells nothing of the peer."""


@dataclass(frozen=True, slots=True)
class AssociationOutcome:
    """How one association went. ``report`` is that of the ladder; Verification is skipped in it."""

    report: Report
    acceptance: Acceptance | None
    request_bytes: int
    """The length of the A-ASSOCIATE-RQ; 0 where none was sent."""
    tcp: TcpInfo | None
    """Read while the association was open, or when an answer did not come."""


class Associations:
    """Opens one association after the other with one peer.

    ``used`` have been made before, by the diagnosis; ``tell`` is told in words what each is for,
    just before it is opened.
    """

    def __init__(
        self,
        run_id: str,
        target: Target,
        links: Links,
        emit: Emit,
        tell: Callable[[str], None],
        used: int,
    ) -> None:
        self._run_id = run_id
        self.target = target
        self._links = links
        self._emit = emit
        self._tell = tell
        self._used = used
        self.made = 0

    @property
    def left(self) -> int:
        """How many the budget still allows."""
        return MAX_ASSOCIATIONS - self._used - self.made

    def open(
        self,
        purpose: str,
        contexts: tuple[ContextProposal, ...],
        visit: Visit | None = None,
        options: RunOptions | None = None,
        acse_timeout_s: float | None = None,
    ) -> AssociationOutcome:
        """Propose ``contexts``, do ``visit`` where that is accepted, and release.

        ``acse_timeout_s`` counts where the target's own is longer. Raises
        :class:`BudgetSpentError` and :class:`CancelledError`.
        """
        if self.left < 1:
            raise BudgetSpentError(f"{MAX_ASSOCIATIONS} associations were made: no more of them")
        link = self._links()
        link.pause(PAUSE_S)
        self._tell(purpose)
        self.made += 1
        seen: list[tuple[Acceptance, TcpInfo | None]] = []

        def visited(acceptance: Acceptance) -> bool:
            seen.append((acceptance, link.tcp_info()))
            if visit is not None:
                return visit(link, acceptance)
            # pynetdicom holds an association without any accepted context for none to release.
            return any(context.is_accepted for context in acceptance.contexts)

        target = self.target
        if acse_timeout_s is not None:
            target = replace(target, acse_timeout_s=min(acse_timeout_s, target.acse_timeout_s))
        options = replace(options or RunOptions(), contexts=contexts)
        report = climb(self._run_id, target, link, self._lines_only, options, visited)
        if link.cancelled:
            raise CancelledError
        acceptance, tcp = seen[0] if seen else (None, link.tcp_info_at_end)
        return AssociationOutcome(report, acceptance, link.request_bytes, tcp)

    def _lines_only(self, event: Event) -> None:
        """The stages of these associations are no diagnosis of the target: the log tells them."""
        if isinstance(event, LogLine):
            self._emit(event)
