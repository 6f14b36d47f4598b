"""From a spreadsheet to a check that passes, and from the profile file into real archives."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from dcmecho.exit_codes import ExitCode
from dcmecho.profiles.book.load import load
from tests.network.diagnose.test_command_line import COMMAND, DEADLINE_S, dcmecho
from tests.network.peers.dcmtk import storescp
from tests.network.peers.real_peers import ARCHIVE_TITLE, REGISTERED, require_program, running

TABLE = "Station;IP Address;Port;AE Title\n{}\nCT;10.0.0.3;1O4;CT_3\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "peers.csv"
    path.write_text(TABLE.format("Main;127.0.0.1;104;MAIN_PACS"), encoding="utf-8")
    return path


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    return tmp_path / "profiles.toml"


def exported(tmp_path: Path, form: str) -> str:
    """The entry for an archive's administrator to register, in the archive's own format."""
    profiles = tmp_path / "profiles.toml"
    profiles.write_text(
        f'[[target]]\nname = "A"\nhost = "127.0.0.1"\nport = 104\ncalled_ae = "{ARCHIVE_TITLE}"\n'
        f'calling_ae = "{REGISTERED}"\n'
    )
    command = ("export", "A", "--our-host", "127.0.0.1", "--our-port", "11113")
    done = dcmecho(*command, "--format", form, "--profiles", str(profiles))
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_from_a_spreadsheet_to_a_green_run(tmp_path: Path, profiles: Path) -> None:
    with storescp(tmp_path) as peer:
        table = tmp_path / "peers.csv"
        table.write_text(TABLE.format(f"Main;127.0.0.1;{peer.port};MAIN_PACS"), encoding="utf-8")
        done = dcmecho("import", str(table), "--yes", "--profiles", str(profiles))
        assert done.returncode == ExitCode.PROFILE, "a row was refused"
        assert 'refused   line 3     CT    port: "1O4" must be a number' in done.stdout
        done = dcmecho("check", "--all", "--profiles", str(profiles))
        assert done.returncode == 0
        assert "1 target: 1 OK" in done.stdout


def test_a_real_dcmqrscp_takes_our_line(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    storage.mkdir()
    configuration = tmp_path / "dcmqrscp.cfg"
    configuration.write_text(
        f"{exported(tmp_path, 'dcmqrscp')}"
        "AETable BEGIN\n"
        f"{ARCHIVE_TITLE}  {storage}  RW (10, 1024mb)  {REGISTERED}\n"
        "AETable END\n"
    )
    program = require_program("dcmqrscp", "dcmtk")
    with running(
        lambda port: [program, "-dhl", "-c", str(configuration), str(port)], tmp_path
    ) as p:
        ours = f"{ARCHIVE_TITLE}@127.0.0.1:{p.port}"
        assert dcmecho("-aet", REGISTERED, ours).returncode == 0
        assert dcmecho("-aet", "NOBODY", ours).returncode == ExitCode.REJECTED


def test_a_real_orthanc_takes_our_entry(tmp_path: Path) -> None:
    program = require_program("Orthanc", "orthanc")
    modalities = json.loads(exported(tmp_path, "orthanc"))
    strict = ("DicomCheckCalledAet", "DicomCheckModalityHost")
    configuration = tmp_path / "orthanc.json"

    def command(port: int) -> list[str]:
        values = {
            "StorageDirectory": str(tmp_path / "db"),
            "IndexDirectory": str(tmp_path / "db"),
            "Plugins": [],
            "HttpServerEnabled": False,
            "DicomAet": ARCHIVE_TITLE,
            "DicomPort": port,
            "DicomAlwaysAllowEcho": False,
            "DicomAlwaysAllowStore": False,
            **dict.fromkeys(strict, True),
        }
        configuration.write_text(json.dumps({**values, **modalities}))
        return [program, str(configuration)]

    with running(command, tmp_path) as peer:
        ours = f"{ARCHIVE_TITLE}@127.0.0.1:{peer.port}"
        assert dcmecho("-aet", REGISTERED, ours).returncode == 0
        assert dcmecho("-aet", "NOBODY", ours).returncode == ExitCode.REJECTED


class TestImportCommand:
    def test_without_a_terminal_it_writes_only_what_it_is_told_to(
        self, table: Path, profiles: Path
    ) -> None:
        done = dcmecho("import", str(table), "--profiles", str(profiles))
        assert done.returncode == ExitCode.USAGE
        assert "nothing was written. Add --yes to write, or --dry-run to only look" in done.stderr
        assert not profiles.exists()

    def test_a_dry_run_writes_nothing(self, table: Path, profiles: Path) -> None:
        done = dcmecho("import", str(table), "--dry-run", "--json", "--profiles", str(profiles))
        document = json.loads(done.stdout)
        assert document["schema"] == "dcmecho.import/1"
        assert document["counts"] == {"new": 1, "changed": 0, "equal": 0, "refused": 1}
        assert document["written"] is False
        assert document["rows"][0]["values"]["called_ae"] == "MAIN_PACS"
        assert not profiles.exists()

    @pytest.mark.parametrize(
        ("answer", "code", "written"),
        [("y", ExitCode.PROFILE, True), ("n", ExitCode.INTERRUPTED, False)],
    )
    def test_at_a_terminal_it_asks(
        self, table: Path, profiles: Path, answer: str, code: ExitCode, written: bool
    ) -> None:
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [*COMMAND, "import", str(table), "--profiles", str(profiles)],
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        _, said = process.communicate(timeout=DEADLINE_S)
        os.close(ours)
        assert "Write 1 new and 0 changed targets to" in said
        assert (process.returncode, profiles.exists()) == (code, written)

    def test_lines_on_standard_input(self, profiles: Path) -> None:
        done = subprocess.run(
            [*COMMAND, "import", "-", "--yes", "--group", "New", "--profiles", str(profiles)],
            input="MAIN@h:104\n",
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
        assert done.returncode == 0
        (target,) = load(profiles).targets
        assert (target.name, target.group) == ("MAIN", "New")

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (None, "No such file or directory"),
            (b"", "it is empty"),
            (b"\x00\xff\x01", "this is no text; copy the peers from it as lines AET@host:port"),
        ],
    )
    def test_what_cannot_be_read_is_told(
        self, tmp_path: Path, profiles: Path, content: bytes | None, said: str
    ) -> None:
        path = tmp_path / "file"
        if content is not None:
            path.write_bytes(content)
        done = dcmecho("import", str(path), "--yes", "--profiles", str(profiles))
        assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
        assert said in done.stderr

    def test_a_profile_file_that_is_no_toml_is_left_alone(
        self, table: Path, profiles: Path
    ) -> None:
        profiles.write_text("not toml")
        done = dcmecho("import", str(table), "--yes", "--profiles", str(profiles))
        assert done.returncode == ExitCode.USAGE
        assert "profiles.toml:1: " in done.stderr
        assert profiles.read_text() == "not toml"


class TestExportCommand:
    @pytest.fixture(autouse=True)
    def _targets(self, profiles: Path) -> None:
        profiles.write_text(
            '[defaults]\ncalling_ae = "WS"\n'
            '[[target]]\nname = "A"\nhost = "a"\nport = 104\ncalled_ae = "AA"\n'
            '[[target]]\nname = "B"\nhost = "b"\nport = 2762\ncalled_ae = "B B"\n[target.tls]\n'
        )

    def test_the_line_for_an_administrator(self, profiles: Path) -> None:
        done = dcmecho("export", "--all", "--profiles", str(profiles))
        assert done.stdout.splitlines() == [
            "AE title AA, host a, port 104",
            "AE title B B, host b, port 2762, TLS",
        ]
        ours = dcmecho("export", "--all", "--our-host", "10.1.2.3", "--profiles", str(profiles))
        assert ours.stdout == "AE title WS, host 10.1.2.3, port 11112\n"

    def test_a_file_is_new_and_for_its_owner_only(self, profiles: Path, tmp_path: Path) -> None:
        out = tmp_path / "peers.csv"
        command = ("export", "A", "--format", "csv", "-o", str(out), "--profiles", str(profiles))
        assert dcmecho(*command).returncode == 0
        assert out.stat().st_mode & 0o777 == 0o600
        again = dcmecho(*command)
        assert again.returncode == ExitCode.USAGE
        assert "already exists. Name a new file" in again.stderr

    def test_what_is_left_out_is_told(self, profiles: Path) -> None:
        done = dcmecho("export", "--all", "--format", "dcmqrscp", "--profiles", str(profiles))
        assert done.returncode == ExitCode.PROFILE
        assert "A = (AA, a, 104)" in done.stdout
        assert "dcmecho: B: left out: a dcmqrscp.cfg cannot have" in done.stderr

    def test_an_unknown_name_is_told(self, profiles: Path) -> None:
        done = dcmecho("export", "C", "--profiles", str(profiles))
        assert done.returncode == ExitCode.USAGE
        assert "no target named C in" in done.stderr

    def test_we_cannot_be_where_nothing_can_be(self, profiles: Path) -> None:
        command = ("export", "A", "--our-host", "h", "--our-port", "70000")
        done = dcmecho(*command, "--profiles", str(profiles))
        assert done.returncode == ExitCode.USAGE
        assert "--our-port: 70000 is not a port" in done.stderr


def test_a_long_wait_is_told_on_a_terminal(profiles: Path) -> None:
    words = ("import", "-", "--yes", "--profiles", str(profiles))
    ours, theirs = pty.openpty()
    pipe = subprocess.PIPE
    with subprocess.Popen([*COMMAND, *words], stdin=pipe, stderr=theirs, stdout=pipe) as run:
        os.close(theirs)
        try:
            said = b""
            while b"Press Ctrl-C to cancel." not in said:
                said += os.read(ours, 1000)
            run.communicate(b"MAIN@127.0.0.1:104\n", timeout=DEADLINE_S)
        finally:
            run.kill()
            os.close(ours)
    assert b"dcmecho: still reading standard input. Press Ctrl-C to cancel." in said
    assert run.returncode == ExitCode.OK
