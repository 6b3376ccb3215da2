"""Import pyqtgraph for a quick start: without the classes of Qt and the modules that the first frame does not use."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Final

from typing_extensions import override

_FIRST: Final = frozenset(
    {
        "Qt",
        "colors",
        "colormap",
        "functions",
        "graphicsItems.AxisItem",
        "graphicsItems.GraphicsItem",
        "graphicsItems.GraphicsObject",
        "graphicsItems.GraphicsWidget",
        "graphicsItems.PlotCurveItem",
        "graphicsItems.ViewBox",
        "widgets.GraphicsView",
    }
)
"""The modules of pyqtgraph that canvases need; all others are imported when one of their names is first used."""


class _Mirror(ModuleType):
    """A lazy copy of a Qt module, which copies each name when it is first used."""

    def __init__(self, name: str, source: ModuleType) -> None:
        super().__init__(name)
        self._source = source

    @override
    def __getattr__(self, name: str) -> object:
        value = getattr(self._source, name)
        setattr(self, name, value)
        return value


def import_pyqtgraph() -> None:
    """Import pyqtgraph without making PySide6 create all of its 900 classes and 600 enumerations.

    PySide6 creates a class when its name is first accessed; pyqtgraph accesses all of them to copy them into its own
    modules. This took a fifth of the start-up time of a bare window, and importing every module of pyqtgraph a tenth.
    """
    from PySide6 import QtCore, QtGui, QtWidgets

    if "pyqtgraph" in sys.modules:
        return
    sources = (QtCore, QtGui, QtWidgets)
    listings = [vars(source).get("__dir__") for source in sources]
    for source in sources:
        name = f"pyqtgraph.Qt.{source.__name__.rpartition('.')[2]}"
        sys.modules[name] = _Mirror(name, source)
        vars(source)["__dir__"] = list  # an empty list, so that pyqtgraph copies nothing
    try:
        _import_first_modules()
    finally:
        for source, listing in zip(sources, listings, strict=True):
            vars(source).pop("__dir__")
            if listing is not None:
                vars(source)["__dir__"] = listing


class _Nameless(ModuleType):
    """Stands for a module that is imported later: a star finds no names in it, and each other name is ``None``."""

    __all__ = ()

    @override
    def __getattr__(self, name: str) -> None:
        return None


def _import_first_modules() -> None:
    """Import pyqtgraph, but only the first of the modules whose names it collects."""
    later: list[tuple[str, Sequence[str]]] = []
    real, nameless = builtins.__import__, _Nameless("nameless")

    def import_first(
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002 - the names of builtins.__import__
        locals: Mapping[str, object] | None = None,  # noqa: A002
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        collecting = level == 1 and globals is not None and globals["__name__"] == "pyqtgraph"
        if collecting and name and name not in _FIRST:
            later.append((name, fromlist or ()))
            return nameless
        if name == "PySide6" and fromlist == ("QtTest",):
            raise ImportError("pyqtgraph imports this module only to add a function to it")
        return real(name, globals, locals, fromlist or (), level)

    builtins.__import__ = import_first
    try:
        import pyqtgraph
    finally:
        builtins.__import__ = real
    for module_name, names in later:
        # Importing a module has made it an attribute of the package, where its class of the same name belongs.
        for name in (module_name, *names):
            vars(pyqtgraph).pop(name, None)
    vars(pyqtgraph)["__getattr__"] = _loader(pyqtgraph, later)


def _loader(package: ModuleType, later: list[tuple[str, Sequence[str]]]) -> Callable[[str], object]:
    """Return a ``__getattr__`` of ``package`` that first collects the names of the modules to import ``later``."""
    missing = dict(later)

    def load(name: str) -> object:
        # "from pyqtgraph import module" looks for a name first, too.
        if missing and not name.startswith("__") and (name in missing or find_spec(f"pyqtgraph.{name}") is None):
            missing.clear()
            for module_name, names in later:
                module = import_module(f"pyqtgraph.{module_name}")
                public = [each for each in vars(module) if not each.startswith("_")]
                chosen = getattr(module, "__all__", public) if "*" in names else names
                vars(package).update({each: getattr(module, each) for each in chosen})
            if name in vars(package):
                return vars(package)[name]
        raise AttributeError(f"module 'pyqtgraph' has no attribute {name!r}")

    return load
