"""Loads pynetdicom without the modules that no network message needs, to start faster.

pynetdicom loads its servers and clients, a table of every SOP class, and all of pydicom; that loads
pixel decoders, examples, a downloader and the vendors' private elements. These modules are replaced
by placeholders until one of them is used. Then all of them are loaded.

No upstream issue was found that asks for less to be loaded. Nearest come
https://github.com/pydicom/pydicom/issues/476 (with care for the time that ``import pydicom`` takes)
and https://github.com/pydicom/pydicom/issues/2131 (what ``pydicom.examples`` does when imported).
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from importlib.abc import Loader

BY_MODULE = frozenset({"pydicom.examples", "urllib.request", "uuid"})
"""Modules that are imported as a whole. Loaded at the first attribute access."""

BY_NAME = frozenset(
    {"pynetdicom", "pynetdicom.presentation"}
    | {"pydicom.pixels", "pydicom.pixels.processing", "pydicom.pixels.utils"}
    | {"pydicom.pixel_data_handlers", "pydicom._private_dict", "pydicom._version"}
    | {
        f"pydicom.pixel_data_handlers.{name}_handler"
        for name in ("gdcm", "jpeg_ls", "numpy", "pillow", "pylibjpeg", "rle")
    }
)
"""Modules whose functions, classes or tables are imported. Loaded when one of these is used."""

_VERSIONS = ("__version__", "__version_info__", "__dicom_version__", "__concepts_version__")

LOADING = threading.RLock()
"""Held while pynetdicom and pydicom are imported: their modules import each other in circles, of
which Python shows another thread that imports them meanwhile only half."""


def defer_unneeded() -> None:
    """From now on, defer loading the modules that no message needs."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds only the modules to defer."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in BY_MODULE and name not in BY_NAME:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            by_name = name in BY_NAME
            spec.loader = cast(
                "Loader", _NamingLoader(spec.loader) if by_name else LazyLoader(spec.loader)
            )
        return spec


class _NamingLoader:
    """Creates a placeholder module whose names load the real one."""

    def __init__(self, real: Loader) -> None:
        self._real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Named(spec.name, self._real)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: the real module is loaded later."""


class _Named(ModuleType):
    """The placeholder of a module that is not loaded yet."""

    def __init__(self, name: str, loader: Loader) -> None:
        super().__init__(name)
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in _VERSIONS:
            raise AttributeError(name)
        if PathFinder.find_spec(f"{self.__name__}.{name}", self.__dict__.get("__path__", ())):
            # A submodule, which the importer imports next.
            raise AttributeError(name)
        return _Later(self, name)


class _Later:
    """The placeholder of an object in a deferred module. Any use loads the real object."""

    def __init__(self, module: ModuleType, name: str) -> None:
        self._module = module
        self._name = name

    def load(self) -> Any:
        """Return the real object."""
        with LOADING:
            _load_all()
            _fill(self._module)
            found = getattr(self._module, self._name)
        return found.load() if type(found) is _Later else found

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        return self.load()(*args, **keywords)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.load(), name)

    def __str__(self) -> str:
        return str(self.load())

    def __getitem__(self, key: Any) -> Any:
        return self.load()[key]

    def __contains__(self, key: Any) -> bool:
        return key in self.load()

    def __iter__(self) -> Iterator[Any]:
        return iter(self.load())

    def __len__(self) -> int:
        return len(self.load())

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, self.load())

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return (self.load(),)


def _load_all() -> None:
    """Load every deferred module, and replace all placeholders by the real objects."""
    finders = [finder for finder in sys.meta_path if not isinstance(finder, _Finder)]
    if len(finders) == len(sys.meta_path):
        return
    sys.meta_path[:] = finders
    # sys.modules also contains objects that are not modules.
    modules = [each for each in sys.modules.values() if issubclass(type(each), ModuleType)]
    for module in modules:
        _fill(module)
    for module in modules:
        # Not vars(), which would load the modules of a LazyLoader.
        names = object.__getattribute__(module, "__dict__")
        for name, value in list(names.items()):
            if type(value) is _Later:
                names[name] = value.load()


def _fill(module: ModuleType) -> None:
    """Load a deferred module."""
    # Not isinstance, which would load the modules of a LazyLoader.
    if type(module) is _Named:
        loader = module.__dict__.pop("_loader")
        setattr(module, "__class__", ModuleType)  # noqa: B010 mypy does not let it be assigned
        loader.exec_module(module)
