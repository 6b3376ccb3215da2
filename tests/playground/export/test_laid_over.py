"""Exported pictures can be placed on any background: dark ones are opaque, and zoomed ones stay in their frame."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from playground.export.export import export_figure
from playground.export.frame import Frame
from playground.export.hidden_view import Look, image_of
from playground.export.vector import prepare_svg
from playground.plots import Landscape3DPlot
from playground.session import Session
from playground.session.selection import Selection
from playground.style.theme import DARK, LIGHT, Style
from playground.style.theme_names import ThemeName
from playground.widgets.figure import Figure
from playground.window.main_window import MainWindow
from tests.playground.export.figures import CurveFigure
from tests.playground.factory import snapshot_of

pytestmark = pytest.mark.usefixtures("fonts")
SIZE = (480, 270)
LOOK = Look(SIZE, LIGHT, caption="circle")
SVG = "{http://www.w3.org/2000/svg}"
PATH = f"{SVG}path"


def page_of(figure: Figure, path: Path, theme: ThemeName = "light") -> QImage:
    """Return the page of ``figure`` as a PDF, as poppler draws it."""
    export_figure(figure, path, size=SIZE, theme=theme)
    command = ["pdftoppm", "-r", "96", "-png", "-singlefile", str(path), str(path.with_suffix(""))]
    subprocess.run(command, check=True, capture_output=True)
    return QImage(str(path.with_suffix(".png")))


needs_poppler = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler is not installed")


@pytest.mark.parametrize("transparent", [False, True])
def test_a_dark_picture_has_its_background_unless_it_is_transparent(tmp_path: Path, transparent: bool) -> None:
    png, svg = tmp_path / "x.png", tmp_path / "x.svg"
    for path in (png, svg):
        export_figure(CurveFigure(), path, size=SIZE, theme="dark", transparent=transparent)
    corner = QImage(str(png)).pixelColor(SIZE[0] - 1, SIZE[1] - 1)
    back = f'<rect width="100%" height="100%" fill="{QColor(DARK.panel).name()}"/>'
    assert (corner.alpha() == 0) is transparent
    assert (back in svg.read_text(encoding="utf-8")) is not transparent
    if not transparent:
        assert corner == QColor(DARK.panel)


def test_nothing_covers_what_is_behind_any_transparent_figure(open_window: Callable[..., MainWindow]) -> None:
    window = open_window()
    window.session.select(Selection("weight", 0, 1, 0))
    figures = window.exportable()
    assert {"network", "samples", "ledger"} <= {figure.figure_key for figure in figures}
    for figure in figures:
        for theme in (LIGHT, DARK):
            look = Look(SIZE, theme, transparent=True)
            image, inner = image_of(figure, look), look.frame(figure).inner
            corners = [(x, y) for x in (1, SIZE[0] - 2) for y in (inner.top() + 1, inner.bottom() - 1)]
            assert [image.pixelColor(*corner).alpha() for corner in corners] == [0] * 4, figure.figure_key


@needs_poppler
def test_the_page_of_a_dark_pdf_is_filled(tmp_path: Path) -> None:
    page = page_of(CurveFigure(), tmp_path / "x.pdf", "dark")
    for x, y in ((1, 1), (SIZE[0] - 2, SIZE[1] - 2)):
        assert page.pixelColor(x, y).lightness() < 60


@pytest.fixture
def zoomed(qtbot: QtBot) -> Landscape3DPlot:
    session = Session(Experiment())
    session.snapshot = snapshot_of(Experiment(), 5)
    card = Landscape3DPlot(session, Style(LIGHT), None)
    qtbot.addWidget(card)
    card.show_snapshot(session.snapshot)
    card.look_from(card.camera.zoomed(4.0))
    return card


def beyond(frame: Frame, numbers: list[float]) -> bool:
    """Return whether one of the heights in path data is above or below the inside of ``frame``."""
    inner = frame.inner
    return any(not inner.top() - 1 <= y <= inner.bottom() + 2 for y in numbers[1::2])


def numbers(path: ET.Element) -> list[float]:
    return [float(number) for number in re.findall(r"-?[\d.]+", path.attrib["d"])]


def test_a_zoomed_plot_is_clipped_in_svg(zoomed: Landscape3DPlot) -> None:
    picture = ET.fromstring(prepare_svg(zoomed, LOOK)())
    frame = LOOK.frame(zoomed)
    clips = picture.findall(f".//{SVG}clipPath/{SVG}path")
    assert clips
    assert not any(beyond(frame, numbers(path)) for path in clips)
    clipped = {path for group in picture.iter(f"{SVG}g") if "clip-path" in group.attrib for path in group.iter(PATH)}
    assert sum(beyond(frame, numbers(path)) for path in clipped) > 10
    defined = {path for definitions in picture.iter(f"{SVG}defs") for path in definitions.iter(PATH)}
    assert not any(beyond(frame, numbers(path)) for path in set(picture.iter(PATH)) - clipped - defined)


def test_a_zoomed_plot_leaves_title_and_caption_free(zoomed: Landscape3DPlot) -> None:
    far = image_of(zoomed, LOOK)
    zoomed.look_from(zoomed.camera.zoomed(0.25))
    near = image_of(zoomed, LOOK)
    inner = LOOK.frame(zoomed).inner
    for top, height in ((0, inner.top()), (inner.bottom() + 1, SIZE[1] - inner.bottom() - 1)):
        assert far.copy(0, top, SIZE[0], height) == near.copy(0, top, SIZE[0], height)
    assert far != near


@needs_poppler
def test_a_zoomed_plot_is_clipped_in_pdf(zoomed: Landscape3DPlot, tmp_path: Path) -> None:
    far = page_of(zoomed, tmp_path / "far.pdf")
    zoomed.look_from(zoomed.camera.zoomed(0.25))
    near = page_of(zoomed, tmp_path / "near.pdf")
    above = LOOK.frame(zoomed).inner.top() - 2
    assert far.copy(0, 0, SIZE[0], above) == near.copy(0, 0, SIZE[0], above)
    assert far != near
