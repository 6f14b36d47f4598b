"""A text that is rewritten has the same result; one without its deciding line proves nothing."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from itertools import zip_longest

import pytest

from tests.unit.texts.corpus import CASES, Case, causes, proven, reports
from tests.unit.texts.lines import LINES

KNOWN = [case for case in CASES if case.is_about_dicom]
EVERY = pytest.mark.parametrize("case", KNOWN, ids=lambda case: case.name)

Rewritten = Callable[[str], str | bytes]


def crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def utf_16(text: str) -> bytes:
    return text.encode("utf-16")


def utf_16_without_mark(text: str) -> bytes:
    return text.encode("utf-16-le")


def quoted(text: str) -> str:
    return "".join(f"> {line}\n" for line in text.splitlines())


def quoted_twice(text: str) -> str:
    return "".join(f"> > {line}\n" for line in text.splitlines())


def in_a_terminal(text: str) -> str:
    return "".join(f"\x1b[32m{line}\x1b[0m\n" for line in text.splitlines())


def in_a_container(text: str) -> str:
    return "".join(f"pacs-1  | {line}\n" for line in text.splitlines())


def after_a_prompt(text: str) -> str:
    return f"user@host:~$ ./run-it\n{text}user@host:~$ \n"


def in_a_mail(text: str) -> str:
    return f"Hello,\n\nwe get this since this morning:\n\n{text}\nCan you help?\n"


def other_titles(text: str) -> str:
    return text.replace("MAIN_PACS", "ARCHIV7").replace("CT_ROOM1", "KERNSPIN_2")


def other_addresses(text: str) -> str:
    return text.replace("127.0.0.1", "198.51.100.7").replace("localhost", "pacs.example")


def other_times(text: str) -> str:
    return re.sub(
        r"\b([01][0-9]):([0-9]{2}:[0-9]{2})", lambda at: f"{int(at[1]) + 3:02}:{at[2]}", text
    )


def in_syslog(text: str) -> str:
    return "".join(f"Nov 30 02:10:00 pacs7 docker[812]: {line}\n" for line in text.splitlines())


def in_a_pod(text: str) -> str:
    at = "2026-11-30T02:10:00.123456789Z stderr F"
    return "".join(f"{at} {line}\n" for line in text.splitlines())


def at_a_windows_prompt(text: str) -> str:
    lines = text.replace("\n", "\r\n")
    return f"C:\\Users\\me> type server.txt\r\n{lines}\r\nC:\\Users\\me>"


def as_markdown(text: str) -> str:
    return f"```\n{text}```\n"


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


REWRITINGS = pytest.mark.parametrize(
    "rewrite",
    [
        crlf,
        utf_16,
        utf_16_without_mark,
        quoted,
        quoted_twice,
        in_a_terminal,
        in_a_container,
        after_a_prompt,
        in_a_mail,
        other_titles,
        other_addresses,
        other_times,
        in_syslog,
        in_a_pod,
        at_a_windows_prompt,
        as_markdown,
        indented,
    ],
)


@REWRITINGS
@EVERY
def test_rewritten_it_means_the_same(case: Case, rewrite: Rewritten) -> None:
    before, after = reports(case.text), reports(rewrite(case.text))
    assert causes(after) == causes(before)
    assert proven(after) == proven(before)


@REWRITINGS
def test_rewritten_lines_mean_the_same(rewrite: Rewritten) -> None:
    for line in LINES:
        text = f"{line.text}\n"
        assert causes(reports(rewrite(text))) == causes(reports(text)), line.text


def test_lines_of_two_associations_in_turn_mean_what_they_mean_apart() -> None:
    """By the number of the association, dcm4che's lines are told apart in any order."""
    known = [case for case in KNOWN if "(1)" in case.text and case.name.startswith(("005", "024"))]
    first, second = (case.text.splitlines() for case in known)
    other = [line.replace("(1)", "(2)").replace("[main]", "[t2]") for line in second]
    pairs = zip_longest(first, other, fillvalue="")
    mixed = "".join(f"{line}\n" for pair in pairs for line in pair if line)
    apart = [reports(case.text)[0]["causes"][0]["id"] for case in known]
    assert {one[0] for one in causes(reports(mixed))} >= set(apart)


@EVERY
def test_wrapped_it_lists_the_same_causes(case: Case) -> None:
    lines = case.text.splitlines()
    wrapped = "\n".join(
        part for line in lines for part in (textwrap.wrap(line, 80, break_on_hyphens=False) or [""])
    )
    listed = {each for one in causes(reports(wrapped)) for each in one}
    assert set(case.truth["must_list"]) <= listed
    assert proven(reports(wrapped)) <= set(case.truth["may_be_proven"])


@EVERY
def test_without_a_line_nothing_is_proven_that_the_rest_does_not_prove(case: Case) -> None:
    lines = case.text.splitlines(keepends=True)
    for number in range(len(lines)):
        rest = "".join(lines[:number] + lines[number + 1 :])
        # Orthanc's C-MOVE without its own line: what is left is a port that refused.
        refused = (
            {"tcp.refused"} if "TCP Initialization Error: Connection refused" in rest else set()
        )
        assert proven(reports(rest)) <= {*case.truth["may_be_proven"], *refused}


@EVERY
def test_without_the_failing_lines_nothing_is_proven(case: Case) -> None:
    decisive = re.compile(
        "fail|error|reject|refus|abort|unknown|status|expired|valid|listed|cipher|certificate"
        "|exception|timeout|denied|response|ECONN|destination|abgelehnt|rehusada|connexion",
        re.IGNORECASE,
    )
    rest = "\n".join(line for line in case.text.splitlines() if not decisive.search(line))
    assert proven(reports(rest)) == set()
