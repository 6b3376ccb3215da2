"""Records of text tables, compared with Python's CSV parser."""

from __future__ import annotations

import csv
from itertools import pairwise

import numpy as np
import pytest

from core.data.tables.layout.records import equal_records, records
from core.data.tables.limits import Progress, silent
from core.errors import TableError

PIECES = (
    "1",
    "a b",
    '"q"',
    '"a,b"',
    '""',
    '"a""b"',
    '"two\nlines"',
    " ",
    ' "x"',
    'a"b',
    '"open',
    '"x"y',
    "",
    '","',
    '"")"',
)


def expected(text: str) -> list[tuple[int, int, int]] | None:
    """Return start, stop and width of the records of ``text`` that are not blank; ``None`` if it is malformed."""
    reader = csv.reader(text.splitlines(keepends=True), strict=True, skipinitialspace=True)
    ends, widths = [0], []
    try:
        for row in reader:
            ends.append(reader.line_num)
            widths.append(max(len(row), 1))
    except csv.Error:
        return None
    lines = text.split("\n")
    found = [(start, stop, width) for (start, stop), width in zip(pairwise(ends), widths, strict=True)]
    return [
        each
        for each in found
        if each[1] - each[0] > 1 or not set(lines[each[0]]) <= set(', \t"') or '"""' in lines[each[0]]
    ]


def test_records_are_those_of_the_csv_parser() -> None:
    rng = np.random.default_rng(3)
    malformed = 0
    for _ in range(3000):
        pieces = rng.choice(PIECES, 5)
        text = "".join(",".join(rng.choice(pieces, rng.integers(1, 5))) + "\n" for _ in range(rng.integers(1, 7)))
        found: list[tuple[int, int, int]] | None
        try:
            found = [tuple(each) for each in records(text.split("\n")[:-1], 0, ",", "t.csv", Progress(silent))]
        except TableError:
            found = None
        assert found == expected(text), text
        malformed += found is None
    assert 300 < malformed < 2700


@pytest.mark.parametrize("skipped", [0, 1, 3])
def test_equal_records_are_the_records(skipped: int) -> None:
    lines = ["a,b", "", "1,2", ",", '"3,5",4', "  ", "5,", '6,""', ""]
    found = equal_records(lines, 0, skipped, ",", 2, Progress(silent))
    assert found is not None
    assert found.tolist() == [list(each) for each in records(lines, 0, ",", "t.csv", Progress(silent))][skipped:]


@pytest.mark.parametrize("line", ["1", "1,2,3", '"1","2"', '1,"2', '1,2"', '1,"2"3', "1," + 140_000 * "x"])
def test_other_records_are_left_to_the_strict_parser(line: str) -> None:
    assert equal_records(["a,b", "1,2", line], 0, 1, ",", 2, Progress(silent)) is None


def test_a_name_of_two_lines_is_one_record() -> None:
    assert equal_records(['"size', '(cm)",b', "1,2"], 0, 1, ",", 2, Progress(silent)) is None
