"""Targets in an inline array: edited in place, or refused without loss."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.edit.edit import add_target, clone_target, delete_target
from tests.unit.profiles.saving import save_target
from tests.unit.profiles.texts import NEW, text_of, written

LINE = """\
# head
target = [{name = "A", host='a', port = 0x68}, {name="B",port=1, tls = {verify = false}}] # all
[group.G]
port = 5
"""
LINES = """\
target = [
  # first
  {name = "A", host='a', port = 0x68},   # of A
  # second
  { name="B",port=1 },
] # all
"""


@pytest.mark.parametrize("text", [LINE, LINES], ids=["line", "lines"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_edited_value_is_all_that_differs(tmp_path: Path, text: str, newline: str) -> None:
    path = written(tmp_path, text.replace("\n", newline))
    save_target(path, "A", {Field.PORT: 4242})
    assert text_of(path) == text.replace("0x68", "4242").replace("\n", newline)


def test_a_new_key_and_one_taken_out(tmp_path: Path) -> None:
    path = written(tmp_path, LINES)
    save_target(path, "A", {Field.CALLING_AE: "ME", Field.HOST: None})
    assert text_of(path) == LINES.replace(
        "\"A\", host='a', port = 0x68", '"A",  port = 0x68, calling_ae = "ME"'
    )


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda path: add_target(path, NEW), ["A", "B", "Echo cart"]),
        (lambda path: clone_target(path, "B", {Field.NAME: "C"}), ["A", "B", "C"]),
        (lambda path: delete_target(path, "A"), ["B"]),
        (lambda path: delete_target(path, "B"), ["A"]),
    ],
)
def test_targets_are_added_copied_and_deleted(
    tmp_path: Path, change: Callable[[Path], object], names: list[str]
) -> None:
    path = written(tmp_path, LINE)
    change(path)
    assert [profile.name for profile in load(path).profiles] == names
    assert text_of(path).startswith("# head\ntarget = [{")
    assert text_of(path).endswith("] # all\n[group.G]\nport = 5\n")


def test_the_first_target_of_an_empty_array(tmp_path: Path) -> None:
    path = written(tmp_path, "target = [] # none yet\n")
    add_target(path, NEW)
    assert [target.name for target in load(path).targets] == ["Echo cart"]
    assert "# none yet" in text_of(path)


def test_what_would_lose_a_comment_is_refused_with_the_place(tmp_path: Path) -> None:
    path = written(tmp_path, LINES)
    with pytest.raises(ProfileError, match=r":1: target: this inline array cannot be changed"):
        delete_target(path, "A")
    assert text_of(path) == LINES
