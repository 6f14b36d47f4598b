"""What was imported is not walked over; what a program makes that goes on is collected as usual."""

from __future__ import annotations

import subprocess
import sys


def told(program: str) -> str:
    """What a fresh Python prints: this one has a collector of its own to keep."""
    done = subprocess.run(
        [sys.executable, "-c", "import gc\nfrom dcmecho import garbage\n" + program],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_start_is_hardly_ever_walked_over() -> None:
    assert (
        told("garbage.collect_rarely(); print(gc.isenabled(), gc.get_threshold()[0])")
        == "True 100000"
    )


def test_a_program_that_goes_on_collects_as_usual_and_spares_what_was_there() -> None:
    program = (
        "usual = gc.get_threshold()\n"
        "garbage.collect_rarely()\n"
        "garbage.collect_as_usual()\n"
        "print(gc.get_threshold() == usual, gc.get_freeze_count() > 0)"
    )
    assert told(program) == "True True"


def test_a_cycle_that_a_lasting_program_drops_is_collected() -> None:
    program = (
        "import weakref\n"
        "class Node: pass\n"
        "garbage.collect_rarely()\n"
        "garbage.collect_as_usual()\n"
        "node = Node()\n"
        "node.itself, gone = node, weakref.ref(node)\n"
        "del node\n"
        "kept = [[] for _ in range(10_000)]\n"
        "print(gone() is None)"
    )
    assert told(program) == "True"


def test_a_program_that_keeps_much_walks_over_all_of_it_less_often() -> None:
    program = (
        "young, middle, all_of_it = gc.get_threshold()\n"
        "garbage.make_full_collections_rare()\n"
        "now = gc.get_threshold()\n"
        "print(now[:2] == (young, middle), now[2] > all_of_it)"
    )
    assert told(program) == "True True"
