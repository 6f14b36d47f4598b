"""The rules that compare answers: which causes each leaves, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import pytest

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.reasoning import suspects
from dcmecho.diagnosis.causes.tls_reasoning import Suspects
from dcmecho.diagnosis.experiments.answers import AnswerKind
from dcmecho.diagnosis.experiments.comparisons import RULES
from dcmecho.diagnosis.experiments.confirming import SAME_AGAIN_TEXT, UNSTEADY_TEXT
from dcmecho.diagnosis.experiments.differential import confirmation, results, weigh
from dcmecho.diagnosis.experiments.plans import Attempt, Experiment, ExperimentId, OperatorSetup
from dcmecho.diagnosis.experiments.rule import Rule
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings
from tests.unit.experiments.answered import EXAMPLES
from tests.unit.experiments.repeating import asked_again

PROVEN, LIKELY, POSSIBLE = Confidence.PROVEN, Confidence.LIKELY, Confidence.POSSIBLE
A, X = AnswerKind, ExperimentId

CALLED = CauseId.AE_CALLED_UNKNOWN
CALLING = CauseId.AE_CALLING_UNKNOWN
HOST = CauseId.AE_HOST_NOT_ALLOWED
CASE = CauseId.AE_CASE
SPACES = CauseId.AE_SPACES
IS_TLS = CauseId.PEER_IS_TLS

TITLES = (Field.CALLED_AE, Field.CALLING_AE)

TARGET = Target("pacs", 104, called_ae="MAIN_PACS", calling_ae="MY_WORKSTATION")


def first_suspects(first: AnswerKind, target: Target = TARGET) -> Suspects:
    return suspects(EXAMPLES[first].stages[0], target)


def tried(experiment: ExperimentId, then: AnswerKind) -> Attempt:
    return Attempt(
        Experiment(experiment, TARGET, "sends", "splits", RunOptions()), EXAMPLES[then].stages
    )


def attempts(first: AnswerKind, *after: tuple[ExperimentId, AnswerKind]) -> list[Attempt]:
    return [Attempt(None, EXAMPLES[first].stages), *(tried(*each) for each in after)]


@dataclass(frozen=True)
class Case:
    """``experiment`` got ``then`` after ``first``: the causes left, and the report's text."""

    first: AnswerKind
    experiment: ExperimentId
    then: AnswerKind
    left: list[tuple[CauseId, Confidence]]
    says: str

    def __str__(self) -> str:
        return f"{self.first.name}, {self.experiment}: {self.then.name}"


def unchanged(first: AnswerKind) -> list[tuple[CauseId, Confidence]]:
    return list(first_suspects(first))


SAME = "same answer as the first request, so this experiment rules nothing out"
OTHER = "a different answer, but it settles nothing"

