"""Prepare for importing Qt and NumPy: environment variables, version checks, and detection of a screen."""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import gc
import os
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Final

from playground.lean_pyqtgraph import import_pyqtgraph

# Folder and prefix of the sockets of X servers.
_X_SOCKETS = "/tmp/.X11-unix/X"  # noqa: S108
_X_PORT = 6000
_SECONDS_TO_ANSWER = 1.0
_NEEDS_SERVER = ("xcb", "wayland")
# Constants from <malloc.h>.
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8

TRIM_THRESHOLD: Final = 64 * 2**20
"""Bytes of freed memory at the end of an arena that are kept for later arrays."""


_keeps_freed_memory = False


def keeps_freed_memory() -> bool:
    """Return whether malloc() has been told to keep freed memory, so that the program must return it after large work."""
    return _keeps_freed_memory


def prepare_environment() -> None:
    """Configure memory allocation, and set the environment variables for Qt and NumPy unless the user has set them.

    Qt would pass every larger fill to a thread pool and wait for it (measured: 16 to 110 ms per frame on a virtual
    machine); OpenBLAS would start a thread per core, although the matrices are too small to benefit. With random hashes, Qt
    would write the fonts of a PDF in another order each time.
    """
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("QT_HASH_SEED", "0")
    _keep_freed_memory()


def _keep_freed_memory() -> None:
    """Make glibc keep up to 64 MiB of freed memory for later arrays.

    By default it returns large arrays to the system immediately, which has to clear the pages when they are allocated again.
    For a plane of a large network (1 MB), that took three times as long as computing it. All threads share two arenas: with
    one for each thread, what one thread frees is of no use to the next, and resident memory grew five times as fast as what
    was allocated in it.
    """
    global _keeps_freed_memory
    if not sys.platform.startswith("linux"):
        return
    process = ctypes.CDLL(None)
    if hasattr(process, "gnu_get_libc_version"):
        _keeps_freed_memory = True
        process.mallopt(_M_MMAP_THRESHOLD, 32 * 2**20)
        process.mallopt(_M_TRIM_THRESHOLD, TRIM_THRESHOLD)
        process.mallopt(_M_ARENA_MAX, 2)


@contextlib.contextmanager
def exiting_on_interrupt() -> Iterator[None]:
    """Exit at once on Ctrl+C.

    Python would raise KeyboardInterrupt wherever it is, and aborts if that is in the initialization of Qt. What Ctrl+C does
    otherwise, such as nothing in a process in the background of a shell, is not changed.
    """
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, _exit_interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _exit_interrupted(number: int, _frame: FrameType | None) -> None:
    if sys.stderr is not None:
        os.write(2, b"nn-playground: interrupted\n")
    os._exit(128 + number)


def hasten_start() -> None:
    """Disable work that delays the first frame; :func:`settle_down` enables some of it again.

    Creating the window allocates so many objects that the garbage collector would scan them again and again. PySide6 reads
    the source of every module imported after it (0.5 ms each) for ``__feature__`` switches, which are not used here, so the
    original import function is restored.
    """
    gc.disable()
    import PySide6.QtCore  # noqa: F401 - it replaces the import function

    if builtins.__import__ is getattr(builtins, "__feature_import__", None):
        builtins.__import__ = builtins.__orig_import__  # type: ignore[attr-defined]
    import_pyqtgraph()


def settle_down() -> None:
    """Enable the garbage collector, except for the objects created so far, which live as long as the program."""
    gc.freeze()
    gc.enable()


def is_bad_pair(python: tuple[int, ...], pyside: tuple[int, ...]) -> bool:
    """Return whether this PySide6 crashes on this Python: 6.12 has a reference counting bug before Python 3.12."""
    return python[:2] < (3, 12) and pyside[:2] == (6, 12)


def reject_bad_versions() -> None:
    """Exit with a message and status 1 if PySide6 would crash later (PYSIDE-3474)."""
    import PySide6  # loads libraries: only after prepare_environment

    if is_bad_pair(tuple(sys.version_info[:3]), tuple(PySide6.__version_info__[:3])):
        sys.exit("PySide6 6.12 crashes on Python before 3.12: pip install 'PySide6-Essentials<6.12'")


def has_screen(environment: Mapping[str, str] | None = None) -> bool:
    """Return whether a window can open: a display responds, or Qt is set to draw without one.

    ``environment`` defaults to the process's. macOS and Windows always have a screen.
    """
    if sys.platform in {"darwin", "win32"}:
        return True
    variables = os.environ if environment is None else environment
    platforms = [name.split(":")[0].strip() for name in variables.get("QT_QPA_PLATFORM", "").split(";")]
    if any(name and not name.startswith(_NEEDS_SERVER) for name in platforms):
        return True
    wanted = [name for name in platforms if name] or list(_NEEDS_SERVER)
    by_wayland = any(name.startswith("wayland") for name in wanted) and _wayland_answers(variables)
    return by_wayland or ("xcb" in wanted and _x_answers(variables.get("DISPLAY", "")))


def _wayland_answers(variables: Mapping[str, str]) -> bool:
    name = variables.get("WAYLAND_DISPLAY", "")
    return bool(name) and _socket_answers(str(Path(variables.get("XDG_RUNTIME_DIR", ""), name)))


def _x_answers(display: str) -> bool:
    """Return whether an X server listens at ``display``, which has the form ``[host]:number[.screen]``."""
    host, colon, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not colon or not number.isdigit():
        return False
    if host in {"", "unix"}:
        return _socket_answers(f"\0{_X_SOCKETS}{number}") or _socket_answers(f"{_X_SOCKETS}{number}")
    if host.startswith("/"):
        return _socket_answers(display)
    try:
        with socket.create_connection((host.strip("[]"), _X_PORT + int(number)), timeout=_SECONDS_TO_ANSWER):
            return True
    except OSError:
        return False


def _socket_answers(address: str) -> bool:
    """Return whether a server listens at this socket file, or abstract name if it starts with a null byte."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(_SECONDS_TO_ANSWER)
        try:
            client.connect(address)
        except OSError:
            return False
    return True
