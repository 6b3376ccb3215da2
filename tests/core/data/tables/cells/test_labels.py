"""Numbers behind the same label."""

from __future__ import annotations

import pytest

from core.data.tables.cells.labels import label_of
from core.data.tables.tables import preview_table
from tests.core.data.support import Write


@pytest.mark.parametrize(
    ("texts", "label"),
    [
        (["pH 7.1", "pH 6.9"], "pH "),
        (["pKa4.5", "pKa-1"], "pKa"),
        (["T=21.5", "T=-3"], "T="),
        (["Temp: 21.5", "Temp: 3"], "Temp: "),
        (["T=21.5", "H=3"], ""),
        (["pH 7.1", "7.1"], ""),
        (["Room 12", "Room 13"], ""),
        (["v1.2", "v1.3"], ""),
        (["ID: 12", "ID: 13"], ""),
        (["user_id=12", "user_id=13"], ""),
        (["T=x"], ""),
        ([], ""),
    ],
)
def test_labels(texts: list[str], label: str) -> None:
    assert label_of(texts) == label


def test_numbers_with_a_label_are_numbers(write: Write) -> None:
    rows = "".join(f"pH {6 + row / 10:.1f},T={row - 3} °C,level: {row % 3},{row % 2}\n" for row in range(12))
    columns = preview_table(write("acidity,t,level,y\n" + rows)).columns
    assert [column.kind for column in columns] == ["number", "number", "text", "number"]
    assert [column.summary for column in columns[:2]] == ["6 to 7.1", "-3 to 8 °C"]
    assert columns[0].note == "cells such as “pH 6.0” are read without “pH”"
