"""Programs that store, query and move, as people run them: a table to read and to extend."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from dcmecho.diagnosis.causes.findings import Finding
from dcmecho.diagnosis.move.model import MoveRequest
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.store.model import new_test_image
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.diagnosis.target.target import Target
from tests.network.peers.real_peers import require_program
from tests.network.roundtrip.callers import Caller
from tests.network.services.move_archives import STUDY, write_phantom
from tests.network.services.surveying import ask

_IMAGE_BYTES = 20_000
_STUDY_KEYS = ("-S", "-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={STUDY}")


class Command(Enum):
    """What is asked of a peer, and the names of the programs that do."""

    STORE = "storescu"
    FIND = "findscu"
    MOVE = "movescu"


@dataclass(frozen=True)
class Order:
    """A command, and what it needs."""

    command: Command
    folder: Path
    destination: str
    registered: int
    """The port of the destination at the archive."""

    def live(self, target: Target) -> Sequence[Finding]:
        """Return what dcmecho itself finds when it asks for the same."""
        match self.command:
            case Command.STORE:
                store = ask(target, SurveyRequest(store=new_test_image(_IMAGE_BYTES))).store
                return store.findings if store else ()
            case Command.FIND:
                query = ask(target, SurveyRequest(query=True)).query
                return query.findings if query else ()
            case Command.MOVE:
                ends = (Address("127.0.0.1", self.registered),)
                move = ask(target, SurveyRequest(move=MoveRequest(STUDY, ends, False))).move
                return move.findings if move else ()

    def options(self) -> tuple[Sequence[str], Sequence[str]]:
        """Return the options of a program for it, and the files."""
        match self.command:
            case Command.STORE:
                return (), (str(write_phantom(self.folder / "phantom.dcm", 1)),)
            case Command.FIND:
                return _STUDY_KEYS, ()
            case Command.MOVE:
                return (*_STUDY_KEYS, "-aem", self.destination), ()


def callers(order: Order) -> Sequence[Caller]:
    """Return the programs that carry out an order."""
    name = order.command.value
    found = [
        Caller(name, _with(order, lambda: [require_program(name, "dcmtk")], "-to")),
        Caller(
            f"pynetdicom {name}", _with(order, lambda: [sys.executable, "-m", "pynetdicom", name])
        ),
    ]
    if order.command is Command.STORE:
        dcmsend = _with(order, lambda: [require_program("dcmsend", "dcmtk")], "-to")
        found.append(Caller("dcmsend", dcmsend))
    return found


def _with(
    order: Order, program: Callable[[], Sequence[str]], connecting: str = "-tn"
) -> Callable[[Target], Sequence[str]]:
    def command(target: Target) -> Sequence[str]:
        options, files = order.options()
        titles = ["-aet", target.calling_ae, "-aec", target.called_ae]
        times = [word for option in (connecting, "-ta", "-td") for word in (option, "4")]
        place = [target.host, str(target.port)]
        return [*program(), "-v", *times, *titles, *options, *place, *files]

    return command
