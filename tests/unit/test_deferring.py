"""What no message needs is loaded late, and is what it always is once it is used."""

from __future__ import annotations

import subprocess
import sys

_LOAD = "import sys, dcmecho.dicom.requestor, pydicom, pydicom.pixels\n"


def told(program: str) -> str:
    """What a fresh Python prints: here everything is loaded already."""
    done = subprocess.run(
        [sys.executable, "-c", _LOAD + program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_pynetdicom_comes_without_decoders_examples_and_a_downloader() -> None:
    loaded = told("print(*(set(sys.modules) & {'pydicom.pixels.decoders', 'http.client'}))")
    assert loaded == ""


def test_a_function_of_a_module_that_waited_does_its_work() -> None:
    program = (
        "ds = pydicom.Dataset()\n"
        "ds.Rows, ds.Columns, ds.SamplesPerPixel, ds.BitsAllocated = 2, 3, 1, 8\n"
        "ds.PhotometricInterpretation, ds.NumberOfFrames = 'MONOCHROME2', 4\n"
        "print(pydicom.pixels.utils.get_expected_length(ds), pydicom.pixels.__file__ is not None)"
    )
    assert told(program) == "24 True"


def test_the_vendors_elements_are_known_once_they_are_asked_for() -> None:
    program = (
        "from pydicom.datadict import private_dictionary_VR, add_private_dict_entry\n"
        "print('private_dictionaries' in vars(sys.modules['pydicom._private_dict']))\n"
        "print(private_dictionary_VR(0x00291008, 'SIEMENS CSA HEADER'))\n"
        "add_private_dict_entry('ACME 1.2', 0x00410001, 'US', 'Test')\n"
        "print(private_dictionary_VR(0x00410001, 'ACME 1.2'))\n"
    )
    assert told(program).split() == ["False", "CS", "US"]


def test_the_examples_are_found_when_asked_for() -> None:
    assert told("print(pydicom.examples.get_path('ct').name)") == "CT_small.dcm"
