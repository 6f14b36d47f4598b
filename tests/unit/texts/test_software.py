"""Lines of software that the corpus has little of, with the stage and the causes of each."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.texts.explaining import explain
from dcmecho.diagnosis.verdict import VerdictStatus

LINES = (
    # Conquest
    ("*** ExportConverter0.1: Forward failed to connect to host MR7", "associate", "tcp.refused"),
    ("Host 'MR7' did not accept the connection", "service", "move.not-reached"),
    (
        "*** ExportConverter1.0: DICOM server MR7 does not accept type of forwarded image",
        "context",
        "object.sop-class-refused",
    ),
    (
        "*** Grab - remote C-MOVE DICOM Error code a801 (43009)",
        "service",
        "move.destination-unknown",
    ),
    ("***dicommove: association lost", "service", "move.not-authorised"),
    # DCMTK
    (
        "F: Association Request Failed: 0006:0437 A-ASSOCIATE PDU too large",
        "associate",
        "peer.malformed",
    ),
    # Laurel Bridge, Merge
    ("CT4 -> ROUTER Bad Calling Title", "ae-title", "ae.calling-unknown"),
    ("Max Concurrent Associations for Source Exceeded", "associate", "assoc.limit"),
    ("MC_Open_Association: MC_UNKNOWN_HOST_NAME", "resolve", "dns.not-found"),
    ("send failed, MC_NO_ACCEPTABLE_SERVICES", "context", "context.sop-class-refused"),
    # Java has the words of the system
    ("storescu: Verbindungsaufbau abgelehnt", "connect", "tcp.refused"),
    ("findscu: Connexion refusée", "connect", "tcp.refused"),
    ("storescu: Conexão recusada", "connect", "tcp.refused"),
    ("storescu: Connessione rifiutata", "connect", "tcp.refused"),
    ("storescu: Connessione scaduta", "connect", "tcp.no-answer"),
    ("storescu: No existe ninguna ruta hasta el host", "connect", "tcp.prohibited"),
    ("storescu: Das Netzwerk ist nicht erreichbar", "connect", "tcp.unreachable"),
    ("storescu: pacs7: Nom ou service inconnu", "resolve", "dns.not-found"),
    # consoles and viewers
    ("DICOM verification failed", "associate", "tcp.refused"),
    ("Error 3021: Remote AE MR7 is not responding", "associate", "tcp.no-answer"),
    ("Verification: remote AE MR7 rejected the association", "associate", "ae.called-unknown"),
    (
        "Verify: Association rejected. Called AE title not recognized",
        "ae-title",
        "ae.called-unknown",
    ),
    ("Autorouting DICOM StoreSCU operation failed.", "service", "store.broken-off"),
    ("MR7: Worklist query failed", "associate", "query.status"),
)


@pytest.mark.parametrize(("line", "stage", "cause"), LINES, ids=[line for line, _, _ in LINES])
def test_a_line_has_its_stage_and_causes(line: str, stage: str, cause: str) -> None:
    (failure,) = explain([[line.encode()]]).failures
    assert str(failure.report.verdict.stage.value) == stage
    assert cause == failure.causes[0].id.value
    assert len(failure.causes) <= 7


@pytest.mark.parametrize("line", [each for each in LINES if each[1] == "associate"])
def test_general_words_prove_nothing(line: tuple[str, str, str]) -> None:
    (failure,) = explain([[line[0].encode()]]).failures
    assert all(cause.confidence is not Confidence.PROVEN for cause in failure.causes)


@pytest.mark.parametrize(
    "text",
    [
        "An existing connection was forcibly closed by the remote host",
        "Verification failed: wrong checksum",
        "Host 'db1' is not responding",
        "java.net.ConnectException: Verbindungsaufbau abgelehnt",
        "Printing failed: the printer rejected the job",
    ],
)
def test_what_others_write_too_is_not_known(text: str) -> None:
    assert not explain([[text.encode()]]).is_dicom


ABORTED = "F: Association Request Failed: 0006:0317 Peer aborted Association (or never connected)"


def test_a_rejection_outside_the_standard_is_no_congestion() -> None:
    text = (
        b"E: Received invalid A-ASSOCIATE-RJ reject reason 0x0338, using default.\n"
        b"F: Association Rejected:\n"
        b"F: Result: Rejected Permanent, Source: Service Provider (Presentation Related)\n"
        b"F: Reason: No Reason\n"
    )
    (failure,) = explain([[text]]).failures
    causes = [cause.id.value for cause in failure.causes]
    assert causes[0] == "assoc.rejected"
    assert "assoc.congestion" not in causes


def test_a_reason_before_the_line_that_the_request_failed_is_of_the_same() -> None:
    text = (
        b"I: Requesting Association\n"
        b"E: A-ASSOCIATE PDU too large: 4294967280 bytes, refusing.\n"
        b"F: Association Request Failed: 0006:0437 A-ASSOCIATE PDU too large\n"
    )
    (failure,) = explain([[text]]).failures
    assert failure.alike.times == 1


def test_over_tls_an_abort_can_mean_the_certificate_and_never_a_missing_tls() -> None:
    text = f"D: Transport connection: TLS over TCP/IP\n{ABORTED}"
    plain, over_tls = (explain([[each.encode()]]).failures[0] for each in (ABORTED, text))
    assert "peer.is-tls" in {cause.id.value for cause in plain.causes}
    causes = [cause.id.value for cause in over_tls.causes]
    assert "peer.is-tls" not in causes
    assert causes[:2] == ["tls.client-cert-refused", "tls.client-cert-required"]
    assert len(causes) <= 7


def test_of_silence_a_text_cannot_tell_half_an_answer() -> None:
    text = b"E: ACSE timeout reached while waiting for response to association request"
    (failure,) = explain([[text]]).failures
    assert "peer.malformed" in {cause.id.value for cause in failure.causes}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("I: Requesting Association", "peer.silent"),
        ("I: Requesting Association\nI: Aborting Association", "assoc.rejected"),
    ],
)
def test_a_request_without_its_end_is_known_and_left_open(text: str, first: str) -> None:
    (failure,) = explain([[text.encode()]]).failures
    assert failure.report.verdict.status is VerdictStatus.UNKNOWN
    assert failure.causes[0].id.value == first
    assert failure.report.not_proven[0] == "how it ended: the text has no line about that"


ORTHANC_STARTS = (
    b"W1201 04:56:30.330843 main.cpp:2017] Orthanc version: 1.10.1\n"
    b"I1201 04:56:30.499391 DicomAssociationParameters.cpp:376] (dicom) Default timeout for DICOM"
    b" connections if Orthanc acts as SCU (client): 10 seconds (0 = no timeout)\n"
    b"I1201 04:56:30.501208 DicomServer.cpp:134] (dicom) Setting timeout for DICOM connections if"
    b" Orthanc acts as SCP (server): 30 seconds (0 = no timeout)\n"
)
STORESCP_ANSWERS = (
    b"D: $dcmtk: storescp v3.6.7 2022-04-22 $\nD: Association Received: localhost\n"
    b"D: Parsing an A-ASSOCIATE PDU\nI: Association Received\n"
    b"I: Association Acknowledged (Max Send PDV: 16372)\nI: Received Echo Request\n"
    b"I: Association Release\n"
)


@pytest.mark.parametrize("text", [ORTHANC_STARTS, STORESCP_ANSWERS])
def test_a_server_that_is_well_writes_of_no_failure(text: bytes) -> None:
    found = explain([[text]])
    assert found.failures == ()
    assert found.is_dicom


def test_one_rejection_in_the_logs_of_both_sides_is_told_once() -> None:
    caller = (
        b"F: Association Rejected:\nF: Result: Rejected Permanent, Source: Service User\n"
        b"F: Reason: Called AE Title Not Recognized\n"
    )
    server = (
        b"I: Association Received (127.0.0.1:CT1 -> PACS)\nI: Refusing Association (BadAEService)\n"
    )
    alone = explain([[server]]).failures
    (both,) = explain([[caller], [server]]).failures
    assert [cause.id for cause in both.causes] == [cause.id for cause in alone[0].causes]


def test_a_log_that_is_pasted_newest_line_first_has_its_titles() -> None:
    text = (
        "An error occurred: FellowOakDicom.Network.DicomAssociationAbortedException: Association"
        " Abort [source: ServiceUser; reason: NotSpecified]\n"
        "[DEBUG] Sending association request from WS2 to PACS7\n"
    )
    (failure,) = explain([[text.encode()]]).failures
    assert failure.report.target.called_ae == "PACS7"
    assert failure.report.target.calling_ae == "WS2"


@pytest.mark.parametrize(
    ("text", "causes"),
    [
        (
            "I: Sending Move Request: MsgID 1\nI: Move SCP Result: 0xA801 (Failure)",
            ["move.destination-unknown", "move.not-reached", "move.not-authorised"],
        ),
        (
            "I: Sending C-STORE Request (MsgID 1, SC)\n"
            "I: Received C-STORE Response (Refused: OutOfResources)",
            ["store.out-of-resources", "store.status"],
        ),
    ],
)
def test_a_status_that_several_causes_share_proves_none(text: str, causes: list[str]) -> None:
    (failure,) = explain([[text.encode()]]).failures
    assert [cause.id.value for cause in failure.causes] == causes
    assert all(cause.confidence is not Confidence.PROVEN for cause in failure.causes)


def test_silence_after_the_release_was_asked_for_is_none_of_the_command() -> None:
    text = (
        b"I: Association Accepted\nI: Sending Echo Request: MsgID 1\n"
        b"I: Received Echo Response (Status: 0x0000 - Success)\nI: Releasing Association\n"
        b"E: Network timeout reached\n"
    )
    (failure,) = explain([[text]]).failures
    assert [cause.id.value for cause in failure.causes] == ["release.no-answer"]
