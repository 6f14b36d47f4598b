"""What decodes a transfer syntax: named, or said to be nothing that dcmecho knows."""

from __future__ import annotations

import pytest
from pydicom.uid import UID, AllTransferSyntaxes

from dcmecho.diagnosis.causes.findings import FINDINGS, FindingId
from dcmecho.diagnosis.services.catalogue import catalogue
from dcmecho.diagnosis.services.decoders import decoders, decoders_of
from dcmecho.diagnosis.services.model import (
    Cell,
    ContextReply,
    LikeOutcome,
    ObjectKind,
    SopClassRow,
)
from dcmecho.diagnosis.survey.like import asked_for, judge
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.pdu.uid_names import uid_name
from dcmecho.standard.uids import (
    EXPLICIT_VR_LITTLE_ENDIAN,
    IMPLICIT_VR_LITTLE_ENDIAN,
    JPEG_2000_LOSSLESS,
    JPEG_BASELINE,
    NATIVE,
    is_private,
    is_video,
)

TARGET = Target("192.0.2.1", 104, "TARGET_PACS", "MY_WORKSTATION")
MR = "1.2.840.10008.5.1.4.1.1.4"

GE_PRIVATE = "1.2.840.113619.5.2"

DECODED = {
    JPEG_BASELINE: "dcmdjpeg (DCMTK), gdcmconv --raw (GDCM), dcm2dcm (dcm4che),"
    " Orthanc (when it sends)",
    JPEG_2000_LOSSLESS: "gdcmconv --raw (GDCM), dcm2dcm (dcm4che),"
    " Orthanc with its GDCM plugin (when it sends)",
    "1.2.840.10008.1.2.4.203": "gdcmconv --raw (GDCM 3.2 or later),"
    " dcm2dcm (dcm4che 5.32 or later)",
    GE_PRIVATE: "gdcmconv --raw (GDCM)",
}

UNDECODED = {
    "2.16.840.1.113709.1.2.2": FindingId.OBJECT_PRIVATE_SYNTAX,
    "1.2.840.10008.1.2.4.102": FindingId.OBJECT_VIDEO_REFUSED,
    "1.2.840.10008.1.2.4.102.1": FindingId.OBJECT_VIDEO_REFUSED,
    "1.2.840.10008.1.2.4.100": FindingId.OBJECT_VIDEO_REFUSED,
    "1.2.840.10008.1.2.4.107": FindingId.OBJECT_VIDEO_REFUSED,
    "1.2.840.10008.1.2.7.1": FindingId.OBJECT_VIDEO_REFUSED,
    "1.2.840.10008.1.2.4.94": FindingId.OBJECT_NO_KNOWN_DECODER,
    "1.2.840.10008.1.2.4.110": FindingId.OBJECT_NO_KNOWN_DECODER,
}


def kind_of(syntax: str) -> ObjectKind:
    return ObjectKind("mr.dcm", MR, uid_name(MR), syntax, uid_name(syntax))


def found(syntax: str, *accepted: str) -> tuple[FindingId, str]:
    """Return what is found, with all its words, if a peer accepts only these syntaxes."""
    kind = kind_of(syntax)
    asked = asked_for(kind, catalogue())
    cells = tuple(
        Cell(each, ContextReply.ACCEPTED)
        if each.uid in accepted
        else Cell(each, ContextReply.TRANSFER_SYNTAX)
        for each in asked.syntaxes
    )
    result = judge(kind, SopClassRow(asked, kind.sop_class_name, cells), TARGET, uid_name)
    assert result.outcome is LikeOutcome.NOT_AS_IT_IS
    (finding,) = result.findings
    return finding.id, " ".join((finding.title, finding.explanation, *finding.actions))


@pytest.mark.parametrize("syntax", DECODED)
def test_the_tools_that_decode_it_are_named(syntax: str) -> None:
    finding, words = found(syntax, IMPLICIT_VR_LITTLE_ENDIAN)
    assert finding is FindingId.OBJECT_NEEDS_DECOMPRESSION
    assert DECODED[syntax] in words
    assert words.count("DCMTK") == DECODED[syntax].count("DCMTK") + 1  # its message


@pytest.mark.parametrize("syntax", UNDECODED)
@pytest.mark.parametrize("accepted", [EXPLICIT_VR_LITTLE_ENDIAN, JPEG_BASELINE])
def test_what_nothing_decodes_is_not_to_be_decompressed(syntax: str, accepted: str) -> None:
    finding, words = found(syntax, accepted)
    assert finding is UNDECODED[syntax]
    assert "dcmd" not in words
    assert "decompress" not in words
    assert "Neither DCMTK, GDCM, dcm4che nor Orthanc decodes" in words


def test_a_compression_that_must_change_is_read_by_the_tools_that_can() -> None:
    finding, words = found(JPEG_2000_LOSSLESS, JPEG_BASELINE)
    assert finding is FindingId.OBJECT_NEEDS_OTHER_COMPRESSION
    assert DECODED[JPEG_2000_LOSSLESS] in words
    assert "dcmdjpeg" not in words


def test_an_uncompressed_object_is_converted() -> None:
    finding, words = found(EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN)
    assert finding is FindingId.OBJECT_NEEDS_OTHER_ENCODING
    assert "dcmconv (DCMTK)" in words


@pytest.mark.parametrize("finding", [each for each in FindingId if each.startswith("object.")])
def test_a_title_says_what_was_seen_and_advises_nothing(finding: FindingId) -> None:
    assert FINDINGS.texts[finding].title.startswith(("The peer ", "The object has "))


@pytest.mark.parametrize("tool", decoders())
def test_a_tool_decodes_what_the_dictionary_knows(tool: str) -> None:
    for uid in decoders()[tool] - {GE_PRIVATE}:
        assert UID(uid).type == "Transfer Syntax", uid
        assert not is_video(uid)


@pytest.mark.parametrize("syntax", AllTransferSyntaxes)
def test_only_a_few_transfer_syntaxes_of_the_standard_have_no_decoder(syntax: UID) -> None:
    assert not is_private(syntax)
    name = UID(syntax).name
    rare = UID(syntax).is_retired or any(
        word in name
        for word in ("JPIP", "Part 2", "SMPTE", "Encapsulated", "JPEG XL", "Frame", "Papyrus")
    )
    assert decoders_of(syntax) or rare or is_video(syntax), name
    assert is_video(syntax) is any(word in name for word in ("MPEG", "HEVC", "SMPTE"))


@pytest.mark.parametrize("syntax", NATIVE)
def test_what_is_not_compressed_is_only_converted(syntax: str) -> None:
    assert decoders_of(syntax) == ("dcmconv (DCMTK)",)
