"""Every command in CONTRIBUTING.md, the README and the hosted CI exists."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TELLING = (
    "README.md",
    "CONTRIBUTING.md",
    "Makefile",
    "docs/performance.md",
    ".ci/run",
    ".github/workflows/ci.yml",
    ".github/workflows/nightly.yml",
    ".pre-commit-config.yaml",
)

TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
COMMAND = re.compile(r"(?:^|`|run: |exec |=1 )make ((?:--?[a-z-]+ )*)([a-z]+)", re.MULTILINE)


@pytest.mark.parametrize("page", TELLING)
def test_every_named_make_target_exists(page: str) -> None:
    named = {target for _, target in COMMAND.findall((ROOT / page).read_text(encoding="utf-8"))}
    assert named, "nothing found to check"
    assert named <= TARGETS


def test_make_help_lists_every_target() -> None:
    phony = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[0].split()
    told = set(re.findall(r"^([a-z]+):.*## \S", MAKEFILE, re.MULTILINE))
    assert set(phony) == TARGETS == told


def test_the_tests_named_in_contributing_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    files = re.findall(r"\b(?:tests|docs|\.ci)/[\w./]+\w", text)
    assert len(files) >= 3
    assert [file for file in files if not (ROOT / file).exists()] == []


def test_the_hosted_ci_runs_the_lowest_python_and_the_lowest_textual() -> None:
    workflow = WORKFLOW.read_text(encoding="utf-8")
    pythons = re.findall(r'"(3\.\d+)"', re.findall(r"python: (\[.*\])", workflow)[0])
    assert f">={pythons[0]}" == PROJECT["project"]["requires-python"]
    numbers = [int(version.removeprefix("3.")) for version in pythons]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    lowest = next(
        each.removeprefix("textual>=").split(",")[0]
        for each in PROJECT["project"]["dependencies"]
        if each.startswith("textual>=")
    )
    assert set(re.findall(r'textual: "([\d.]+)"', workflow)) == {lowest}


def test_what_is_too_long_for_every_change_runs_only_when_it_is_asked_for() -> None:
    options = PROJECT["tool"]["pytest"]["ini_options"]["addopts"]
    # What a command says with `-m` replaces what pyproject.toml says.
    said = re.findall(r"pytest .*-m \"?([a-z ]+)", MAKEFILE)
    assert "-m 'not nightly and not peers'" in options
    assert [each for each in said if "not nightly" not in each] == ["nightly", "peers"]


@pytest.mark.parametrize("form", ["diagnosis", "defect"])
def test_an_issue_form_asks_for_a_redacted_report(form: str) -> None:
    text = (ROOT / ".github" / "ISSUE_TEMPLATE" / f"{form}.yml").read_text(encoding="utf-8")
    for part in ("--json", "dcmecho --version", "eplace host names", "patient data"):
        assert part in text


@pytest.mark.parametrize("target", ["demo", "quick"])
def test_make_says_what_it_does_before_pip_is_silent(target: str) -> None:
    run = ("make", "--always-make", "--dry-run", target)
    commands = subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    before_pip, _, _ = commands.partition("pip install --quiet")
    assert 'echo "Downloading and installing' in before_pip
