"""Associations that were captured at two places: on both sides of an address translation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from dcmecho.capture.associations.account import Account

_MOST_APART_S = 2.0
"""A packet does not take longer from one place of a capture to the other."""


def with_twins(accounts: Sequence[Account]) -> list[Account]:
    """Tell of each association that the capture has under other addresses too.

    Both connections begin with the same two random sequence numbers: no other two do.
    """
    found = list(accounts)
    firsts: dict[tuple[int, int], int] = {}
    also: dict[int, list[str]] = defaultdict(list)
    for place, account in enumerate(accounts):
        conversation = account.conversation
        client, server = conversation.client, conversation.server
        if client.isn is None or server.isn is None:
            continue
        first = firsts.setdefault((client.isn, server.isn), place)
        if first != place and _is_near(accounts[first], account):
            found[place] = account._replace(same_as=first)
            also[first].append(f"{client.endpoint} -> {server.endpoint}")
    for place, seen in also.items():
        found[place] = found[place]._replace(also=tuple(seen))
    return found


def _is_near(one: Account, other: Account) -> bool:
    first, second = one.conversation.first.time, other.conversation.first.time
    return first is None or second is None or abs(second - first) <= _MOST_APART_S
