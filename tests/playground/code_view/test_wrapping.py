"""Long lines of code are broken at tokens in pictures of every shape, and nothing of them is lost."""

from __future__ import annotations

import html
import re

import numpy as np
import pytest

from core.code_export.frameworks import FRAMEWORKS
from core.code_export.plan import Script
from playground.code_view.figure import CodeFigure
from playground.code_view.tokens import tokens
from playground.code_view.wrapping import columns_of, rows_of
from playground.export.hidden_view import Look
from playground.export.sizes import SIZE_PRESETS
from playground.export.vector import prepare_svg
from playground.style.theme import LIGHT
from tests.core.code_export.cases import script_of

COLUMNS = (20, 28, 45, 95)


def without_blanks(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_character_is_in_a_row_with_its_colour(framework: str, columns: int) -> None:
    lines = script_of("several alphas", framework).text.split("\n")
    inside = False
    for line, rows in zip(lines, rows_of(lines, columns), strict=True):
        found, inside = tokens(line, in_docstring=inside)
        kinds = {place: each.kind for each in found for place in range(each.start, each.start + each.length)}
        expected = [(letter, kinds.get(place)) for place, letter in enumerate(line) if letter != " "]
        spans = [span for row in rows for span in row]
        assert [(letter, span.kind) for span in spans for letter in span.text if letter != " "] == expected
        assert all(span.column + columns_of(span.text) <= columns for span in spans)
        assert len(rows) == 1 or columns_of(line) > columns


def test_breaks_are_between_arguments_and_hang() -> None:
    line = "    optimizer = torch.optim.SGD(network.parameters(), lr=0.03)"
    (rows,) = rows_of([line], 56)
    assert ["".join(span.text for span in row) for row in rows] == [
        "optimizer = torch.optim.SGD(network.parameters(),",
        "lr=0.03)",
    ]
    assert [row[0].column for row in rows] == [4, 8]


def test_comments_and_docstrings_break_between_words() -> None:
    (first, second) = rows_of(
        ["# the order of the batches of the app", '"""Written by the playground for a talk"""'], 20
    )
    assert [row[0].text for row in first] == ["# the order of the", "batches of the app"]
    assert [row[0].column for row in first] == [0, 2]
    assert [row[0].text for row in second] == ['"""Written by the', "playground for a", 'talk"""']
    assert {span.kind for row in (*first, *second) for span in row} == {"comment"}


def test_a_word_longer_than_a_row_is_divided() -> None:
    ((*rows,),) = rows_of(["x" * 50], 20)
    assert "".join(span.text for row in rows for span in row) == "x" * 50
    (wide,) = rows_of(["名" * 15], 20)
    assert [sum(columns_of(span.text) for span in row) for row in wide] == [20, 10]


@pytest.mark.parametrize("preset", SIZE_PRESETS)
def test_a_picture_holds_whole_lines_and_says_how_many_it_leaves_out(fonts: None, preset: str) -> None:
    wide = "result = function(" + ", ".join(f"argument_{number}={number / 7:.4f}" for number in range(12)) + ")"
    script = Script(
        "\n".join(["import numpy", wide, *(f"line_{number} = {number}" for number in range(60))]), "", np.empty((0, 0))
    )
    look = Look(SIZE_PRESETS[preset].size, LIGHT, titled=False)
    figure = CodeFigure(script, "NumPy", 0)
    texts = [
        html.unescape(each) for each in re.findall(r"<text[^>]*>(.*?)</text>", prepare_svg(figure, look)().decode())
    ]
    *code, last = texts
    found = re.fullmatch(r"… (\d+) more lines", last)
    assert found is not None
    shown = script.text.split("\n")[: 62 - int(found[1])]
    assert without_blanks("".join(code)) == without_blanks("".join(shown))
    assert wide in shown


def test_what_the_title_above_the_picture_says(fonts: None) -> None:
    script = Script("\n".join(f"line_{number} = {number}" for number in range(10)), "", np.empty((0, 0)))
    look = Look((1920, 1080), LIGHT, titled=False)
    for first, last in ((0, "9"), (4, "… 4 lines above"), (1, "… 1 line above")):
        texts = re.findall(r"<text[^>]*>(.*?)</text>", prepare_svg(CodeFigure(script, "NumPy", first), look)().decode())
        assert texts[-1] == last
