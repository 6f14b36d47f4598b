"""Score ``dcmecho read`` on a folder of captures with their truth.

python benchmarks/evidence/score_captures.py tests/corpora/captures
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from dcmecho.capture.associations.reading import read_associations
from dcmecho.capture.read import NotACaptureError
from dcmecho.report.json.layout import indented
from dcmecho.report.json.observed import observed_data
from dcmecho.report.observed.log import logs
from dcmecho.report.observed.read import render

_MOST_CAUSES = 7
_COMPARED = ("same_as", "sub_of")


class Score(NamedTuple):
    """How one association was told, and what is wrong with that."""

    name: str
    has_cause: bool
    listed: bool
    first: bool
    ended: bool
    causes: int
    faults: tuple[str, ...]


def score(path: Path) -> list[Score]:
    """Read a capture and compare each association with its truth."""
    truth = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        found = read_associations([str(path.parent / truth["file"])], with_log=True)
    except NotACaptureError:
        faults = () if truth.get("may_refuse") else ("refused",)
        return [Score(path.stem, False, True, True, True, 0, faults)]
    reports = [observed_data(each) for each in found.associations]
    shown = render(found) + indented(reports) + "\n".join(logs(found.associations, whole=True))
    about = [f"shows {secret!r}" for secret in truth.get("secrets", ()) if secret in shown]
    wanted = truth.get("association", [])
    by_ends = {(each["client"], each["server"]): each for each in reports}
    ends = [(each["client"], each["server"]) for each in wanted]
    about += [f"invents {each}" for each in by_ends if each not in ends]
    scores = [
        _score(path.stem, each, by_ends.get(at)) for each, at in zip(wanted, ends, strict=True)
    ]
    return [*scores, Score(path.stem, False, True, True, True, 0, tuple(about))]


def _score(name: str, wanted: dict[str, Any], report: dict[str, Any] | None) -> Score:
    if report is None:
        return Score(name, bool(wanted["causes"]), False, False, False, 0, ("not found",))
    causes = [cause["id"] for cause in report["causes"]]
    sure = {cause["id"] for cause in report["causes"] if cause["confidence"] == "proven"}
    faults = [f"proves {each}" for each in sorted(sure - set(wanted["causes"]))]
    told = {
        "result": report["verdict"]["status"],
        "stage": report["verdict"]["stage"],
        "calling": report["target"]["calling_ae"],
        "called": report["target"]["called_ae"],
        **{key: report.get(key) for key in _COMPARED if key in wanted},
    }
    faults += [
        f"{key} {told[key]!r} for {wanted[key]!r}" for key in told if told[key] != wanted[key]
    ]
    faults += [f"{len(causes)} causes"] if len(causes) > _MOST_CAUSES else []
    has_cause = bool(wanted["causes"])
    return Score(
        name,
        has_cause,
        not has_cause or bool(set(causes) & set(wanted["causes"])),
        not has_cause or (causes[:1] != [] and causes[0] in wanted["causes"]),
        report["ended_by"] == wanted["ended_by"],
        len(causes),
        tuple(faults),
    )


def main(folder: Path) -> int:
    """Print the faults, then the figures."""
    scores = [each for path in sorted(folder.glob("*.toml")) for each in score(path)]
    for each in scores:
        marks = "" if each.listed else " NOT LISTED"
        marks += "" if each.first else " NOT FIRST"
        marks += "" if each.ended else " ENDED BY"
        if marks or each.faults:
            _say(f"{each.name}:{marks} {'; '.join(each.faults)}")
    caused = [each for each in scores if each.has_cause]
    _say(f"listed {_share(each.listed for each in caused)}")
    _say(f"first {_share(each.first for each in caused)}")
    _say(f"ended by {_share(each.ended for each in scores)}")
    counts = [each.causes for each in caused]
    _say(f"causes: median {median(counts or [0])}, most {max(counts, default=0)}")
    _say(f"false proven {sum(_of(each, 'proves') for each in scores)}")
    _say(f"secrets shown {sum(_of(each, 'shows') for each in scores)}")
    return 0


def _of(scored: Score, word: str) -> int:
    return sum(fault.startswith(word) for fault in scored.faults)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _share(values: Iterable[bool]) -> str:
    found = list(values)
    return f"{sum(found)}/{len(found)}" + (f" ({sum(found) / len(found):.1%})" if found else "")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
