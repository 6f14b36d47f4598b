"""What the table of decoders says of DCMTK and GDCM, these programs do."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import UID

from dcmecho.diagnosis.services.decoders import decoders_of
from dcmecho.standard.uids import NATIVE
from tests.network.peers.real_peers import require_program

SAMPLES = (
    "SC_rgb_jpeg_dcmtk.dcm",
    "JPGExtended.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "JPEGLSNearLossless_08.dcm",
    "MR_small_jp2klossless.dcm",
    "JPEG2000.dcm",
    "MR_small_RLE.dcm",
    "image_dfl.dcm",
    "MR_small_bigendian.dcm",
)
"""Files that come with pydicom, each of another transfer syntax."""

TOOLS = {
    "dcmconv (DCMTK)": ("dcmtk", ["dcmconv", "+te"]),
    "dcmdjpeg (DCMTK)": ("dcmtk", ["dcmdjpeg"]),
    "dcmdjpls (DCMTK)": ("dcmtk", ["dcmdjpls"]),
    "dcmdrle (DCMTK)": ("dcmtk", ["dcmdrle"]),
    "gdcmconv --raw (GDCM)": ("libgdcm-tools", ["gdcmconv", "--raw"]),
}


def sample(name: str) -> Path:
    return Path(str(get_testdata_file(name, download=False)))


def decodes(tool: str, source: Path, result: Path) -> bool:
    """Report whether a program makes an object with native pixels of ``source``."""
    package, (program, *options) = TOOLS[tool]
    command = [require_program(program, package), *options, str(source), str(result)]
    ended = subprocess.run(command, capture_output=True, timeout=60, check=False)
    if ended.returncode:
        return False
    return dcmread(result).file_meta.TransferSyntaxUID in NATIVE


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("tool", TOOLS)
def test_a_named_tool_decodes_it_and_another_of_dcmtk_does_not(
    tool: str, name: str, tmp_path: Path
) -> None:
    source = sample(name)
    syntax = dcmread(source, stop_before_pixels=True).file_meta.TransferSyntaxUID
    is_named = tool in decoders_of(syntax)
    if is_named:
        assert decodes(tool, source, tmp_path / "decoded.dcm")
    elif syntax not in NATIVE and "DCMTK" in tool:
        assert not decodes(tool, source, tmp_path / "decoded.dcm")


def test_gdcm_decodes_the_private_transfer_syntax_of_ge(tmp_path: Path) -> None:
    plain = dcmread(sample("MR_small_implicit.dcm"))
    pixels = bytes(plain.PixelData)
    swapped = dcmread(sample("MR_small_implicit.dcm"))
    swapped.PixelData = b"".join(pixels[at : at + 2][::-1] for at in range(0, len(pixels), 2))
    swapped.file_meta.TransferSyntaxUID = UID("1.2.840.113619.5.2")  # big endian pixels
    swapped.save_as(source := tmp_path / "ge.dcm", implicit_vr=True, little_endian=True)
    assert decodes("gdcmconv --raw (GDCM)", source, result := tmp_path / "decoded.dcm")
    assert dcmread(result).PixelData == pixels


def test_no_tool_decodes_the_private_transfer_syntax_of_a_vendor(tmp_path: Path) -> None:
    unknown = dcmread(sample("MR_small_implicit.dcm"))
    unknown.file_meta.TransferSyntaxUID = UID("2.16.840.1.113709.1.2.2")
    unknown.save_as(source := tmp_path / "private.dcm", implicit_vr=True, little_endian=True)
    assert decoders_of("2.16.840.1.113709.1.2.2") == ()
    assert not decodes("gdcmconv --raw (GDCM)", source, tmp_path / "decoded.dcm")
