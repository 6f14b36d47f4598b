"""TLS in profiles.toml: settings of a target, and mistakes that must keep it from running."""

from pathlib import Path

import pytest

from dcmecho.diagnosis.target.tls import TlsSettings, TlsVersion
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.model import ProfileBook

TARGET = """\
[[target]]
name = "PACS"
group = "Radiology"
host = "pacs.lan"
port = 2762
called_ae = "PACS"
"""


def book_of(folder: Path, text: str) -> ProfileBook:
    path = folder / "profiles.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def tls_of(folder: Path, text: str) -> TlsSettings | None:
    book = book_of(folder, text)
    assert [str(problem) for problem in book.problems] == []
    [target] = book.targets
    return target.tls


def problem_of(folder: Path, text: str) -> str:
    """Return the only problem, which must keep the target from running."""
    book = book_of(folder, text)
    assert book.targets == ()
    [problem] = book.problems
    assert book.broken[0].problems == (problem,)
    return str(problem).removeprefix(f"{book.path}:")


def test_a_target_without_a_tls_table_at_any_level_is_plain(tmp_path: Path) -> None:
    assert tls_of(tmp_path, TARGET) is None


@pytest.mark.parametrize("table", ["[target.tls]", "[group.Radiology.tls]", "[defaults.tls]"])
def test_an_empty_tls_table_asks_for_tls_with_the_built_in_values(
    tmp_path: Path, table: str
) -> None:
    assert tls_of(tmp_path, f"{TARGET}{table}\n") == TlsSettings()


def test_every_key_is_read(tmp_path: Path) -> None:
    settings = tls_of(
        tmp_path,
        TARGET + "[target.tls]\n"
        'ca_file = ["/ca/one.pem", "/ca/two.pem"]\n'
        'ca_folder = "/ca"\n'
        'cert_file = "/own/cert.pem"\n'
        'key_file = "/own/key.pem"\n'
        'passphrase_env = "KEY_PASSPHRASE"\n'
        'minimum_version = "1.3"\n'
        "verify = false\n"
        'server_name = "archive.lan"\n',
    )
    assert settings == TlsSettings(
        ca_files=("/ca/one.pem", "/ca/two.pem"),
        ca_folder="/ca",
        cert_file="/own/cert.pem",
        key_file="/own/key.pem",
        passphrase_env="KEY_PASSPHRASE",
        minimum_version=TlsVersion.TLS_1_3,
        verify=False,
        server_name="archive.lan",
    )
    command = tls_of(tmp_path, TARGET + '[target.tls]\npassphrase_command = "pass show pacs"\n')
    assert command == TlsSettings(passphrase_command="pass show pacs")


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.3"])
def test_takes_every_version_by_its_number(tmp_path: Path, version: str) -> None:
    settings = tls_of(tmp_path, f'{TARGET}[target.tls]\nminimum_version = "{version}"\n')
    assert settings == TlsSettings(minimum_version=TlsVersion(version))


def test_the_nearest_value_wins_key_by_key(tmp_path: Path) -> None:
    settings = tls_of(
        tmp_path,
        '[defaults.tls]\nca_file = "/far.pem"\nminimum_version = "1.3"\nserver_name = "far"\n'
        '[group.Radiology.tls]\nca_file = "/group.pem"\nserver_name = "group"\n'
        f'{TARGET}[target.tls]\nserver_name = "own"\n',
    )
    assert settings == TlsSettings(
        ca_files=("/group.pem",), minimum_version=TlsVersion.TLS_1_3, server_name="own"
    )


@pytest.mark.parametrize(
    ("far", "near", "expected"),
    [
        ("passphrase_env", "passphrase_command", TlsSettings(passphrase_command="x")),
        ("passphrase_command", "passphrase_env", TlsSettings(passphrase_env="x")),
    ],
)
def test_a_nearer_source_of_the_passphrase_replaces_a_farther_one(
    tmp_path: Path, far: str, near: str, expected: TlsSettings
) -> None:
    text = f'[defaults.tls]\n{far} = "far"\n{TARGET}[target.tls]\n{near} = "x"\n'
    assert tls_of(tmp_path, text) == expected


def test_a_passphrase_from_two_sources_is_refused(tmp_path: Path) -> None:
    text = TARGET + '[target.tls]\npassphrase_env = "A"\npassphrase_command = "b"\n'
    told = "9: tls.passphrase_command: conflicts with passphrase_env; keep only one of them"
    assert problem_of(tmp_path, text) == told


def test_false_turns_off_the_tls_of_the_tables_farther_away(tmp_path: Path) -> None:
    far = '[defaults.tls]\nca_file = "/far.pem"\n'
    assert tls_of(tmp_path, f"{far}{TARGET}tls = false\n") is None
    assert tls_of(tmp_path, f"{far}[group.Radiology]\ntls = false\n{TARGET}") is None
    group_off = f"{far}[group.Radiology]\ntls = false\n{TARGET}[target.tls]\n"
    assert tls_of(tmp_path, group_off) == TlsSettings()


def test_false_turns_off_faulty_tls_as_well(tmp_path: Path) -> None:
    book = book_of(tmp_path, f"[defaults.tls]\nverify = 1\nport = 1\n{TARGET}tls = false\n")
    assert [target.tls for target in book.targets] == [None]


def test_a_nearer_value_settles_a_faulty_one_of_the_same_key_only(tmp_path: Path) -> None:
    far = "[defaults.tls]\nverify = 1\n"
    own = book_of(tmp_path, f"{far}{TARGET}[target.tls]\nverify = true\n")
    assert [target.tls for target in own.targets] == [TlsSettings()]
    assert "verify" in problem_of(tmp_path, f'{far}{TARGET}[target.tls]\nserver_name = "a"\n')


