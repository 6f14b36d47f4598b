"""Every command, key and file in the README and docs/ exists."""

import re
import shlex
from pathlib import Path

import pytest

from dcmecho.console.commands import COMMANDS
from dcmecho.diagnosis.target.fields import Field
from dcmecho.exit_codes import ExitCode
from dcmecho.profiles.book.settings import Setting
from dcmecho.profiles.exchange.rows import ExchangeFormat
from tests.unit.cli.command_lines import accepts

ROOT = Path(__file__).parents[3]
README = ROOT / "README.md"
PAGES = (README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))

SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
IN_LINE = re.compile(r"`(dcmecho (?:check|watch|listen|import|export) [^`]*)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
KEY_ROW = re.compile(r"^\| ((?:`[^`]+`,? ?)+)\| [a-z]", re.MULTILINE)


def commands(text: str) -> list[str]:
    """Return every line of a shell block that starts dcmecho."""
    lines = [line for block in SHELL.findall(text) for line in block.splitlines()]
    return [line for line in lines if line.startswith("dcmecho ")]


def words(command: str) -> list[str]:
    """Return only the arguments of dcmecho, without comments and what follows in the shell."""
    return shlex.split(command.split(" || ", maxsplit=1)[0], comments=True)[1:]


@pytest.mark.parametrize("command", commands(README.read_text(encoding="utf-8")))
def test_a_command_in_the_readme_is_accepted(command: str) -> None:
    assert accepts(words(command)), command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_command_within_a_sentence_is_accepted(page: Path) -> None:
    for command in IN_LINE.findall(page.read_text(encoding="utf-8")):
        if not re.search(r"\b(FILE|FORMAT|ADDRESS)\b", command):
            assert accepts(words(command.replace("\n", " "))), command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_of_a_page_lead_to_files(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert targets or page.parent != ROOT
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_keys_of_the_console_exist() -> None:
    section = README.read_text(encoding="utf-8").split("## The console")[1].split("\n## ")[0]
    keys = {key for cell in KEY_ROW.findall(section) for key in re.findall(r"`([^`]+)`", cell)}
    known = {
        key
        for pane in COMMANDS.values()
        for command in pane
        for key in (*command.keys, command.key_text)
    }
    assert len(keys) > 20
    assert keys - known == set()


def rows(page: str) -> set[str]:
    """Return the first cells of the tables of a page in docs/, without backquotes."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    cells = re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE)
    return {name.strip("`") for cell in cells for name in cell.split(", ")}


def test_the_page_about_profiles_has_every_value_setting_and_format() -> None:
    named = rows("profiles.md")
    assert [str(each) for each in (*Field, *Setting, *ExchangeFormat) if each not in named] == []


@pytest.mark.parametrize("field", Field)
def test_the_example_of_profiles_has_every_value(field: Field) -> None:
    text = (ROOT / "profiles.toml").read_text(encoding="utf-8")
    assert re.search(rf"^(?:# )?{field} = ", text, re.MULTILINE), f"profiles.toml has no {field}"


def test_the_page_about_scripting_has_every_exit_code() -> None:
    named = rows("scripting.md")
    assert [code for code in ExitCode if str(code.value) not in named] == []


def test_the_places_to_look_exist() -> None:
    table = README.read_text(encoding="utf-8").split("| to change | look in |")[1]
    places = re.findall(r"^\| .* \| `([^`]+)`", table, re.MULTILINE)
    assert places
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_the_files_named_by_the_architecture_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    places = set(re.findall(r"`([\w/]+(?:/|\.py|\.toml))`", text))
    assert len(places) > 60
    homes = (ROOT, ROOT / "tui" / "dcmecho")
    assert [each for each in places if not any((home / each).exists() for home in homes)] == []
