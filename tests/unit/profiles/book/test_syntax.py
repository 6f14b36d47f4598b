"""Finding the lines of tables and keys in TOML that tomllib has read."""

import tomllib

import pytest

from dcmecho.profiles.book.syntax import KeyPath, key_lines, statements

TRICKY = '''\
# [commented]
top."quoted key".x = 1

  [defaults] # [not this]
  calling_ae = "X # ] \\" ["
notes = """a
[[target]]
name = "no"
b""""" # five quotes
literal = \'\'\'
port = 1\'\'\'\'
list = [ 1, # ]
  "]", { a = "}" },
]
[[target]]
name = "A"
[group.'R 1']
port = 1
[[ "target" ]]
"port" = 3
[target.tls]
ca_file = "x"
'''


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("top", "quoted key", "x"), 2),
        (("defaults",), 4),
        (("defaults", "calling_ae"), 5),
        (("defaults", "notes"), 6),
        (("defaults", "literal"), 10),
        (("defaults", "list"), 12),
        (("target", 0), 15),
        (("target", 0, "name"), 16),
        (("group", "R 1"), 17),
        (("group", "R 1", "port"), 18),
        (("target", 1), 19),
        (("target", 1, "port"), 20),
        (("target", 1, "tls"), 21),
        (("target", 1, "tls", "ca_file"), 22),
    ],
)
def test_finds_lines(place: KeyPath, line: int, newline: str) -> None:
    text = TRICKY.replace("\n", newline)
    assert key_lines(text)[place] == line


def test_finds_nothing_that_only_looks_like_a_statement() -> None:
    tomllib.loads(TRICKY)
    lines = key_lines(TRICKY)
    assert ("commented",) not in lines
    assert ("target", 2) not in lines


@pytest.mark.parametrize("text", ["", "\n", "# only a comment", "  \t"])
def test_an_empty_text_has_no_statements(text: str) -> None:
    assert list(statements(text)) == []


def test_a_statement_has_its_whole_lines() -> None:
    text = '[[target]] # one\n  name = "A"  # two\nlist = [\n1]'
    assert [text[each.start : each.end] for each in statements(text)] == [
        "[[target]] # one\n",
        '  name = "A"  # two\n',
        "list = [\n1]",
    ]
