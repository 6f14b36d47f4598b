"""Reading profiles.toml: values, their origin, and every problem with its line."""

import subprocess
import sys
from pathlib import Path

import pytest

from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import DEFAULT_CALLING_AE, Target
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.model import ProfileBook

GOOD = '[[target]]\nname = "Good"\nhost = "good.lan"\nport = 104\ncalled_ae = "GOOD"\n'


def book_of(tmp_path: Path, content: str | bytes) -> ProfileBook:
    path = tmp_path / "profiles.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load(path)


def problems(book: ProfileBook) -> list[str]:
    return [str(problem).removeprefix(f"{book.path}:") for problem in book.problems]


def test_a_target_takes_the_built_in_values(tmp_path: Path) -> None:
    book = book_of(tmp_path, GOOD)
    assert book.targets == (Target("good.lan", 104, "GOOD", DEFAULT_CALLING_AE, name="Good"),)
    assert (book.exists, book.writable, book.problems) == (True, True, ())


def test_the_nearest_value_wins(tmp_path: Path) -> None:
    book = book_of(
        tmp_path,
        """
[defaults]
calling_ae = "DEFAULTS"
acse_timeout_s = 10
notes = "from defaults"
[group.Radiology]
calling_ae = "GROUP"
notes = "from group"
[[target]]
name = "own"
host = "a"
port = 1
called_ae = "A"
group = "Radiology"
calling_ae = "OWN"
[[target]]
name = "ungrouped"
host = "a"
port = 1
called_ae = "A"
""",
    )
    own, ungrouped = book.targets
    assert (own.calling_ae, own.notes, own.acse_timeout_s) == ("OWN", "from group", 10.0)
    assert (ungrouped.calling_ae, ungrouped.notes) == ("DEFAULTS", "from defaults")
    assert isinstance(own.acse_timeout_s, float)


def test_tells_what_a_target_would_inherit(tmp_path: Path) -> None:
    book = book_of(tmp_path, '[defaults]\nport = 104\n[group.Lab]\nhost = "127.0.0.1"\n')
    inherited = book.inherited("Lab")
    assert inherited[Field.HOST] == "127.0.0.1"
    assert inherited[Field.PORT] == 104
    assert inherited[Field.CALLING_AE] == DEFAULT_CALLING_AE
    assert Field.HOST not in book.inherited("")


def test_values_that_cannot_work_are_left_to_the_diagnosis(tmp_path: Path) -> None:
    book = book_of(tmp_path, GOOD.replace("104", "70000").replace('"GOOD"', '"' + "A" * 17 + '"'))
    assert book.problems == ()
    assert book.targets[0].port == 70000


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('port = "104"', '4: port: "104" must be a number (1 to 65535)'),
        ("port = 104.0", "4: port: 104.0 must be a number (1 to 65535)"),
        ("port = true", "4: port: true must be a number (1 to 65535)"),
        ("port = 99999999999999999999", "4: port: 99999999999999999999 must be a number"),
        ("port = [104]", "4: port: [104] must be a number (1 to 65535)"),
        ("prot = 104", "4: prot: is not a key that dcmecho knows. Did you mean port?"),
        ("# none", "1: port: is missing; every target needs port = ..."),
    ],
)
def test_a_bad_target_is_listed_and_does_not_hide_the_good_ones(
    tmp_path: Path, line: str, problem: str
) -> None:
    broken = f'[[target]]\nname = "Bad"\nhost = "bad.lan"\n{line}\ncalled_ae = "BAD"\n'
    book = book_of(tmp_path, broken + GOOD)
    assert [target.name for target in book.targets] == ["Good"]
    assert [profile.name for profile in book.broken] == ["Bad"]
    assert [profile.name for profile in book.profiles] == ["Bad", "Good"]
    assert any(each.startswith(problem) for each in problems(book))
    assert book.broken[0].problems
    assert book.profiles[1].problems == ()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("host = 5", "host: 5 must be text in quotes"),
        ("called_ae = 5", "called_ae: 5 must be text in quotes"),
        ("calling_ae = false", "calling_ae: false must be text in quotes"),
        ("notes = 1979-05-27", "notes: 1979-05-27 must be text in quotes"),
        ('connect_timeout_s = "5"', 'connect_timeout_s: "5" must be a number of seconds'),
        ("max_pdu_bytes = 1.5", "max_pdu_bytes: 1.5 must be a whole number of bytes"),
        ("do_not_probe = true", "do_not_probe: true must be text in quotes, the reason"),
        ('group = "a\\nb"', 'group: "a\\nb" must be text that can be shown on one line'),
        ('group = "\\u001b[2J"', 'group: "\\u001b[2J" must be text'),
    ],
)
def test_a_value_of_the_wrong_type_breaks_its_target(
    tmp_path: Path, line: str, problem: str
) -> None:
    key = line.partition(" ")[0]
    lines = [each for each in GOOD.splitlines() if not each.startswith(f"{key} ")]
    book = book_of(tmp_path, "\n".join([*lines, line]))
    assert book.targets == ()
    assert f"{len(lines) + 1}: {problem}" in problems(book)[0]


