"""On slides of every shape, no text of any card is smaller than the slide style promises, and none leaves the picture."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QImage
from pytestqt.qtbot import QtBot

from core.training.pins.pinned_run import PinnedRun
from core.training.snapshot import Snapshot
from core.training.training_run import new_trainer
from playground.export.hidden_view import Look, hidden_view
from playground.export.sizes import SIZE_PRESETS
from playground.export.vector import prepare_svg
from playground.inspector import InspectorPanel
from playground.network_view import NetworkView
from playground.network_view.figure.items import PAD, FootItem, NetworkItem
from playground.session import Session
from playground.style.resources import application_font
from playground.style.theme import LIGHT, PRINT, TEXT_LABEL, Style
from playground.widgets.figure import Figure
from playground.widgets.fitted_view import FittedView
from playground.window.cards import CARDS

pytestmark = pytest.mark.usefixtures("fonts", "short_runs")

SHAPES = ("default", "iris", "digits")

BODY = {"16:9": 32, "4:3": 35, "half": 32, "third": 32, "square": 32, "a4-column": 20, "document": 23}
"""Size of text in pixels in each shape: 32 on a slide of 1080 lines."""

_TEXT = re.compile(r"<text ([^>]*)>([^<]*)</text>")


class Text(NamedTuple):
    """A text in an SVG."""

    at: dict[str, str]
    text: str

    @property
    def size(self) -> float:
        return float(self.at["font-size"])

    def ends(self, family: str) -> tuple[float, float]:
        """Return its horizontal ends in another font, or in the first one in ``font-family``."""
        font = application_font(100.0, family=family or self.at["font-family"].split(",")[0], tabular=not family)
        font.setWeight(QFont.Weight(int(self.at.get("font-weight", 400))))
        wide = QFontMetricsF(font).horizontalAdvance(html.unescape(self.text)) * self.size / 100.0
        x = float(self.at["x"])
        return {"start": (x, x + wide), "middle": (x - wide / 2, x + wide / 2), "end": (x - wide, x)}[
            self.at.get("text-anchor", "start")
        ]


def texts_of(svg: str) -> list[Text]:
    return [Text(dict(re.findall(r'([\w-]+)="([^"]*)"', found)), text) for found, text in _TEXT.findall(svg)]


def figures_of(qtbot: QtBot, key: str, snapshot: Snapshot) -> Iterator[Figure]:
    session = Session(snapshot.experiment)
    session.snapshot = snapshot
    card = CARDS[key].make(session, Style(LIGHT), None)
    qtbot.addWidget(card)
    card.resize(960, 540)
    card.show_snapshot(snapshot)
    yield from card.rendered_figures
    if isinstance(card, InspectorPanel):
        card.formulas.wait()


@pytest.mark.parametrize("preset", SIZE_PRESETS)
def test_the_slide_style_promises_32_pixels_on_a_slide(preset: str) -> None:
    assert int(Look(SIZE_PRESETS[preset].size, LIGHT).style.px(TEXT_LABEL)) == BODY[preset]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("key", CARDS)
def test_no_text_is_small_or_leaves_the_picture(
    qtbot: QtBot, snapshots: dict[str, Snapshot], key: str, shape: str
) -> None:
    snapshot = snapshots[shape]
    if not CARDS[key].applies_to(snapshot):
        pytest.skip("the card does not apply")
    presets = SIZE_PRESETS if shape == "default" else ("16:9", "half", "third")
    for figure in figures_of(qtbot, key, snapshot):
        for preset in presets:
            size = SIZE_PRESETS[preset].size
            found = texts_of(prepare_svg(figure, Look(size, LIGHT))().decode())
            assert found, "every picture has a title"
            words, text = html.unescape(" ".join(each.text for each in found)), figure.figure_text()
            # Not fewer characters: the label of a row may begin as the title does.
            counts = [words.count(title[:40]) for title in (text.finding, *text.briefer)]
            once = next(filter(None, counts), 0) == 1
            assert not text.finding or once, f"the title of {figure.figure_key} is written twice, or not at all"
            small = sorted({(each.size, each.text) for each in found if each.size < BODY[preset]})
            assert small == [], f"{figure.figure_key} in {preset}"
            for each in found:
                assert_inside(each, size, f"{figure.figure_key} in {preset}")


LONG = (
    "Length of the sepals (measured in millimetres)", "幅の広さ", "Ширина лепестка в миллиметрах", "Μήκος πετάλου",
)  # fmt: skip
"""Names of features of which none fits beside a plot, the others in other scripts."""


CLASSES = (
    "Iris setosa var. canadensis f. longissima",
    "非常に長いクラス名の例としての花の種類",
    "Žluťoučký kosatec virginský",
)


def named(snapshot: Snapshot) -> Snapshot:
    """Return ``snapshot`` of the irises with long names."""
    return replace(snapshot, data=replace(snapshot.data, feature_names=LONG, input_names=LONG, class_names=CLASSES))


@pytest.mark.parametrize("key", ["network", "inspector", "output", "confusion", "samples", "race", "landscape"])
def test_no_long_name_reaches_the_edge_of_a_picture_or_covers_text(
    qtbot: QtBot, snapshots: dict[str, Snapshot], key: str
) -> None:
    for figure in figures_of(qtbot, key, named(snapshots["iris"])):
        for preset in ("16:9", "third", "a4-column"):
            size = SIZE_PRESETS[preset].size
            look = Look(size, LIGHT)
            place, margin = f"{figure.figure_key} in {preset}", look.style.px(4)
            boxes: list[tuple[float, float, float, float]] = []
            for each in texts_of(prepare_svg(figure, look)().decode()):
                (left, right), base = each.ends(""), float(each.at["y"])
                assert each.size >= BODY[preset], f"{place}: {each.text}"
                assert left >= margin, f"{place}: {each.text}"
                assert right <= size[0] - margin, f"{place}: {each.text}"
                top = base - 0.6 * each.size
                covered = [one for one in boxes if one[0] < right and left < one[1] and one[2] < base and top < one[3]]
                assert not covered, f"{place}: {each.text}"
                boxes.append((left, right, top, base))


def texts_in(figure: Figure, preset: str) -> list[str]:
    svg = prepare_svg(figure, Look(SIZE_PRESETS[preset].size, LIGHT))().decode()
    return [html.unescape(each.text) for each in texts_of(svg)]


@pytest.mark.parametrize("preset", SIZE_PRESETS)
def test_every_line_below_a_network_begins_at_the_margin(
    qtbot: QtBot, snapshots: dict[str, Snapshot], preset: str
) -> None:
    (figure,) = figures_of(qtbot, "network", snapshots["default"])
    for theme in (LIGHT, PRINT):
        look = Look(SIZE_PRESETS[preset].size, theme)
        found = texts_of(prepare_svg(figure, look)().decode())
        first = next(number for number, each in enumerate(found) if each.text.startswith("Edges: "))
        margin = look.style.px(PAD)
        for each in found[first:]:
            if float(each.at["y"]) < float(found[first].at["y"]):  # the foot is painted first
                break
            assert (each.at.get("text-anchor"), float(each.at["x"])) == (None, pytest.approx(margin, abs=0.1)), (
                each.text
            )


@pytest.mark.parametrize("preset", ["16:9", "third", "a4-column"])
def test_what_belongs_to_long_names_stays(qtbot: QtBot, snapshots: dict[str, Snapshot], preset: str) -> None:
    snapshot = named(snapshots["iris"])
    (matrix,) = figures_of(qtbot, "confusion", snapshot)
    for number, name in enumerate(CLASSES, start=1):
        texts = texts_in(matrix, preset)[2:]
        is_numbered = str(number) in texts and any(text.startswith(f"{number} {name[0]}") for text in texts)
        assert is_numbered or sum(name[0] in text for text in texts) >= 2, f"{name} is a row and a column"
    (table,) = figures_of(qtbot, "samples", snapshot)
    texts = texts_in(table, preset)
    predictions = [text for text in texts if re.search(r" [01]\.\d+( ✗)?$", text)]
    assert len(predictions) >= 10
    targets = [text for text in texts if "…" in text and text not in predictions]
    assert targets, "the targets are beside them"


@cache
def other_families() -> list[str]:
    """Return the fonts that are installed here of those that programs may take for Inter; asking Qt takes a millisecond."""
    return [family for family in ("DejaVu Sans", "Liberation Sans", "Arial") if QFontDatabase.hasFamily(family)]


def assert_inside(text: Text, size: tuple[int, int], place: str) -> None:
    """Check that ``text`` fits where Inter is not installed, and programs take the next font of the list that is."""
    if "transform" in text.at:  # turned: it grows to both sides
        assert text.at["text-anchor"] == "middle"
        return
    width, height = size
    assert 0.0 <= float(text.at["y"]) <= height
    for family in ["", *(other_families() if text.at["font-family"].startswith("Inter") else ["DejaVu Sans Mono"])]:
        left, right = text.ends(family)
        assert left >= -1.0, f"{place}, {family}: {text.text}"
        assert right <= width + 1.0, f"{place}, {family}: {text.text}"


@pytest.mark.skipif(shutil.which("rsvg-convert") is None, reason="rsvg-convert is not installed")
@pytest.mark.parametrize("key", ["gradient", "samples", "code", "inspector", "network"])
def test_nothing_is_drawn_outside_without_inter(
    qtbot: QtBot, snapshots: dict[str, Snapshot], tmp_path: Path, key: str
) -> None:
    """A page with wide margins shows what would be cut off."""
    folder = Path("/usr/share/fonts/truetype/dejavu")
    if not folder.is_dir():
        pytest.skip("DejaVu is not installed")
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(f"<fontconfig><dir>{folder}</dir><cachedir>{tmp_path}</cachedir></fontconfig>")
    (width, height), margin = SIZE_PRESETS["third"].size, 300
    for number, figure in enumerate(figures_of(qtbot, key, snapshots["default"])):
        svg = prepare_svg(figure, Look((width, height), LIGHT, transparent=True))().decode()
        wide = f'width="{width + 2 * margin}" height="{height}" viewBox="{-margin} 0 {width + 2 * margin} {height}"'
        svg, count = re.subn(r'width="\d+" height="\d+" viewBox="[^"]*"', wide, svg, count=1)
        assert count == 1
        source, drawn = tmp_path / f"{number}.svg", tmp_path / f"{number}.png"
        source.write_text(svg, encoding="utf-8")
        environment = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
        subprocess.run(["rsvg-convert", "-o", str(drawn), str(source)], env=environment, check=True)
        image = QImage(str(drawn)).convertToFormat(QImage.Format.Format_RGBA8888)
        opaque = np.frombuffer(image.constBits(), np.uint8).reshape(height, -1, 4)[..., 3] > 20
        assert opaque[:, margin:-margin].any()
        assert not opaque[:, : margin - 1].any()
        assert not opaque[:, width + margin + 1 :].any()


@pytest.mark.parametrize("shape", SHAPES)
def test_two_networks_keep_the_size_of_text_and_do_not_cover_each_other(
    qtbot: QtBot, snapshots: dict[str, Snapshot], shape: str
) -> None:
    snapshot = snapshots[shape]
    session = Session(snapshot.experiment)
    card = NetworkView(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(960, 540)
    card.show_snapshot(snapshot)
    session.pins.add(PinnedRun(snapshot, new_trainer(snapshot.experiment).state()), name="first")
    pair = card.pair()
    assert pair is not None
    for preset in SIZE_PRESETS:
        look = Look(SIZE_PRESETS[preset].size, LIGHT)
        found = texts_of(prepare_svg(pair, look)().decode())
        assert sorted({(each.size, each.text) for each in found if each.size < BODY[preset]}) == [], preset
        for each in found:
            assert_inside(each, look.size, preset)
        assert sum(each.text.startswith("Edges: ") for each in found) == 1
        with hidden_view(pair, look) as view:
            assert isinstance(view, FittedView)
            foot, *networks = sorted(view.scene().items(), key=lambda item: -item.sceneBoundingRect().bottom())
            assert isinstance(foot, FootItem)
            for each in networks:
                assert isinstance(each, NetworkItem)
                layout = each._builder.layout
                bottom = each.pos().y() + each._title_height + max(column.bottom for column in layout.columns)
                assert bottom <= each.sceneBoundingRect().bottom() + 1.0, preset
                assert (
                    min(column.ys[0] - column.node / 2 for column in layout.columns if not column.image)
                    >= layout.top - 1.0
                )
                assert layout.spacing * layout.every >= 20.0 * layout.scale
