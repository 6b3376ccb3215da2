"""Packed tables are read; damaged archives and archives of several files are rejected."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from core.data.tables.tables import preview_table
from core.errors import TableError
from tests.core.data.support import Write, read

HEADER = "time,temperature,state\n"
ROWS = [f"{row},{20 + row % 7 / 4},{('on', 'off')[row % 3 == 0]}\n" for row in range(600)]


def zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
    return packed.getvalue()


def test_packed_tables_are_read(write: Write) -> None:
    content = HEADER + "".join(ROWS[:20])
    for packed in (gzip.compress(content.encode()), zipped(table=content)):
        assert read(write(packed), target="state").samples == 20


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(b"a,y\n1,2\n")[:-9], "cannot be unpacked"),
        (b"\x1f\x8b\x08", "cannot be unpacked"),
        (gzip.compress(b"0" * 200_000_001, 1), "unpacks to more than 200 MB"),
        (zipped(a=HEADER, b=HEADER), "an archive of several files"),
        (zipped(a=HEADER + ROWS[0] * 9).replace(b"time", b"tmie"), "cannot be unpacked"),
    ],
    ids=["end missing", "only the start", "too large", "several files", "damaged"],
)
def test_damaged_and_other_archives_are_described(write: Write, content: bytes, message: str) -> None:
    with pytest.raises(TableError, match=message):
        preview_table(write(content))
