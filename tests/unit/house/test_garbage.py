"""Imported modules are not scanned for garbage; a long-running program collects as usual."""

from __future__ import annotations

import subprocess
import sys


def told(program: str) -> str:
    """Run code in a new Python, because this one must keep its own collector settings."""
    done = subprocess.run(
        [sys.executable, "-c", "import gc\nfrom dcmecho import garbage\n" + program],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_garbage_collection_is_rare_during_a_start() -> None:
    assert (
        told("garbage.collect_rarely(); print(gc.isenabled(), gc.get_threshold()[0])")
        == "True 100000"
    )


def test_a_long_running_program_collects_as_usual_but_skips_imported_modules() -> None:
    program = (
        "usual = gc.get_threshold()\n"
        "garbage.collect_rarely()\n"
        "garbage.collect_as_usual()\n"
        "print(gc.get_threshold() == usual, gc.get_freeze_count() > 0)"
    )
    assert told(program) == "True True"


def test_a_long_running_program_collects_a_dropped_cycle() -> None:
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


def test_a_program_with_many_objects_makes_fewer_full_collections() -> None:
    program = (
        "young, middle, all_of_it = gc.get_threshold()\n"
        "garbage.make_full_collections_rare()\n"
        "now = gc.get_threshold()\n"
        "print(now[:2] == (young, middle), now[2] > all_of_it)"
    )
    assert told(program) == "True True"
