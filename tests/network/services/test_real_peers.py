"""What real archives accept: the matrix is what their configuration allows, and nothing else.

All are asked at the same time: each survey keeps its peer a second's rest between associations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.services.catalogue import SERVICES, catalogue
from dcmecho.diagnosis.services.model import ContextReply, QueryOutcome, ServicesResult
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.diagnosis.target.target import Target
from tests.network.peers import dcmtk, orthanc
from tests.network.peers.real_peers import (
    ARCHIVE_TITLE,
    REGISTERED,
    UNREGISTERED,
    RealPeer,
    require_program,
    running,
)
from tests.network.services.surveying import (
    Suspect,
    accepted,
    asked_codes,
    begin,
    matrix_of,
    refusals,
    result_of,
    suspects,
)

UNCOMPRESSED = frozenset({"im", "ex"})
HTJ2K = frozenset({"HL", "HR", "HT"})
PRINTING = frozenset({"Grayscale print", "Color print", "Presentation LUT", "Print Job"})
NO_WORKLIST = frozenset({"Modality Worklist", "MPPS"}) | PRINTING
NO_SERVICE = frozenset(each.short for each in catalogue().sop_classes if each.group == SERVICES) - {
    "Verification"
}

FORBIDDEN: orthanc.Options = {
    "DeflatedTransferSyntaxAccepted": False,
    "JpegTransferSyntaxAccepted": False,
    "Mpeg2TransferSyntaxAccepted": False,
    "RleTransferSyntaxAccepted": False,
}

STRICT: orthanc.Options = {**orthanc.CHECKS_EACH_COMMAND, "DicomAlwaysAllowEcho": True}
"""C-ECHO passes for an unknown caller, but everything after it fails."""


Archive = Callable[[Path], AbstractContextManager[RealPeer]]


@dataclass(frozen=True)
class Expected:
    """What an archive accepts, and what comes of a query.

    ``taken`` are the codes of the transfer syntaxes that it takes for objects, of those that are
    asked; ``not_offered`` the services that it has not.
    """

    archive: Archive
    taken: Callable[[set[str]], set[str]]
    not_offered: frozenset[str]
    refusal: ContextReply
    query: QueryOutcome
    suspects: tuple[Suspect, ...] = ()
    calling_ae: str = REGISTERED


def orthanc_with(options: orthanc.Options) -> Archive:
    return lambda folder: orthanc.orthanc(folder, options)


def storescp_with(*options: str) -> Archive:
    def archive(folder: Path) -> AbstractContextManager[RealPeer]:
        program = require_program("storescp", "dcmtk")
        return running(lambda port: [program, "--ignore", *options, str(port)], folder)

    return archive


NOT_AUTHORISED = (
    (FindingId.QUERY_NOT_AUTHORISED, Confidence.LIKELY),
    (FindingId.QUERY_CRASHED, Confidence.POSSIBLE),
)
NOT_OFFERED = ((FindingId.QUERY_NOT_OFFERED, Confidence.PROVEN),)

ARCHIVES = {
    "Orthanc": Expected(
        orthanc_with(orthanc.DEFAULT),
        lambda asked: asked - HTJ2K,
        NO_WORKLIST,
        ContextReply.ABSTRACT_SYNTAX,
        QueryOutcome.NO_MATCH,
    ),
    "Orthanc to a stranger": Expected(
        orthanc_with(orthanc.DEFAULT),
        lambda asked: asked - HTJ2K,
        NO_WORKLIST,
        ContextReply.ABSTRACT_SYNTAX,
        QueryOutcome.ABORTED,
        NOT_AUTHORISED,
        calling_ae=UNREGISTERED,
    ),
    "Orthanc without deflated, JPEG, MPEG2 and RLE": Expected(
        orthanc_with(FORBIDDEN),
        lambda asked: asked - HTJ2K - {"df", "JB", "JX", "JL", "M2", "RL"},
        NO_WORKLIST,
        ContextReply.ABSTRACT_SYNTAX,
        QueryOutcome.NO_MATCH,
    ),
    "strict Orthanc to a stranger": Expected(
        orthanc_with(STRICT),
        lambda asked: asked - HTJ2K,
        NO_WORKLIST,
        ContextReply.ABSTRACT_SYNTAX,
        QueryOutcome.ABORTED,
        NOT_AUTHORISED,
        calling_ae=UNREGISTERED,
    ),
    "dcmqrscp": Expected(
        dcmtk.dcmqrscp,
        lambda asked: asked & UNCOMPRESSED,
        NO_WORKLIST | {"Storage Commitment"},
        ContextReply.ABSTRACT_SYNTAX,
        QueryOutcome.NO_MATCH,
    ),
    "storescp": Expected(
        storescp_with(),
        lambda asked: asked & UNCOMPRESSED,
        NO_SERVICE,
        ContextReply.TRANSFER_SYNTAX,
        QueryOutcome.NOT_OFFERED,
        NOT_OFFERED,
    ),
    "storescp for implicit VR only": Expected(
        storescp_with("--implicit"),
        lambda asked: asked & {"im"},
        NO_SERVICE,
        ContextReply.TRANSFER_SYNTAX,
        QueryOutcome.NOT_OFFERED,
        NOT_OFFERED,
    ),
    "storescp for JPEG-LS": Expected(
        storescp_with("--prefer-jls-lossy"),
        lambda asked: asked & (UNCOMPRESSED | {"LN"}),
        NO_SERVICE,
        ContextReply.TRANSFER_SYNTAX,
        QueryOutcome.NOT_OFFERED,
        NOT_OFFERED,
    ),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, ServicesResult]]:
    """Ask every archive, all at the same time."""
    folders = {name: tmp_path_factory.mktemp("archive") for name in ARCHIVES}
    with ExitStack() as archives, ThreadPoolExecutor() as pool:

        def target(name: str) -> Target:
            expected = ARCHIVES[name]
            peer = archives.enter_context(expected.archive(folders[name]))
            return peer.target(ARCHIVE_TITLE, expected.calling_ae)

        targets = dict(zip(ARCHIVES, pool.map(target, ARCHIVES), strict=True))
        asked = SurveyRequest(matrix=True, query=True)
        runs = {name: begin(target, asked) for name, target in targets.items()}
        yield {name: result_of(run) for name, run in runs.items()}


@pytest.mark.parametrize("name", ARCHIVES)
class TestArchives:
    def test_objects_are_taken_as_the_configuration_says(
        self, results: dict[str, ServicesResult], name: str
    ) -> None:
        matrix = matrix_of(results[name])
        for sop_class in (each for each in catalogue().sop_classes if each.group != SERVICES):
            asked = asked_codes(sop_class.short)
            assert accepted(matrix, sop_class.short) == ARCHIVES[name].taken(asked), sop_class

    def test_services_are_offered_as_the_configuration_says(
        self, results: dict[str, ServicesResult], name: str
    ) -> None:
        matrix = matrix_of(results[name])
        services = [each.short for each in catalogue().sop_classes if each.group == SERVICES]
        taken = ARCHIVES[name].taken(set(UNCOMPRESSED))
        for service in services:
            expected = set() if service in ARCHIVES[name].not_offered else taken
            assert accepted(matrix, service) == expected, service

    def test_refusals_keep_the_number_of_the_wire(
        self, results: dict[str, ServicesResult], name: str
    ) -> None:
        seen = refusals(matrix_of(results[name]))
        assert ARCHIVES[name].refusal in seen
        assert seen <= {ContextReply.ABSTRACT_SYNTAX, ARCHIVES[name].refusal}

    def test_a_query_that_matches_nothing_shows_whether_it_is_allowed(
        self, results: dict[str, ServicesResult], name: str
    ) -> None:
        query = results[name].query
        assert query is not None
        assert query.outcome is ARCHIVES[name].query
        assert suspects(query.findings) == ARCHIVES[name].suspects

    def test_no_more_associations_than_announced(
        self, results: dict[str, ServicesResult], name: str
    ) -> None:
        assert (
            results[name].associations == SurveyRequest(matrix=True, query=True).most_associations
        )


@pytest.mark.parametrize(
    ("archive", "offered"),
    [
        (dcmtk.dcmrecv, {"Verification", "CT"}),
        (dcmtk.wlmscpfs, {"Verification", "Modality Worklist"}),
        (dcmtk.dcmprscp, {"Verification", "Grayscale print", "Presentation LUT"}),
    ],
)
def test_a_peer_of_few_services_is_asked_to_the_end(
    tmp_path: Path, archive: Archive, offered: set[str]
) -> None:
    with archive(tmp_path) as peer:
        target = peer.target(ARCHIVE_TITLE, REGISTERED)
        result = result_of(begin(target, SurveyRequest(matrix=True, query=True)))
    assert {row.sop_class.short for row in matrix_of(result).rows if row.accepted} == offered
    assert result.query is not None
    assert result.query.outcome is QueryOutcome.NOT_OFFERED
