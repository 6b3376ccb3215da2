"""Tables printed by R's tibbles."""

from __future__ import annotations

import pytest

from core.data.tables.layout.tibble import split_tibble
from core.data.tables.tables import preview_table
from tests.core.data.support import Write, read

IRIS = """# A tibble: 150 × 4
   Sepal.Length name    `n`  y
          <dbl> <chr> <int> <fct>
 1          5.1 Big m     1 setosa
 2          4.9 x        -2 setosa
 3          4.7 y       300 virginica
 4         -4.6 z        NA virginica
 5          5   q q   12000 setosa
 6          5.4 <NA>     10 setosa
10          5.5 a         7 virginica
# ℹ 140 more rows
# ℹ Use `print(n = ...)` to see more rows
"""


def test_cells_are_those_below_their_names(write: Write) -> None:
    path = write(IRIS)
    preview = preview_table(path)
    assert [(column.name, column.kind) for column in preview.columns] == [
        ("Sepal.Length", "number"),
        ("name", "text"),
        ("`n`", "number"),
        ("y", "text"),
    ]
    assert preview.notes == ("Read as a tibble printed by R.",)
    assert preview.rows[4] == ("5", "q q", "12000", "setosa")
    raw = read(path, inputs=["Sepal.Length"])
    assert raw.inputs[:, 0].tolist() == [5.1, 4.9, 4.7, -4.6, 5, 5.4, 5.5]
    assert raw.class_names == ("setosa", "virginica")


def test_adjacent_columns_of_text(write: Write) -> None:
    rows = "".join(f"{row:2} a {row % 3}    b {row % 2}   x{row % 2}\n" for row in range(1, 9))
    preview = preview_table(write("   p      q     y\n   <chr>  <chr> <chr>\n" + rows))
    assert [column.summary for column in preview.columns] == ["a 0, a 1, a 2", "b 0, b 1", "x0, x1"]


@pytest.mark.parametrize(
    "lines",
    [
        ["a b", "<x> <y>", "p q"],  # tags, and no numbers of rows
        ["<dbl>", "1 2"],
        ["", "<dbl>", "1 2"],
        ["a,b", "1,2"],
    ],
)
def test_other_tables(lines: list[str]) -> None:
    assert split_tibble(lines, 0) is None
