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
from dcmecho.diagnosis.stage import StageResult
from dcmecho.diagnosis.survey.link import Links, ServiceLink
from dcmecho.diagnosis.target.target import Target
from dcmecho.standard.uids import UNCOMPRESSED, VERIFICATION_SOP_CLASS

MAX_CONTEXTS = 128
"""Number of presentation context ids: the odd numbers of one byte (PS3.8 9.3.2.2)."""

MAX_ASKED = MAX_CONTEXTS - 1
"""The most presentation contexts to ask about in one association, beside Verification."""

_VERIFICATION = ContextProposal(VERIFICATION_SOP_CLASS, UNCOMPRESSED)

UseServices = Callable[[ServiceLink, Acceptance], bool]
"""Uses an accepted association; returns whether it must still be released."""


class BudgetSpentError(Exception):
    """The association budget of the diagnosis is used up."""


class CancelledError(Exception):
    """The run was cancelled, so its last association proves nothing about the peer."""


@dataclass(frozen=True, slots=True)
class AssociationOutcome:
    """The outcome of one association. ``report`` is from the ladder, without a C-ECHO."""

    report: Report
    acceptance: Acceptance | None
    request_bytes: int
    """The length of the A-ASSOCIATE-RQ, or 0 if none was sent."""
    tcp: TcpInfo | None
    """Read while the association was open, or after waiting for an answer in vain."""


class Associations:
    """Opens one association after another with one peer.

    The diagnosis has already opened ``used`` associations. ``tell`` receives the purpose of each
    association, in words, just before it is opened.
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
        self.first: tuple[StageResult, ...] = ()
        """The stages of the first of them."""

    @property
    def left(self) -> int:
        """The number of associations that the budget still allows."""
        return MAX_ASSOCIATIONS - self._used - self.made

    def open(
        self,
        purpose: str,
        contexts: tuple[ContextProposal, ...],
        use: UseServices | None = None,
        options: RunOptions | None = None,
        acse_timeout_s: float | None = None,
    ) -> AssociationOutcome:
        """Propose ``contexts``, call ``use`` if the association is accepted, and release.

        Verification is proposed too, because some peers reject an association of which they accept
        no context (DCMTK's dcmrecv and wlmscpfs, with 1/1/1). Its answer is not passed on.
        ``acse_timeout_s`` limits the target's own timeout. Raises :class:`BudgetSpentError` and
        :class:`CancelledError`.
        """
        if self.left < 1:
            raise BudgetSpentError(f"limit of {MAX_ASSOCIATIONS} associations reached")
        link = self._links()
        link.pause(PAUSE_S)
        self._tell(purpose)
        self.made += 1
        seen: list[tuple[Acceptance, TcpInfo | None]] = []

        def visited(acceptance: Acceptance) -> bool:
            asked = _about(contexts, acceptance)
            seen.append((asked, link.tcp_info()))
            # pynetdicom does not release an association without an accepted context.
            open_anyway = _any_accepted(acceptance) and not _any_accepted(asked)
            if use is not None:
                return use(link, asked) or open_anyway
            return _any_accepted(acceptance)

        target = self.target
        if acse_timeout_s is not None:
            target = replace(target, acse_timeout_s=min(acse_timeout_s, target.acse_timeout_s))
        proposed = _with_verification(contexts)
        options = replace(options or RunOptions(), contexts=proposed)
        report = climb(self._run_id, target, link, self._lines_only, options, visited)
        self.first = self.first or report.stages
        if link.cancelled:
            raise CancelledError
        acceptance, tcp = seen[0] if seen else (None, link.tcp_info_at_end)
        return AssociationOutcome(report, acceptance, link.request_bytes, tcp)

    def _lines_only(self, event: Event) -> None:
        """Pass on log lines only: the stages of these associations are not a diagnosis."""
        if isinstance(event, LogLine):
            self._emit(event)


def _with_verification(contexts: tuple[ContextProposal, ...]) -> tuple[ContextProposal, ...]:
    asks = any(
        each.abstract_syntax == VERIFICATION_SOP_CLASS
        and set(each.transfer_syntaxes) & set(UNCOMPRESSED)
        for each in contexts
    )
    return contexts if asks or len(contexts) > MAX_ASKED else (*contexts, _VERIFICATION)


def _about(contexts: tuple[ContextProposal, ...], acceptance: Acceptance) -> Acceptance:
    """Return the answers to ``contexts`` alone, whose ids are 1, 3, 5 and so on."""
    after = 2 * len(contexts)
    own = tuple(each for each in acceptance.contexts if each.context_id < after)
    return acceptance._replace(contexts=own)


def _any_accepted(acceptance: Acceptance) -> bool:
    return any(context.is_accepted for context in acceptance.contexts)
