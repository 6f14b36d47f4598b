"""The profiles.toml of the repository: it has no problems and lists the practice lab."""

import re
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.diagnosis.target.tls_keys import TlsKey
from dcmecho.lab.peers import PEERS
from dcmecho.lab.tls.files import KEPT_IN, TlsFiles
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.model import ProfileBook

EXAMPLE = Path(__file__).parents[4] / "profiles.toml"
LAB = "Lab"
DOCUMENTATION = ip_network("192.0.2.0/24")


def _uncommented(text: str) -> str:
    start = text.index("# [[target]]")
    end = text.index("\n\n", start)
    example = re.sub("^# ", "", text[start:end], flags=re.MULTILINE)
    return text[:start] + example + text[end:]


@pytest.fixture(scope="module")
def example() -> ProfileBook:
    return load(EXAMPLE)


def test_has_no_problems(example: ProfileBook) -> None:
    assert [str(problem) for problem in example.problems] == []
    assert example.targets


def test_the_tls_example_works_once_it_is_uncommented(example: ProfileBook, tmp_path: Path) -> None:
    path = tmp_path / EXAMPLE.name
    path.write_text(_uncommented(EXAMPLE.read_text(encoding="utf-8")), encoding="utf-8")
    book = load(path)
    assert [str(problem) for problem in book.problems] == []
    plain = {target.name for target in example.targets}
    [added] = [target for target in book.targets if target.name not in plain]
    assert added.do_not_probe == "an example address"
    assert added.tls == TlsSettings(
        ca_files=(str(tmp_path / "hospital-ca.pem"),),
        cert_file=str(tmp_path / "workstation.pem"),
        key_file=str(tmp_path / "workstation.key"),
        passphrase_env="DCMECHO_PASSPHRASE",
    )


def test_the_example_shows_every_tls_key_and_the_built_in_values() -> None:
    shown = _uncommented(EXAMPLE.read_text(encoding="utf-8"))
    for key in TlsKey:
        assert re.search(rf"^(# )?{key} = ", shown, re.MULTILINE), key
    built_in = TlsSettings()
    assert f'minimum_version = "{built_in.minimum_version}"' in shown
    assert f"verify = {str(built_in.verify).lower()} " in shown


def test_lists_every_lab_peer_as_the_lab_serves_it(example: ProfileBook) -> None:
    listed = [
        (
            target.name,
            target.host,
            target.port,
            target.called_ae,
            target.calling_ae,
            target.tls,
            target.notes,
        )
        for target in example.targets
        if target.group == LAB
    ]
    files = TlsFiles(Path(KEPT_IN).expanduser())
    served = [
        (
            peer.name,
            "127.0.0.1",
            peer.port,
            peer.called_ae,
            peer.calling_ae,
            peer.tls and files.settings(peer.tls),
            peer.story,
        )
        for peer in PEERS
    ]
    assert listed == served


def test_never_sends_anything_off_this_machine(example: ProfileBook) -> None:
    others = [target for target in example.targets if target.group != LAB]
    assert others
    for target in others:
        assert ip_address(target.host) in DOCUMENTATION
        assert target.do_not_probe == "an example address"
