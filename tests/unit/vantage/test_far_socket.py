"""The program that runs on other machines: any Python from 3.6 on, and nothing but its library."""

from __future__ import annotations

import ast
import hashlib
import subprocess
import sys
from pathlib import Path

from dcmecho.dicom.vantage import far_socket, ssh

SOURCE = Path(far_socket.__file__)
_DOCS = Path(__file__).parents[3] / "docs" / "vantage.md"
_MOST_LINES = 500
"""A security officer reads it in five minutes."""


def test_python_3_6_can_run_it() -> None:
    vermin = Path(sys.executable).with_name("vermin")
    command = [str(vermin), "--no-tips", "-t=3.6-", str(SOURCE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
    assert "Minimum required versions" in done.stdout


def test_it_imports_only_the_standard_library() -> None:
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(SOURCE.read_text()))
        for name in _imported(node)
    }
    assert "socket" in imported
    assert imported <= sys.stdlib_module_names


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_it_opens_no_file_and_starts_no_program() -> None:
    calls = {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(SOURCE.read_text()))
        if isinstance(node, ast.Call)
    }
    assert "socket.socket" in calls
    forbidden = {"open", "os.open", "os.system", "exec", "eval", "compile", "__import__"}
    assert not calls & forbidden
    assert not [call for call in calls if call.startswith(("subprocess.", "os.exec", "os.spawn"))]


def test_it_is_short() -> None:
    assert len(SOURCE.read_text().splitlines()) < _MOST_LINES


def test_the_docs_have_its_hash() -> None:
    digest = hashlib.sha256(SOURCE.read_bytes()).hexdigest()
    assert ssh.far_socket_hash() == digest
    assert digest in _DOCS.read_text()
