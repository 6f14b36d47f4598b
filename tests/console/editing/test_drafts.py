"""What a draft says of values, without a screen: where they are from, and what a test would use."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from dcmecho.console.background import Background
from dcmecho.console.editing.draft import (
    Draft,
    draft_clone,
    draft_new,
    draft_of,
)
from dcmecho.console.editing.inheritance import NOTHING, Inherited, inherited
from dcmecho.console.editing.many import ManyDraft, first_error
from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.model import ProfileBook
from dcmecho.profiles.lint import Neighbours

FILE = """\
[defaults]
calling_ae = "HOUSE"
do_not_probe = "the house sleeps"

[group.CT]
calling_ae = "CT_WS"
do_not_probe = "in use"

[group.CT.tls]
verify = false

[[target]]
name = "A"
host = "10.0.0.1"
port = 104
called_ae = "PACS"
group = "CT"

[[target]]
name = "B"
host = "10.0.0.2"
port = 104
called_ae = "PACS"
"""


@pytest.fixture
def book(tmp_path: Path) -> ProfileBook:
    path = tmp_path / "profiles.toml"
    path.write_text(FILE)
    return load(path)


def _draft(book: ProfileBook, name: str) -> Draft:
    profile = book.find(name)
    assert profile is not None
    return draft_of(book, profile)


def test_the_nearest_table_gives_the_value_and_its_name(book: ProfileBook) -> None:
    assert inherited(book, Field.CALLING_AE, "CT") == Inherited("CT_WS", "[group.CT]")
    assert inherited(book, Field.CALLING_AE, "") == Inherited("HOUSE", "[defaults]")
    assert inherited(book, Field.CONNECT_TIMEOUT_S, "CT") == Inherited("5", "built in")
    assert inherited(book, Field.HOST, "CT") == NOTHING


def test_reasons_to_refuse_add_up(book: ProfileBook) -> None:
    found = inherited(book, Field.DO_NOT_PROBE, "CT")
    assert found == Inherited("in use; the house sleeps", "[group.CT], [defaults]")


def test_a_test_of_another_group_has_that_groups_values_and_the_former_refusals(
    book: ProfileBook,
) -> None:
    draft = _draft(book, "A")
    target = draft.target({**draft.texts, Field.GROUP: ""})
    assert target is not None
    assert (target.calling_ae, target.tls) == ("HOUSE", None)
    assert "in use" in target.do_not_probe, "the file still forbids it"


def test_a_new_target_and_a_copy_have_the_tls_of_their_group(book: ProfileBook) -> None:
    profile = book.find("A")
    assert profile is not None
    new, copy, ungrouped = draft_new(book, "CT"), draft_clone(book, profile), draft_new(book, "")
    settings = new.tls.settings(new.texts, "CT")
    assert settings == copy.tls.settings(copy.texts, "CT") is not None
    assert ungrouped.tls.settings(ungrouped.texts, "") is None


def test_a_preview_tells_what_changes_and_an_error_forbids_it(book: ProfileBook) -> None:
    many = ManyDraft.of(book, book.profiles, Neighbours.of(book.targets))
    previews = many.preview(Field.CALLING_AE, "NEW")
    assert [(each.before, each.after) for each in previews] == [
        ("CT_WS from [group.CT]", "NEW"),
        ("HOUSE from [defaults]", "NEW"),
    ]
    assert first_error(previews) is None
    assert first_error(many.preview(Field.PORT, "0")) is not None
    assert [each.profile.name for each in many.changes(Field.GROUP, "CT")] == ["B"]


async def test_work_in_the_background_is_done_in_order_and_its_errors_arrive() -> None:
    background, done = Background(), []

    async def do(number: int) -> None:
        await background.run(lambda: done.append(number))

    await asyncio.gather(*(do(number) for number in range(5)))
    assert done == list(range(5))
    with pytest.raises(ZeroDivisionError):
        await background.run(lambda: 1 // 0)
    assert not background.busy


def test_an_empty_value_of_the_file_that_is_not_touched_stays(tmp_path: Path) -> None:
    path = tmp_path / "profiles.toml"
    path.write_text(
        '[defaults]\ngroup = "all"\n[[target]]\nname = "A"\nhost = "h"\nport = 104\n'
        'called_ae = "A"\ngroup = ""\n'
    )
    book = load(path)
    draft = draft_of(book, book.profiles[0])
    assert draft.changes({**draft.texts, Field.HOST: "new"}) == {Field.HOST: "new"}
