"""A survey over a played link: what it asks, in which order, and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from dcmecho.diagnosis.events import Event, ServicesFinished
from dcmecho.diagnosis.investigation import MAX_ASSOCIATIONS, PAUSE_S
from dcmecho.diagnosis.move.model import MoveAnswer
from dcmecho.diagnosis.network.association import (
    Acceptance,
    Answer,
    ContextAnswer,
    EchoAnswer,
    Ending,
    Negotiation,
)
from dcmecho.diagnosis.network.connection import Address, Connection, Resolution, TcpInfo
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.services.model import QueryOutcome, ServicesResult
from dcmecho.diagnosis.store.model import StoreAnswer, SyntheticImage
from dcmecho.diagnosis.survey.link import FindAnswer
from dcmecho.diagnosis.survey.move import Machine
from dcmecho.diagnosis.survey.survey import SurveyRequest, SurveyTools, survey
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import Handshake, TlsCheck, TlsSettings
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.standard.statuses import SUCCESS
from dcmecho.standard.uids import IMPLICIT_VR_LITTLE_ENDIAN

TARGET = Target("192.0.2.10", 104, "PACS", "DCMECHO")
ANSWERED = Answer(Ending.ANSWERED, 1.0, 1.0)


def no_match() -> FindAnswer:
    return FindAnswer(ANSWERED, SUCCESS, "success")


@dataclass
class PlayedServiceLink:
    """Accepts every context, answers C-FIND as set up, and records the requests."""

    find_answer: Callable[[], FindAnswer] = no_match
    is_cancelled: bool = False
    asked: list[str] = field(default_factory=list)
    patience_s: float = 1.0
    request_bytes: int = 300
    tcp_info_at_end: TcpInfo | None = None

    @property
    def cancelled(self) -> bool:
        return self.is_cancelled

    def reach(self) -> None:
        """It is asked from this machine."""

    @property
    def vantage_failure(self) -> None:
        return None

    def now_ms(self) -> float:
        return 1.0

    def pause(self, seconds: float) -> None:
        self.asked.append(f"pause {seconds:g}")

    def resolve(self, host: str, port: int, _timeout_s: float) -> Resolution:
        return Resolution(0.0, 0.0, (Address(host, port),))

    def connect(self, address: Address, _timeout_s: float, _options: RunOptions) -> Connection:
        self.asked.append("connect")
        return Connection(address, 0.0, 0.1, local=Address("192.0.2.20", 50000))

    def check_tls(self, settings: TlsSettings) -> TlsCheck:
        raise NotImplementedError

    def secure(self, settings: TlsSettings, host: str, timeout_s: float) -> Handshake:
        raise NotImplementedError

    def associate(self, _target: Target, options: RunOptions) -> Negotiation:
        self.asked.append("associate")
        contexts = tuple(
            ContextAnswer(2 * at + 1, proposed.abstract_syntax, 0, IMPLICIT_VR_LITTLE_ENDIAN)
            for at, proposed in enumerate(options.contexts)
        )
        return Negotiation(ANSWERED, Acceptance(16384, "1.2.3", PeerText("PLAYED"), contexts))

    def echo(self, message_id: int) -> EchoAnswer:
        raise NotImplementedError

    def find(self, _context: ContextAnswer, _message_id: int) -> FindAnswer:
        self.asked.append("find")
        return self.find_answer()

    def find_study(self, context: ContextAnswer, message_id: int, study_uid: str) -> FindAnswer:
        raise NotImplementedError

    def request_move(
        self, context: ContextAnswer, message_id: int, study_uid: str, destination: str
    ) -> None:
        raise NotImplementedError

    def wait_for_activity(self, wait_s: float) -> bool:
        raise NotImplementedError

    def next_move(self, message_id: int, timeout_s: float) -> MoveAnswer:
        raise NotImplementedError

    def cancel_request(self, context_id: int, message_id: int) -> None:
        raise NotImplementedError

    def store(self, context: ContextAnswer, message_id: int, sent: SyntheticImage) -> StoreAnswer:
        raise NotImplementedError

    def tcp_info(self) -> TcpInfo | None:
        return None

    def release(self) -> Answer:
        self.asked.append("release")
        return ANSWERED

    def abort(self) -> None:
        self.asked.append("abort")

    def close(self) -> None:
        self.asked.append("close")


def machine() -> Machine:
    def never(*_: object) -> NoReturn:
        raise AssertionError("a query listens nowhere")

    return Machine(never, never, never)


def queried(link: PlayedServiceLink, *, used: int = 1) -> ServicesResult:
    told: list[Event] = []
    means = SurveyTools(lambda: link, machine(), lambda uid: uid)
    result = survey("run1", TARGET, SurveyRequest(query=True), used, means, told.append)
    assert told[-1] == ServicesFinished("run1", result)
    return result


def test_an_association_waits_its_turn_and_is_released_once_its_question_is_answered() -> None:
    link = PlayedServiceLink()
    result = queried(link)
    assert result.query
    assert result.query.outcome is QueryOutcome.NO_MATCH
    assert link.asked == [f"pause {PAUSE_S:g}", "connect", "associate", "find", "release", "close"]


def test_nothing_is_sent_once_the_budget_is_spent() -> None:
    link = PlayedServiceLink()
    result = queried(link, used=MAX_ASSOCIATIONS)
    assert f"limit of {MAX_ASSOCIATIONS} associations reached" in result.refusal
    assert link.asked == []


def test_a_cancelled_association_says_nothing_of_the_peer() -> None:
    result = queried(PlayedServiceLink(is_cancelled=True))
    assert result.cancelled
    assert result.query is None


def test_a_fault_while_asking_is_told_and_the_connection_closed() -> None:
    def breaks() -> FindAnswer:
        raise ValueError("no such thing")

    link = PlayedServiceLink(breaks)
    result = queried(link)
    assert result.stopped
    assert result.stopped.status is VerdictStatus.ERROR
    assert "bug in dcmecho, not in the peer: ValueError: no such thing" in result.stopped.title
    assert link.asked == [f"pause {PAUSE_S:g}", "connect", "associate", "find", "close"]
