"""The rows of a target's values: every row is complete, and no value can be read in two ways."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from math import inf, nan
from typing import Any

import pytest

from dcmecho.console.editing.field_row import LABEL_WIDTH
from dcmecho.console.editing.field_values import as_text, parse
from dcmecho.diagnosis.target.fields import IN_THE_FORM, Field, Value, ValueKind, values_checked
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.validation import Complaint, check, check_target
from dcmecho.diagnosis.target.value_checks import Severity
from dcmecho.exit_codes import ExitCode
from tests.unit.cli.command_lines import accepts, started

TARGET = Target("192.0.2.20", 104, "PACS", "WS", name="PACS", group="CT", notes="n")
NUMBERS = [field for field in Field if field.row.kind in (ValueKind.WHOLE, ValueKind.SECONDS)]
IMPOSSIBLE = (-1, -1.0, nan, inf, -inf, 10**18, 1e18, 1e-300, True, "104")


def refused(field: Field, value: Value | Complaint) -> bool:
    """Report whether a value prevents a check."""
    if isinstance(value, Complaint):
        return value.severity is Severity.ERROR
    return any(each.severity is Severity.ERROR for each in check(field, value))


def value_of(field: Field) -> Value:
    """Return a value of a target that has all of them."""
    assert hasattr(TARGET, field), f"Field.{field.name} is no attribute of Target"
    value: Value = getattr(TARGET, field)
    return value


def test_every_value_of_a_target_has_a_row_but_those_with_a_table_of_their_own() -> None:
    values, rows = {each.name for each in fields(Target)} - {"tls", "vantage"}, set(Field)
    assert [f"{name} has no row in Field" for name in sorted(values - rows)] == []
    assert [f"Field.{row.name} is no attribute of Target" for row in rows - values] == []


@pytest.mark.parametrize("field", Field)
class TestRow:
    def test_has_its_words(self, field: Field) -> None:
        assert field.row.label[:1].isupper()
        assert len(field.row.label) < LABEL_WIDTH
        assert field.row.hint
        assert field.row.expected

    def test_says_which_type_the_value_has(self, field: Field) -> None:
        assert field.row.kind.holds(value_of(field))

    def test_can_be_edited(self, field: Field) -> None:
        value = value_of(field)
        assert field in IN_THE_FORM
        assert parse(field, as_text(value)) == value

    def test_shares_no_option_and_no_column_but_one(self, field: Field) -> None:
        others = [other.row for other in Field if other is not field]
        options = {option for row in others for option in row.options}
        columns = {column for row in others for column in row.columns}
        assert not options & set(field.row.options)
        description = {"description", "beschreibung", "descripcion", "descricao"}
        assert columns & set(field.row.columns) <= description

    def test_a_column_is_not_the_key_of_another(self, field: Field) -> None:
        keys = {other.replace("_", "") for other in Field if other is not field}
        assert not keys & set(field.row.columns), "imports would take one value for the other"

    def test_the_command_line_accepts_its_options(self, field: Field) -> None:
        value = str(value_of(field))
        for option in field.row.options:
            assert accepts([option, value, "192.0.2.20", "104"]), f"dcmecho does not know {option}"


@pytest.mark.parametrize("value", IMPOSSIBLE, ids=repr)
@pytest.mark.parametrize("field", NUMBERS)
def test_no_field_accepts_an_impossible_number(field: Field, value: Value) -> None:
    assert refused(field, value)


@pytest.mark.parametrize("text", ["1_04", "١٠٤", "0x68", "nan", "1e400", "9" * 5000, "104 s"])
@pytest.mark.parametrize("field", NUMBERS)
def test_no_field_accepts_what_people_do_not_write_as_a_number(field: Field, text: str) -> None:
    assert refused(field, parse(field, text))


def test_a_whole_number_has_no_fraction() -> None:
    assert refused(Field.PORT, 104.5)
    assert refused(Field.MAX_PDU_BYTES, 16382.5)


@pytest.mark.parametrize("timeout_s", [86399.99, 5.1234567, 0.001, 5.0, 100000])
def test_a_shown_number_is_read_back_as_the_same(timeout_s: float) -> None:
    assert parse(Field.CONNECT_TIMEOUT_S, as_text(timeout_s)) == timeout_s


def test_checking_a_target_checks_every_value() -> None:
    target = Target("192.0.2.20", 104, "PACS", "WS", dimse_timeout_s=1e-300)
    (complaint,) = check_target(target)
    assert str(complaint) == ("dimse_timeout_s: 1e-300 s is out of range. Use 0.001 to 86400 s")


@pytest.mark.parametrize("options", [["-ta", "1e-300"], ["-pdu", "9" * 30], ["-to", "inf"]])
def test_the_command_line_leaves_the_check_to_the_run(options: list[str]) -> None:
    assert started(["-q", *options, "192.0.2.20", "104"]) == ExitCode.PROFILE


@pytest.mark.parametrize("options", [["-to", "1_0"], ["-ts", "nan"], ["-ts", "-5"]])
def test_the_command_line_accepts_no_impossible_number(options: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        started(["-q", *options, "192.0.2.20", "104"])
    assert ended.value.code == ExitCode.USAGE


@dataclass(frozen=True, slots=True)
class Grown(Target):
    """A target with one more value, which has no row yet."""

    user: str = ""


class TestAskedWith:
    @pytest.mark.parametrize("field", [each for each in Field if each.row.affects_check])
    def test_includes_what_a_run_depends_on(self, field: Field) -> None:
        another: dict[str, Any] = {field.value: "another"}
        assert values_checked(replace(TARGET, **another)) != values_checked(TARGET)

    def test_omits_what_only_people_read(self) -> None:
        other = replace(TARGET, name="A", group="B", notes="C")
        assert values_checked(other) == values_checked(TARGET)

    def test_includes_a_new_value(self) -> None:
        one = Grown("192.0.2.20", 104, "PACS", "WS", user="a")
        assert values_checked(one) != values_checked(
            Grown("192.0.2.20", 104, "PACS", "WS", user="b")
        )
