"""Unpack a table from a gzip file, or from an archive (zip) that contains nothing else."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from typing import Final

from core.data.tables.limits import MAX_BYTES
from core.errors import TableError

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_ERRORS: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
"""Exceptions that gzip and zipfile raise for damaged or encrypted files."""


def unpacked(content: bytes, name: str) -> bytes:
    """Return the file in ``content`` if it is packed alone; otherwise ``content``, such as a workbook.

    Raises:
        TableError: the file is damaged, encrypted, or too large when unpacked.
    """
    try:
        if content.startswith(_GZIP):
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
                return _limited(packed.read(MAX_BYTES + 1), name)
        if content.startswith(_ZIP) and (member := _only_file(content)) is not None:
            with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(member) as file:
                return _limited(file.read(MAX_BYTES + 1), name)
    except TableError:
        raise
    except _ERRORS as error:
        raise TableError(f"{name}: the file cannot be unpacked ({str(error) or 'unexpected end of file'})") from None
    return content


def _limited(content: bytes, name: str) -> bytes:
    if len(content) > MAX_BYTES:
        raise TableError(f"{name}: the file unpacks to more than {MAX_BYTES // 1_000_000} MB")
    return content


def _only_file(content: bytes) -> str | None:
    """Return the name of the only file in an archive, besides the folder of hidden files that macOS adds."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [each.filename for each in archive.infolist() if not each.is_dir()]
    except _ERRORS:
        return None  # the workbook reader reports the error
    names = [each for each in names if not each.startswith("__MACOSX/")]
    return names[0] if len(names) == 1 and not names[0].startswith("xl/") and names[0] != "content.xml" else None
