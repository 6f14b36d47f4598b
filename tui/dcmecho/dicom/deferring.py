"""Loads pynetdicom without what no message on the network needs: a third of its start.

pynetdicom loads all of pydicom, and pydicom its pixel decoders, its examples and a downloader for
them. Their modules are only named until one of their functions is called; then all are loaded.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType
from typing import Any

_BY_MODULE = frozenset({"pydicom.examples", "urllib.request"})
"""Imported as a whole: loaded when something of them is looked up."""

_BY_FUNCTION = frozenset(
    {"pydicom.pixels", "pydicom.pixels.processing", "pydicom.pixels.utils"}
    | {"pydicom.pixel_data_handlers"}
    | {
        f"pydicom.pixel_data_handlers.{name}_handler"
        for name in ("gdcm", "jpeg_ls", "numpy", "pillow", "pylibjpeg", "rle")
    }
)
"""pydicom imports functions from them by name: each is loaded when one of these is called."""


def defer_unneeded() -> None:
    """Have the modules that no message needs loaded late, from here on."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds only the modules that can wait."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in _BY_MODULE and name not in _BY_FUNCTION:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _FunctionLoader() if name in _BY_FUNCTION else LazyLoader(spec.loader)
        return spec


class _FunctionLoader(Loader):
    """Makes a module whose functions load the real one."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Named(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing: that is the point."""


class _Named(ModuleType):
    """A module of which only the name is known yet."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        module = self.__name__

        def call(*args: Any, **keywords: Any) -> Any:
            return getattr(_loaded(module), name)(*args, **keywords)

        return call


def _loaded(name: str) -> ModuleType:
    """Load the real module, and from here on every other."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _Finder)]
    # Not isinstance: that looks into the modules, and loads those that wait.
    for each in [key for key, module in sys.modules.items() if type(module) is _Named]:
        del sys.modules[each]
    return importlib.import_module(name)
