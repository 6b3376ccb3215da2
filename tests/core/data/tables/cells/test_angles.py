"""Angles and coordinates in degrees."""

from __future__ import annotations

import pytest

from core.data.tables.cells.angles import parse_angles
from core.data.tables.tables import preview_table
from tests.core.data.support import Write


@pytest.mark.parametrize(
    ("texts", "degrees"),
    [
        (["47°11'26\"N", "8°0'32\"S"], [47 + 11 / 60 + 26 / 3600, -8 - 32 / 3600]),
        (["47° 11′ 26.5″ E", "122° 5′ 0″ W"], [47 + 11 / 60 + 26.5 / 3600, -122 - 5 / 60]),
        (["47°11.5'N", "8°30,0'S"], [47 + 11.5 / 60, -8.5]),
        (["47.25° N", "8.5° S", "3°N"], [47.25, -8.5, 3]),
        (["12.5 E", "0.25 W"], [12.5, -0.25]),
        (["N 47° 30'", "S 8° 15'"], [47.5, -8.25]),
        (["-33°30'", "+151°15'"], [-33.5, 151.25]),
    ],
)
def test_common_notations(texts: list[str], degrees: list[float]) -> None:
    found = parse_angles(texts)
    assert found is not None
    assert found == pytest.approx(degrees, abs=1e-12)


@pytest.mark.parametrize(
    "text", ["47", "5'11\"", "47°61'N", "400° N", "-5° S", "N 5 S", "47° X", "", "E", "12 kg", "8° O"]
)
def test_texts_that_are_no_angles(text: str) -> None:
    assert parse_angles([text]) is None
    assert parse_angles(["47°30'N", text]) is None


def test_coordinates_are_numbers(write: Write) -> None:
    rows = "".join(f"{row}°{row * 3}'{'NS'[row % 2]};{row + 0.5}° {'EW'[row % 2]};{row % 2}\n" for row in range(18))
    columns = preview_table(write("lat;lon;y\n" + rows)).columns
    assert [column.summary for column in columns[:2]] == ["-17.85 to 16.8 °", "-17.5 to 16.5 °"]
    assert columns[0].note == "angles, in degrees; south and west are negative"
