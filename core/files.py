"""Open files from untrusted sources: regular files only, without blocking."""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path
from typing import BinaryIO

from typing_extensions import override

_PIECE = 2**20
"""Bytes read at once."""


def exists(path: Path) -> bool:
    """Return whether there is something at ``path``, perhaps a link to nothing; False where the system cannot tell.

    A name may be too long, or its folder unreadable; the attempt to write there then says why it fails.
    """
    try:
        path.lstat()
    except (OSError, ValueError):  # ValueError: a null byte in the name
        return False
    return True


def is_folder(path: Path) -> bool:
    """Return whether ``path`` is a folder; False where the system cannot tell."""
    try:
        return path.is_dir()
    except OSError:
        return False


def open_regular(path: Path) -> BinaryIO:
    """Open ``path`` for reading, if it is a regular file.

    A pipe without a writer would block forever and a device may never end; both are rejected before reading.

    Raises:
        OSError: it cannot be opened, is not a regular file, or its name contains a null byte.
    """
    try:
        # Without O_NONBLOCK the call itself blocks until the pipe has a writer.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except ValueError as error:  # a null byte in the name
        raise OSError(errno.EINVAL, str(error)) from None
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        raise OSError(errno.EINVAL, "this is a pipe or device, not a file")
    return _NonBlockingFile(io.FileIO(handle, "rb"))


class _NonBlockingFile(io.BufferedReader):
    """Reads a file that does not block."""

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes.

        Raises:
            BlockingIOError: there are none yet, as in some files of the system.
        """
        content: bytes | None = super().read(size)
        if content is None:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return content


def open_stream(path: Path) -> BinaryIO:
    """Open the device or pipe ``path`` for writing.

    Raises:
        OSError: it cannot be opened, or is a pipe that nothing reads, for which writing would wait forever.
    """
    try:
        handle = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError(errno.ENXIO, "nothing reads from this pipe") from None
        raise
    if hasattr(os, "set_blocking"):  # wait for a slow reader
        os.set_blocking(handle, True)
    return os.fdopen(handle, "wb")


def read_at_most(file: BinaryIO, size: int) -> bytes:
    """Return the next bytes of ``file``, at most ``size``, without reserving memory for more than it has.

    The bytes are limited as they are read, because the size of a file may change meanwhile.
    """
    pieces, left = [], size
    while left > 0 and (piece := file.read(min(left, _PIECE))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def read_limited(path: Path, max_bytes: int) -> bytes | None:
    """Return the content of the regular file ``path``; ``None`` if it is larger than ``max_bytes``.

    Raises:
        OSError: it cannot be opened or read, or is not a regular file.
    """
    with open_regular(path) as file:
        content = read_at_most(file, max_bytes + 1)
    return content if len(content) <= max_bytes else None


def real_path(path: Path) -> Path:
    """Return ``path`` as an absolute one without links; as far as it goes where links lead in a circle or it has none."""
    try:
        return Path(os.path.realpath(path))
    except (OSError, ValueError):  # ValueError: a null byte in the name
        return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() raises for a circle of links
