"""Read a user's file, and detect its kind from its content, not from its name."""

from __future__ import annotations

import errno
import io
import re
from pathlib import Path
from typing import Final, Literal, TypeAlias

from core.data.tables.limits import MAX_BYTES
from core.errors import TableError
from core.files import open_regular, read_at_most

FileKind: TypeAlias = Literal["text", "workbook", "json", "parquet", "html", "arff"]

_START: Final = 65_536
_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARQUET: Final = b"PAR1"
_WEB_PAGE: Final = re.compile(rb"<(?:!doctype\s+html|html|head|meta|table|style)\b", re.IGNORECASE)
_LINE_OF_RECORDS: Final = re.compile(rb"\{[^\r\n]*\}\s*\n\s*\{")


def located(csv: str, folder: Path | None) -> Path:
    """Return the path of the table ``csv`` of an Experiment, relative to ``folder``; ``~`` is the home folder."""
    path = Path(csv)
    try:
        path = path.expanduser()
    except RuntimeError:  # "~name" of an unknown user
        return path
    return path if folder is None else folder / path


def read_bytes(path: Path) -> bytes:
    """Return the content of the regular file ``path``.

    Raises:
        TableError: the file is missing, not a regular file, too large, or cannot be read.
    """
    try:
        # Limit the bytes read instead of checking the file's size, because the file may grow in the meantime.
        with open_regular(path) as file:
            content = read_at_most(file, MAX_BYTES + 1)
            size = file.seek(0, io.SEEK_END)
    except OSError as error:
        raise TableError(f"{path}: {_reason(error)}") from None
    if len(content) > MAX_BYTES:
        raise TableError(
            f"{path.name}: the file has {size / 1e6:.0f} MB, the maximum is {MAX_BYTES // 1_000_000} MB; "
            "save a part of its rows or columns as a new file"
        )
    return content


def _reason(error: OSError) -> str:
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return "there is no such file"
        case errno.EINVAL if "null" in str(error):
            return "there is no such file (its name contains a null byte)"
        case errno.EISDIR:
            return "this is a folder, not a table"
        case errno.EACCES | errno.EPERM:
            return "there is no permission to read this file"
        case errno.ELOOP:
            return "the symbolic links form a loop"
        case errno.ENAMETOOLONG:
            return "there is no such file (its name is too long)"
        case _:
            return f"the file cannot be read ({error.strerror or error})"


def kind_of(content: bytes, name: str) -> FileKind:
    """Return the kind of table in ``content``.

    Raises:
        TableError: the content is an archive but not a workbook.
    """
    if content.startswith(_OLD_EXCEL):
        return "workbook"
    if content.startswith(_PARQUET):
        return "parquet"
    if content.startswith(_ZIP):
        if not _is_workbook(content):
            raise TableError(f"{name}: this is an archive of several files, not a table; unpack it first")
        return "workbook"
    start = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if _WEB_PAGE.match(start):
        return "html"
    if start.startswith((b"%", b"@")) and looks_like_arff(content):
        return "arff"
    if start.startswith(b"{") and start[1:].lstrip().startswith((b'"', b"}")):
        return "json"
    return "json" if start.startswith((b"[{", b"[[", b"[\n", b"[\r", b"[ ")) or start == b"[]" else "text"


def looks_like_arff(content: bytes) -> bool:
    """Return whether the first line of ``content``, besides blank lines and comments, names a relation as in Weka's files."""
    for line in content[:_START].removeprefix(b"\xef\xbb\xbf").splitlines():
        text = line.strip()
        if text and not text.startswith(b"%"):
            return text[:9].lower() == b"@relation"
    return False


def _is_workbook(content: bytes) -> bool:
    import zipfile  # not needed at the start

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return True  # the workbook reader reports the error
    return any(name.startswith("xl/") for name in names) or "content.xml" in names


def looks_like_table(path: Path) -> bool:
    """Return whether ``path`` is a table according to its name or its first bytes."""
    if path.suffix.lower() in TABLE_SUFFIXES:
        return True
    if path.suffix.lower() not in ("", ".json"):
        return False
    try:
        with open_regular(path) as file:
            start = file.read(4096)
        # An object may be an experiment; one object per line is a table.
        is_object = start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
        return _LINE_OF_RECORDS.match(start) is not None if is_object else kind_of(start, path.name) != "text"
    except (OSError, TableError):
        return False


TABLE_SUFFIXES: Final = frozenset(
    {
        *(".csv", ".tsv", ".tab", ".txt", ".data", ".dat"),
        *(".xlsx", ".xls", ".xlsb", ".xlsm", ".ods", ".parquet", ".pq", ".jsonl", ".ndjson"),
        *(".gz", ".zip", ".html", ".htm", ".arff"),
    }
)
