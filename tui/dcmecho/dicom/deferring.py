"""Loads pynetdicom without what no message on the network needs: a third of its start.

pynetdicom loads all of pydicom, and pydicom its pixel decoders, its examples, a downloader for them
and the vendors' own elements. Their modules are only named until one of their functions is called
or one of their tables is looked into; then all are loaded.
"""

from __future__ import annotations

import importlib
import sys
from collections import UserDict
from collections.abc import Sequence
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

_BY_TABLE = {"pydicom._private_dict": "private_dictionaries"}
"""Modules of one table that is imported by name: loaded when it is looked into."""


def defer_unneeded() -> None:
    """Have the modules that no message needs loaded late, from here on."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds only the modules that can wait."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in _BY_MODULE and name not in _BY_FUNCTION and name not in _BY_TABLE:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader) if name in _BY_MODULE else _NamingLoader()
        return spec


class _NamingLoader(Loader):
    """Makes a module whose functions and table load the real one."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Named(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing: that is the point."""


class _Named(ModuleType):
    """A module of which only the name is known yet."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        module = self.__name__
        if module in _BY_TABLE:
            return _Table(module)

        def call(*args: Any, **keywords: Any) -> Any:
            return getattr(_loaded(module), name)(*args, **keywords)

        return call


class _Table(UserDict[Any, Any]):
    """The table of a module of which only the name is known yet."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        """``data``, which is all that a ``UserDict`` has; looked up here the first time only."""
        if name != "data":
            raise AttributeError(name)
        self.data = getattr(_loaded(self._module), _BY_TABLE[self._module])
        return self.data


def _loaded(name: str) -> ModuleType:
    """Load the real module, and from here on every other."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _Finder)]
    # Not isinstance: that looks into the modules, and loads those that wait.
    for each in [key for key, module in list(sys.modules.items()) if type(module) is _Named]:
        sys.modules.pop(each, None)
    return importlib.import_module(name)
