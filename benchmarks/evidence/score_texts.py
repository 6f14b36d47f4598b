"""Score ``dcmecho explain`` on a folder of texts with their truth.

python benchmarks/evidence/score_texts.py tests/corpora/texts
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from dcmecho.diagnosis.texts.explaining import explain
from dcmecho.diagnosis.texts.values import time_in
from dcmecho.report.json.layout import indented
from dcmecho.report.json.observed import observed_data

_STAGES = {"store": "service", "query": "service", "move": "service", "listen": "profile"}


class Score(NamedTuple):
    """How a text was explained, and what is wrong with that."""

    name: str
    is_known: bool
    listed: bool
    first: bool
    causes: int
    faults: tuple[str, ...]


def score(name: str, truth: dict[str, Any]) -> Score:
    """Explain a text and compare it with its truth."""
    found = explain([[truth["text"].encode()]])
    reports = [observed_data(each) for each in found.failures]
    ids = [[cause["id"] for cause in each["causes"]] for each in reports]
    listed = {each for one in ids for each in one}
    proven = {
        cause["id"]
        for each in reports
        for cause in each["causes"]
        if cause["confidence"] == "proven"
    }
    faults = [f"proves {each}" for each in sorted(proven - set(truth["may_be_proven"]))]
    output = indented(reports)
    faults += [f"shows {each}" for each in truth.get("forbid", ()) if each in output]
    most = max(map(len, ids), default=0)
    faults += [f"{most} causes"] if most > 7 else []
    if truth["stage"] == "none":
        faults += [f"explains what is not about DICOM: {sorted(listed)}"] if reports else []
        return Score(name, False, not reports, not reports, most, tuple(faults))
    faults += [f"does not list {each}" for each in sorted(set(truth["must_list"]) - listed)]
    stages = {each["verdict"]["stage"] for each in reports}
    wanted = _STAGES.get(truth["stage"], truth["stage"])
    faults += [] if wanted in stages else [f"stage {sorted(stages)} for {truth['stage']}"]
    faults += _facts(truth["facts"], reports)
    is_listed = bool(listed & set(truth["causes"]))
    is_first = any(one[:1] and one[0] in truth["first_ok"] for one in ids)
    return Score(name, True, is_listed, is_first, most, tuple(faults))


def _facts(facts: dict[str, Any], reports: list[dict[str, Any]]) -> list[str]:
    faults = []
    for name, value in facts.items():
        found = [_fact(name, each) for each in reports]
        wanted = _time(str(value)) if name == "time" else value
        if str(wanted).lower() not in [str(each).lower() for each in found]:
            faults.append(f"{name}: {found} for {value!r}")
    return faults


def _time(written: str) -> str:
    """Return a time as reports have it."""
    found = time_in(written)
    return written if found is None else found.strftime("%Y-%m-%d %H:%M:%S")


def _fact(name: str, report: dict[str, Any]) -> object:
    target = report["target"]
    data = {k: v for s in report["stages"] for e in s["evidence"] for k, v in e["data"].items()}
    match name:
        case "called" | "calling":
            return target[f"{name}_ae"]
        case "host" | "port":
            return target[name] or report["client"].rpartition(":")[0] or report["client"]
        case "status":
            return f"{data['status']:04X}" if "status" in data else None
        case "time":
            return (report["started"] or "").replace("T", " ").partition(".")[0]
        case _:
            return data.get(name)


def main(folder: Path) -> int:
    """Print the faults, then the figures."""
    scores = [
        score(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("*.toml"))
    ]
    for each in scores:
        marks = "" if each.listed else " NOT LISTED"
        marks += "" if each.first else " NOT FIRST"
        if marks or each.faults:
            _say(f"{each.name}:{marks} {'; '.join(each.faults)}")
    known = [each for each in scores if each.is_known]
    unknown = [each for each in scores if not each.is_known]
    counts = [each.causes for each in known]
    _say(f"listed {_share(each.listed for each in known)}")
    _say(f"first {_share(each.first for each in known)}")
    _say(f"unknown named so {_share(each.listed for each in unknown)}")
    _say(f"causes: median {median(counts or [0])}, most {max(counts, default=0)}")
    false = sum(fault.startswith("proves") for each in scores for fault in each.faults)
    _say(f"false proven {false}")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _share(values: Any) -> str:
    found = list(values)
    return f"{sum(found)}/{len(found)}" + (f" ({sum(found) / len(found):.1%})" if found else "")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
