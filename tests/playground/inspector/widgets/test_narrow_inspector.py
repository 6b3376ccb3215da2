"""In a narrow inspector no number is cut, and no factor covers the product."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QSpinBox
from pytestqt.qtbot import QtBot

from playground.inspector.ledger.factor_chips import FactorChips
from playground.inspector.ledger.path_row import PathRow, ShownPath
from playground.inspector.widgets.painted import FactorSplit, NumberLine
from playground.inspector.widgets.read_out import Pinned, ReadOut, share_type_size
from playground.inspector.widgets.sample_choice import SampleChoice
from playground.style.resources import application_font
from playground.style.theme import LIGHT, PRESENTATION_SCALE, Style
from tests.playground.window.text_items import texts_of

pytestmark = pytest.mark.usefixtures("fonts")


@pytest.mark.parametrize("width", [200.0, 215.0, 300.0])
def test_the_last_factor_leaves_room_for_the_product(qapp: object, width: float) -> None:
    style = Style(LIGHT, PRESENTATION_SCALE)
    font = application_font(style.px(11), family=style.family)
    labels = (*(f"W{n}[1,1]" for n in range(9)), "mean of a·φ′·∂L/∂ŷ over all samples")
    chips, pixmap = FactorChips(), QPixmap(400, 300)
    chips.arrange(labels, width, font, style)
    with QPainter(pixmap) as painter:
        end = chips.paint(painter, pixmap.rect().toRectF(), ["0.5"] * len(labels), style, font, highlighted=False)
    assert end + QFontMetricsF(font).horizontalAdvance("= −0.0000") <= width


def row_of(qtbot: QtBot, *numbers: str, width: int = 60) -> list[ReadOut]:
    row = [ReadOut(Style(LIGHT)) for _ in numbers]
    share_type_size(*row)
    for read_out, number in zip(row, numbers, strict=True):
        qtbot.addWidget(read_out)
        read_out.resize(width, 60)
        read_out.show()
        read_out.show_value("z", number, 0.0)
    return row


def number_sizes(row: list[ReadOut]) -> set[int]:
    """Return the sizes in which the numbers of ``row`` are painted, found by their height in pixels."""
    heights = set()
    for read_out in row:
        image = read_out.grab().toImage()
        rows = range(round(16 * image.devicePixelRatio()), round(39 * image.devicePixelRatio()))
        background = image.pixel(image.width() - 1, rows[0])
        inked = [y for y in rows if any(image.pixel(x, y) != background for x in range(image.width()))]
        heights.add(inked[-1] - inked[0])
    return heights


@pytest.mark.parametrize(
    ("width", "expected"), [(80, "Δ +0.0083"), (58, "Δ +0.0083"), (50, "Δ +0.008"), (40, "+0.008")]
)
def test_a_difference_has_fewer_digits_where_it_would_be_cut(qtbot: QtBot, width: int, expected: str) -> None:
    (read_out,) = row_of(qtbot, "1", width=width)
    read_out.show_value("z", "1", 1.0, pinned=Pinned("pin", 0.9917))
    assert read_out.difference == "Δ +0.0083"
    assert read_out.fitting_difference() == expected
    (text,) = [each for each in texts_of(read_out) if each.text == expected]
    assert round(text.size) == 11
    assert not text.is_cut


def test_the_numbers_of_a_row_have_one_size(qtbot: QtBot) -> None:
    row = row_of(qtbot, "1111", "1111111111", "1111", width=80)
    (small,) = number_sizes(row)
    row[1].show_value("z", "1111", 0.0)
    assert number_sizes(row) == {small}, "the size does not change with every number"
    share_type_size(*row)
    (large,) = number_sizes(row)
    assert large > small
    row[2].show_value("z", "1111111111", 0.0)
    assert number_sizes(row) == {small}
    row[2].hide()
    assert number_sizes(row[:2]) == {large}


@pytest.mark.parametrize("scale", [1.0, PRESENTATION_SCALE])
def test_numbers_have_fewer_digits_rather_than_type_smaller_than_their_labels(qtbot: QtBot, scale: float) -> None:
    read_out = ReadOut(Style(LIGHT, scale))
    qtbot.addWidget(read_out)
    read_out.resize(round(50 * scale), 60)
    read_out.show()
    for text, shorter in (("−0.00928", "−0.0093"), ("+2.832e−4", "+2.8e−4"), ("yes", "yes"), ("1.1", "1.1")):
        read_out.show_value("∂L/∂w", text, 0.0)
        share_type_size(read_out)
        font = read_out.number_font()
        assert font.pixelSize() >= round(11 * scale)
        assert read_out.fitting_text(font) == shorter
        assert QFontMetricsF(font).horizontalAdvance(shorter) <= read_out.width() + 1


def test_the_sign_of_a_number_that_would_be_cut_is_left_out_last(qtbot: QtBot) -> None:
    for width, expected in ((60, "+2.5e−10"), (45, "+3e−10"), (38, "3e−10")):
        (read_out,) = row_of(qtbot, "+2.5e−10", width=width)
        assert read_out.fitting_text(read_out.number_font()) == expected
        assert not [each for each in texts_of(read_out) if each.is_cut]


def painted(row: PathRow) -> dict[str, int]:
    """Return the texts that ``row`` paints, with their sizes in pixels."""
    return {each.text: round(each.size) for each in texts_of(row)}


@pytest.mark.parametrize("scale", [1.0, PRESENTATION_SCALE])
def test_long_factors_of_a_path_are_as_large_as_their_symbols(qtbot: QtBot, scale: float) -> None:
    row = PathRow(Style(LIGHT, scale))
    qtbot.addWidget(row)
    labels = ("W₃[1,7]", "W₄[7,6]", "mean of a·φ′·∂L/∂ŷ")
    path = ShownPath("via hidden 3 · 7 → hidden 4 · 6 → hidden 5 · 1", labels, (-0.52159, 0.37798, -1.77e-8), 3.49e-9,
                     "3.4896e−9", 1e-9, 2e-9, "4.4896e−9", 1e-8)  # fmt: skip
    row.show_path(path)
    row.resize(round(170 * scale), 10)
    row.resize(row.width(), row.heightForWidth(row.width()))
    found = painted(row)
    assert min(found.values()) >= round(11 * scale), found
    assert "mean" in found, "not the beginning of the long label"
    assert not any(text.startswith("so far") for text in found)
    boxes = {each.text: each.box for each in texts_of(row)}
    (product,) = (box for text, box in boxes.items() if text.startswith("="))
    assert not product.intersects(boxes["mean"])
    title = next(each for each in found if each.startswith("via"))
    assert title.startswith("via H3"), title
    row.resize(round(500 * scale), row.height())
    texts = painted(row)
    assert path.title in texts, texts
    assert any(text.startswith("so far") for text in texts), texts


@pytest.mark.parametrize("width", [140, 150, 160, 170, 180, 200])
@pytest.mark.parametrize("last", ["−2.4432e−8", "−1.441e20"])
def test_the_product_of_a_path_lies_on_no_chip(qtbot: QtBot, width: int, last: str) -> None:
    row = PathRow(Style(LIGHT))
    qtbot.addWidget(row)
    labels = (*(f"W₃[{number},7]" for number in range(9)), "mean of a·φ′·∂L/∂ŷ")
    value = float(last.replace("−", "-"))
    path = ShownPath("via hidden 3 · 7 → hidden 10 · 5", labels, (*(0.73763,) * 9, value), 7.64e-10,
                     "7.6431e−10", 0.0, 1.0, "1.0", 2.0)  # fmt: skip
    row.show_path(path)
    row.resize(width, 10)
    row.resize(width, row.heightForWidth(width))
    texts = texts_of(row)
    (product,) = (each for each in texts if each.text.startswith("= "))
    assert not product.is_cut
    assert not [each.text for each in texts if each is not product and each.box.intersects(product.box)]


def test_the_factors_of_a_path_have_one_size(qapp: object) -> None:
    style = Style(LIGHT)
    font = application_font(style.px(11), family=style.family)
    chips, labels = FactorChips(), ("W", "W")
    chips.arrange(labels, 300, font, style)
    assert chips._factor_font(font, ["1", "1"], 0.0).pixelSize() == font.pixelSize()
    image = QImage(300, 40, QImage.Format.Format_RGB32)
    tops = []
    for texts in (["1", "1"], ["1", "−0.000000000001"]):
        image.fill("white")
        with QPainter(image) as painter:
            chips.paint(painter, QRectF(0, 0, 300, 40), texts, style, font, highlighted=True)
        first = [
            y
            for y in range(16, 28)
            if any(image.pixelColor(x, y).lightness() < 128 for x in range(2, round(chips._widths[0]) - 2))
        ]
        tops.append(first[-1] - first[0])
    assert tops[1] < tops[0], "the first number is as small as the second"


@pytest.mark.parametrize(("width", "text"), [(200, "mean of 1\u2009258"), (80, "mean")])
def test_what_the_page_shows_the_mean_of_is_whole(qtbot: QtBot, width: int, text: str) -> None:
    choice = SampleChoice(labelled=False)
    qtbot.addWidget(choice)
    choice.resize(width, 30)
    choice.show()
    for count in (1258, 12580, 1258):
        choice.offer(SimpleNamespace(x_train=range(count), x_test=()), count)  # type: ignore[arg-type] - sizes suffice
    box = choice.findChild(QSpinBox)
    assert box.text() == text
    assert box.fontMetrics().horizontalAdvance(box.text()) <= box.lineEdit().width()


@pytest.mark.parametrize("width", range(155, 260, 7))
def test_the_parts_of_a_narrow_line_are_complete_and_do_not_overlap(qtbot: QtBot, width: int) -> None:
    line, split = NumberLine(Style(LIGHT)), FactorSplit(Style(LIGHT))
    line.show_number("1.7e7 other paths", "−1.989e−8", short="others")
    split.show_split("× 0.00316", "× 0.00316", 0.5)
    for part in (line, split):
        qtbot.addWidget(part)
        part.resize(width, part.HEIGHT)
        texts = texts_of(part)
        assert not [each.text for each in texts if each.text.endswith("…")]
        for number, one in enumerate(texts):
            assert not [each.text for each in texts[:number] if each.box.adjusted(1, 1, -1, -1).intersects(one.box)]
