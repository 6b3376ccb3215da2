"""Exported files have the right sizes, texts, pages and numbers; errors are reported in one sentence."""

from __future__ import annotations

import csv
import io
import math
import os
import re
import resource
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from core.errors import PlaygroundError
from playground.export.export import copy_figure, export_all, export_figure, format_of
from playground.export.frame import MAX_LINES, MAX_TALL_LINES, TITLE, frame_of
from playground.export.hidden_view import Look
from playground.export.names import free_path
from playground.export.sizes import SIZE_PRESETS
from playground.export.tables import csv_text
from playground.plotting.canvas.captions import as_title, wrapped
from playground.plotting.drawing.pencil import text_height, text_width
from playground.style.theme import DARK, LIGHT, TEXT_LABEL
from playground.widgets.figure import Figure, FigureText, Table
from tests.playground.export.figures import CurveFigure, GradientFigure, SceneFigure

SVG = "{http://www.w3.org/2000/svg}"
FIGURES: list[Figure] = [CurveFigure(), SceneFigure()]


pytestmark = pytest.mark.usefixtures("fonts")


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.figure_key)
@pytest.mark.parametrize(
    ("theme", "size", "corner"), [("light", (960, 540), LIGHT.panel), ("dark", (700, 500), DARK.panel)]
)
def test_png_has_exactly_the_requested_size(
    figure: Figure, theme: str, size: tuple[int, int], corner: str, tmp_path: Path
) -> None:
    path = tmp_path / "picture.png"
    export_figure(figure, path, size=size, theme=theme)  # type: ignore[arg-type]
    image = QImage(str(path))
    assert (image.width(), image.height()) == size
    assert image.pixelColor(size[0] - 1, size[1] - 1) == QColor(corner)
    assert len({image.pixel(x, y) for x in range(0, size[0], 3) for y in range(0, size[1], 3)}) > 10
    assert image.text("Title") == figure.figure_title


def test_the_picture_keeps_its_proportions_at_any_size(tmp_path: Path) -> None:
    small, large = tmp_path / "small.png", tmp_path / "large.png"
    export_figure(SceneFigure(), small, size=(480, 270))
    export_figure(SceneFigure(), large, size=(1440, 810))
    a = QImage(str(small)).scaled(96, 54)
    b = QImage(str(large)).scaled(96, 54)
    differing = [
        (x, y)
        for x in range(96)
        for y in range(54)
        if abs(a.pixelColor(x, y).lightness() - b.pixelColor(x, y).lightness()) > 90
    ]
    assert len(differing) < 96 * 54 * 0.01


@pytest.mark.parametrize("size", [(1920, 1080), (1440, 1080), (960, 1080), (640, 1080), (1080, 1080)])
def test_labels_on_a_slide_or_a_part_of_one_have_32_pixels_and_titles_44(size: tuple[int, int]) -> None:
    style = Look(size, LIGHT).style
    assert style.px(TEXT_LABEL) >= 32.0
    assert style.px(TITLE) >= 44.0
    assert Look(size, LIGHT, text_scale=1.5).style.scale == pytest.approx(1.5 * style.scale)


@pytest.mark.parametrize("size", [preset.size for preset in SIZE_PRESETS.values()])
@pytest.mark.parametrize(("titled", "caption"), [(True, "a\u2009run"), (True, ""), (False, "")])
def test_larger_text_leaves_room_for_the_picture(size: tuple[int, int], *, titled: bool, caption: str) -> None:
    def at(factor: float) -> Look:
        return Look(size, LIGHT, text_scale=factor, titled=titled, caption=caption).with_room()

    assert [at(factor).text_scale for factor in (0.5, 1.0, 1.25)] == [0.5, 1.0, 1.25]
    largest = at(3.0)
    assert 1.25 < largest.text_scale < 3.0
    text = FigureText("Name", finding="a " * 400)
    inner = frame_of(text, largest.style, size, caption, titled=titled).inner
    lines = (MAX_TALL_LINES - MAX_LINES) * text_height(largest.style, size=TITLE) if size[0] <= size[1] else 0.0
    assert inner.height() + lines > 139 * largest.style.scale
    assert inner.width() > 139 * largest.style.scale


