"""Decks open in python-pptx with titles, native charts with the right numbers, pictures, captions and notes."""

from __future__ import annotations

import io
import math
import re
import time
import zipfile
from pathlib import Path
from typing import Any

import pptx
import pytest
from lxml import etree
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt
from PySide6.QtCore import QSettings
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from core.data.settings import DataSettings
from core.experiment import Experiment
from core.training.origins.origin import Origin, encode
from core.training.origins.picture_origin import find
from playground.export.deck.deck import look_for, prepare_deck
from playground.export.deck.design import HEIGHT, WIDTH, own_design
from playground.export.deck.native_charts import round_range
from playground.export.deck.parts import ShownFigure, Written, detach, read
from playground.export.dialog.dialog import ExportDialog
from playground.export.export import export_figure
from playground.export.frame import usual_words
from playground.export.renamed import RenamedFigure
from playground.plots import ConfusionPlot, GradientPlot, LossPlot, WeightHistogramPlot
from playground.session import Session
from playground.style.theme import DARK, LIGHT, PRINT, TEXT_LABEL, Style, Theme
from playground.widgets.figure import Chart, Figure, FigureText, Series
from tests.playground.export.figures import CurveFigure, SceneFigure
from tests.playground.factory import snapshot_of

pytestmark = pytest.mark.usefixtures("fonts")


def opened(content: bytes) -> Any:
    return pptx.Presentation(io.BytesIO(content))