def test_paths_are_relative_to_the_folder_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/jim")
    monkeypatch.chdir("/")
    settings = tls_of(
        tmp_path,
        TARGET + '[target.tls]\nca_file = ["ca.pem", "~/ca.pem", "/ca.pem"]\nca_folder = "cas"\n'
        'cert_file = "tls/cert.pem"\nkey_file = "~/key.pem"\n',
    )
    assert settings == TlsSettings(
        ca_files=(str(tmp_path / "ca.pem"), "/home/jim/ca.pem", "/ca.pem"),
        ca_folder=str(tmp_path / "cas"),
        cert_file=str(tmp_path / "tls" / "cert.pem"),
        key_file="/home/jim/key.pem",
    )


@pytest.mark.parametrize("nothing", ['""', "[]"])
def test_an_empty_value_stands_for_none_and_not_for_the_folder(
    tmp_path: Path, nothing: str
) -> None:
    far = '[defaults.tls]\nca_file = "ca.pem"\nca_folder = "cas"\n'
    near = f'[target.tls]\nca_file = {nothing}\nca_folder = ""\n'
    assert tls_of(tmp_path, far + TARGET + near) == TlsSettings()


@pytest.mark.parametrize("key", ["passphrase", "password", "Passphrase", "key-password"])
@pytest.mark.parametrize("table", ["[target.tls]\n", ""])
def test_a_secret_in_the_file_is_refused_and_never_shown(
    tmp_path: Path, key: str, table: str
) -> None:
    problem = problem_of(tmp_path, f'{TARGET}{table}{key} = "s3cret"\n')
    assert "passphrase_env" in problem
    assert "passphrase_command" in problem
    assert "s3cret" not in problem


def test_a_secret_of_the_wrong_type_is_not_shown(tmp_path: Path) -> None:
    problem = problem_of(tmp_path, TARGET + '[target.tls]\npassphrase_command = ["s3cret"]\n')
    assert problem == "8: tls.passphrase_command: must be text in quotes"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("ca_file = 5", "tls.ca_file: 5 must be text in quotes, or a list of texts in quotes"),
        ('ca_file = ["a", 5]', "tls.ca_file: ['a', 5] must be text"),
        ('ca_file = [""]', "tls.ca_file: [''] must be text"),
        ("key_file = true", "tls.key_file: true must be text in quotes"),
        ('cert_file = "a\\u0000"', 'tls.cert_file: "a\\u0000" must be text that can be shown'),
        ("minimum_version = 1.2", 'tls.minimum_version: 1.2 must be "1.0", "1.1", "1.2" or "1.3"'),
        ('minimum_version = "TLSv1.2"', 'tls.minimum_version: "TLSv1.2" must be "1.0", "1.1"'),
        ('verify = "false"', 'tls.verify: "false" must be true or false'),
        ("verify = 0", "tls.verify: 0 must be true or false"),
        ('cafile = "x"', "tls.cafile: is not a key of a TLS table. Did you mean ca_file?"),
        ("colour = 1", "tls.colour: is not a key of a TLS table"),
        ('notes = "x"', "tls.notes: is inside the TLS table, which ends at the next table"),
    ],
)
@pytest.mark.parametrize("table", ["[target.tls]", "[group.Radiology.tls]", "[defaults.tls]"])
def test_tls_that_is_not_what_the_file_says_does_not_run(
    tmp_path: Path, table: str, line: str, told: str
) -> None:
    assert problem_of(tmp_path, f"{TARGET}{table}\n{line}\n").startswith(f"8: {told}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (TARGET + "tls = true\n", "7: tls: true must be a table such as [target.tls]"),
        (TARGET + 'tls = "yes"\n', '7: tls: "yes" must be a table'),
        (TARGET + "[[target.tls]]\nverify = true\n", "must be a table such as [target.tls]"),
        (TARGET + "[target.tsl]\n", "7: tsl: is not a key that dcmecho knows. Did you mean tls?"),
        (TARGET + 'ca_file = "ca.pem"\n', "7: ca_file: belongs in a TLS table"),
        ("[defaults]\nverify = true\n" + TARGET, "2: verify: belongs in a TLS table"),
        ("[tls]\n" + TARGET, "1: tls: write [defaults.tls], or [target.tls] below"),
        ('ca_file = "ca.pem"\n' + TARGET, "1: ca_file: is outside of any table"),
        ("[default.tls]\n" + TARGET, "1: default: is not a table of a profile file. Did you mean"),
        ("[groups.Radiology.tls]\n" + TARGET, "1: groups: is not a table of a profile file"),
        ("[[group.Radiology]]\n[group.Radiology.tls]\n" + TARGET, "must be a table of keys"),
    ],
)
def test_tls_in_the_wrong_place_does_not_run_in_plain(tmp_path: Path, text: str, told: str) -> None:
    assert told in problem_of(tmp_path, text)


def test_a_faulty_tls_table_breaks_those_that_inherit_it_and_no_others(tmp_path: Path) -> None:
    other = TARGET.replace('"PACS"', '"CT"').replace("Radiology", "Cardiology")
    book = book_of(tmp_path, f"[group.Radiology.tls]\nverify = 1\n{TARGET}{other}")
    assert [target.name for target in book.targets] == ["CT"]
    assert [problem.line for problem in book.broken[0].problems] == [2]


def test_an_inline_table_and_dotted_keys_are_tls_tables(tmp_path: Path) -> None:
    expected = TlsSettings(ca_files=("/ca.pem",))
    assert tls_of(tmp_path, TARGET + 'tls = { ca_file = "/ca.pem" }\n') == expected
    assert tls_of(tmp_path, TARGET + 'tls.ca_file = "/ca.pem"\n') == expected
