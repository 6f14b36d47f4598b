"""How many associations the experiments make until the end, and what they find.

Run: ``python benchmarks/experiments/questions.py``. Every simulated family of the tests is asked in
each of its misconfigurations: once in the order of the plan, as long as anything is left to ask,
and once by choice. The weights of the choice were chosen with half of the families; the others are
held out.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.unit.experiments.asking import Asked, Next


def main() -> None:
    """Print a table for each half."""
    # The simulated families belong to the tests.
    sys.path.append(str(Path(__file__).parents[2]))
    from tests.unit.experiments.asking import CHOSEN_FOR, HELD_OUT, SETUPS

    for title, families in (("Weights chosen with", CHOSEN_FOR), ("Held out", HELD_OUT)):
        _say(f"{title}: {'; '.join(map(str, families))}\n")
        for line in _table(list(SETUPS), families):
            _say(line)
        _say("")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _table(setups: Sequence[str], families: Sequence[object]) -> Iterator[str]:
    from tests.unit.experiments.asking import by_choice, in_order

    yield (
        "| own titles, addresses | asked | scenarios | median | worst | mean | proven, falsely"
        " | true cause first | if one thing is wrong |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for setup in setups:
        for name, choose in (("in order", in_order), ("by choice", by_choice)):
            yield f"| {setup} | {name} | {_row(_all_asked(setup, families, choose))} |"


def _all_asked(setup: str, families: Sequence[object], choose: Next) -> list[Asked]:
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
            _share(asked),
            _share(single),
        )
    )


def _share(asked: Sequence[Asked]) -> str:
    first = sum(each.is_true_first for each in asked)
    return f"{first} of {len(asked)} ({first / len(asked):.1%})"


if __name__ == "__main__":
    main()