def card_of(qtbot: QtBot, kind: Any, experiment: Experiment, steps: int = 40) -> Any:
    card = kind(Session(experiment), Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(400, 300)
    card.show_snapshot(snapshot_of(experiment, steps))
    return card


def texts(slide: Any) -> list[str]:
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def test_each_figure_has_a_slide_with_title_caption_notes_and_alternative_text() -> None:
    origin = Origin(Experiment(), None, "circle, 2-4-2-1 tanh")
    deck = opened(prepare_deck([CurveFigure(), SceneFigure()], origin, caption=origin.recipe)())
    assert (deck.slide_width, deck.slide_height) == (WIDTH, HEIGHT)
    first, second = deck.slides
    assert first.shapes.title.text_frame.text == "Loss & friends"
    assert origin.recipe in texts(first)
    assert origin.recipe in second.notes_slide.notes_text_frame.text
    picture = next(shape for shape in second.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE)
    assert picture._element._nvXxPr.cNvPr.get("descr") == "Network"
    image = QImage.fromData(picture.image.blob)
    assert image.width() > 3500
    assert find(picture.image.blob) is not None
    for shape in first.shapes:
        assert shape.left >= 0
        assert shape.top + shape.height <= HEIGHT


def test_losses_are_a_chart_with_the_numbers_of_the_plot(qtbot: QtBot) -> None:
    card = card_of(qtbot, LossPlot, Experiment())
    slide = opened(prepare_deck([card], None)()).slides[0]
    chart = next(shape for shape in slide.shapes if shape.has_chart).chart
    data = card.shown()
    by_name = {series.name: series for series in chart.plots[0].series}
    assert list(by_name["train"].values) == pytest.approx(data.train.tolist())
    assert chart.value_axis._element.find(qn("c:scaling"))[0].tag == qn("c:logBase")
    assert chart.value_axis.axis_title.text_frame.text == "loss"
    assert chart.category_axis.axis_title.text_frame.text == "epoch"


def test_gradients_are_bars_in_the_colours_of_the_layers(qtbot: QtBot) -> None:
    card = card_of(qtbot, GradientPlot, Experiment())
    slide = opened(prepare_deck([card], None)()).slides[0]
    plot = next(shape for shape in slide.shapes if shape.has_chart).chart.plots[0]
    assert list(plot.categories) == ["W₁", "W₂", "W₃"]
    assert list(plot.series[0].values) == pytest.approx(card.shown().values.tolist())
    colours = [str(plot.series[0].points[index].format.fill.fore_color.rgb) for index in range(3)]
    assert colours == [LIGHT.layer_colour(index, 3).name()[1:].upper() for index in range(3)]


def test_dashes_and_hatches_replace_colours_in_the_theme_for_print(qtbot: QtBot) -> None:
    cards = [card_of(qtbot, kind, Experiment()) for kind in (GradientPlot, WeightHistogramPlot, LossPlot)]
    slides = opened(prepare_deck(cards, None, theme=PRINT)()).slides
    bars, weights, _ = (next(each for each in slide.shapes if each.has_chart).chart.plots[0] for slide in slides)
    fills = [bars.series[0].points[index].format.fill for index in range(3)]
    assert len({fill.pattern for fill in fills}) == 3
    assert {str(fill.fore_color.rgb) for fill in fills} == {"000000"}
    now, initial = list(weights.series)[:3], list(weights.series)[3:]
    assert len({series.format.line.dash_style for series in now}) == 3
    assert {series.format.line.width < now[0].format.line.width for series in initial} == {True}
    for slide in slides:
        chart = next(each for each in slide.shapes if each.has_chart).chart
        for code in re.findall(r'srgbClr val="(\w{6})"', etree.tostring(chart._chartSpace).decode()):
            assert code[:2] == code[2:4] == code[4:]


def test_the_confusion_matrix_is_a_table_and_histograms_are_lines(qtbot: QtBot) -> None:
    iris = Experiment(data=DataSettings(dataset="iris"))
    confusion, weights = card_of(qtbot, ConfusionPlot, iris), card_of(qtbot, WeightHistogramPlot, iris)
    first, second = opened(prepare_deck([confusion, weights], None)()).slides
    table = next(shape for shape in first.shapes if shape.has_table).table
    counts = [[int(table.cell(row, column).text) for column in (1, 2, 3)] for row in (1, 2, 3)]
    assert counts == confusion.shown().counts.tolist()
    chart = next(shape for shape in second.shapes if shape.has_chart).chart
    names = [series.name for series in chart.plots[0].series]
    assert names == ["W₁", "W₂", "W₃", "initial", "initial (2)", "initial (3)"]
    for number, ridge in enumerate(weights.shown().ridges):
        assert list(chart.plots[0].series[number].values) == pytest.approx(ridge.density.tolist())
        assert list(chart.plots[0].series[3 + number].values) == pytest.approx(ridge.start.tolist())


def test_a_long_caption_stays_on_the_slide() -> None:
    for count in (1, 8, 30):
        caption = "ReLU · He " * count
        (slide,) = opened(prepare_deck([SceneFigure()], None, caption=caption)()).slides
        frame = next(
            shape for shape in slide.shapes if shape.has_text_frame and shape.text_frame.text.strip() == caption.strip()
        )
        assert frame.text_frame.vertical_anchor == MSO_ANCHOR.BOTTOM
        size = frame.text_frame.paragraphs[0].runs[0].font.size
        assert Pt(9) <= size <= Pt(16)
        lines = -(-len(caption) * size * 0.56 // (frame.width - Inches(0.2)))
        assert lines * size * 1.2 <= frame.height, count


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([0.0, 60.0], (0.0, 60.0, 10.0)),
        ([-1.484375, 1.421875], (-1.5, 1.5, 0.5)),
        ([3.0, 3.0], (3.0, 3.0, 1.0)),
        ([1e-4, 9e-4], (0.0, 1e-3, 2e-4)),
    ],
)
def test_axes_begin_and_end_at_round_numbers(values: list[float], wanted: tuple[float, float, float]) -> None:
    assert round_range(values) == pytest.approx(wanted)


class ChartFigure(SceneFigure):
    """A figure whose chart has values that no program can draw."""

    is_table = False

    def figure_chart(self, style: Style) -> Chart:  # noqa: ARG002 - the interface of charted figures
        values = (1.0, math.nan, 0.0, -2.0, math.inf, 1e-3)
        x = tuple(float(number) for number in range(len(values)))
        return Chart(x=x, series=(Series('a < "b" & c', values, "#123456"),), x_title="x", y_title="<y>", log=True)

    def figure_text(self) -> FigureText:
        return FigureText('A & < "B"', "", 'finding & < "it"')


