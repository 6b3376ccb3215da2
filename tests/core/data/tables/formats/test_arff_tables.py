"""Tables of Weka (ARFF)."""

from __future__ import annotations

import pytest

from core.data.tables.tables import preview_table
from core.errors import TableError
from tests.core.data.support import Write, read

ARFF = """% Plants
%
@RELATION 'my plants'
@attribute "leaf length" NUMERIC
@attribute 'it\\'s colour' {red, 'dark green'}

@Attribute class {a,b}
@DATA
1.5, red, a
2.5,'dark green',b
% a comment
?,red,a
4,"red",b
"""


def test_tables_of_weka_are_read(write: Write) -> None:
    raw = read(write(ARFF), target="class")
    assert raw.input_names == ("leaf length", "it's colour=dark green", "it's colour=red")
    assert raw.inputs.tolist() == [[1.5, 0, 1], [2.5, 1, 0], [4, 0, 1]]
    assert raw.table is not None
    assert [row.line for row in raw.table.dropped] == [12], "as in the file"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("@relation x\n@data\n1,2\n", "without any @attribute line"),
        ("@relation x\n@attribute a real\n", "without any @data line"),
        ("@relation x\n@attribute a real\n@attribute b real\n@data\n{0 1}\n", "line 5 is a sparse row"),
        (
            "@relation x\n@attribute a real\n@attribute b real\n@data\n1,2\n1\n",
            "line 6 has 1 cell, but the header has 2",
        ),
        ("@relation x\n@attribute a real\n@attribute b real\n@data\n" + 30_000 * ",", "line 5 has more than"),
    ],
)
def test_errors_in_tables_of_weka_are_described(write: Write, content: str, message: str) -> None:
    with pytest.raises(TableError, match=message):
        preview_table(write(content))
