"""Captions are shortened to whole sentences or items instead of being truncated."""

from __future__ import annotations

import pytest

from playground.plotting.canvas.captions import (
    longest_fitting,
    title_of_run,
    without_card,
    wrapped,
    wrapped_items,
)
from playground.plotting.drawing.pencil import text_width
from playground.style.theme import LIGHT, Style

pytestmark = pytest.mark.usefixtures("qapp", "fonts")

STYLE = Style(LIGHT)
ITEMS = "A: the same settings; B: 8 neurons · Adam · learning rate 0.01 · spiral instead of 4 neurons · SGD · circle"


def test_the_longest_sentence_that_fits_is_written() -> None:
    forms = ("first to reach loss 0.26 is momentum after 85 steps of all racers", "first: momentum, step 85", "first")
    width = text_width(STYLE, forms[1]) + 1.0
    assert longest_fitting(STYLE, forms, width, max_lines=1) == [forms[1]]
    assert longest_fitting(STYLE, forms, width, max_lines=4) == wrapped(STYLE, forms[0], width)
    assert longest_fitting(STYLE, forms, 18.0, max_lines=1)[0].endswith("…")
    assert longest_fitting(STYLE, (), width) == []


@pytest.mark.parametrize("share", [0.4, 0.5, 0.7, 0.9])
def test_items_that_do_not_fit_are_counted(share: float) -> None:
    lines = wrapped_items(STYLE, ITEMS, share * text_width(STYLE, ITEMS), max_lines=1)
    shown, _, rest = lines[0].partition(" · + ")
    assert ITEMS.startswith(shown)
    assert ITEMS[len(shown) :].startswith((" · ", "; ", " instead of "))
    left = ITEMS[len(shown) :]
    assert rest == f"{left.count(' · ') + left.count('; ') + left.count(' instead of ')} more"


def test_items_that_fit_are_all_written() -> None:
    assert wrapped_items(STYLE, ITEMS, text_width(STYLE, ITEMS) + 1.0, max_lines=1) == [ITEMS]
    assert wrapped_items(STYLE, "", 100.0) == []
    assert wrapped_items(STYLE, "one very long item", 40.0, max_lines=1)[0].endswith("…")
    assert wrapped_items(STYLE, ITEMS, 100.0, max_lines=1)[0].endswith("…")


@pytest.mark.parametrize(
    ("card", "run", "title"), [("Loss", "a: b", "Loss: a: b"), ("Why not?", "a: b", "Why not? a: b")]
)
def test_the_name_of_the_run_follows_that_of_the_card(card: str, run: str, title: str) -> None:
    assert title_of_run(card, run) == title
    assert without_card(title) == run
    assert without_card("Loss") == "Loss"
