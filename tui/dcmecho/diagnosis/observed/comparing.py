"""What the targets of a profile file say about an association that others made. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dcmecho.diagnosis.sanitize import title_words
from dcmecho.diagnosis.target.target import Target

_MOST_TOLD = 3


def compared(asked: Target, known: Sequence[Target]) -> Iterator[str]:
    """Yield a sentence for each target at the same address and port, as it is written there.

    Names are not looked up: a host that is written as a name is not compared.
    """
    fitting = [each for each in known if (each.host, each.port) == (asked.host, asked.port)]
    fitting.sort(key=lambda each: (each.called_ae != asked.called_ae, each.name))
    for target in fitting[:_MOST_TOLD]:
        name = target.name or str(target)
        differences = list(_differences(asked, target))
        if differences:
            yield f"{name} in the profile file: {'; '.join(differences)}"
        else:
            yield f"{name} in the profile file"


def _differences(asked: Target, target: Target) -> Iterator[str]:
    if asked.called_ae and asked.called_ae != target.called_ae:
        yield (
            f"this caller asked for {title_words(asked.called_ae)},"
            f" our checks for {title_words(target.called_ae)}"
        )
    if asked.calling_ae and asked.calling_ae != target.calling_ae:
        yield (
            f"it asked with title {title_words(asked.calling_ae)},"
            f" our checks with {title_words(target.calling_ae)}"
        )
