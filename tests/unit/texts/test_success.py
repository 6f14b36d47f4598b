"""Logs in which nothing failed: no failure is seen in them, whatever stands between the lines."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dcmecho.cli.explain import run
from dcmecho.exit_codes import ExitCode

SMALL, LARGE = 60_000, 10_000_000
NUMBER_OF_LOGS = 20


def dcmqrscp(number: int) -> str:
    return (
        f"I: Association Received (ct{number % 9}:CT{number % 9} -> ARCHIVE)\n"
        "I: Association Acknowledged (Max Send PDV: 16372)\n"
        "I: Received Echo Request (MsgID 1)\nI: Association Release\n"
    )


def storescp(number: int) -> str:
    return (
        "I: Association Received\nI: Association Acknowledged (Max Send PDV: 16372)\n"
        f"I: Received Store Request (MsgID {number % 99})\n"
        f"I: storing DICOM file: ./CT.1.2.{number}\nI: Association Release\n"
    )


def echoscu(number: int) -> str:
    return (
        f"I: Requesting Association\nI: Association Accepted (Max Send PDV: {16372 + number})\n"
        "I: Sending Echo Request (MsgID 1)\nI: Received Echo Response (Success)\n"
        "I: Releasing Association\n"
    )


def orthanc(number: int) -> str:
    at = f"I1130 02:{number // 60 % 60:02}:{number % 60:02}.{number % 1000000:06}"
    return (
        f"{at} CommandDispatcher.cpp:331] Association Received from AET CT1 on IP 10.1.2.3\n"
        f"{at} main.cpp:305] Incoming connection from AET CT1 on IP 10.1.2.3, calling AET ORTHANC\n"
        f"{at} CommandDispatcher.cpp:619] Association Acknowledged (Max Send PDV: 16372) to AET CT1"
        " on IP 10.1.2.3\n"
        f"{at} main.cpp:89] Incoming Store request from AET CT1 on IP 10.1.2.3\n"
        f"{at} ServerContext.cpp:600] New instance stored ({number:08x})\n"
        f"{at} CommandDispatcher.cpp:940] Finishing association with AET CT1 on IP 10.1.2.3:"
        " DUL Peer Requested Release\n"
        f"{at} CommandDispatcher.cpp:400] Association Release with AET CT1 on IP 10.1.2.3\n"
    )


def dcm4chee(number: int) -> str:
    at = f"2026-11-30 02:{number // 60 % 60:02}:{number % 60:02},{number % 1000:03} INFO "
    who = f"DCM4CHEE<-CT1({number})"
    name = "[org.dcm4che3.net.Association] (EE-ManagedExecutorService-default-Thread-1)"
    return (
        f"{at} [org.dcm4che3.net.Connection] Accept connection Socket[addr=/10.1.2.3,port=5]\n"
        f"{at} {name} {who} >> A-ASSOCIATE-RQ\n{at} {name} {who} << A-ASSOCIATE-AC\n"
        f"{at} [org.dcm4che3.net.Dimse] {who} >> 1:C-STORE-RQ[pcid=1, prior=0\n"
        f"{at} [org.dcm4che3.net.Dimse] {who} << 1:C-STORE-RSP[pcid=1, status=0H\n"
        f"{at} {name} {who} >> A-RELEASE-RQ\n{at} {name} {who} << A-RELEASE-RP\n"
    )


def pynetdicom(number: int) -> str:
    return (
        "I: Requesting Association\nI: Association Accepted\n"
        f"I: Sending Echo Request: MsgID {number % 65535}\n"
        "I: Received Echo Response (Status: 0x0000 - Success)\nI: Releasing Association\n"
    )


def fodicom(number: int) -> str:
    return (
        f"[INFO] PACS -> Association request:\nCalling AE Title: WS{number % 9}\n"
        "[INFO] PACS <- Association accept:\n"
        f"[INFO] PACS -> C-ECHO request [{number}]\n[INFO] PACS <- C-ECHO response [1]: Success\n"
        "[INFO] PACS -> Association release request\n[INFO] PACS <- Association release response\n"
    )


def others(number: int) -> str:
    return (
        f"02:10:00 ERROR [org.hibernate] JDBC: connection {number} refused\n"
        "Caused by: java.net.ConnectException: Connection refused\n"
        "02:10:01 WARN  [io.undertow] java.io.IOException: Broken pipe\n"
        f"GET /wado?studyUID=1.2.{number} 504 upstream timed out\n"
    )


WRITERS: tuple[Callable[[int], str], ...] = (
    dcmqrscp,
    storescp,
    echoscu,
    orthanc,
    dcm4chee,
    pynetdicom,
    fodicom,
)


def log(seed: int, size: int) -> Iterator[str]:
    """Yield a log of one program, among lines of others."""
    chance = random.Random(seed)
    write = WRITERS[seed % len(WRITERS)]
    number = written = 0
    while written < size:
        number += 1
        piece = write(number) if chance.random() < 0.9 else others(number)
        written += len(piece)
        yield piece


def no_failure(path: Path, seed: int, size: int, capsys: pytest.CaptureFixture[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(log(seed, size))
    code = run([str(path)])
    out = capsys.readouterr().out
    assert out.strip().startswith("No failure seen"), out[:2000]
    assert code == ExitCode.OK


@pytest.mark.parametrize("seed", range(len(WRITERS)))
def test_in_a_log_of_success_no_failure_is_seen(
    tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    no_failure(tmp_path / "server.log", seed, SMALL, capsys)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(NUMBER_OF_LOGS))
def test_in_large_logs_of_success_no_failure_is_seen(
    tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    no_failure(tmp_path / "server.log", seed, LARGE, capsys)
