"""What becomes of a watch while others edit the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcmecho.console.file.edits import read
from tests.console.driving import PROFILES, opened
from tests.console.playback import PlayedEngine


@pytest.mark.parametrize("meanwhile", ["[[target]\n", None], ids=["a typing error", "no file"])
async def test_a_file_that_tells_nothing_for_a_moment_ends_no_watch(
    profiles: Path, engine: PlayedEngine, meanwhile: str | None
) -> None:
    async with opened(profiles, engine) as console:
        session = console.main.session
        console.main.watching.watch(session.book.profiles)
        watched = session.watching.targets
        if meanwhile is None:
            profiles.unlink()
        else:
            profiles.write_text(meanwhile)
        session.after_reading(read(profiles))
        assert not session.book.targets
        assert session.watching.targets == watched
        profiles.write_text(PROFILES.replace("port = 11112", 'port = 104\ndo_not_probe = "no"'))
        session.after_reading(read(profiles))
        assert set(session.watching.targets) == {"Main PACS", "CT 2"}