def test_values_that_cannot_be_drawn_are_gaps_and_special_characters_survive() -> None:
    slide = opened(prepare_deck([ChartFigure()], None)()).slides[0]
    chart = next(shape for shape in slide.shapes if shape.has_chart).chart
    series = chart.plots[0].series[0]
    assert series.name == 'a < "b" & c'
    assert list(series.values) == [1.0, 1e-3]
    assert slide.shapes.title.text_frame.text == 'finding & < "it"'


def test_equal_slides_give_equal_bytes(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    card = card_of(qtbot, LossPlot, Experiment())
    origin = Origin(Experiment(), None, "circle")
    first = prepare_deck([card, SceneFigure()], origin)()
    monkeypatch.setattr(time, "time", lambda: 2e9)
    assert prepare_deck([card, SceneFigure()], origin)() == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.testzip() is None
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        workbook = next(name for name in archive.namelist() if name.endswith(".xlsx"))
        with zipfile.ZipFile(io.BytesIO(archive.read(workbook))) as inner:
            assert inner.testzip() is None
            assert b"1980-01-01T00:00:00Z" in inner.read("docProps/core.xml")
    assert opened(first).core_properties.author == "NN Playground"


def test_each_slide_keeps_what_it_shows_and_what_was_written(qtbot: QtBot) -> None:
    card = card_of(qtbot, LossPlot, Experiment())
    origin = Origin(Experiment(), None, "circle & <more>", views={"loss": "view"})
    renamed = RenamedFigure(card, "My title", "")
    slides = opened(prepare_deck([renamed, SceneFigure()], origin, caption=origin.recipe)()).slides
    data, runs = read(slides[0])
    assert slides[0].shapes.title.text_frame.text == "My title"
    assert data.title == usual_words(card.figure_text())[0] != "My title"
    assert data.caption == origin.recipe
    assert data.is_captioned
    written = Written(
        ("train", "test"), (), (None, None, None, 0.1, 1.0, None), {"train": "#1B1F27", "test": "#656D7A"}
    )
    assert data.figures == (ShownFigure("NN Playground: loss", "loss", "view", written=written),)
    assert runs == [encode(origin)]
    assert data.figures[0].shape in [shape.name for shape in slides[0].shapes]
    detach(slides[0])
    assert read(slides[0]) is None
    assert read(slides[1])[0].figures[0].figure == "network"
    assert read(opened(prepare_deck([card], None)()).slides[0]) is None


def test_the_dialog_writes_all_checked_figures_into_one_deck(qtbot: QtBot, settings: QSettings, tmp_path: Path) -> None:
    figures: list[Figure] = [CurveFigure(), SceneFigure()]
    dialog = ExportDialog(figures, Style(LIGHT), settings=settings)
    qtbot.addWidget(dialog)
    dialog._format.setCurrentIndex(dialog._format.findData("pptx"))
    dialog._list.item(1).setCheckState(dialog._list.item(0).checkState())
    dialog.save_to(tmp_path / "talk.pptx")
    qtbot.waitUntil(lambda: not dialog._queue.is_busy, timeout=30_000)
    assert len(opened((tmp_path / "talk.pptx").read_bytes()).slides) == 2
    assert dialog.written == [tmp_path / "talk.pptx"]
    export_figure(SceneFigure(), tmp_path / "one.pptx")
    assert len(opened((tmp_path / "one.pptx").read_bytes()).slides) == 1


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_can_be_read_on_the_slide_of_any_theme(theme: Theme) -> None:
    slide = opened(prepare_deck([CurveFigure()], None, theme=theme)()).slides[0]
    back, ink = slide.background.fill.fore_color.rgb, slide.shapes.title.text_frame.paragraphs[0].runs[0].font.color.rgb
    assert abs(sum(back) - sum(ink)) > 400


def test_labels_of_pictures_are_as_large_as_the_text_of_the_slide() -> None:
    left, top, width, height = own_design().body
    whole, third = (look_for((left, top, width // share, height), LIGHT) for share in (1, 3))
    points = whole.style.px(TEXT_LABEL) / (whole.size[0] / (width / Inches(1))) * 72
    assert points == pytest.approx(16, abs=0.1)
    assert third.text_scale == 1
    assert third.style.scale < whole.style.scale
