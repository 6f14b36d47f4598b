"""Many reports in one text: grouped by stage and cause, failures first, counts last."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dcmecho.diagnosis.evidence import EvidenceKind, JsonValue
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.diagnosis.target.target import Target
from dcmecho.report import check as check_text
from tests.unit.report.reports import STARTED, TARGET, ended, green, rejected_called_title


def named(name: str, called_ae: str = "TARGET_PACS") -> Target:
    return replace(TARGET, name=name, called_ae=called_ae)


def refused(target: Target) -> Report:
    data: dict[str, JsonValue] = {
        "peer": "192.0.2.50:104",
        "errno": 111,
        "error": "Connection refused",
        "timed_out": False,
        "elapsed_ms": 1.0,
    }
    text = "192.0.2.50:104: Connection refused"
    return ended(StageId.CONNECT, EvidenceKind.TCP_FAILED, data, text=text, target=target)


def test_failures_come_first_and_the_counts_last() -> None:
    page = check_text.render([green(named("A")), rejected_called_title(named("B"))])
    lines = page.splitlines()
    assert lines[0] == "FAILED at AE titles: 1 target"
    assert lines[-2] == "2 targets: 1 FAILED, 1 OK"
    assert page.index("  B  rejected 1/1/7") < page.index("OK: 1 target\n  A\n")


def test_targets_that_fail_alike_share_one_explanation() -> None:
    page = check_text.render([refused(named(f"CT {n}")) for n in range(40)])
    assert page.startswith("FAILED at TCP: 40 targets\n")
    assert page.count("CT ") == 40
    assert page.count("proven") == 1
    assert page.count("- Ask the peer's administrator whether the DICOM service is") == 1


def test_the_largest_group_comes_first() -> None:
    one, many = rejected_called_title(named("A")), [refused(named("B")), refused(named("C"))]
    page = check_text.render([one, *many])
    assert page.index("FAILED at TCP: 2 targets") < page.index("FAILED at AE titles: 1 target")


def test_what_differs_between_targets_is_said_for_one_of_them() -> None:
    reports = [
        rejected_called_title(named("A", "ARCHIVE_1")),
        rejected_called_title(named("B", "ARCHIVE_2")),
    ]
    page = check_text.render(reports)
    assert "for A: The peer does not know called AE ARCHIVE_1" in page
    assert "ARCHIVE_2" not in page


def test_a_warning_is_no_failure_and_no_success() -> None:
    warned = ended(
        StageId.RELEASE,
        EvidenceKind.RELEASE_MISSING,
        status=Status.WARNING,
        text="no A-RELEASE-RP",
        target=named("A"),
    )
    page = check_text.render([green(named("B")), warned])
    assert page.startswith("WARNING at Release: 1 target\n")
    assert "2 targets: 1 WARNING, 1 OK" in page


def test_a_long_list_is_counted() -> None:
    page = check_text.render([refused(named(f"CT {n}")) for n in range(60)])
    assert "  and 10 more\n" in page


def test_what_was_not_checked_is_counted() -> None:
    assert "3 targets: 1 OK, 2 not checked" in check_text.render([green()], unchecked=2)


def test_nothing_at_all() -> None:
    assert check_text.render([], unchecked=2) == "2 targets: 2 not checked\n"


def test_fits_80_columns_of_ascii() -> None:
    hostile = named("\x1b[31m" + "long name " * 12)
    page = check_text.render([green(), refused(named("B")), rejected_called_title(hostile)])
    assert page.isascii()
    assert max(map(len, page.splitlines())) <= 80


def test_a_group_that_shares_a_symptom_does_not_call_it_the_cause() -> None:
    page = check_text.render([refused(named("B")), green()])
    assert "  Symptom\n  proven    Port 104 refuses connections" in page
    assert "  Cause\n" not in page


def test_a_forbidden_target_is_counted_as_not_checked() -> None:
    target = replace(named("CT"), do_not_probe="by its vendor")
    forbidden = ended(
        StageId.PROFILE, EvidenceKind.DO_NOT_PROBE, text=target.not_checked, target=target
    )
    page = check_text.render([forbidden, refused(named("B")), green()])
    assert "NOT CHECKED, forbidden by do_not_probe: 1 target" in page
    assert page.index("FAILED at TCP: 1 target") < page.index("NOT CHECKED")
    assert "3 targets: 1 FAILED, 1 OK, 1 not checked" in page


def test_failures_that_began_together_are_told_first() -> None:
    ward = [replace(named(f"CT {n}"), host=f"192.168.4.{n}") for n in range(1, 26)]
    reports = [*map(rejected_called_title, ward), green(), rejected_called_title(named("Old"))]
    began = STARTED - timedelta(minutes=3)
    since = [*[began] * 25, None, began - timedelta(days=2)]
    page = check_text.render(reports, 0, since)
    first, second = page.split("\n\n")[0].split("\n", 1)
    assert first.startswith("25 newly failing since ")
    assert first.endswith(", all on 192.168.4.0/24:")
    assert " ".join(second.split()).startswith("CT 1, CT 2, CT 3, ")
    assert second.endswith(" and 5 more")
    assert "Old" not in second
    assert page.count("newly failing") == 1


def test_without_a_journal_no_beginning_is_told() -> None:
    page = check_text.render([rejected_called_title(named(f"CT {n}")) for n in range(3)])
    assert "failing since" not in page
