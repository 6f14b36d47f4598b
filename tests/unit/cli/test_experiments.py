"""``--experiments``: valid values, and the messages about invalid ones."""

from __future__ import annotations

import re

import pytest

from dcmecho.cli.diagnose.experiments import ExperimentRequest, experiment_request
from dcmecho.diagnosis.experiments.plans import ExperimentId

X = ExperimentId
ALL = frozenset(X) - {X.CONTROL_REPEAT}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("all", ExperimentRequest(ALL)),
        ("control.called", ExperimentRequest(frozenset({X.CONTROL_CALLED}))),
        (
            "control.called, flip.tls,",
            ExperimentRequest(frozenset({X.CONTROL_CALLED, X.FLIP_TLS})),
        ),
        ("own.calling=CT_ROOM", ExperimentRequest(frozenset({X.OWN_CALLING}), ("CT_ROOM",))),
        ("own.calling=CT ROOM", ExperimentRequest(frozenset({X.OWN_CALLING}), ("CT ROOM",))),
        ("own.calling=A=B", ExperimentRequest(frozenset({X.OWN_CALLING}), ("A=B",))),
        ("own.calling=A,own.calling=B", ExperimentRequest(frozenset({X.OWN_CALLING}), ("A", "B"))),
        (
            "all,own.calling=CT_ROOM,source.address=127.0.0.2",
            ExperimentRequest(ALL, ("CT_ROOM",), ("127.0.0.2",)),
        ),
        ("source.address=::1", ExperimentRequest(frozenset({X.SOURCE_ADDRESS}), (), ("::1",))),
    ],
)
def test_what_is_asked_for(text: str, asked: ExperimentRequest) -> None:
    assert experiment_request(text) == asked


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "name an experiment, or all. Experiments: control.called, control.calling,"),
        (" , ", "name an experiment, or all"),
        ("control.caled", "control.caled is not an experiment. Did you mean control.called?"),
        ("zzz", "zzz is not an experiment. Experiments: control.called, control.calling,"),
        ("ALL", "ALL is not an experiment"),
        ("\x1b[31m", "is not an experiment"),
        ("all=1", "all is not an experiment"),
        ("control.called=PACS", "control.called takes no value"),
        ("flip.tls=", "flip.tls takes no value"),
        ("own.calling", "own.calling needs one of your calling AE titles: own.calling=TITLE"),
        ("own.calling=", "own.calling needs one of your calling AE titles"),
        ("source.address", "source.address needs an address of this machine: source.address=IP"),
        ("own.calling=SEVENTEEN_LETTERS", "own.calling=SEVENTEEN_LETTERS: 17 bytes is too long"),
        ("own.calling=A\\B", "is a backslash"),
        (
            "source.address=pacs",
            "source.address=pacs: give an IP address of this machine, not a name",
        ),
        ("source.address=127.0.0.300", "give an IP address of this machine"),
    ],
)
def test_what_cannot_be_asked_for(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)) as raised:
        experiment_request(text)
    assert str(raised.value).isprintable()
