"""Experiments: one more association each, to tell the causes that are still possible apart.

The experiments for each situation, the most useful first, and what each one sends. Nothing here
guesses titles or scans ports. A title is either made up and used by nobody, or from the
operator's own targets.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from dcmecho.diagnosis.experiments.answers import ACCEPTED, AnswerKind, answer_of
from dcmecho.diagnosis.run_options import SMALL_SEGMENT_BYTES, RunOptions
from dcmecho.diagnosis.sanitize import title_words
from dcmecho.diagnosis.stage import StageId, StageResult
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings

NONSENSE_APPLICATION_CONTEXT = "1.2.3.4.5"
WATCH_CLOSE_S = 0.5
RETRY_AFTER_S = 5.0
_WITH_EXPLICIT = 2
"""Implicit and Explicit VR Little Endian."""


class ExperimentId(StrEnum):
    """Stable identifiers, for ``--experiments`` and in JSON."""

    CONTROL_CALLED = "control.called"
    CONTROL_CALLING = "control.calling"
    CONTROL_REPEAT = "control.repeat"
    VARIANT_CASE = "variant.case"
    VARIANT_SPACES = "variant.spaces"
    OWN_CALLING = "own.calling"
    SOURCE_ADDRESS = "source.address"
    FLIP_TLS = "flip.tls"
    RETRY_LATER = "retry.later"
    ECHO_IMPLICIT = "echo.implicit"
    ECHO_EXPLICIT = "echo.explicit"
    FINGERPRINT = "fingerprint.application-context"
    SMALL_SEGMENTS = "small.segments"
    WITHOUT_CERTIFICATE = "without.certificate"


@dataclass(frozen=True, slots=True)
class Experiment:
    """One more association; ``sends`` and ``splits`` are shown before it is sent."""

    id: ExperimentId
    target: Target
    sends: str
    splits: str
    options: RunOptions
    wait_s: float = 0.0
    """An additional pause before it, in seconds."""
    logged: bool = True
    """The peer might log it as a rejected or failed association, even as a security event."""
    turn: int = 1
    """Above 1, it is a repeat to confirm a difference."""
    title: Field | None = None
    """The one title that it writes differently."""
    beside: Target | None = None
    """What the request that it is compared with had, if not the first: an experiment as well."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A finished run; the first one has no experiment."""

    experiment: Experiment | None
    stages: tuple[StageResult, ...]

    @property
    def answer(self) -> AnswerKind:
        """Return the kind of answer."""
        return answer_of(self.stages)


def compared_with(experiment: Experiment, attempts: Sequence[Attempt]) -> Attempt | None:
    """Return the attempt that ``experiment`` is compared with; ``None`` if it was not made."""
    return attempts[0] if experiment.beside is None else _without_the_spaces(attempts)


def _without_the_spaces(attempts: Sequence[Attempt]) -> Attempt | None:
    for each in attempts:
        if each.experiment is not None and each.experiment.id is ExperimentId.VARIANT_SPACES:
            return each
    return None


@dataclass(frozen=True, slots=True)
class OperatorSetup:
    """The titles and addresses that experiments are allowed to use.

    ``own_titles`` are calling titles of the operator's targets, ``addresses`` are other local
    addresses, ``nonsense`` is a title that nobody has, ``options`` are those of the first attempt.
    """

    nonsense: str
    options: RunOptions = field(default_factory=RunOptions)
    own_titles: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


def nonsense_title() -> str:
    """Return an AE title that nobody has."""
    return f"NOSUCH{os.urandom(5).hex().upper()}"


Plan = Callable[[Target, OperatorSetup], Iterator[Experiment]]


def possible_experiments(
    attempts: Sequence[Attempt], target: Target, operator_setup: OperatorSetup
) -> tuple[Experiment, ...]:
    """Return the experiments that can be run now and were not run yet, the most useful first."""
    done = {attempt.experiment for attempt in attempts}
    planned = dict.fromkeys(
        experiment
        for plan in _PLANS.get(attempts[0].answer, ())
        for experiment in plan(target, operator_setup)
    )
    return tuple(each for each in planned if each not in done and _applies(each, attempts))


def _applies(experiment: Experiment, attempts: Sequence[Attempt]) -> bool:
    """Report whether the case of a title is still asked about so, with or without its spaces."""
    if experiment.id is not ExperimentId.VARIANT_CASE:
        return True
    asked = {
        _without_spaces(each.experiment.target)
        for each in attempts
        if each.experiment is not None and each.experiment.id is ExperimentId.VARIANT_CASE
    }
    other = _without_the_spaces(attempts)
    if other is None:
        return experiment.beside is None
    is_new = _without_spaces(experiment.target) not in asked
    return is_new and experiment.beside is not None and other.answer not in ACCEPTED


