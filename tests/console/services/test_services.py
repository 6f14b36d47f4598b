"""The services screen: the matrix, its words, and nothing sent without being asked."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from dcmecho.console.file.edits import read
from dcmecho.console.terminal.terminal import TRUE_COLOUR, Terminal
from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import FINDINGS, Finding, FindingId
from dcmecho.diagnosis.services.model import (
    LikeOutcome,
    LikeResult,
    ObjectKind,
    QueryOutcome,
    QueryResult,
)
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.profiles.book.settings import Signs
from tests.console.driving import SMALL, WIDE, opened
from tests.console.playback import PlayedEngine
from tests.unit.services.objects import write_compressed_ct
from tests.unit.services.surveyed import matrix, surveyed, uncompressed_only

ALLOWED = QueryResult(QueryOutcome.NO_MATCH, "answered with success, no match", status=0)
CT = ObjectKind(
    "ct.dcm",
    "1.2.840.10008.5.1.4.1.1.2",
    "CT Image Storage",
    "1.2.840.10008.1.2.4.50",
    "JPEG Baseline (Process 1)",
)
WORDS = {"object": "CT Image Storage", "syntax": "JPEG", "taken": "implicit"}
HOSTILE = QueryResult(QueryOutcome.STATUS, "answered: [/] [bold]\x1b[2J", status=0xA700)


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_the_matrix_tells_the_summary_first(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int]
) -> None:
    async with opened(profiles, engine, size) as console:
        await console.press("s")
        await console.shows("enter opens 4 associations", "43 SOP classes")
        assert engine.asked == []
        await console.press("enter")
        await console.shows("all 29 that were asked", "nothing: send uncompressed")
        assert engine.asked == [SurveyRequest(matrix=True)]
        await console.shows("▌ Verification", "im ex df RL")


async def test_the_cursor_explains_a_row(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("s", "enter")
        await console.shows("▌ Verification")
        await console.press(*["down"] * 14)
        await console.shows("▌ CT", "CT Image Storage", "1.2.840.10008.5.1.4.1.1.2")
        assert console.line("▌ CT").count("✔") == 2
        assert console.line("▌ CT").count("4") >= 12
        await console.shows("Accepted with 2 of 14 transfer", "Refused 4: transfer syntax not")


def _like(outcome: LikeOutcome, summary: str, *findings: Finding) -> LikeResult:
    row = next(row for row in matrix(uncompressed_only).rows if row.sop_class.short == "CT")
    return LikeResult(CT, outcome, row, summary, findings)


class TestOneObject:
    """``o``: would the peer take this file as it is? Nothing of the file is sent."""

    @pytest.mark.parametrize("size", [WIDE, SMALL])
    async def test_a_file_is_asked_about_and_the_answer_stands_above_the_matrix(
        self, profiles: Path, engine: PlayedEngine, size: tuple[int, int]
    ) -> None:
        write_compressed_ct(profiles.parent / "ct.dcm")
        decompress = FINDINGS.describe(
            FindingId.OBJECT_NEEDS_DECOMPRESSION, Confidence.PROVEN, WORDS
        )
        said = "the peer does not accept CT Image Storage with JPEG Baseline: refused 4"
        like = _like(LikeOutcome.NOT_AS_IT_IS, said, decompress)
        engine.survey_result = replace(surveyed(), like=like)
        async with opened(profiles, engine, size) as console:
            await console.press("s", "o")
            await console.shows("Would the peer accept an object like this?", "tab Complete")
            await console.press("c", "tab")
            await console.shows("ct.dcm")
            await console.press("enter")
            await console.shows("ct.dcm: not with this transfer syntax.", "refused 4.")
            await console.shows("▌ Verification")
            top = console.text.index("not with this transfer syntax")
            assert top < console.text.index("What the peer accepts" if size == WIDE else "▌")
            await console.shows("The peer does not accept")
            assert engine.asked == [SurveyRequest(like=CT)]

    @pytest.mark.parametrize(
        ("outcome", "words"),
        [
            (LikeOutcome.TAKEN, "✔ ct.dcm: the peer accepts this object as it is."),
            (LikeOutcome.REFUSED, "✘ ct.dcm: the peer refuses this object."),
            (LikeOutcome.NOT_ASKED, "ct.dcm: unknown whether the peer accepts this object."),
        ],
    )
    async def test_the_other_answers(
        self, profiles: Path, engine: PlayedEngine, outcome: LikeOutcome, words: str
    ) -> None:
        write_compressed_ct(profiles.parent / "ct.dcm")
        engine.survey_result = replace(surveyed(), like=_like(outcome, "because [/]"))
        async with opened(profiles, engine) as console:
            await console.press("s", "o", *"ct", "full_stop", *"dcm", "enter")
            await console.shows(words, "Because [/].")

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ((), "File: enter the path of a DICOM file"),
            (("x",), "File: x: no such file"),
            (("n", "tab"), "File: notes: not a DICOM file (no DICM at byte 128"),
            (("f", "tab"), "File: folder: cannot be read: Is a directory"),
            (("p", "i", "tab"), "File: pipe: cannot be read: is a named pipe"),
        ],
    )
    async def test_what_is_no_object_is_told_in_the_form(
        self, profiles: Path, engine: PlayedEngine, typed: tuple[str, ...], words: str
    ) -> None:
        (profiles.parent / "notes").write_text("not DICOM at all")
        (profiles.parent / "folder").mkdir()
        os.mkfifo(profiles.parent / "pipe")
        async with opened(profiles, engine) as console:
            await console.press("s", "o", *typed, "enter")
            await console.shows(words, "enter Continue")
            assert engine.asked == []

    async def test_tab_adds_what_is_certain_and_names_what_is_left(
        self, profiles: Path, engine: PlayedEngine
    ) -> None:
        for name in ("series-1.dcm", "series-2.dcm", ".series"):
            (profiles.parent / name).write_text("")
        async with opened(profiles, engine) as console:
            await console.press("s", "o", "s", "tab")
            await console.shows("File         series- ", "series-1.dcm  series-2.dcm")
            await console.press("1", "tab")
            await console.shows("File         series-1.dcm")
            assert "series-2.dcm" not in console.text


async def test_a_query_is_asked_for_before_it_is_sent(profiles: Path, engine: PlayedEngine) -> None:
    engine.survey_result = replace(surveyed(), matrix=None, query=ALLOWED)
    async with opened(profiles, engine) as console:
        await console.press("s", "f")
        await console.shows("Send one C-FIND query?", "The peer might log")
        await console.press("n")
        assert engine.asked == []
        await console.press("f", "y")
        await console.shows("Zero-match C-FIND", "answered with success, no match")
        assert engine.asked == [SurveyRequest(query=True)]


async def test_large_requests_are_asked_for_before_they_are_sent(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("s", "p")
        await console.shows("Send association requests of growing size?", "0.3 to 16 kB")
        await console.press("escape")
        assert engine.asked == []
        await console.press("p", "y")
        await console.until(lambda: engine.asked == [SurveyRequest(probe=True)])


async def test_an_answer_stays_when_another_question_is_asked(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("s", "enter")
        await console.shows("▌ Verification")
        await console.idle()
        engine.survey_result = replace(surveyed(), matrix=None, query=ALLOWED)
        await console.press("f", "y")
        await console.shows("▌ Verification", "Zero-match C-FIND")


async def test_esc_cancels_and_a_second_one_leaves(profiles: Path, engine: PlayedEngine) -> None:
    engine.pausing = True
    async with opened(profiles, engine) as console:
        await console.press("s", "enter")
        await console.shows("association 1 of 4 (esc", "esc Back")
        assert "enter Ask" not in console.lines[-1]
        await console.press("escape")
        await console.idle()
        await console.shows("cancelled: answers so far", "enter Ask")
        await console.press("escape")
        await console.shows("Targets")


async def test_the_answers_are_there_again_and_in_the_report(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("s", "enter")
        await console.shows("▌ Verification")
        await console.idle()
        await console.press("escape", "s")
        await console.shows("▌ Verification")
        await console.press("escape", "R", "end")
        await console.shows("HEVC/H.265 Main Profile")


async def test_an_edited_target_has_no_answers_yet(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("s", "enter")
        await console.shows("▌ Verification")
        await console.idle()
        profiles.write_text(profiles.read_text().replace("TARGET_PACS", "OTHER_PACS"))
        console.main.session.after_reading(read(profiles))
        await console.press("escape")
        console.main.panes.show_file("Main PACS")
        await console.press("s")
        await console.shows("enter opens 4 associations", "OTHER_PACS")


async def test_what_the_file_forbids_is_refused_with_its_reason(
    profiles: Path, engine: PlayedEngine
) -> None:
    text = profiles.read_text().replace(
        'called_ae = "TARGET_PACS"', 'called_ae = "TARGET_PACS"\nno_experiments = "clinical hours"'
    )
    profiles.write_text(text)
    async with opened(profiles, engine) as console:
        await console.press("s", "enter")
        await console.shows("nothing more is sent to this target: clinical hours")
        await console.press("f")
        assert "Send one C-FIND" not in console.text
        assert engine.asked == []


async def test_peer_text_is_shown_and_not_interpreted(profiles: Path, engine: PlayedEngine) -> None:
    engine.survey_result = replace(surveyed(), query=HOSTILE)
    async with opened(profiles, engine) as console:
        await console.press("s", "enter")
        await console.shows("[/] [bold]\\x1b[2J")


async def test_without_unicode_every_sign_is_ascii(profiles: Path, engine: PlayedEngine) -> None:
    plain = Terminal(sixteen_colours=TRUE_COLOUR.sixteen_colours, signs=Signs.ASCII)
    async with opened(profiles, engine, WIDE, plain) as console:
        await console.press("s", "enter")
        await console.shows("> Verification")
        assert console.line("> Verification").count("+") == 2
        assert "✔" not in console.text


async def test_the_answers_are_saved_as_text(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("s", "enter")
        await console.shows("▌ Verification")
        await console.idle()
        await console.press("S")
        await console.shows("Saved")
        (saved,) = profiles.parent.glob("dcmecho-services-*.txt")
        assert "What the peer accepts" in saved.read_text()