def test_the_finding_is_the_title_and_the_name_the_subtitle(tmp_path: Path) -> None:
    text = FigureText("Loss", "log axis", "Rising: the learning rate is too large", "α = 3 instead of 0.03")
    style = Look((1920, 1080), LIGHT).style
    frame = frame_of(text, style, (1920, 1080), "circle, 2-4-2-1 tanh", titled=True)
    assert frame.title == ("Rising: the learning rate is too large",)
    assert frame.subtitle == ("Loss · log axis",)
    assert frame.below == ("α = 3 instead of 0.03", "circle, 2-4-2-1 tanh")
    assert frame.inner.height() > 0.75 * 1080
    assert frame_of(FigureText("Loss"), style, (1920, 1080), "", titled=True).title == ("Loss",)
    bare = frame_of(text, style, (1920, 1080), "", titled=False)
    assert (bare.title, bare.subtitle) == ((), ())
    assert bare.inner.height() > frame.inner.height()


def test_on_a_narrow_picture_texts_take_more_lines_instead_of_being_cut() -> None:
    text = FigureText(
        "Gradient noise", "64 batches of each size, drawn with replacement", "The noise equals the gradient"
    )
    caption = (
        "circle, 2-8-8-8-8-8-1 Sigmoid, Xavier normal, Binary cross-entropy, SGD α = 0.03, B = 10, epoch 30, seed 1"
    )
    for size in ((608, 1026), (912, 912)):
        frame = frame_of(text, Look(size, LIGHT).style, size, caption, titled=True)
        assert " ".join(frame.title) == text.finding
        assert " ".join(frame.subtitle) == "Gradient noise · 64 batches of each size, drawn with replacement"
        assert " ".join(frame.below) == caption
        assert len(frame.subtitle) == 2 or size != (608, 1026)
        style = frame.style
        assert frame.inner.top() >= len(frame.subtitle) * text_height(style) + len(frame.title) * text_height(
            style, size=TITLE
        )


def test_a_long_finding_is_smaller_before_its_end_is_left_out() -> None:
    size = (640, 1080)
    style = Look(size, LIGHT).style
    for words, title_size in ((12, TITLE), (20, 13.2), (24, 11.5)):
        finding = "finding " * (words - 1) + "end"
        frame = frame_of(FigureText("Name", finding=finding), style, size, "", titled=True)
        assert " ".join(frame.title) == finding
        assert frame.title_size == title_size
        assert all(text_width(style, line, bold=True, size=title_size) <= size[0] for line in frame.title)
    endless = frame_of(FigureText("Name", finding="finding " * 80), style, size, "", titled=True)
    assert endless.title[-1].endswith("…")
    assert endless.style.px(endless.title_size) >= 32.0


def test_no_number_is_broken_over_two_lines() -> None:
    style = Look((912, 1026), LIGHT).style
    lines = wrapped(style, "the first layer's gradient is 180\u2009000 × smaller", 250.0, max_lines=9)
    assert len(lines) > 2
    assert any("180\u2009000" in line for line in lines)


def test_a_word_longer_than_a_line_is_broken() -> None:
    style, name = Look((912, 1026), LIGHT).style, "非常に長いクラス名の例としての花の種類"
    lines = wrapped(style, f"predicted as {name}", 300.0, max_lines=9)
    assert lines[0] == "predicted as"
    assert "".join(lines[1:]) == name
    assert max(text_width(style, line) for line in lines) <= 300.0


@pytest.mark.parametrize(
    ("sentence", "title"), [("stuck here", "Stuck here"), ("φ′ = 0", "φ′ = 0"), ("x₁ leads", "x₁ leads"), ("", "")]
)
def test_only_words_get_a_capital_letter(sentence: str, title: str) -> None:
    assert as_title(sentence) == title