def _as_before(operator_setup: OperatorSetup) -> RunOptions:
    """Return the options of the first attempt, for a single C-ECHO and a normal release."""
    return replace(operator_setup.options, repeat=1, abort=False)


def _control_called(target: Target, operator_setup: OperatorSetup) -> Iterator[Experiment]:
    yield Experiment(
        ExperimentId.CONTROL_CALLED,
        replace(target, called_ae=operator_setup.nonsense),
        f"a made-up called title, {operator_setup.nonsense}",
        "whether the peer checks the called title, and whether its reasons can be trusted",
        _as_before(operator_setup),
    )


def _control_calling(target: Target, operator_setup: OperatorSetup) -> Iterator[Experiment]:
    yield Experiment(
        ExperimentId.CONTROL_CALLING,
        replace(target, calling_ae=operator_setup.nonsense),
        f"a made-up calling title, {operator_setup.nonsense}",
        "whether the peer checks the calling title",
        _as_before(operator_setup),
    )


def _bare_case(target: Target, operator_setup: OperatorSetup) -> Iterator[Experiment]:
    """Where the spaces are refused too, no spelling is accepted with them."""
    bare = _without_spaces(target)
    if bare != target:
        for each in _variant_case(bare, operator_setup):
            yield replace(each, sends=f"{each.sends}, without leading spaces", beside=bare)


def _variant_case(target: Target, operator_setup: OperatorSetup) -> Iterator[Experiment]:
    for variant in _cases(target.called_ae):
        yield Experiment(
            ExperimentId.VARIANT_CASE,
            replace(target, called_ae=variant),
            f"the called title written as {variant}",
            "whether the called title differs in case",
            _as_before(operator_setup),
            title=Field.CALLED_AE,
        )
    for variant in _cases(target.calling_ae):
        yield Experiment(
            ExperimentId.VARIANT_CASE,
            replace(target, calling_ae=variant),
            f"the calling title written as {variant}",
            "whether the calling title differs in case",
            _as_before(operator_setup),
            title=Field.CALLING_AE,
        )


def _cases(title: str) -> Iterator[str]:
    yield from (variant for variant in (title.upper(), title.lower()) if variant != title)


def _variant_spaces(target: Target, operator_setup: OperatorSetup) -> Iterator[Experiment]:
    bare = _without_spaces(target)
    if bare != target:
        yield Experiment(
            ExperimentId.VARIANT_SPACES,
            bare,
            f"the titles without leading spaces: {bare.calling_ae} -> {bare.called_ae}",
            "whether a space in a title is the cause",
            _as_before(operator_setup),
        )


def _without_spaces(target: Target) -> Target:
    """Return ``target`` without leading spaces; trailing ones are padding on the wire."""
    called, calling = target.called_ae.lstrip(" "), target.calling_ae.lstrip(" ")
    return replace(target, called_ae=called, calling_ae=calling)


def _own_calling(target: Target, operator_setup: OperatorSetup) -> Iterator[Experiment]:
    for title in operator_setup.own_titles:
        if title != target.calling_ae:
            yield Experiment(
                ExperimentId.OWN_CALLING,
                replace(target, calling_ae=title),
                f"another calling title, {title_words(title)}",
                "whether the peer rejects the calling title",
                _as_before(operator_setup),
            )


def _source_address(target: Target, operator_setup: OperatorSetup) -> Iterator[Experiment]:
    for address in operator_setup.addresses:
        yield Experiment(
            ExperimentId.SOURCE_ADDRESS,
            target,
            f"the same titles from the local address {address}",
            "whether the peer allows only certain addresses",
            replace(_as_before(operator_setup), source_address=address),
        )


def _fingerprint(target: Target, operator_setup: OperatorSetup) -> Iterator[Experiment]:
    yield Experiment(
        ExperimentId.FINGERPRINT,
        target,
        f"the request with a made-up application context ({NONSENSE_APPLICATION_CONTEXT})",
        "which software answers, and how far its reasons can be trusted",
        replace(
            _as_before(operator_setup),
            application_context=NONSENSE_APPLICATION_CONTEXT,
            watch_close_s=WATCH_CLOSE_S,
        ),
    )


def _flip_tls(target: Target, operator_setup: OperatorSetup) -> Iterator[Experiment]:
    if target.tls is None:
        yield Experiment(
            ExperimentId.FLIP_TLS,
            # Verification is not needed, because nothing is sent after the handshake.
            replace(target, tls=TlsSettings(verify=False)),
            "a TLS greeting (ClientHello) on a new connection, and nothing more; CTN can end at it",
            "whether the port requires TLS",
            replace(_as_before(operator_setup), last_stage=StageId.TLS),
        )
    else:
        yield Experiment(
            ExperimentId.FLIP_TLS,
            replace(target, tls=None),
            "the association request without TLS",
            "whether the port is plain, without TLS",
            _as_before(operator_setup),
        )


