"""Colours have the contrast that WCAG 2.1 (level AA) asks for, on every background on which they are used."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor

from core.experiment import MAX_HIDDEN
from playground.code_view.tokens import colour_of
from playground.style.contrast import GRAPHIC_CONTRAST, TEXT_CONTRAST, contrast, readable
from playground.style.stylesheet import stylesheet
from playground.style.theme import DARK, LIGHT, PRINT, Style, Theme

every_theme = pytest.mark.parametrize("theme", [LIGHT, DARK, PRINT], ids=lambda theme: theme.name)
on_screen = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)

TEXT = ("ink", "muted", "negative_text", "positive_text", "accent", "error")
"""The roles of colours that text has; ``faint`` is only for what is disabled, which WCAG exempts."""

TOKENS = ("comment", "string", "number", "keyword", "builtin", "name", "heading")


def ratio(a: QColor | str, b: QColor | str) -> float:
    return round(contrast(QColor(a), QColor(b)), 2)


def weak(pairs: dict[str, tuple[QColor | str, QColor | str]], least: float) -> dict[str, float]:
    return {name: ratio(*pair) for name, pair in pairs.items() if contrast(QColor(pair[0]), QColor(pair[1])) < least}


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    # The last two are examples of the W3C's "Understanding success criterion 1.4.3".
    [("#000", "#fff", 21.0), ("#fff", "#fff", 1.0), ("#767676", "#fff", 4.54), ("#777777", "#fff", 4.48)],
)
def test_the_contrast_has_published_values(a: str, b: str, expected: float) -> None:
    assert ratio(a, b) == ratio(b, a) == pytest.approx(expected, abs=0.005)


def test_a_colour_is_blended_with_ink_only_until_it_is_readable() -> None:
    assert QColor(readable("#000000", "#FFFFFF", ("#FFFFFF",))) == QColor("#000000")
    blended = readable("#E0821B", "#1B1F27", ("#FFFFFF",))
    assert TEXT_CONTRAST <= ratio(blended, "#FFFFFF") < TEXT_CONTRAST + 0.6
    assert readable("#FFFFFF", "#FFFFFF", ("#FFFFFF",)) == "#ffffff"  # there is no better one


@every_theme
def test_text_of_every_role_is_readable_on_every_background(theme: Theme) -> None:
    pairs = {f"{role} on {ground}": (getattr(theme, role), ground) for role in TEXT for ground in theme.grounds}
    pairs["panel on accent"] = (theme.panel, theme.accent)
    assert not weak(pairs, TEXT_CONTRAST)


@on_screen
def test_the_words_of_code_are_readable(theme: Theme) -> None:
    pairs = {f"{kind} on {ground}": (colour_of(kind, theme), ground) for kind in TOKENS for ground in theme.grounds}  # type: ignore[arg-type]
    assert not weak(pairs, TEXT_CONTRAST)


def written(sheet: str, theme: Theme) -> Iterator[tuple[str, str, str]]:
    """Yield selector, text colour and background of every rule with text; one without a background may have any."""
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        for prefix in ("", "selection-"):
            colours = re.findall(rf"(?<![\w-]){prefix}color: (#\w+)", body)
            grounds = re.findall(rf"(?<![\w-]){prefix}background(?:-color)?: (#\w+)", body)
            yield from ((selector.strip(), *pair) for pair in itertools.product(colours, grounds or theme.grounds))


@on_screen
@pytest.mark.parametrize("scale", [1.0, 1.4])
def test_the_style_sheet_writes_only_in_readable_colours(theme: Theme, scale: float) -> None:
    found = list(written(stylesheet(Style(theme, scale)), theme))
    assert len(found) > 100
    for selector, colour, ground in found:
        if colour == theme.faint:
            assert all("disabled" in each for each in selector.split(",")), selector
        else:
            assert ratio(colour, ground) >= TEXT_CONTRAST, (selector, colour, ground)


@every_theme
def test_signs_stand_out_wherever_they_are_drawn(theme: Theme) -> None:
    grounds = (theme.panel, theme.background) if theme.printed else theme.grounds  # nothing is selected in print
    pairs = {
        f"{role} on {ground}": (getattr(theme, role), ground) for role in ("negative", "positive") for ground in grounds
    }
    assert not weak(pairs, GRAPHIC_CONTRAST)


@every_theme
def test_every_layer_stands_out_from_cards(theme: Theme) -> None:
    pairs: dict[str, tuple[QColor | str, QColor | str]] = {
        f"{index} of {count}": (theme.layer_colour(index, count), theme.panel)
        for count in range(1, MAX_HIDDEN + 2)
        for index in range(count)
    }
    assert len(pairs) > 1000
    assert not weak(pairs, GRAPHIC_CONTRAST)


@every_theme
def test_pinned_runs_stand_out_from_cards(theme: Theme) -> None:
    assert not weak({colour: (colour, theme.panel) for colour in theme.pin_palette}, GRAPHIC_CONTRAST)


@on_screen
def test_classes_stand_out_from_cards_and_thumbnails(theme: Theme) -> None:
    # In print they are hatched and outlined in ink.
    pairs = {
        f"{colour} on {ground}": (colour, ground)
        for colour in theme.class_palette
        for ground in (theme.panel, theme.field)
    }
    assert not weak(pairs, GRAPHIC_CONTRAST)


@on_screen
def test_what_can_be_touched_stands_out(theme: Theme) -> None:
    pairs = {f"accent on {ground}": (theme.accent, ground) for ground in theme.grounds}
    pairs |= {f"edge of a check box on {ground}": (theme.muted, ground) for ground in theme.grounds}
    assert not weak(pairs, GRAPHIC_CONTRAST)