def test_a_broken_target_is_listed_in_a_printable_group(tmp_path: Path) -> None:
    book = book_of(tmp_path, GOOD + '\ngroup = "two\\nlines"')
    assert book.broken[0].group == "two\\x0alines"


def test_a_broken_target_keeps_its_values_for_editing(tmp_path: Path) -> None:
    book = book_of(tmp_path, GOOD.replace("104", '"104"'))
    assert book.broken[0].own == {
        Field.NAME: "Good",
        Field.HOST: "good.lan",
        Field.PORT: "104",
        Field.CALLED_AE: "GOOD",
    }


def test_unknown_keys_are_named_and_harmless(tmp_path: Path) -> None:
    book = book_of(tmp_path, GOOD + 'modality = "CT"\ncaling_ae = "X"\n')
    assert [target.name for target in book.targets] == ["Good"]
    assert problems(book) == [
        "6: modality: is not a key that dcmecho knows",
        "7: caling_ae: is not a key that dcmecho knows. Did you mean calling_ae?",
    ]


@pytest.mark.parametrize("table", ["", "[group.Scanners]\n", "[defaults]\n"])
@pytest.mark.parametrize("line", ['do_not_prob = "vendor"', 'Do-Not-Probe = "vendor"', "tsl = 1"])
def test_a_misspelled_safeguard_keeps_the_target_from_running(
    tmp_path: Path, table: str, line: str
) -> None:
    target = GOOD + 'group = "Scanners"\n'
    book = book_of(tmp_path, target + line if not table else f"{table}{line}\n{target}")
    assert book.targets == ()
    assert "Did you mean" in str(book.broken[0].problems[0])


def test_a_bad_default_breaks_those_that_inherit_it_and_no_others(tmp_path: Path) -> None:
    other = GOOD.replace("Good", "Other") + 'calling_ae = "OWN"\n'
    book = book_of(tmp_path, "[defaults]\ncalling_ae = 7\n" + GOOD + other)
    assert [target.name for target in book.targets] == ["Other"]
    assert [problem.line for problem in book.broken[0].problems] == [2]
    assert problems(book) == ["2: calling_ae: 7 must be text in quotes"]


def test_names_are_unique(tmp_path: Path) -> None:
    book = book_of(tmp_path, GOOD + "\n" + GOOD)
    assert len(book.targets) == 1
    assert [(profile.name, profile.occurrence) for profile in book.broken] == [("Good", 1)]
    assert problems(book) == [
        '8: name: "Good" is already the name of the target at line 1; give each a unique name'
    ]


@pytest.mark.parametrize("name", ["# none", 'name = ""', "name = 5"])
def test_a_target_without_a_name_is_listed(tmp_path: Path, name: str) -> None:
    book = book_of(tmp_path, GOOD.replace('name = "Good"', name))
    assert [profile.name for profile in book.broken] == [""]
    assert [problem.key for problem in book.broken[0].problems] == ["name"]


