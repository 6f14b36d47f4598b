"""Random profile files, as lists of pieces."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from dcmecho.diagnosis.target.fields import Field, Value

Place = tuple[str, Field]
"""The name of a target, and one of its keys."""


@dataclass(frozen=True)
class RandomFile:
    """A text in pieces; ``places`` has the indexes of the values of targets."""

    pieces: Sequence[str]
    places: dict[Place, int]
    names: Sequence[str]
    is_inline: bool

    @property
    def content(self) -> bytes:
        return "".join(self.pieces).encode()

    def around(self, place: Place) -> tuple[bytes, bytes]:
        """Return the text before a value and the text after it."""
        number = self.places[place]
        before, after = self.pieces[:number], self.pieces[number + 1 :]
        return "".join(before).encode(), "".join(after).encode()


_LETTERS = "aZ0 \"'\\#=[]{}.,é世"
LINES = st.text(_LETTERS, min_size=1, max_size=8)
TEXTS = st.text(_LETTERS + "\n\t", max_size=12)
_SPACES = st.sampled_from(["", " ", "  ", "\t"])
_COMMENTS = st.sampled_from(["", "", " # why", "# [[target]]", '  # "x" = 1'])
_BETWEEN = st.sampled_from(["", "", "", "\n", "\n\n", "# of whom\n", "  # x = [\n\n", " \t\n"])
_GROUPS = ("Radiology", "R 1", 'o"dd')

_NUMBERS = st.integers(1, 65535)
_KEYS: dict[Field, st.SearchStrategy[Value]] = {
    Field.HOST: TEXTS,
    Field.CALLED_AE: LINES,
    Field.CALLING_AE: LINES,
    Field.PORT: _NUMBERS,
    Field.GROUP: st.sampled_from(_GROUPS),
    Field.NOTES: TEXTS,
    Field.ACSE_TIMEOUT_S: st.floats(0.125, 90, width=16) | st.integers(1, 90),
    Field.MAX_PDU_BYTES: _NUMBERS,
    Field.NO_EXPERIMENTS: LINES,
}
KEYS = st.sampled_from(list(_KEYS))


def values_of(key: Field) -> st.SearchStrategy[Value]:
    """Draw values of the right type for a key."""
    return _KEYS[key]


@st.composite
def random_files(draw: st.DrawFn, min_size: int = 1) -> RandomFile:
    """Draw valid files with uniquely named targets, in many styles."""
    names = draw(
        st.lists(LINES.map(str.strip).filter(bool), min_size=min_size, max_size=4, unique=True)
    )
    is_inline = draw(st.sampled_from([False, False, False, True]))
    pieces = [draw(_BETWEEN), draw(st.sampled_from(["", "# [target]\n", "unknown.key = 1\n"]))]
    places: dict[Place, int] = {}
    if is_inline:
        _write_array(draw, names, pieces, places)
    groups = list(draw(st.permutations(_GROUPS)))
    for name in [] if is_inline else names:
        if draw(st.booleans()) and groups:
            pieces += [f"[group.{json.dumps(groups.pop())}]\n", "port = 104 # all\n"]
        pieces.append(draw(_BETWEEN))
        _write_table(draw, name, pieces, places)
    pieces.append(draw(_BETWEEN))
    if draw(st.booleans()):
        pieces[-1] = pieces[-1].rstrip("\n")
        if not pieces[-1]:
            pieces[-2] = pieces[-2].removesuffix("\n")
    if draw(st.booleans()):
        pieces = [piece.replace("\n", "\r\n") for piece in pieces]
    if draw(st.booleans()):
        pieces[0] = "\ufeff" + pieces[0]
    return RandomFile(pieces, places, names, is_inline)


def _write_table(draw: st.DrawFn, name: str, pieces: list[str], places: dict[Place, int]) -> None:
    indent, gap = draw(_SPACES), draw(_SPACES)
    header = draw(st.sampled_from(["[[target]]", "[[ target ]]", '[["target"]]']))
    pieces.append(f"{indent}{header}{draw(_COMMENTS)}\n")
    for key in (Field.NAME, *draw(st.lists(KEYS, max_size=6, unique=True))):
        value = name if key is Field.NAME else draw(_KEYS[key])
        pieces.append(f"{draw(_BETWEEN)}{indent}{draw(_quoted(key))}{gap}={draw(_SPACES)}")
        places[(name, key)] = len(pieces)
        pieces += [draw(_written(value, True)), f"{draw(_COMMENTS)}\n"]
    pieces.append(draw(st.sampled_from(_TLS)))


_TLS = (
    "",
    "tls = { verify = false, ca_file = ['a', \"b\"] } # inline\n",
    "tls.verify = true\ntls.'ca_file' = [ # one\n  'a',\n]\n",
    "[target.tls]\n# its own\nverify = false\n\n",
    "  [ target . tls ] # x\n",
)


def _write_array(
    draw: st.DrawFn, names: Sequence[str], pieces: list[str], places: dict[Place, int]
) -> None:
    newline = draw(st.sampled_from(["", "\n  ", "\n# of it\n"]))
    pieces.append("target = [")
    for number, name in enumerate(names):
        pieces.append(f"{',' if number else ''}{newline}{{")
        for key in (Field.NAME, *draw(st.lists(KEYS, max_size=4, unique=True))):
            value = name if key is Field.NAME else draw(_KEYS[key])
            pieces.append(f"{'' if key is Field.NAME else ', '}{draw(_quoted(key))} = ")
            places[(name, key)] = len(pieces)
            pieces.append(draw(_written(value, False)))
        pieces.append(draw(st.sampled_from(["}", " }", ", tls = { verify = false } }"])))
    pieces.append(f"{newline}] # all\n")


def _quoted(key: Field) -> st.SearchStrategy[str]:
    return st.sampled_from([key.value, f'"{key}"', f"'{key}'"])


def _written(value: Value, several_lines: bool) -> st.SearchStrategy[str]:
    if isinstance(value, float):
        return st.just(repr(value))
    if isinstance(value, int):
        return st.sampled_from([str(value), f"0x{value:x}", f"+{value}", f"{value:_}"])
    ways = [json.dumps(value, ensure_ascii=False)]
    if "'" not in value and "\n" not in value:
        ways.append(f"'{value}'")
    if several_lines and "\\" not in value and '"' not in value:
        ways.append(f'"""\n{value}"""')
    if several_lines and "'" not in value:
        ways.append(f"'''\n{value}'''")
    return st.sampled_from(ways)
