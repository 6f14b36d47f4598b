"""Adding and deleting targets: the rest of the file and its comments stay."""

from pathlib import Path

import pytest

from dcmecho.profiles.book.load import load
from dcmecho.profiles.edit.edit import add_target, delete_target
from tests.unit.profiles.texts import ALIGNED, INDENTED, NEW, PLAIN, text_of, written


@pytest.mark.parametrize(
    ("text", "added"),
    [
        (
            PLAIN,
            '\n[[target]]\nname = "Echo cart"\nhost = "192.0.2.33"\nport = 104\n'
            'called_ae = "ECHO"\n',
        ),
        (
            INDENTED,
            '\n[[target]]\n  name="Echo cart"\n  host="192.0.2.33"\n  port=104\n'
            '  called_ae="ECHO"\n',
        ),
        (
            ALIGNED,
            '\n\n[[target]]\nname      = "Echo cart"\nhost      = "192.0.2.33"\n'
            'port      = 104\ncalled_ae = "ECHO"\n',
        ),
        (
            "[defaults]\r\nport = 104\r\n",
            '\r\n[[target]]\r\nname = "Echo cart"\r\nhost = "192.0.2.33"\r\nport = 104\r\n'
            'called_ae = "ECHO"\r\n',
        ),
        (
            "",
            '[[target]]\nname = "Echo cart"\nhost = "192.0.2.33"\nport = 104\ncalled_ae = "ECHO"\n',
        ),
    ],
    ids=["plain", "indented", "aligned", "windows", "empty"],
)
def test_a_new_target_goes_to_the_end_in_the_style_of_the_file(
    tmp_path: Path, text: str, added: str
) -> None:
    path = written(tmp_path, text)
    add_target(path, NEW)
    assert text_of(path) == text + added


def test_a_new_file_is_created_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "config" / "dcmecho" / "profiles.toml"
    add_target(path, NEW)
    assert [target.name for target in load(path).targets] == ["Echo cart"]


@pytest.mark.parametrize("text", [PLAIN, INDENTED, "", "# only\n"])
def test_adding_and_deleting_a_target_give_the_same_bytes(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    add_target(path, NEW)
    delete_target(path, "Echo cart")
    assert text_of(path) == text


def test_deleting_takes_the_table_and_leaves_the_comments_around_it(tmp_path: Path) -> None:
    path = written(tmp_path, PLAIN)
    delete_target(path, "Main PACS")
    start = PLAIN.index("[[target]]")
    end = PLAIN.index("\n[group.Radiology]")
    assert text_of(path) == PLAIN[:start] + PLAIN[end:]


def test_deleting_takes_the_tables_below_the_target(tmp_path: Path) -> None:
    path = written(tmp_path, PLAIN)
    delete_target(path, "CT 2")
    start = PLAIN.index('[[target]]\nname = "CT 2"')
    assert text_of(path) == PLAIN[:start] + "\n# tail\n"


def test_deleting_takes_tables_that_stand_apart(tmp_path: Path) -> None:
    text = INDENTED + "[group.x]\nport = 1\n[target.tls]\na = 1\n"
    path = written(tmp_path, text)
    delete_target(path, "CT 2")
    assert text_of(path) == INDENTED[: INDENTED.rindex("[[")] + "[group.x]\nport = 1\n"


@pytest.mark.parametrize(
    ("between", "left"),
    [
        ("", ""),
        ("\n", ""),
        ("\n\n\n", ""),
        ("# of B\n", "# of B\n"),
        ("\n# of B\n", "# of B\n"),
        ("# of A\n\n# of B\n", "# of B\n"),
        ("# of A\n  # of A\n\n\n# of all\n\n# of B\n", "# of all\n\n# of B\n"),
    ],
)
def test_comments_between_two_targets_go_with_the_one_they_touch(
    tmp_path: Path, between: str, left: str
) -> None:
    b = '[[target]]\nname = "B"\n'
    path = written(tmp_path, f'[[target]]\nname = "A"\n{between}{b}')
    delete_target(path, "A")
    assert text_of(path) == left + b


def test_deleting_the_last_target_leaves_no_blank_line_behind(tmp_path: Path) -> None:
    path = written(tmp_path, '# head\n\n[[target]]\nname = "A"\n\n[[target]]\nname = "B"\n# of B\n')
    delete_target(path, "B")
    assert text_of(path) == '# head\n\n[[target]]\nname = "A"\n'
    delete_target(path, "A")
    assert text_of(path) == "# head\n"