def test_transparent_background(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    export_figure(CurveFigure(), path, size=(480, 270), transparent=True)
    image = QImage(str(path))
    assert image.pixelColor(479, 269).alpha() == 0
    assert any(image.pixelColor(x, y).alpha() == 255 for x in range(480) for y in range(270))


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.figure_key)
def test_svg_has_its_size_and_text_as_text_in_inter(figure: Figure, tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    export_figure(figure, path, size=(1200, 800))
    root = ET.parse(path).getroot()
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("1200", "800", "0 0 1200 800")
    assert root.findtext(f"{SVG}title") == figure.figure_title
    texts = ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")]
    wanted = {"loss": {"train", "test", "epoch", "0.1", "50", "Loss & friends"}, "network": {"Hidden 1"}}
    assert wanted[figure.figure_key] <= set(texts)
    families = {element.get("font-family") for element in root.iter() if element.get("font-family")}
    assert families == {"Inter, Arial, Liberation Sans, DejaVu Sans, sans-serif"}
    backgrounds = [rect for rect in root.findall(f"{SVG}rect") if rect.get("width") == "100%"]
    assert [rect.get("fill") for rect in backgrounds] == [LIGHT.panel.lower()]


def test_svg_strokes_scale_with_the_picture_and_stay_thin(tmp_path: Path) -> None:
    path = tmp_path / "loss.svg"
    export_figure(CurveFigure(), path)
    root = ET.parse(path).getroot()
    assert not [path for path in root.iter(f"{SVG}path") if path.get("vector-effect") == "non-scaling-stroke"]
    widths = [float(path.get("stroke-width", 1)) for path in root.iter(f"{SVG}path")]
    assert max(widths) <= 8


def test_svg_curve_agrees_with_the_axis(tmp_path: Path) -> None:
    path = tmp_path / "loss.svg"
    export_figure(CurveFigure(), path)
    root = ET.parse(path).getroot()
    points = [
        [tuple(map(float, pair)) for pair in re.findall(r"(-?[\d.]+),(-?[\d.]+)", line.get("d", ""))]
        for line in root.iter(f"{SVG}path")
    ]
    curve = max(points, key=len)
    assert len(curve) == 100
    labels = {}
    for group in root.iter(f"{SVG}g"):
        for text in group.findall(f"{SVG}text"):
            matrix = re.match(r"matrix\((.*)\)", group.get("transform", ""))
            shift = float(matrix[1].split(",")[4]) if matrix else 0.0
            labels["".join(text.itertext()).strip()] = float(text.get("x", 0)) + shift
    # Labels are centred on their ticks, so labels 50 epochs apart have the same distance as the points of the curve.
    assert labels["80"] - labels["30"] == pytest.approx(curve[80][0] - curve[30][0], abs=2.0)
    assert labels["30"] < curve[30][0] < labels["30"] + 40


def test_svg_gradients_match_the_picture(tmp_path: Path) -> None:
    size = (400, 300)
    export_all([GradientFigure()], tmp_path, ["png", "svg"], size)
    expected = QImage(str(tmp_path / "gradients.png"))
    drawn = QImage(*size, QImage.Format.Format_RGB32)
    painter = QPainter(drawn)
    QSvgRenderer(str(tmp_path / "gradients.svg")).render(painter)
    painter.end()
    for y in (80, 230):
        for x in (60, 100, 160, 200, 260, 320, 345):
            a, b = expected.pixelColor(x, y), drawn.pixelColor(x, y)
            assert a != QColor(LIGHT.panel)
            apart = [abs(p - q) for p, q in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True)]  # type: ignore[index]
            assert max(apart) <= 6, (x, y, a.name(), b.name())


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.figure_key)
def test_pdf_is_one_page_of_the_right_size_with_fonts_inside(figure: Figure, tmp_path: Path) -> None:
    path = tmp_path / "picture.pdf"
    export_figure(figure, path, size=(960, 540), theme="dark")
    content = path.read_bytes()
    assert content.startswith(b"%PDF-1.")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1
    box = re.search(rb"/MediaBox\s*\[([^\]]*)\]", content)
    assert box is not None
    assert [round(float(side)) for side in box[1].split()] == [0, 0, 720, 405]
    assert b"/FontFile2" in content
    assert b"/DCTDecode" not in content, "a picture became JPEG, which loses detail"


def test_csv_reads_back_equal(tmp_path: Path) -> None:
    figure = CurveFigure()
    path = tmp_path / "loss.csv"
    export_figure(figure, path)
    content = path.read_bytes().decode("utf-8")
    assert content.count("\r\n") == 101
    heading, *rows = csv.reader(io.StringIO(content, newline=""))
    assert tuple(heading) == ("epoch", "loss", "set")
    assert [float(row[1]) for row in rows] == figure.y.tolist()
    assert rows[0] == ["0", "1.001", "train, αβ"]


def test_csv_quotes_and_keeps_every_bit() -> None:
    values = (0.1 + 0.2, 5e-324, math.inf, -0.0, np.float64(1 / 3), np.int64(7), True)
    text = csv_text(Table(("a,b", 'say "x"', "c", "d", "e", "f", "g"), [values]))
    heading, row = csv.reader(io.StringIO(text, newline=""))
    assert heading[:2] == ["a,b", 'say "x"']
    assert [float(cell) for cell in row] == [float(value) for value in values]
    assert row[-2:] == ["7", "1"]


