"""Modules that no message needs are loaded late, and work normally once used."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dcmecho.dicom.deferring import BY_MODULE, BY_NAME

pytestmark = pytest.mark.usefixtures("unmeasured")

_LOAD = "import sys, dcmecho.dicom.runs.requestor, pydicom, pydicom.pixels\n"


def told(program: str) -> str:
    """Return what a new Python process prints; in this one everything is loaded already."""
    done = subprocess.run(
        [sys.executable, "-c", _LOAD + program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(BY_MODULE | BY_NAME))
def test_what_waits_is_there(name: str) -> None:
    """Some of these are private, so this names what an upgrade renamed or removed."""
    assert told(f"import importlib.util; print(importlib.util.find_spec({name!r}) is not None)")


def test_pynetdicom_comes_without_what_no_message_needs() -> None:
    unneeded = {"pydicom.pixels.decoders", "http.client", "importlib.metadata", "ssl"}
    unneeded |= {f"pynetdicom.{name}" for name in ("ae", "association", "sop_class", "events")}
    assert told(f"print(*(set(sys.modules) & {unneeded}))") == ""


def test_what_pynetdicom_has_is_there_once_it_is_asked_for() -> None:
    program = (
        "from pynetdicom import AE, PYNETDICOM_IMPLEMENTATION_VERSION, evt\n"
        "from pynetdicom import StoragePresentationContexts as contexts, pdu_items\n"
        "print(AE('A').ae_title, PYNETDICOM_IMPLEMENTATION_VERSION[:10], evt.EVT_C_ECHO)\n"
        "print(len(contexts) > 100, type(contexts).__name__)\n"
        "print(isinstance(contexts[0], pdu_items.PresentationContext))\n"
        "print(pydicom.__version__[0].isdigit())\n"
    )
    assert told(program) == "A PYNETDICOM EVT_C_ECHO\nTrue list\nTrue\nTrue"


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