def _retry_later(target: Target, operator_setup: OperatorSetup) -> Iterator[Experiment]:
    yield Experiment(
        ExperimentId.RETRY_LATER,
        target,
        f"the same request again after {RETRY_AFTER_S:g} s",
        "whether the problem was temporary",
        _as_before(operator_setup),
        wait_s=RETRY_AFTER_S,
    )


def _echo_implicit(target: Target, operator_setup: OperatorSetup) -> Iterator[Experiment]:
    if operator_setup.options.transfer_syntaxes > 1:
        yield Experiment(
            ExperimentId.ECHO_IMPLICIT,
            target,
            "Verification with Implicit VR Little Endian only",
            "whether the offered transfer syntaxes are the cause",
            replace(_as_before(operator_setup), transfer_syntaxes=1),
            logged=False,
        )


def _echo_explicit(target: Target, operator_setup: OperatorSetup) -> Iterator[Experiment]:
    if operator_setup.options.transfer_syntaxes < _WITH_EXPLICIT:
        yield Experiment(
            ExperimentId.ECHO_EXPLICIT,
            target,
            "Verification with Explicit VR Little Endian beside Implicit VR Little Endian",
            "whether the offered transfer syntax is the cause",
            replace(_as_before(operator_setup), transfer_syntaxes=_WITH_EXPLICIT),
            logged=False,
        )


def _small_segments(target: Target, operator_setup: OperatorSetup) -> Iterator[Experiment]:
    yield Experiment(
        ExperimentId.SMALL_SEGMENTS,
        target,
        f"the same request in TCP segments of {SMALL_SEGMENT_BYTES} bytes",
        "whether the network path drops only large packets",
        replace(_as_before(operator_setup), max_segment_bytes=SMALL_SEGMENT_BYTES),
        logged=False,
    )


def _without_certificate(target: Target, operator_setup: OperatorSetup) -> Iterator[Experiment]:
    if target.tls is not None:
        bare = replace(
            target.tls,
            cert_file="",
            key_file="",
            passphrase_env="",
            passphrase_command="",
            passphrase=None,
        )
        yield Experiment(
            ExperimentId.WITHOUT_CERTIFICATE,
            replace(target, tls=bare),
            "the same request over TLS, without your certificate",
            "whether the peer refuses your certificate",
            _as_before(operator_setup),
        )


_ABOUT_TITLES: tuple[Plan, ...] = (
    _variant_spaces,
    _own_calling,
    _control_calling,
    _source_address,
    _variant_case,
    _fingerprint,
    # After the fingerprint: it can show that the spaces are refused, and a second fault is enough.
    _bare_case,
    _control_called,
)

_PLANS: Mapping[AnswerKind, tuple[Plan, ...]] = {
    AnswerKind.SUCCESS: (_control_calling, _control_called),
    AnswerKind.REJECTED_CALLED: _ABOUT_TITLES,
    AnswerKind.REJECTED_CALLING: _ABOUT_TITLES,
    AnswerKind.ABORTED: _ABOUT_TITLES,
    AnswerKind.ABORTED_AT_ECHO: (_own_calling, _control_calling, _source_address, _variant_case),
    AnswerKind.CLOSED_AT_ECHO: (_own_calling, _control_calling),
    AnswerKind.REJECTED_FOR_NOW: (_retry_later,),
    AnswerKind.REJECTED_UNEXPLAINED: (_retry_later,),
    # odil closes its port while it serves somebody.
    AnswerKind.TCP_REFUSED: (_retry_later,),
    # The retry comes before any made-up context, because some peers send this at their limit.
    AnswerKind.REJECTED_APP_CONTEXT: (_retry_later,),
    AnswerKind.REJECTED_APP_CONTEXT_FOR_NOW: (_retry_later,),
    AnswerKind.REJECTED_NO_REASON: (
        _echo_implicit,
        _echo_explicit,
        _fingerprint,
        _retry_later,
    ),
    AnswerKind.REJECTED: (_echo_implicit, _retry_later),
    AnswerKind.CONTEXT_REFUSED: (_echo_implicit, _echo_explicit),
    AnswerKind.SILENT: (_flip_tls, _retry_later),
    AnswerKind.REQUEST_LOST: (_retry_later,),
    AnswerKind.LONG_REQUEST_LOST: (_small_segments, _retry_later),
    AnswerKind.CLOSED: (_flip_tls, _own_calling),
    AnswerKind.CLOSED_TO_CERTIFICATE: (_without_certificate, _own_calling),
    AnswerKind.TLS_BROKEN: (_flip_tls,),
    AnswerKind.TLS_SILENT: (_flip_tls,),
}
"""The experiments to plan after a first run with this answer, the most useful first."""
