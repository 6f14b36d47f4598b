"""Command lines of DCMTK's and dcm4che's clients, as pasted."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

from dcmecho.diagnosis.target.digits import is_whole
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.target import DEFAULT_CALLED_AE, Target
from dcmecho.profiles.address import PeerAddress, peer_address
from dcmecho.profiles.exchange.formats import lines
from dcmecho.profiles.exchange.rows import (
    Channel,
    ExchangeFormat,
    ExchangeRow,
    Reading,
    Remark,
    counted,
    row_of,
)
from dcmecho.profiles.exchange.writing import ExportedText

_PROGRAM = re.compile(
    r"(?:^|[\s/\\\"'>$%])(?P<program>echoscu|echopcu|storescu|findscu|movescu|getscu|termscu|dcmsend"
    r"|stgcmtscu|mppsscu|ianscu|upsscu|dcmecho)(?:\.exe|\.bat|\.sh)?[\"']?(?=\s)",
    re.IGNORECASE,
)
"""A program after a prompt, a folder or a space. ``echopcu`` is a frequent misspelling."""
_GLUED = re.compile(r"(?P<option>-[cb]|--connect=|--bind=)(?P<value>[^\s=].*)", re.DOTALL)
"""dcm4che's options with their values, as Commons CLI takes them."""
_LOG_LINE = re.compile(r"[DEFIW]: ")
_CONTINUED = re.compile(r"[\\^]\n")
_QUOTED_OR_OPERATOR = re.compile(
    r"""'[^']*'|"(?:[^"\\]++|\\.)*+"|\\.|(?P<operator>[|&;<>])""", re.DOTALL
)
_VALUE_OPTIONS: Mapping[str, Field] = MappingProxyType(
    {option: field for field in Field for option in field.row.options}
)
_SKIPPED_VALUES: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(
        (
            *("-aem", "--move", "-ts", "--socket-timeout", "-ll", "--log-level", "-lc"),
            *("--log-config", "--repeat", "-pts", "--propose-ts", "-ppc", "--propose-pc"),
            *("-k", "--key", "+P", "--port", "-od", "--output-directory", "+sp", "--scan-pattern"),
            *("--max-send-pdu", "-usr", "--user", "-pwd", "--password", "-kt", "--kerberos"),
            *("--saml", "--jwt", "+cf", "--add-cert-file", "+cd", "--add-cert-dir", "+cs"),
            *("--cipher", "+dp", "--dhparam", "+pw", "--use-passwd", "-m"),
        ),
        1,
    )
    | dict.fromkeys(("+tls", "--enable-tls", "-xf", "--config-file"), 2)
)
_TLS_OPTIONS = frozenset(
    ("+tls", "--enable-tls", "+tla", "--anonymous-tls", "--tls", "--tls12", "--tls13")
)


def looks_like(text: str) -> bool:
    """Report whether a text contains a command line of a known program."""
    return any(
        _PROGRAM.search(line) and not _is_comment(line) and not _is_address(line)
        for line in text.splitlines()
    )


def read(text: str) -> Reading:
    """Read each command, and ``AET@host:port`` between them.

    Other lines, such as the output of the commands, are ignored.
    """
    remarks: list[Remark] = []
    rows = tuple(counted(_rows(text, remarks)))
    return Reading(ExchangeFormat.COMMAND, rows, tuple(remarks))


def write(targets: Sequence[Target]) -> ExportedText:
    """Write an ``echoscu`` for each target; TLS without its files, as ``+tla``."""
    return ExportedText("".join(_echoscu(target) for target in targets))


def _rows(text: str, remarks: list[Remark]) -> Iterator[ExchangeRow]:
    for number, line in _joined(text):
        if _is_address(line):
            yield from (replace(row, line=number) for row in lines.read(line).rows)
            continue
        program = _PROGRAM.search(line)
        if program is None or _is_comment(line):
            continue
        words = [*_apart(_words(line[program.end() :]))]
        yield _row(number, program["program"], words)
        if "+tls" in words or "--enable-tls" in words or "+cf" in words:
            message = "the TLS files of the command are not imported; name them in [target.tls]"
            remarks.append(Remark(number, message))