def test_every_missing_key_is_named(tmp_path: Path) -> None:
    book = book_of(tmp_path, "\n[[target]]\n")
    assert [(problem.line, problem.key) for problem in book.problems] == [
        (2, "name"),
        (2, "host"),
        (2, "port"),
        (2, "called_ae"),
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("port = 104\n", "1: port: is outside of any table"),
        ("[default]\n", "1: default: is not a table of a profile file. Did you mean defaults?"),
        ("[[targets]]\n", "1: targets: is not a table of a profile file. Did you mean target?"),
        ("[target]\n", "1: target: write [[target]], with two brackets"),
        ("target = [1]\n", "1: target: must be a table"),
        ("defaults = 1\n", "1: defaults: must be a table"),
        ("group = 1\n", "1: group: write one table for each group"),
        ("[group]\nx = 1\n", "2: x: must be a table"),
        ('[defaults]\nname = "x"\n', "2: name: belongs in each [[target]], not here"),
        ('[group.x]\ngroup = "y"\n', "2: group: belongs in each [[target]], not here"),
    ],
)
def test_what_stands_in_the_wrong_place_is_named(
    tmp_path: Path, content: str, problem: str
) -> None:
    book = book_of(tmp_path, content)
    assert problems(book)[0].startswith(problem)
    assert book.targets == ()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"[[target]]\nname = A\n", "2: column 8 is not TOML: Invalid value"),
        (b"a = 1\nb = 'x", "2: the file ends too early to be TOML"),
        (b"a = 1\na = 2\n", "2: column 6 is not TOML"),
        (b"a = 1\nb = '\xe4'\n", "2: byte e4 is not UTF-8"),
        (b"a = " + b"9" * 5000, "1: a number in this file has too many digits"),
        (b"a = " + b"[" * 5000, "1: is nested too deeply"),
    ],
    ids=["value", "open", "twice", "latin-1", "digits", "nesting"],
)
def test_a_file_that_is_no_toml_opens_read_only_with_the_place(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    book = book_of(tmp_path, content)
    assert len(book.problems) == 1
    assert problems(book)[0].startswith(problem)
    assert (book.exists, book.writable, book.profiles) == (True, False, ())


def test_a_missing_file_is_an_empty_writable_book(tmp_path: Path) -> None:
    book = load(tmp_path / "none" / "profiles.toml")
    assert (book.exists, book.writable, book.profiles, book.problems) == (False, True, (), ())


def test_what_cannot_be_read_is_a_problem_and_read_only(tmp_path: Path) -> None:
    book = load(tmp_path)
    assert problems(book) == ["1: cannot be read: Is a directory"]
    assert not book.writable


def test_a_link_to_itself_is_a_problem_and_read_only(tmp_path: Path) -> None:
    path = tmp_path / "profiles.toml"
    path.symlink_to(path)
    book = load(path)
    assert "cannot be read" in problems(book)[0]
    assert not book.writable


def test_a_file_below_a_file_cannot_be_created(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert not load(tmp_path / "file" / "profiles.toml").writable


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path, newline: str) -> None:
    text = GOOD.replace("104", '"x"') + GOOD.replace("Good", "Two")
    book = book_of(tmp_path, b"\xef\xbb\xbf" + text.replace("\n", newline).encode())
    assert [target.name for target in book.targets] == ["Two"]
    assert problems(book)[0].startswith("4: port")


def test_an_inline_array_of_targets_reads_like_tables(tmp_path: Path) -> None:
    book = book_of(
        tmp_path, 'target = [\n{name = "A", host = "a", port = 1, called_ae = "A"},\n{}]\n'
    )
    assert [target.name for target in book.targets] == ["A"]
    assert {problem.line for problem in book.problems} == {1}


@pytest.mark.parametrize(
    ("group", "table", "remarked"),
    [
        ("Radiolgy", "Radiology", True),
        ("radiology", "Radiology", True),
        ("Radiology", "Radiology", False),
        ("Cardiology", "Radiology", False),
        ("CT 2", "CT 1", False),
    ],
)
def test_a_misspelled_group_is_remarked_and_harmless(
    tmp_path: Path, group: str, table: str, remarked: bool
) -> None:
    text = f'[group."{table}"]\nport = 1\n{GOOD}group = "{group}"\n'
    book = book_of(tmp_path, text)
    remark = f'8: group: "{group}" has no table. Did you mean "{table}"?'
    assert problems(book) == [remark] * remarked
    assert [target.name for target in book.targets] == ["Good"]


def test_finds_a_profile_by_name(tmp_path: Path) -> None:
    book = book_of(tmp_path, GOOD)
    assert book.find("Good") is book.profiles[0]
    assert book.find("good") is None


def test_reading_does_not_import_tomlkit() -> None:
    code = "import sys, dcmecho.profiles.book.load; sys.exit('tomlkit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
