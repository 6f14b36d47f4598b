"""Lines of software that the corpus has little of, with the stage and the causes of each."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.texts.explaining import explain

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
