"""The experiments after each first answer: which ones, their order, and what each sends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcmecho.diagnosis.experiments.answers import AnswerKind
from dcmecho.diagnosis.experiments.plans import (
    NONSENSE_APPLICATION_CONTEXT,
    RETRY_AFTER_S,
    Attempt,
    Experiment,
    ExperimentId,
    OperatorSetup,
    nonsense_title,
    possible_experiments,
)
from dcmecho.diagnosis.run_options import SMALL_SEGMENT_BYTES, RunOptions
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.diagnosis.target.value_checks import check_ae_title
from tests.unit.experiments.answered import EXAMPLES

A, X = AnswerKind, ExperimentId

TARGET = Target("pacs", 104, called_ae="Main_PACS", calling_ae="ws1")
SPACED = replace(TARGET, called_ae=" PACS", calling_ae=" 1")
PLAIN = OperatorSetup(nonsense="NOSUCH01")
RICH = OperatorSetup(
    nonsense="NOSUCH01",
    options=RunOptions(transfer_syntaxes=3),
    own_titles=("CT_ROOM", "ws1", "CT_ROOM"),
    addresses=("127.0.0.2", "127.0.0.3"),
)


def possible(
    first: AnswerKind, target: Target = TARGET, operator_setup: OperatorSetup = RICH, done: int = 0
) -> tuple[Experiment, ...]:
    """Plan after ``first``, and after the first ``done`` experiments."""
    attempts = [Attempt(None, EXAMPLES[first].stages)]
    planned = possible_experiments(attempts, target, operator_setup)
    attempts += [Attempt(each, EXAMPLES[first].stages) for each in planned[:done]]
    return possible_experiments(attempts, target, operator_setup)


def the_one(experiment: ExperimentId, first: AnswerKind, target: Target = TARGET) -> Experiment:
    (found,) = (each for each in possible(first, target) if each.id is experiment)
    return found


ABOUT_TITLES = [
    X.VARIANT_SPACES,
    X.OWN_CALLING,
    X.CONTROL_CALLING,
    X.SOURCE_ADDRESS,
    X.SOURCE_ADDRESS,
    X.VARIANT_CASE,
    X.VARIANT_CASE,
    X.VARIANT_CASE,
    X.FINGERPRINT,
    X.CONTROL_CALLED,
]


@pytest.mark.parametrize(
    ("first", "ids"),
    [
        (A.SUCCESS, [X.CONTROL_CALLING, X.CONTROL_CALLED]),
        (A.REJECTED_CALLED, ABOUT_TITLES),
        (A.REJECTED_CALLING, ABOUT_TITLES),
        (A.ABORTED, ABOUT_TITLES),
        (
            A.ABORTED_AT_ECHO,
            [
                X.OWN_CALLING,
                X.CONTROL_CALLING,
                X.SOURCE_ADDRESS,
                X.SOURCE_ADDRESS,
                X.VARIANT_CASE,
                X.VARIANT_CASE,
                X.VARIANT_CASE,
            ],
        ),
        (A.CLOSED_AT_ECHO, [X.OWN_CALLING, X.CONTROL_CALLING]),
        (A.REJECTED_FOR_NOW, [X.RETRY_LATER]),
        (A.REJECTED_UNEXPLAINED, [X.RETRY_LATER]),
        (A.TCP_REFUSED, [X.RETRY_LATER]),
        (A.REJECTED_APP_CONTEXT, [X.RETRY_LATER]),
        (A.REJECTED_NO_REASON, [X.ECHO_IMPLICIT, X.FINGERPRINT, X.RETRY_LATER]),
        (A.REJECTED, [X.ECHO_IMPLICIT, X.RETRY_LATER]),
        (A.CONTEXT_REFUSED, [X.ECHO_IMPLICIT]),
        (A.SILENT, [X.FLIP_TLS, X.RETRY_LATER]),
        # A request that fits in one small segment does not change in small segments.
        (A.REQUEST_LOST, [X.RETRY_LATER]),
        (A.LONG_REQUEST_LOST, [X.SMALL_SEGMENTS, X.RETRY_LATER]),
        (A.CLOSED, [X.FLIP_TLS, X.OWN_CALLING]),
        (A.CLOSED_TO_CERTIFICATE, [X.OWN_CALLING]),
        (A.TLS_BROKEN, [X.FLIP_TLS]),
        (A.TLS_SILENT, [X.FLIP_TLS]),
        (A.TLS_REFUSED, []),
        (A.NOT_TLS, []),
        (A.NOT_DICOM, []),
        (A.ECHO_STATUS, []),
        (A.NO_ECHO, []),
        (A.UNREACHED, []),
    ],
)
def test_which_experiments_apply_and_in_which_order(
    first: AnswerKind, ids: list[ExperimentId]
) -> None:
    assert [each.id for each in possible(first, replace(TARGET, called_ae=" Pacs"))] == ids


@pytest.mark.parametrize("first", [A.SUCCESS, A.REJECTED_CALLED, A.SILENT])
def test_no_experiment_is_run_twice(first: AnswerKind) -> None:
    planned = possible(first)
    assert len(set(planned)) == len(planned)
    for done in range(len(planned) + 1):
        assert possible(first, done=done) == planned[done:]


class TestWhatIsSent:
    def test_made_up_titles(self) -> None:
        assert the_one(X.CONTROL_CALLED, A.SUCCESS).target == replace(TARGET, called_ae="NOSUCH01")
        assert the_one(X.CONTROL_CALLING, A.SUCCESS).target == replace(
            TARGET, calling_ae="NOSUCH01"
        )

    def test_each_title_in_the_other_case(self) -> None:
        variants = [each for each in possible(A.REJECTED_CALLED) if each.id is X.VARIANT_CASE]
        assert [(each.target.called_ae, each.target.calling_ae) for each in variants] == [
            ("MAIN_PACS", "ws1"),
            ("main_pacs", "ws1"),
            ("Main_PACS", "WS1"),
        ]

    def test_titles_without_letters_have_no_variant(self) -> None:
        digits = replace(TARGET, called_ae="1234", calling_ae="99")
        assert X.VARIANT_CASE not in {each.id for each in possible(A.REJECTED_CALLED, digits)}

    def test_titles_without_the_space_before_them(self) -> None:
        sent = the_one(X.VARIANT_SPACES, A.REJECTED_CALLED, SPACED).target
        assert (sent.called_ae, sent.calling_ae) == ("PACS", "1")

    def test_a_space_at_the_end_makes_no_difference_on_the_wire(self) -> None:
        padded = replace(TARGET, called_ae="PACS ")
        assert X.VARIANT_SPACES not in {each.id for each in possible(A.REJECTED_CALLED, padded)}

    def test_only_the_calling_titles_of_the_user(self) -> None:
        """The target's own title, or one given twice, would be an association without a result."""
        own = [each for each in possible(A.REJECTED_CALLED) if each.id is X.OWN_CALLING]
        assert [each.target.calling_ae for each in own] == ["CT_ROOM"]
        none = possible(A.REJECTED_CALLED, operator_setup=PLAIN)
        assert not {X.OWN_CALLING, X.SOURCE_ADDRESS} & {each.id for each in none}

    def test_every_title_is_the_targets_the_users_or_made_up(self) -> None:
        known = {"main_pacs", "ws1", "ct_room", "nosuch01"}
        for each in possible(A.REJECTED_CALLED):
            assert {each.target.called_ae.lower(), each.target.calling_ae.lower()} <= known

    def test_only_the_addresses_of_the_user(self) -> None:
        found = [each for each in possible(A.REJECTED_CALLED) if each.id is X.SOURCE_ADDRESS]
        assert [each.options.source_address for each in found] == ["127.0.0.2", "127.0.0.3"]
        assert {each.target for each in found} == {TARGET}

    def test_a_made_up_application_context(self) -> None:
        options = the_one(X.FINGERPRINT, A.REJECTED_CALLED).options
        assert options.application_context == NONSENSE_APPLICATION_CONTEXT
        assert options.watch_close_s > 0

    def test_tls_to_a_plain_port_is_a_greeting_and_nothing_more(self) -> None:
        flip = the_one(X.FLIP_TLS, A.CLOSED)
        assert flip.target == replace(TARGET, tls=TlsSettings(verify=False))
        assert flip.options.last_stage is StageId.TLS

    def test_no_tls_to_a_tls_port(self) -> None:
        secured = replace(TARGET, tls=TlsSettings())
        flip = the_one(X.FLIP_TLS, A.TLS_BROKEN, secured)
        assert flip.target == TARGET
        assert flip.options.last_stage is StageId.RELEASE

    def test_everything_but_the_certificate(self) -> None:
        settings = TlsSettings(ca_files=("ca.pem",), cert_file="c.pem", key_file="k.pem")
        secured = replace(TARGET, tls=replace(settings, passphrase_env="SECRET"))
        sent = the_one(X.WITHOUT_CERTIFICATE, A.CLOSED_TO_CERTIFICATE, secured).target
        assert sent == replace(TARGET, tls=TlsSettings(ca_files=("ca.pem",)))

    def test_the_same_request_later(self) -> None:
        retry = the_one(X.RETRY_LATER, A.REJECTED_FOR_NOW)
        assert (retry.target, retry.wait_s) == (TARGET, RETRY_AFTER_S)

    def test_fewer_transfer_syntaxes_only_if_there_were_more(self) -> None:
        assert the_one(X.ECHO_IMPLICIT, A.CONTEXT_REFUSED).options.transfer_syntaxes == 1
        assert X.ECHO_IMPLICIT not in {
            each.id for each in possible(A.CONTEXT_REFUSED, operator_setup=PLAIN)
        }

    def test_a_second_transfer_syntax_only_if_there_was_one(self) -> None:
        (explicit,) = possible(A.CONTEXT_REFUSED, operator_setup=PLAIN)
        assert (explicit.id, explicit.options.transfer_syntaxes) == (X.ECHO_EXPLICIT, 2)

    def test_only_one_value_changes(self) -> None:
        """Otherwise an unintended difference could cause the answer."""
        given = RunOptions(
            repeat=5,
            abort=True,
            transfer_syntaxes=3,
            presentation_contexts=60,
            socket_timeout_s=9.0,
        )
        asked = replace(RICH, options=given)
        as_before = replace(given, repeat=1, abort=False)
        planned = possible(A.LONG_REQUEST_LOST, operator_setup=asked)
        lost = {each.id: each.options for each in planned}
        assert lost[X.SMALL_SEGMENTS] == replace(as_before, max_segment_bytes=SMALL_SEGMENT_BYTES)
        for each in possible(A.REJECTED_CALLED, operator_setup=asked):
            if each.id not in (X.SOURCE_ADDRESS, X.FINGERPRINT):
                assert each.options == as_before
        (implicit,) = possible(A.CONTEXT_REFUSED, operator_setup=asked)
        assert implicit.options == replace(as_before, transfer_syntaxes=1)


@pytest.mark.parametrize("first", list(A))
def test_each_says_what_it_sends_and_shows(first: AnswerKind) -> None:
    for each in possible(first, SPACED):
        assert each.sends.isprintable()
        assert each.splits.startswith(("whether", "which"))
        changes_titles_or_addresses = each.target != SPACED or each.options.source_address
        assert each.logged or not changes_titles_or_addresses


def test_a_made_up_title_is_valid_and_unlikely_to_exist() -> None:
    titles = {nonsense_title() for _ in range(100)}
    assert len(titles) == 100
    for title in titles:
        assert len(title.encode()) <= 16
        assert check_ae_title(title) == ()