def _echoscu(target: Target) -> str:
    words = ["echoscu", "-aet", target.calling_ae, "-aec", target.called_ae]
    words += ["+tla"] if target.tls is not None else []
    return f"{shlex.join([*words, target.host, str(target.port)])}\n"


def _is_address(line: str) -> bool:
    """Report whether a line is ``AET@host:port``, with no program before it."""
    program = _PROGRAM.search(line)
    return lines.looks_like(line) and (program is None or program.start() > line.index("@"))


def _is_comment(line: str) -> bool:
    """Report whether a line is a comment; in ``# echoscu …`` the # is root's prompt."""
    text = line.lstrip()
    return _LOG_LINE.match(text) is not None or (text.startswith("#") and not _is_prompt(text))


def _is_prompt(text: str) -> bool:
    program = _PROGRAM.match(text.removeprefix("#"))
    return program is not None and not program.start("program") > len("# ")


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines with their continuations joined, each with the number of its first line."""
    number = 1
    marked = _CONTINUED.sub("\0", text)
    for line in marked.split("\n"):
        yield number, line.replace("\0", " ")
        number += 1 + line.count("\0")


def _words(text: str) -> list[str]:
    """Split the arguments as a shell does, up to the first operator."""
    operator = next((each for each in _QUOTED_OR_OPERATOR.finditer(text) if each["operator"]), None)
    arguments = text[: operator.start()] if operator else text
    try:
        return shlex.split(arguments)
    except ValueError:
        return arguments.split()


def _apart(words: Sequence[str]) -> Iterator[str]:
    """Yield the words, with dcm4che's ``-cAET@host:port`` as two."""
    for word in words:
        glued = _GLUED.fullmatch(word)
        if glued and ("@" in glued["value"] or glued["option"].startswith("--")):
            yield from (glued["option"].rstrip("="), glued["value"])
        else:
            yield word


def _row(number: int, program: str, words: Sequence[str]) -> ExchangeRow:
    texts: dict[Field, str] = {}
    positional: list[str] = []
    channel = Channel.NOT_GIVEN
    waiting = iter(words)
    for word in waiting:
        if word in _TLS_OPTIONS:
            channel = Channel.TLS
        if field := _VALUE_OPTIONS.get(word):
            texts[field] = next(waiting, "")
        elif word in ("-c", "--connect"):
            positional.append(next(waiting, ""))
        elif word in ("-b", "--bind"):
            texts[Field.CALLING_AE] = _bound_title(next(waiting, ""))
        elif word in _SKIPPED_VALUES:
            for _ in range(_SKIPPED_VALUES[word]):
                next(waiting, "")
        elif not word.startswith(("-", "+")):
            positional.append(word)
    address = _address(positional)
    if address is None:
        problem = f"this {program} command has no peer; HOST PORT or AET@host:port is missing"
        return ExchangeRow(number, problem=problem)
    texts = {
        Field.CALLED_AE: address.called_ae,
        Field.HOST: address.host,
        Field.PORT: str(address.port),
        **texts,
    }
    return row_of(number, texts, channel)


def _bound_title(bound: str) -> str:
    """Return the AE title of dcm4che's ``AET[@ip][:port]``."""
    title = bound.partition("@")[0].partition(":")[0]
    return "" if is_whole(title) else title


def _address(positional: Sequence[str]) -> PeerAddress | None:
    for word in positional:
        if address := peer_address(word):
            return address
    for host, port in pairwise(positional):
        if is_whole(port) and not is_whole(host):
            return PeerAddress(DEFAULT_CALLED_AE, host, int(port))
    return None
