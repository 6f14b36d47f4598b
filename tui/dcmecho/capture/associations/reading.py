"""Captures, read into associations: each with its report, in the order of their first packets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, overload

from dcmecho.capture.associations.account import Account, told_once
from dcmecho.capture.associations.judging import judge
from dcmecho.capture.associations.moving import with_subs
from dcmecho.capture.associations.surroundings import Surroundings
from dcmecho.capture.associations.twice import with_twins
from dcmecho.capture.conversation import CaptureFacts
from dcmecho.capture.passed.listening import Listener
from dcmecho.capture.passed.others import Other, name_others
from dcmecho.capture.passed.passage import Room
from dcmecho.capture.passed.titles import target_of
from dcmecho.capture.read import Progress, read_captures
from dcmecho.capture.reader import Meeting
from dcmecho.diagnosis.observed.association import ObservedAssociation

_LOG_BYTES = 48 << 20
"""What the logs of all associations may take; of further ones nothing is kept."""
_MOST_ATTEMPTS = 5000
"""Connections that were never opened are told of up to this number, then only counted."""


class Reports(Sequence[ObservedAssociation]):
    """The reports on associations, each made when it is asked for."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        """Report these."""
        self._accounts = accounts

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._accounts)

    @overload
    def __getitem__(self, index: int) -> ObservedAssociation: ...

    @overload
    def __getitem__(self, index: slice) -> Reports: ...

    def __getitem__(self, index: int | slice) -> ObservedAssociation | Reports:
        """Return the report at a place."""
        if isinstance(index, slice):
            return Reports(self._accounts[index])
        return self._accounts[index].told()


class ReadCapture(NamedTuple):
    """What captures hold."""

    facts: CaptureFacts
    accounts: tuple[Account, ...]
    """In the order of their first packets."""
    others: int
    """Conversations that are no associations: other protocols, checks of a port."""
    named: tuple[Other, ...] = ()
    """What these are, by kind."""
    uncounted: int = 0
    """Attempts to connect that are not among ``accounts``: there were too many."""

    @property
    def associations(self) -> Reports:
        """The reports, in the order of their first packets."""
        return Reports(self.accounts)

    @property
    def different(self) -> tuple[Account, ...]:
        """The associations without those that were captured at a second place."""
        return tuple(each for each in self.accounts if each.same_as is None)

    def only(self, is_wanted: Callable[[Account], bool]) -> ReadCapture:
        """Return it with fewer associations."""
        return self._replace(accounts=tuple(filter(is_wanted, self.accounts)))

    def grouped(self) -> Iterator[ObservedAssociation]:
        """Yield one report for all that ended alike."""
        groups: dict[tuple[object, ...], list[Account]] = defaultdict(list)
        for account in self.different:
            groups[account.kind].append(account)
        return map(told_once, groups.values())


class _Gathering:
    """Collects what conversations said, as they end."""

    def __init__(self, room: Room) -> None:
        """Begin with none."""
        self.listeners: list[Listener] = []
        self.uncounted = 0
        self._attempts = 0
        self._room = room

    def listen(self, meeting: Meeting) -> Listener:
        """Return the reader of a conversation."""
        return Listener(meeting, self._room, self._ended)

    def _ended(self, listener: Listener) -> None:
        if listener.was_opened:
            self.listeners.append(listener)
        elif self._attempts < _MOST_ATTEMPTS:
            self._attempts += 1
            self.listeners.append(listener)
        else:
            self.uncounted += 1


def read_associations(
    files: Sequence[str],
    tell: Callable[[Progress], None] | None = None,
    *,
    with_log: bool = False,
) -> ReadCapture:
    """Read captures, each association with the log of what passed if asked for.

    Raises as ``read_captures`` does.
    """
    gathering = _Gathering(Room(_LOG_BYTES if with_log else 0))
    facts = read_captures(files, gathering.listen, tell)
    listeners = sorted(gathering.listeners, key=lambda each: each.meeting.number)
    around = Surroundings(facts, _ttls(listeners))
    accounts: list[Account] = []
    others: list[Listener] = []
    for listener in listeners:
        judged = judge(listener, around, target_of(listener))
        if judged is None:
            others.append(listener)
        else:
            accounts.append(Account.of(listener, judged))
    accounts = with_twins(with_subs(accounts))
    named = name_others(others, (each.listener.meeting.server for each in accounts))
    return ReadCapture(facts, tuple(accounts), len(others), named, gathering.uncounted)


def _ttls(listeners: Sequence[Listener]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for listener in listeners:
        conversation = listener.conversation
        if conversation is not None:
            for stream in (conversation.client, conversation.server):
                found[stream.endpoint.address] |= stream.ttls
    return {address: frozenset(ttls) for address, ttls in found.items()}