def test_all_figures_in_all_formats(tmp_path: Path) -> None:
    counted: list[tuple[int, int]] = []
    folder = tmp_path / "a" / "slides"
    paths = export_all(
        [*FIGURES, CurveFigure()], folder, ["svg", "csv"], (400, 300), progress=lambda *n: counted.append(n) is None
    )
    assert [path.name for path in paths] == [
        "loss.svg", "loss.csv", "network.svg", "network.csv", "loss-2.svg", "loss-2.csv",
    ]  # fmt: skip
    assert all(path.stat().st_size for path in paths)
    assert sorted(folder.iterdir()) == sorted(paths)
    assert counted == [(n, 6) for n in range(1, 7)]


def test_export_can_be_cancelled(tmp_path: Path) -> None:
    paths = export_all(FIGURES, tmp_path, ["csv"], progress=lambda _written, _all: False)
    assert [path.name for path in paths] == ["loss.csv"]
    assert len(list(tmp_path.iterdir())) == 1


def test_errors_name_the_path(tmp_path: Path) -> None:
    folder = tmp_path / "picture.png"
    folder.mkdir()
    file = tmp_path / "file"
    file.write_text("kept")
    for path, reason in [
        (folder, "it is a folder"),
        (tmp_path / "missing" / "loss.csv", "No such file or directory"),
        (tmp_path / "loss.bmp", "expected a name that ends in .png, .svg, .pdf, .pptx, .tex, .csv or .py"),
        (file / "loss.csv", "Not a directory"),
    ]:
        with pytest.raises(PlaygroundError, match=reason) as refusal:
            export_figure(CurveFigure(), path)
        assert str(refusal.value).startswith(str(path))
        assert "\n" not in str(refusal.value)
    with pytest.raises(PlaygroundError, match="cannot be created"):
        export_all(FIGURES, file / "slides")
    assert file.read_text() == "kept"


def test_read_only_folder(tmp_path: Path) -> None:
    # Even root cannot write into /proc.
    folder = Path("/proc") if os.geteuid() == 0 else tmp_path
    tmp_path.chmod(0o500)
    with pytest.raises(PlaygroundError, match="cannot be written") as refusal:
        export_figure(CurveFigure(), folder / "loss.csv")
    assert str(refusal.value).startswith(str(folder / "loss.csv"))


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "loss.csv"
    path.write_text("old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(PlaygroundError, match="cannot be written") as refusal:
            export_figure(CurveFigure(), path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(refusal.value).startswith(str(path))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("size", [(0, 100), (100, 20_000), (-1, 5)])
def test_impossible_sizes_are_rejected_without_writing(size: tuple[int, int], tmp_path: Path) -> None:
    with pytest.raises(PlaygroundError, match="16 to 16384 pixels"):
        export_figure(CurveFigure(), tmp_path / "loss.png", size=size)
    assert not list(tmp_path.iterdir())


def test_no_window_remains_even_when_drawing_fails(tmp_path: Path) -> None:
    before = set(QApplication.topLevelWidgets())
    with pytest.raises(PlaygroundError):
        export_figure(CurveFigure(), tmp_path / "none" / "x.png", size=(100, 100))
    export_all(FIGURES, tmp_path, ["png", "svg", "pdf"], (200, 120))
    assert set(QApplication.topLevelWidgets()) == before


def test_copying(qapp: QApplication) -> None:
    def clipboard() -> QMimeData:
        return QGuiApplication.clipboard().mimeData()

    copy_figure(SceneFigure(), size=(320, 180))
    assert clipboard().hasImage()
    assert QGuiApplication.clipboard().image().size().toTuple() == (320, 180)
    copy_figure(SceneFigure(), "csv")
    assert clipboard().text() == "from\tto\tw\r\nx1\th1\t0.30000000000000004\r\n"
    copy_figure(SceneFigure(), "svg", size=(320, 180))
    assert b"Hidden 1" in clipboard().data("image/svg+xml").data()
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize(("name", "kind"), [("a.PNG", "png"), ("b.c.svg", "svg"), ("x.pdf", "pdf"), ("y.csv", "csv")])
def test_the_suffix_names_the_format(name: str, kind: str) -> None:
    assert format_of(Path(name)) == kind


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf", "csv"])
def test_a_name_that_is_too_long_is_one_sentence(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"{'n' * 300}.{suffix}"
    with pytest.raises(PlaygroundError, match=r"cannot be written \(File name too long\)"):
        export_figure(CurveFigure(), path)
    assert free_path(path) == path
    assert list(tmp_path.iterdir()) == []
