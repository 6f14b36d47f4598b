"""A file that cannot be written whole is not left behind, and the command says so."""

from __future__ import annotations

from dataclasses import replace

from dcmecho.exit_codes import ExitCode
from tests.network.peers.real_peers import require_program
from tests.people import ended, open_folder, people

_TARGET = '[[target]]\nname = "P"\nhost = "h"\nport = 1\ncalled_ae = "P"\nnotes = "{notes}"\n'
_EXPORT = """
import sys
from pathlib import Path
from dcmecho.cli.main import run

folder = Path(sys.argv[1])
with (folder / "room").open("wb", buffering=0) as file:
    try:
        while True:
            file.write(bytes(4096))
    except OSError:
        pass
code = run(["export", "--all", "--format", "csv", "-o", f"{folder}/targets.csv"])
print(code, sorted(each.name for each in folder.iterdir()))
"""


_MOUNTED = 'mount -t tmpfs -o size=64k,mode=1777 none "$0" && exec "$@"'


def test_an_export_to_a_full_disk_leaves_nothing() -> None:
    [person] = people(1)
    with open_folder() as home:
        profiles, disk = home / "profiles.toml", home / "disk"
        profiles.write_text(_TARGET.format(notes="x" * 10_000))
        disk.mkdir()
        unshare = require_program("unshare", "util-linux")
        within = (unshare, "-m", "sh", "-c", _MOUNTED, str(disk))
        person = replace(person, env={"DCMECHO_PROFILES": str(profiles)}, within=within)
        said = ended(person.python(_EXPORT, disk))
    assert "No space left on device" in said.err
    assert said.out == f"{ExitCode.USAGE.value} ['room']\n"
