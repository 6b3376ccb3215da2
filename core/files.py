"""One way to open a file that comes from elsewhere: only a regular file, without waiting for anybody."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def open_regular(path: Path) -> BinaryIO:
    """Open ``path`` for reading, if it is a regular file.

    A pipe without a writer would block for ever, a device may never end; both are refused before anything is read.

    Raises:
        OSError: it cannot be opened, is no regular file, or its name holds a zero byte.
    """
    try:
        # Without O_NONBLOCK the call itself waits until somebody writes to the pipe.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except ValueError as error:  # a zero byte in the name
        raise OSError(errno.EINVAL, str(error)) from None
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        raise OSError(errno.EINVAL, "this is a pipe or device, not a file")
    return os.fdopen(handle, "rb")
