"""Asks a peer which services it accepts, each over its own associations."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import assert_never

from dcmecho.diagnosis.events import Emit, ServicesFinished, ServicesProgressed
from dcmecho.diagnosis.faults import fault_text
from dcmecho.diagnosis.move.model import MoveRequest, MoveResult
from dcmecho.diagnosis.network.association import Acceptance
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.services.catalogue import MADE_UP_SOP_CLASS, catalogue
from dcmecho.diagnosis.services.model import (
    ContextReply,
    LikeOutcome,
    LikeResult,
    ObjectKind,
    QueryOutcome,
    QueryResult,
    ServicesResult,
)
from dcmecho.diagnosis.services.service import Service
from dcmecho.diagnosis.store.model import SyntheticImage
from dcmecho.diagnosis.survey import like, query
from dcmecho.diagnosis.survey import move as c_move
from dcmecho.diagnosis.survey import store as c_store
from dcmecho.diagnosis.survey.associations import Associations, BudgetSpentError, CancelledError
from dcmecho.diagnosis.survey.contexts import ContextQuestion, answers, proposals, questions, row
from dcmecho.diagnosis.survey.link import Links, ServiceLink
from dcmecho.diagnosis.survey.matrix import MatrixSurvey, Names, plan
from dcmecho.diagnosis.survey.move import Machine
from dcmecho.diagnosis.survey.probe import MOST_ASSOCIATIONS, Probe
from dcmecho.diagnosis.target.target import Target
from dcmecho.standard.uids import IMPLICIT_VR_LITTLE_ENDIAN

_FIRST_MESSAGE_ID = 1
_MADE_UP = ContextQuestion(MADE_UP_SOP_CLASS, IMPLICIT_VR_LITTLE_ENDIAN)


@dataclass(frozen=True, slots=True)
class SurveyRequest:
    """The services to ask about. ``query`` needs your consent because it sends a command."""

    matrix: bool = False
    like: ObjectKind | None = None
    query: bool = False
    probe: bool = False
    move: MoveRequest | None = None
    """Needs consent, because the peer sends a study or tries to."""
    store: SyntheticImage | None = None
    """Needs consent, because the object stays at the peer."""

    def asks(self, service: Service) -> bool:
        """Return whether it includes ``service``."""
        return getattr(self, service) not in (None, False)

    @property
    def most_associations(self) -> int:
        """The maximum number of associations it needs."""
        return sum(_most_associations(service) for service in Service if self.asks(service))

    def __bool__(self) -> bool:
        return any(map(self.asks, Service))


def _most_associations(service: Service) -> int:
    match service:
        case Service.MATRIX:
            return len(plan(catalogue()))
        case Service.LIKE | Service.QUERY:
            return 1
        case Service.PROBE:
            return MOST_ASSOCIATIONS
        case Service.MOVE:
            return c_move.MOST_ASSOCIATIONS
        case Service.STORE:
            return c_store.MOST_ASSOCIATIONS
        case _:
            assert_never(service)


@dataclass(frozen=True, slots=True)
class SurveyTools:
    """The tools of a survey: links, this machine, and the names of UIDs."""

    links: Links
    machine: Machine
    names: Names


def survey(
    run_id: str, target: Target, asked: SurveyRequest, used: int, tools: SurveyTools, emit: Emit
) -> ServicesResult:
    """Ask ``asked`` of ``target``, after ``used`` associations that the diagnosis made.

    Raises nothing: the result reports bugs in dcmecho.
    """
    return _Survey(run_id, target, asked, used, tools, emit).run()


def refusal(target: Target) -> str:
    """Return why asking the target is not allowed, or an empty text if it is."""
    if target.do_not_probe:
        return target.not_checked
    if target.no_experiments:
        return f"nothing more is sent to this target: {target.shown_no_experiments}"
    return ""


class _Ends(Exception):
    """Nothing more can be asked because an association could not be opened."""


class _Survey:
    def __init__(
        self,
        run_id: str,
        target: Target,
        asked: SurveyRequest,
        used: int,
        tools: SurveyTools,
        emit: Emit,
    ) -> None:
        self._run_id = run_id
        self._target = target
        self._emit = emit
        self._asked = asked
        self._tools = tools
        self._associations = Associations(run_id, target, tools.links, emit, self._tell, used)
        self._began = time.perf_counter()
        self._result = ServicesResult(run_id, datetime.now(UTC), refusal=refusal(target))
        self._matrix = MatrixSurvey(catalogue(), tools.names)
        self._doing = ""

    def run(self) -> ServicesResult:
        try:
            if not self._result.refusal:
                self._ask()
        except _Ends:
            pass
        except CancelledError:
            self._update(cancelled=True)
        except BudgetSpentError as error:
            self._update(refusal=str(error))
        except Exception as error:
            self._update(fault=fault_text(error))
        self._update(
            elapsed_ms=(time.perf_counter() - self._began) * 1000,
            associations=self._associations.made,
            opened=self._associations.first,
        )
        self._emit(ServicesFinished(self._run_id, self._result))
        return self._result

    def _ask(self) -> None:
        for service in filter(self._asked.asks, Service):
            self._ask_for(service, self._asked)

    def _ask_for(self, service: Service, asked: SurveyRequest) -> None:
        match service:
            case Service.MATRIX:
                self._ask_matrix()
            case Service.LIKE:
                if asked.like is not None:
                    self._ask_like(asked.like)
            case Service.QUERY:
                self._ask_query()
            case Service.PROBE:
                self._update(probe=Probe(self._associations).run())
            case Service.MOVE:
                if asked.move is not None:
                    self._ask_move(asked.move)
            case Service.STORE:
                if asked.store is not None:
                    self._update(store=c_store.store(asked.store, self._associations))
            case _:
                assert_never(service)

    def _ask_matrix(self) -> None:
        stopped = self._matrix.ask(self._associations)
        self._update(matrix=self._matrix.matrix)
        self._end_where(stopped)

    def _ask_like(self, kind: ObjectKind) -> None:
        asked = like.asked_for(kind, catalogue())
        known = self._matrix.answers
        batch = (_MADE_UP, *questions([asked]))
        if not known.keys() >= set(batch):
            purpose = f"is {kind.sop_class_name} accepted: {len(batch)} presentation contexts"
            associated = self._associations.open(purpose, proposals(batch))
            known = answers(batch, associated.acceptance)
            stopped = None if associated.acceptance else associated.report
        else:
            stopped = None
        judged = like.judge(
            kind, row(asked, kind.sop_class_name, known), self._target, self._tools.names
        )
        if judged.outcome is LikeOutcome.TAKEN and known[_MADE_UP] is ContextReply.ACCEPTED:
            judged = _proves_little(judged)
        self._update(like=judged)
        self._end_where(stopped)

    def _ask_query(self) -> None:
        answered: list[QueryResult] = []

        def use(link: ServiceLink, acceptance: Acceptance) -> bool:
            context = acceptance.only_answer
            if context is None or not context.is_accepted:
                answered.append(query.not_offered(context and context.result, self._target))
                return False
            judged = query.judge(link.find(context, _FIRST_MESSAGE_ID), self._target)
            answered.append(judged)
            return judged.outcome in (QueryOutcome.NO_MATCH, QueryOutcome.STATUS)

        associated = self._associations.open(query.SENT, query.PROPOSED, use)
        if answered:
            self._update(query=answered[0])
        else:
            title = associated.report.verdict.title
            self._update(query=QueryResult(QueryOutcome.NOT_ASKED, f"not asked: {title}"))
            self._end_where(associated.report)

    def _ask_move(self, order: MoveRequest) -> None:
        tools = c_move.MoveTools(self._associations, self._tools.machine, self._tell_of_move)
        self._update(move=c_move.move(order, tools))

    def _tell_of_move(self, result: MoveResult) -> None:
        self._update(move=result)
        self._progress(self._doing)

    def _end_where(self, stopped: Report | None) -> None:
        if stopped is not None:
            self._update(stopped=stopped.verdict)
            raise _Ends

    def _update(self, **found: object) -> None:
        self._result = replace(self._result, **found)  # type: ignore[arg-type]

    def _tell(self, doing: str) -> None:
        self._update(associations=self._associations.made)
        if self._asked.matrix:
            self._update(matrix=self._matrix.matrix)
        self._doing = doing
        self._progress(doing)

    def _progress(self, doing: str) -> None:
        at = datetime.now(UTC)
        self._emit(ServicesProgressed(self._run_id, at, doing, self._result))


def _proves_little(judged: LikeResult) -> LikeResult:
    caveat = "; but it also accepts a SOP class that does not exist, so this proves little"
    return replace(judged, summary=judged.summary + caveat)