CASES = [
    Case(A.REJECTED_CALLED, X.VARIANT_SPACES, A.SUCCESS, [(SPACES, PROVEN)], "without the spaces"),
    Case(A.REJECTED_CALLING, X.VARIANT_SPACES, A.SUCCESS, [(SPACES, PROVEN)], "without the spaces"),
    Case(
        A.REJECTED_CALLED,
        X.VARIANT_SPACES,
        A.REJECTED_CALLED,
        unchanged(A.REJECTED_CALLED),
        "not the only problem",
    ),
    Case(
        A.REJECTED_CALLED,
        X.VARIANT_CASE,
        A.SUCCESS,
        [(CASE, PROVEN)],
        "accepted with this spelling",
    ),
    Case(
        A.REJECTED_CALLED,
        X.VARIANT_CASE,
        A.CONTEXT_REFUSED,
        [(CASE, PROVEN)],
        "accepted with this spelling",
    ),
    Case(
        A.REJECTED_CALLED,
        X.VARIANT_CASE,
        A.REJECTED_CALLED,
        unchanged(A.REJECTED_CALLED),
        SAME,
    ),
    Case(
        A.ABORTED,
        X.VARIANT_CASE,
        A.SUCCESS,
        [
            (CASE, LIKELY),
            (CALLED, POSSIBLE),
            (CALLING, POSSIBLE),
            (HOST, POSSIBLE),
            (CauseId.ASSOC_ABORTED, POSSIBLE),
        ],
        "C-ECHO succeeds with this spelling",
    ),
    Case(
        A.REJECTED_CALLED,
        X.OWN_CALLING,
        A.SUCCESS,
        [(CALLING, LIKELY), (HOST, POSSIBLE), (CASE, POSSIBLE)],
        "your other title is accepted",
    ),
    Case(
        A.REJECTED_CALLED,
        X.OWN_CALLING,
        A.ABORTED_AT_ECHO,
        [(CALLING, LIKELY), (HOST, POSSIBLE), (CASE, POSSIBLE)],
        "your other title is accepted",
    ),
    Case(
        A.REJECTED_CALLED,
        X.OWN_CALLING,
        A.REJECTED_CALLING,
        [(CALLED, LIKELY), (CASE, POSSIBLE)],
        "tells the two titles apart",
    ),
    Case(A.REJECTED_CALLED, X.OWN_CALLING, A.REJECTED_CALLED, unchanged(A.REJECTED_CALLED), SAME),
    Case(
        A.REJECTED_CALLING,
        X.OWN_CALLING,
        A.SUCCESS,
        [(CALLING, LIKELY), (HOST, POSSIBLE), (CASE, POSSIBLE)],
        "your other title is accepted",
    ),
    Case(
        A.REJECTED_CALLING,
        X.OWN_CALLING,
        A.REJECTED_CALLING,
        [(CALLING, LIKELY), (HOST, LIKELY), (CASE, POSSIBLE)],
        "if the peer knows it, the problem is the address",
    ),
    Case(
        A.ABORTED,
        X.OWN_CALLING,
        A.SUCCESS,
        [
            (CALLING, LIKELY),
            (HOST, POSSIBLE),
            (CASE, POSSIBLE),
            (CauseId.ASSOC_ABORTED, POSSIBLE),
        ],
        "your other title is accepted",
    ),
    Case(
        A.ABORTED_AT_ECHO,
        X.OWN_CALLING,
        A.SUCCESS,
        [(CauseId.AUTH_PER_COMMAND, LIKELY), (CauseId.ECHO_ABORTED, POSSIBLE)],
        "is not allowed to",
    ),
    Case(
        A.CLOSED_AT_ECHO,
        X.OWN_CALLING,
        A.SUCCESS,
        [(CauseId.AUTH_PER_COMMAND, LIKELY), (CauseId.ECHO_CLOSED, POSSIBLE)],
        "is not allowed to",
    ),
    # Orthanc that checks the caller, with AllowEcho false for a registered one.
    Case(
        A.ABORTED_AT_ECHO,
        X.CONTROL_CALLING,
        A.REJECTED_CALLING,
        [(CauseId.AUTH_PER_COMMAND, LIKELY), (CauseId.ECHO_ABORTED, POSSIBLE)],
        "only C-ECHO is not allowed, or fails",
    ),
    Case(
        A.ABORTED_AT_ECHO,
        X.CONTROL_CALLING,
        A.SUCCESS,
        [(CauseId.AUTH_PER_COMMAND, LIKELY), (CauseId.ECHO_ABORTED, POSSIBLE)],
        "a made-up calling title can use C-ECHO",
    ),
    Case(
        A.REJECTED_CALLED,
        X.CONTROL_CALLING,
        A.REJECTED_CALLING,
        [(CALLED, LIKELY), (CASE, POSSIBLE)],
        "tells the two titles apart",
    ),
    Case(
        A.REJECTED_CALLED,
        X.CONTROL_CALLING,
        A.SUCCESS,
        [(HOST, LIKELY), (CALLING, POSSIBLE), (CASE, POSSIBLE)],
        "not because it is unknown",
    ),
    Case(
        A.REJECTED_CALLING,
        X.CONTROL_CALLING,
        A.SUCCESS,
        [(HOST, LIKELY), (CALLING, POSSIBLE), (CASE, POSSIBLE)],
        "not because it is unknown",
    ),
    Case(
        A.REJECTED_CALLED,
        X.CONTROL_CALLING,
        A.REJECTED_CALLED,
        unchanged(A.REJECTED_CALLED),
        SAME,
    ),
    Case(
        A.REJECTED_CALLED, X.CONTROL_CALLED, A.REJECTED_CALLED, unchanged(A.REJECTED_CALLED), SAME
    ),
    Case(
        A.REJECTED_CALLED,
        X.CONTROL_CALLED,
        A.SUCCESS,
        [(CALLING, POSSIBLE), (HOST, POSSIBLE), (CASE, POSSIBLE), (CALLED, POSSIBLE)],
        "the rejection is not about the called title",
    ),
    Case(
        A.REJECTED_CALLING,
        X.CONTROL_CALLED,
        A.REJECTED_CALLED,
        unchanged(A.REJECTED_CALLING),
        "the target's called title is right",
    ),
    Case(A.REJECTED_CALLED, X.SOURCE_ADDRESS, A.SUCCESS, [(HOST, PROVEN)], "from another address"),
    Case(A.REJECTED_CALLING, X.SOURCE_ADDRESS, A.SUCCESS, [(HOST, PROVEN)], "from another address"),
    Case(
        A.REJECTED_CALLING,
        X.SOURCE_ADDRESS,
        A.UNREACHED,
        unchanged(A.REJECTED_CALLING),
        OTHER,
    ),
    Case(
        A.ABORTED_AT_ECHO,
        X.SOURCE_ADDRESS,
        A.SUCCESS,
        [
            (HOST, LIKELY),
            (CauseId.AUTH_PER_COMMAND, LIKELY),
            (CauseId.ECHO_ABORTED, POSSIBLE),
        ],
        "from another address",
    ),
    Case(A.SILENT, X.FLIP_TLS, A.TLS_DONE, [(IS_TLS, PROVEN)], "with TLS"),
    Case(A.CLOSED, X.FLIP_TLS, A.TLS_REFUSED, [(IS_TLS, PROVEN)], "with TLS"),
    Case(
        A.CLOSED,
        X.FLIP_TLS,
        A.NOT_TLS,
        [(CauseId.PEER_CLOSED_ON_REQUEST, LIKELY), (CauseId.PEER_CLOSED_ON_CONNECT, POSSIBLE)],
        "but not with TLS",
    ),
    Case(
        A.CLOSED,
        X.FLIP_TLS,
        A.TLS_BROKEN,
        [
            (CauseId.PEER_CLOSED_ON_REQUEST, LIKELY),
            (CauseId.PEER_CLOSED_ON_CONNECT, POSSIBLE),
            (IS_TLS, POSSIBLE),
        ],
        "no TLS answer either",
    ),
    Case(
        A.SILENT,
        X.FLIP_TLS,
        A.TLS_SILENT,
        [
            (CauseId.PEER_SILENT, LIKELY),
            (CauseId.PEER_NAME_LOOKUP, POSSIBLE),
            (CauseId.PEER_IS_HTTP, POSSIBLE),
            (CauseId.PEER_IS_OTHER, POSSIBLE),
            (IS_TLS, POSSIBLE),
        ],
        "not answered either",
    ),
    Case(
        A.SILENT,
        X.RETRY_LATER,
        A.REJECTED_CALLED,
        [(CauseId.PEER_SILENT, LIKELY), (CauseId.PEER_NAME_LOOKUP, POSSIBLE)],
        "so the peer was busy",
    ),
    Case(A.SILENT, X.RETRY_LATER, A.SILENT, unchanged(A.SILENT), SAME),
    Case(
        A.REJECTED_FOR_NOW,
        X.RETRY_LATER,
        A.SUCCESS,
        [(CauseId.ASSOC_LIMIT, PROVEN)],
        "so the peer was busy",
    ),
    Case(
        A.REJECTED_UNEXPLAINED,
        X.RETRY_LATER,
        A.REJECTED_UNEXPLAINED,
        [
            (CauseId.ASSOC_REJECTED, LIKELY),
            (CauseId.AUTH_IDENTITY_REQUIRED, LIKELY),
            (CauseId.ASSOC_LIMIT, POSSIBLE),
        ],
        "it can demand a user identity",
    ),
    Case(
        A.REJECTED_UNEXPLAINED,
        X.RETRY_LATER,
        A.SUCCESS,
        [(CauseId.ASSOC_REJECTED, LIKELY), (CauseId.ASSOC_LIMIT, POSSIBLE)],
        "so the peer was busy",
    ),
    Case(
        A.TCP_REFUSED,
        X.RETRY_LATER,
        A.SUCCESS,
        [(CauseId.TCP_REFUSED, PROVEN)],
        "it closes its port while it is busy",
    ),
    # CTN ends at a TLS greeting.
    Case(A.SILENT, X.FLIP_TLS, A.TCP_REFUSED, unchanged(A.SILENT), "the port refuses connections"),
    Case(
        A.REJECTED_NO_REASON,
        X.RETRY_LATER,
        A.SUCCESS,
        [(CauseId.ASSOC_REJECTED, LIKELY)],
        "so the peer was busy",
    ),
    Case(
        A.CONTEXT_REFUSED,
        X.ECHO_IMPLICIT,
        A.SUCCESS,
        [(CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED, PROVEN)],
        "with Implicit VR Little Endian only",
    ),
    Case(
        A.REJECTED_NO_REASON,
        X.ECHO_IMPLICIT,
        A.SUCCESS,
        [(CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED, PROVEN)],
        "with Implicit VR Little Endian only",
    ),
    # The table of DCMTK's dcmrecv: no Verification, Explicit VR only, and --refuse.
    Case(
        A.REJECTED_NO_REASON,
        X.FINGERPRINT,
        A.REJECTED_APP_CONTEXT,
        [
            (CauseId.CONTEXT_REFUSED, LIKELY),
            (CauseId.ASSOC_REJECTED, POSSIBLE),
            (CauseId.AUTH_IDENTITY_REQUIRED, POSSIBLE),
        ],
        "Orthanc",
    ),
    Case(
        A.REJECTED_NO_REASON,
        X.ECHO_EXPLICIT,
        A.SUCCESS,
        [(CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED, PROVEN)],
        "if Explicit VR Little Endian is offered too",
    ),
    Case(
        A.REJECTED_NO_REASON,
        X.FINGERPRINT,
        A.REJECTED_NO_REASON,
        [
            (CauseId.ASSOC_REJECTED, LIKELY),
            (CauseId.AUTH_IDENTITY_REQUIRED, POSSIBLE),
            (CauseId.CONTEXT_REFUSED, POSSIBLE),
        ],
        "--refuse",
    ),
    Case(
        A.LONG_REQUEST_LOST,
        X.SMALL_SEGMENTS,
        A.SUCCESS,
        [(CauseId.TCP_BIG_PACKETS_LOST, PROVEN)],
        "drops large packets",
    ),
    Case(
        A.LONG_REQUEST_LOST,
        X.SMALL_SEGMENTS,
        A.LONG_REQUEST_LOST,
        [
            (CauseId.TCP_NO_ANSWER, LIKELY),
            (CauseId.PEER_SILENT, POSSIBLE),
            (CauseId.TCP_BIG_PACKETS_LOST, POSSIBLE),
        ],
        "the size of the packets is not the cause",
    ),
    Case(
        A.REQUEST_LOST,
        X.RETRY_LATER,
        A.SUCCESS,
        [(CauseId.TCP_NO_ANSWER, LIKELY), (CauseId.PEER_SILENT, POSSIBLE)],
        "loses packets at times",
    ),
    Case(
        A.LONG_REQUEST_LOST,
        X.RETRY_LATER,
        A.SUCCESS,
        [
            (CauseId.TCP_NO_ANSWER, LIKELY),
            (CauseId.TCP_BIG_PACKETS_LOST, POSSIBLE),
            (CauseId.PEER_SILENT, POSSIBLE),
        ],
        "loses packets at times",
    ),
    Case(
        A.REJECTED_CALLED,
        X.FINGERPRINT,
        A.REJECTED_APP_CONTEXT,
        [(CALLED, LIKELY), (CASE, POSSIBLE), (CALLING, POSSIBLE), (HOST, POSSIBLE)],
        "Orthanc",
    ),
    Case(
        A.REJECTED_CALLED,
        X.FINGERPRINT,
        A.REJECTED_CALLED,
        [(CALLED, LIKELY), (CASE, POSSIBLE), (CALLING, POSSIBLE), (HOST, POSSIBLE)],
        "pynetdicom",
    ),
    Case(
        A.REJECTED_CALLED,
        X.FINGERPRINT,
        A.REJECTED_APP_CONTEXT_FOR_NOW,
        unchanged(A.REJECTED_CALLED),
        "",
    ),
    Case(
        A.REJECTED_CALLING,
        X.FINGERPRINT,
        A.REJECTED_CALLING,
        [(CALLING, LIKELY), (CASE, POSSIBLE), (HOST, POSSIBLE)],
        "pynetdicom",
    ),
    Case(
        A.REJECTED_CALLED,
        X.VARIANT_SPACES,
        A.REJECTED_CALLING,
        [(SPACES, LIKELY), (CALLING, LIKELY), (HOST, POSSIBLE), (CASE, POSSIBLE)],
        "the called title is right without them",
    ),
    Case(
        A.REJECTED_CALLING,
        X.OWN_CALLING,
        A.REJECTED_CALLED,
        [(CALLING, LIKELY), (CALLED, LIKELY), (HOST, POSSIBLE), (CASE, POSSIBLE)],
        "both titles are wrong",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_an_answer_leaves(case: Case) -> None:
    made = asked_again(attempts(case.first, (case.experiment, case.then)), TARGET)
    assert list(weigh(first_suspects(case.first), made)) == case.left
    result, *repeats = results(made)
    assert case.says in result.split
    assert {repeat.split for repeat in repeats} <= {SAME_AGAIN_TEXT}


@pytest.mark.parametrize(
    ("first", "then", "says"),
    [
        (A.TLS_BROKEN, A.SUCCESS, "a DICOM application answers without TLS"),
        (A.TLS_BROKEN, A.REJECTED_CALLED, "a DICOM application answers without TLS"),
        (A.TLS_SILENT, A.ABORTED, "a DICOM application answers without TLS"),
    ],
)
def test_dicom_without_tls_proves_a_plain_port(
    first: AnswerKind, then: AnswerKind, says: str
) -> None:
    before: Suspects = ((CauseId.TLS_CLOSED, LIKELY), (CauseId.TLS_PEER_IS_PLAIN, POSSIBLE))
    made = asked_again(attempts(first, (X.FLIP_TLS, then)), TARGET)
    assert weigh(before, made) == ((CauseId.TLS_PEER_IS_PLAIN, PROVEN),)
    assert says in results(made)[0].split


@pytest.mark.parametrize("first", [A.TLS_BROKEN, A.TLS_SILENT])
def test_a_port_that_refuses_right_after_the_greeting_is_probably_plain(first: AnswerKind) -> None:
    before: Suspects = ((CauseId.TLS_CLOSED, LIKELY), (CauseId.TLS_PEER_IS_PLAIN, POSSIBLE))
    made = attempts(first, (X.FLIP_TLS, A.TCP_REFUSED))
    assert dict(weigh(before, made))[CauseId.TLS_PEER_IS_PLAIN] is LIKELY
    assert "right after the TLS greeting" in results(made)[0].split


def test_a_port_that_refuses_after_a_greeting_tells_of_the_greeting() -> None:
    made = attempts(A.CLOSED, (X.FLIP_TLS, A.TLS_BROKEN), (X.OWN_CALLING, A.TCP_REFUSED))
    assert "since the TLS greeting" in results(made)[1].split


SECURED = replace(TARGET, tls=TlsSettings(cert_file="c.pem"))
CERTIFICATE = CauseId.TLS_CLIENT_CERT_REFUSED


@pytest.mark.parametrize(
    ("then", "left"),
    [
        (A.SUCCESS, [(CERTIFICATE, PROVEN)]),
        (A.REJECTED_CALLED, [(CERTIFICATE, PROVEN)]),
        # stunnel in front of a server that is down does the same with a right certificate.
        (A.TLS_REFUSED, [(CERTIFICATE, LIKELY), (CauseId.PEER_CLOSED_ON_CONNECT, LIKELY)]),
        (A.CLOSED, [(CERTIFICATE, LIKELY), (CauseId.PEER_CLOSED_ON_CONNECT, LIKELY)]),
    ],
)
def test_what_an_answer_without_our_certificate_leaves(
    then: AnswerKind, left: list[tuple[CauseId, Confidence]]
) -> None:
    first = A.CLOSED_TO_CERTIFICATE
    made = asked_again(attempts(first, (X.WITHOUT_CERTIFICATE, then)), SECURED)
    assert list(weigh(first_suspects(first, SECURED), made)) == left


@pytest.mark.parametrize(
    ("title", "first", "then", "left"),
    [
        (
            Field.CALLED_AE,
            A.REJECTED_CALLED,
            A.REJECTED_CALLING,
            [(CASE, LIKELY), (CALLING, LIKELY), (HOST, POSSIBLE)],
        ),
        (
            Field.CALLING_AE,
            A.REJECTED_CALLED,
            A.REJECTED_CALLING,
            [(CALLED, LIKELY), (CASE, POSSIBLE)],
        ),
        (
            Field.CALLING_AE,
            A.REJECTED_CALLING,
            A.REJECTED_CALLED,
            [(CASE, LIKELY), (CALLED, LIKELY)],
        ),
    ],
)
def test_another_reason_for_another_spelling_shows_which_title_it_was_about(
    title: Field,
    first: AnswerKind,
    then: AnswerKind,
    left: list[tuple[CauseId, Confidence]],
) -> None:
    variant = tried(X.VARIANT_CASE, then)
    assert variant.experiment is not None
    variant = replace(variant, experiment=replace(variant.experiment, title=title))
    assert list(weigh(first_suspects(first), [*attempts(first), variant])) == left


def test_a_cause_that_is_ruled_out_is_not_listed_as_doubted() -> None:
    made = attempts(
        A.REJECTED_CALLED,
        (X.FINGERPRINT, A.REJECTED_APP_CONTEXT),
        (X.CONTROL_CALLING, A.REJECTED_CALLING),
    )
    left = [cause for cause, _ in weigh(first_suspects(A.REJECTED_CALLED), made)]
    assert left == [CALLED, CASE]


PROVING = [case for case in CASES if case.left[0][1] is PROVEN and len(case.left) == 1]
PROVING = [case for case in PROVING if case.experiment is not X.RETRY_LATER]


class TestRepeats:
    """One acceptance proves nothing: a moment later, or on another server, it can be refused."""

    @pytest.mark.parametrize("case", PROVING, ids=str)
    def test_before_the_repeats_it_is_likely_and_comes_first(self, case: Case) -> None:
        made = asked_again(attempts(case.first, (case.experiment, case.then)), TARGET)
        ((cause, _),) = case.left
        assert len(made) == 6
        for so_far in range(2, len(made)):
            left = weigh(first_suspects(case.first), made[:so_far])
            assert left[0] == (cause, LIKELY)
            assert PROVEN not in dict(left).values()

    @pytest.mark.parametrize("case", PROVING, ids=str)
    def test_if_the_first_request_passes_now_nothing_is_shown(self, case: Case) -> None:
        made = attempts(case.first, (case.experiment, case.then))
        changed = asked_again(made, TARGET, lambda _again: EXAMPLES[case.then].stages)
        assert len(changed) == 3
        before = first_suspects(case.first)
        left = dict(weigh(before, changed))
        assert PROVEN not in left.values()
        assert all(left[cause] in (sure, LIKELY) for cause, sure in before)
        assert results(changed)[-1].split == UNSTEADY_TEXT

    @pytest.mark.parametrize("case", PROVING, ids=str)
    def test_if_the_accepted_request_is_refused_now_nothing_is_shown(self, case: Case) -> None:
        made = attempts(case.first, (case.experiment, case.then))
        changed = asked_again(made, TARGET, lambda _again: EXAMPLES[case.first].stages)
        assert len(changed) == 4
        assert PROVEN not in dict(weigh(first_suspects(case.first), changed)).values()
        assert results(changed)[-1].split == UNSTEADY_TEXT

    @pytest.mark.parametrize("nothing", [A.UNREACHED, A.REJECTED_FOR_NOW])
    def test_a_temporary_answer_proves_nothing_either_way(self, nothing: AnswerKind) -> None:
        made = attempts(A.REJECTED_CALLED, (X.VARIANT_CASE, A.SUCCESS))
        changed = asked_again(made, TARGET, lambda _again: EXAMPLES[nothing].stages)
        assert len(changed) == 6
        assert weigh(first_suspects(A.REJECTED_CALLED), changed)[0] == (CASE, LIKELY)
        assert UNSTEADY_TEXT not in [each.split for each in results(changed)]

    @pytest.mark.parametrize("servers", [1, 2, 3, 4])
    @pytest.mark.parametrize("before", range(5))
    def test_servers_in_rotation_that_ignore_the_value_are_detected(
        self, servers: int, before: int
    ) -> None:
        """Each server answers all requests alike, which only one that gets both requests shows."""
        first = attempts(A.REJECTED_CALLED, *[(X.FINGERPRINT, A.REJECTED_APP_CONTEXT)] * before)
        for accepting in product([False, True], repeat=servers):

            def answer(position: int, accepting: tuple[bool, ...] = accepting) -> AnswerKind:
                return A.SUCCESS if accepting[position % servers] else A.REJECTED_CALLED

            made = [*first, tried(X.VARIANT_CASE, answer(len(first)))]
            if answer(0) is A.SUCCESS or answer(len(first)) is not A.SUCCESS:
                continue
            while (again := confirmation(made, TARGET, OperatorSetup("NOSUCH01"))) is not None:
                made.append(Attempt(again, EXAMPLES[answer(len(made))].stages))
            left = dict(weigh(first_suspects(A.REJECTED_CALLED), made))
            assert PROVEN not in left.values(), (accepting, len(made))


class TestTheTable:
    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.experiment}: {rule.says}")
    def test_a_rule_is_consistent(self, rule: Rule) -> None:
        claimed = (*rule.likely, *rule.doubts, *rule.rules_out, *filter(None, [rule.proves]))
        assert len(set(claimed)) == len(claimed)
        assert rule.first
        assert rule.then
        assert not rule.says.endswith(".")

    def test_no_two_rules_match_the_same_answer(self) -> None:
        spoken = [
            (rule.experiment, first, then, title)
            for rule in RULES
            for first, then in product(rule.first, rule.then)
            for title in ([rule.title] if rule.title else [None, *TITLES])
        ]
        assert len(set(spoken)) == len(spoken)

    def test_a_comparison_with_an_abort_proves_nothing(self) -> None:
        """The abort can be temporary: a peer that sometimes crashes looks the same."""
        aborted = {A.ABORTED, A.ABORTED_AT_ECHO, A.CLOSED_AT_ECHO}
        for rule in RULES:
            if rule.first & aborted:
                assert rule.proves is None
                assert not {CauseId.ASSOC_ABORTED, CauseId.ECHO_ABORTED, CauseId.ECHO_CLOSED} & set(
                    rule.rules_out
                )


class TestContradictions:
    def test_two_proofs_prove_nothing(self) -> None:
        """The title was registered meanwhile, and from then on everything works."""
        made = attempts(
            A.REJECTED_CALLED, (X.SOURCE_ADDRESS, A.SUCCESS), (X.VARIANT_CASE, A.SUCCESS)
        )
        left = dict(weigh(first_suspects(A.REJECTED_CALLED), made))
        assert left[HOST] is left[CASE] is LIKELY
        assert PROVEN not in left.values()

    def test_a_cause_that_becomes_likelier_is_not_ruled_out(self) -> None:
        made = attempts(
            A.REJECTED_CALLED,
            (X.CONTROL_CALLING, A.REJECTED_CALLING),
            (X.OWN_CALLING, A.SUCCESS),
        )
        assert CALLING in dict(weigh(first_suspects(A.REJECTED_CALLED), made))

    def test_the_causes_are_never_all_ruled_out(self) -> None:
        only: Suspects = ((CALLED, LIKELY),)
        made = attempts(A.REJECTED_CALLED, (X.CONTROL_CALLING, A.SUCCESS))
        assert weigh(only, made)

    def test_an_experiment_overrides_a_proof_by_the_first_answer(self) -> None:
        first: Suspects = ((CauseId.ASSOC_ABORTED, PROVEN),)
        made = attempts(A.ABORTED, (X.VARIANT_CASE, A.SUCCESS))
        assert weigh(first, made) == ((CASE, LIKELY), (CauseId.ASSOC_ABORTED, POSSIBLE))


class TestAnAbort:
    """By the application: a symptom, and what experiments ask about is behind it."""

    def test_is_listed_first_before_anything_was_asked(self) -> None:
        first = first_suspects(A.ABORTED)
        assert weigh(first, attempts(A.ABORTED)) == first
        assert first[0] == (CauseId.ASSOC_ABORTED, LIKELY)

    @pytest.mark.parametrize("experiment", [X.OWN_CALLING, X.VARIANT_CASE, X.SOURCE_ADDRESS])
    def test_comes_last_after_one_that_changed_nothing(self, experiment: ExperimentId) -> None:
        left = weigh(first_suspects(A.ABORTED), attempts(A.ABORTED, (experiment, A.ABORTED)))
        assert left == (
            (CALLED, LIKELY),
            (CALLING, POSSIBLE),
            (HOST, POSSIBLE),
            (CASE, POSSIBLE),
            (CauseId.ASSOC_ABORTED, POSSIBLE),
        )

    def test_what_an_answer_speaks_against_comes_after_what_none_does(self) -> None:
        """The other title is accepted, but from another address this one is, too."""
        made = attempts(A.ABORTED, (X.OWN_CALLING, A.SUCCESS), (X.SOURCE_ADDRESS, A.SUCCESS))
        assert weigh(first_suspects(A.ABORTED), made)[:2] == ((HOST, LIKELY), (CALLING, LIKELY))
