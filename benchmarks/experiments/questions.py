"""How many associations the experiments make until the end, and what they find.

Run: ``python benchmarks/experiments/questions.py``. Every simulated family of the tests is asked in
each of its misconfigurations: once in the order of the plan, as long as anything is left to ask,
and once by choice. Rules, orders and weights were chosen with the measured families; the others
were written afterwards, and nothing was chosen with them.

A cause counts only by its own id, and only if it is the first of the list:

- "true cause first": it names something that is wrong. Two or three things can be wrong at once.
- "minded first": it names what the peer minds first, so what its user has to mend first. A peer
  that answers alike to all that is wrong minds all of it.
- "if one thing is wrong": only the misconfigurations in which nothing else is wrong.

A title that is wrong in its case only counts as found if the case is named, not if the title is.
The last table is of the practice peers, and of real servers: what their tests hold. What a test
does not hold to be first counts as missed.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.unit.experiments.asking import Asked, Next
    from tests.unit.experiments.peer_matrix import Family


def main() -> None:
    """Print a table for each half."""
    # The simulated families belong to the tests.
    sys.path.append(str(Path(__file__).parents[2]))
    from tests.unit.experiments.asking import CHOSEN_FOR, HELD_OUT, SETUPS

    for title, families in (("Chosen with", CHOSEN_FOR), ("Held out", HELD_OUT)):
        _say(f"{title}: {'; '.join(map(str, families))}\n")
        for line in _table(list(SETUPS), families):
            _say(line)
        _say("")
    for line in _together((*CHOSEN_FOR, *HELD_OUT)):
        _say(line)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _together(families: Sequence[Family]) -> Iterator[str]:
    from tests.unit.experiments.asking import SETUPS, by_choice

    others = _held_by_tests()
    yield "| peers | true cause first |"
    yield "|---|---|"
    for name, first in others.items():
        yield f"| {name} | {_share(first)} |"
    held = [each for first in others.values() for each in first]
    for setup in SETUPS:
        asked = [each.is_true_first for each in _all_asked(setup, families, by_choice)]
        yield f"| simulated, {setup} | {_share(asked)} |"
        yield f"| all together, {setup} | {_share([*asked, *held])} |"


def _held_by_tests() -> dict[str, list[bool]]:
    from tests.network.experiments.misconfigurations import CASES, LAB
    from tests.network.foreign.faults import IN_CI, OF_PEERS

    return {
        "practice peers that experiments tell apart": [True for _ in LAB],
        "dcmqrscp, Orthanc, pynetdicom": [each.first for some in CASES.values() for each in some],
        "other servers of CI": [each.first for some in IN_CI.values() for each in some],
        "servers of make peers": [each.first for some in OF_PEERS.values() for each in some],
    }


def _table(setups: Sequence[str], families: Sequence[Family]) -> Iterator[str]:
    from tests.unit.experiments.asking import by_choice, in_order

    yield (
        "| own titles, addresses | asked | scenarios | median | worst | mean | proven, falsely"
        " | true cause first | minded first | if one thing is wrong |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for setup in setups:
        for name, choose in (("in order", in_order), ("by choice", by_choice)):
            yield f"| {setup} | {name} | {_row(_all_asked(setup, families, choose))} |"


def _all_asked(setup: str, families: Sequence[Family], choose: Next) -> list[Asked]:
    from tests.unit.experiments.asking import SETUPS, ask, unlike_each_other

    found = unlike_each_other(SETUPS[setup], families)
    return [
        asked
        for scenario, count in found
        for asked in [ask(scenario, SETUPS[setup], choose)] * count
    ]


def _row(asked: Sequence[Asked]) -> str:
    numbers = [each.associations for each in asked]
    falsely = sum(not each.proven <= each.scenario.causes for each in asked)
    single = [each for each in asked if len(each.scenario.wrong) == 1]
    return " | ".join(
        (
            str(len(asked)),
            f"{statistics.median(numbers):g}",
            str(max(numbers)),
            f"{statistics.mean(numbers):.2f}",
            f"{sum(bool(each.proven) for each in asked)}, {falsely}",
            _share([each.is_true_first for each in asked]),
            _share([each.is_minded_first for each in asked]),
            _share([each.is_true_first for each in single]),
        )
    )


def _share(first: Sequence[bool]) -> str:
    return f"{sum(first)} of {len(first)} ({sum(first) / len(first):.1%})"


if __name__ == "__main__":
    main()
