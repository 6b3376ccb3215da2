"""The inspector uses two columns if they fit, and its pages can be exported as figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QGraphicsProxyWidget, QWidget
from pytestqt.qtbot import QtBot

from core.analysis.chain_rule import Weight, path_ledger
from core.data.sample import Sample
from core.errors import PlaygroundError
from core.experiment.presets import preset
from core.formulas.activations import OUTPUT_ACTIVATIONS
from playground.export.deck.deck import look_for
from playground.export.deck.design import own_design
from playground.export.export import export_figure
from playground.export.formats import FORMATS
from playground.export.hidden_view import Look, hidden_view
from playground.inspector import InspectorPanel
from playground.inspector.ledger.factor_chips import FactorChips
from playground.inspector.neuron.activation_curve import LOW, ActivationCurve, shown_activation, shown_softmax
from playground.inspector.pages.registry import PAGES
from playground.inspector.pages.weight_page import MAX_PATHS, MAX_PATHS_WIDE, WeightPage
from playground.inspector.snapshot_numbers import neuron_numbers
from playground.session import Session
from playground.session.selection import Selection
from playground.style.numbers import percent, short
from playground.style.resources import application_font
from playground.style.theme import ENLARGED, LIGHT, Style
from playground.widgets.figure import Figure
from playground.window.main_window import MainWindow
from tests.playground.factory import snapshot_of

WEIGHT = Selection("weight", 0, 0, 0)
SELECTIONS = {
    "weight": WEIGHT,
    "bias": Selection("bias", 1, 2),
    "neuron": Selection("neuron", 1, 1),
    "feature": Selection("feature", -1, 1),
}


@pytest.fixture
def panel(qtbot: QtBot, fonts: None) -> Iterator[InspectorPanel]:
    experiment = preset("vanishing-gradient")
    session = Session(experiment)
    made = InspectorPanel(session, Style(LIGHT))
    qtbot.addWidget(made)
    made.resize(310, 420)
    with qtbot.waitExposed(made):
        made.show()
    session.snapshot = snapshot_of(experiment, 3)
    made.show_snapshot(session.snapshot)
    yield made
    made.formulas.wait()  # on a busy machine, loading the typesetter takes longer than a short test


def test_a_wide_weight_page_has_a_large_slice_beside_the_paths(panel: InspectorPanel, qtbot: QtBot) -> None:
    panel._session.select(WEIGHT)
    page = panel.page
    assert isinstance(page, WeightPage)
    narrow = page.slice.height()
    assert sum(not row.isHidden() for row in page.rows) == MAX_PATHS
    panel.resize(1340, 720)
    panel.show_snapshot(snapshot_of(preset("vanishing-gradient"), 3))
    qtbot.waitUntil(lambda: page.slice.height() > 400)
    assert sum(not row.isHidden() for row in page.rows) == MAX_PATHS_WIDE
    left = page.slice.mapTo(panel, page.slice.rect().topRight()).x()
    right = page.rows[0].mapTo(panel, page.rows[0].rect().topLeft()).x()
    assert left < right
    assert page.sum.mapTo(panel, page.sum.rect().topLeft()).x() == pytest.approx(right, abs=8)
    panel.resize(310, 420)
    qtbot.waitUntil(lambda: page.slice.height() == narrow)
    assert page.backprop.isVisible()


def test_without_a_selection_there_is_no_figure(panel: InspectorPanel) -> None:
    assert panel.figures == ()
    assert panel.figure is None
    assert panel.has_figures


@pytest.mark.parametrize("kind", list(SELECTIONS))
@pytest.mark.parametrize("suffix", list(FORMATS))
def test_every_page_is_exported_in_every_format(panel: InspectorPanel, tmp_path: Path, kind: str, suffix: str) -> None:
    panel._session.select(SELECTIONS[kind])
    figures = panel.figures
    assert [figure.figure_key for figure in figures] == [
        PAGES[SELECTIONS[kind].kind].key,
        *["loss-slice"] * (kind in ("weight", "bias")),
    ]
    for figure in figures:
        path = tmp_path / f"{figure.figure_key}.{suffix}"
        if not FORMATS[suffix].accepts(figure):
            with pytest.raises(PlaygroundError, match=figure.figure_title):
                export_figure(figure, path)
            continue
        export_figure(figure, path)
        assert path.stat().st_size > 80
        if suffix == "png":
            assert drawn(QImage(str(path))) > 0.004
        if suffix == "svg":
            texts = ["".join(each.itertext()) for each in ET.parse(path).iter() if each.tag.endswith("}text")]
            assert any(figure.figure_title.split(" ")[0] in text for text in texts)


@pytest.mark.parametrize("kind", ["weight", "bias"])
def test_the_title_of_a_parameters_picture_says_its_gradient(panel: InspectorPanel, kind: str) -> None:
    selection, snapshot = SELECTIONS[kind], panel._session.snapshot
    assert snapshot is not None
    panel._session.select(selection)
    page, loss_slice = panel.figures
    layer = snapshot.network.architecture.layers[selection.layer]
    index = layer.weight_index(0, 0) if kind == "weight" else layer.bias_index(selection.neuron)
    finding = page.figure_text().finding
    assert finding.startswith("∂L/∂")
    assert f" = {short(float(snapshot.gradients.flat[index]), 3)}, a sum over " in finding
    assert loss_slice.figure_text().finding.strip()


@pytest.mark.parametrize("sample", [None, Sample(0)])
def test_the_title_of_a_neurons_picture_says_what_it_does(panel: InspectorPanel, sample: Sample | None) -> None:
    selection, snapshot = SELECTIONS["neuron"], panel._session.snapshot
    assert snapshot is not None
    panel._session.select(selection)
    panel.page.sample_chosen.emit(sample)
    assert panel.sample == sample
    numbers = neuron_numbers(snapshot, selection.layer, selection.neuron, sample)
    expected = (
        f"fires for {percent(numbers.share, 0)} of the training samples"
        if sample is None
        else f"z = {short(numbers.z)}, so a = φ(z) = {short(numbers.activation)}"
    )
    assert panel.figures[0].figure_text().finding == expected


def test_row14_the_title_of_a_softmax_output_names_all_outputs(qtbot: QtBot, fonts: None) -> None:
    snapshot = snapshot_of(preset("iris"), 20)
    session = Session(snapshot.experiment)
    session.snapshot = snapshot
    panel = InspectorPanel(session, Style(LIGHT))
    qtbot.addWidget(panel)
    panel.show_snapshot(snapshot)
    session.select(Selection("neuron", 1, 1))
    panel.page.sample_chosen.emit(Sample(0))
    numbers = neuron_numbers(snapshot, 1, 1, Sample(0))
    expected = f"z = {short(numbers.z)}: softmax over 3 outputs gives {short(numbers.activation)}"
    assert panel.figures[0].figure_text().finding == expected


def drawn(image: QImage) -> float:
    """Return the fraction of the pixels of ``image`` that differ from the background."""
    pixels = np.frombuffer(image.constBits(), np.uint32)
    return float(np.mean(pixels != pixels[0]))


def figure(panel: InspectorPanel, key: str) -> Figure:
    return next(each for each in panel.figures if each.figure_key == key)


def test_the_table_is_the_ledger(panel: InspectorPanel) -> None:
    panel._session.select(WEIGHT)
    snapshot = panel._snapshot
    assert snapshot is not None
    table = figure(panel, "ledger").figure_table()
    assert table.columns == ("path", "factors", "gradient")
    targets = snapshot.data.y_train[: len(snapshot.trace.inputs[0])]
    ledger = path_ledger(snapshot.network, snapshot.trace, targets, Weight(0, 0, 0), sample=None, max_paths=MAX_PATHS)
    values = {row[0]: row[2] for row in table.rows}
    assert [row[2] for row in table.rows][: len(ledger.paths)] == [path.value for path in ledger.paths]
    assert values["sum of all paths"] == ledger.sum
    gradient = float(snapshot.gradients.flat[snapshot.network.architecture.layers[0].weight_index(0, 0)])
    assert values["backpropagation"] == pytest.approx(gradient, rel=1e-9)
    points = figure(panel, "loss-slice").figure_table()
    assert points.columns == ("w", "loss")
    assert len(points.rows) == 41
    plot = figure(panel, "loss-slice").figure_plot(Style(LIGHT))
    curve, tangent, step, *_ = plot.panes[0].layers
    assert list(zip(curve.x, curve.y, strict=True)) == points.rows
    assert (tangent.y[1] - tangent.y[0]) / (tangent.x[1] - tangent.x[0]) == pytest.approx(gradient, rel=1e-6)
    assert step.x[1] - step.x[0] == pytest.approx(-0.03 * gradient)


def test_the_terms_of_a_neuron_add_up(panel: InspectorPanel) -> None:
    panel._session.select(SELECTIONS["neuron"])
    rows = {row[0]: row[-1] for row in figure(panel, "neuron").figure_table().rows}
    assert sum(value for name, value in rows.items() if name not in ("z", "a", "φ′(z)", "δ")) == pytest.approx(
        rows["z"]
    )
    assert rows["a"] == pytest.approx(1 / (1 + np.exp(-rows["z"])))


def test_only_the_font_is_larger_in_the_enlarged_card(open_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = open_window()
    inspector, loss = window.cards["inspector"], window.cards["loss"]
    sizes = [card._title.fontInfo().pixelSize() for card in (inspector, loss)]
    window.workspace.toggle_enlarged(inspector)
    assert inspector._style.scale == ENLARGED
    qtbot.waitUntil(lambda: inspector._title.fontInfo().pixelSize() == round(sizes[0] * ENLARGED))
    assert loss._style.scale == 1.0
    window.findChild(QAction, "presentationAction").trigger()
    assert inspector._style.scale == pytest.approx(ENLARGED * loss._style.scale)
    window.findChild(QAction, "presentationAction").trigger()
    window.workspace.restore()
    assert inspector._style.scale == 1.0
    qtbot.waitUntil(lambda: inspector._title.fontInfo().pixelSize() == sizes[0])


@pytest.mark.parametrize("size", [(1920, 1080), (960, 1080), (640, 1080), (1004, 700)])
def test_nothing_on_a_page_overlaps_in_a_picture(panel: InspectorPanel, size: tuple[int, int]) -> None:
    panel._session.select(WEIGHT)
    assert panel.figure is not None
    with hidden_view(panel.figure, Look(size, LIGHT)) as view:
        (proxy,) = (item for item in view.scene().items() if isinstance(item, QGraphicsProxyWidget))
        (page,) = proxy.widget().findChildren(WeightPage)
        shown = [row for row in page.rows if not row.isHidden()]
        assert shown

        def ends(part: QWidget) -> tuple[int, int]:
            top = part.mapTo(page, QPoint(0, 0)).y()
            return top, top + part.height()

        parts = [*shown, *(line for line in (page.others, page.sum, page.backprop) if not line.isHidden())]
        for one, other in pairwise(map(ends, parts)):
            assert one[1] <= other[0]
        assert ends(parts[-1])[1] <= page.height()
        for row in shown:
            assert row.height() >= row.heightForWidth(row.width())
        assert proxy.sceneBoundingRect().bottom() <= view.height() + 1


@pytest.mark.parametrize("sample", [None, Sample(0)])
@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("on_slide", [False, True], ids=["picture", "slide"])
def test_the_picture_of_a_neuron_fills_its_space_with_the_activation(
    panel: InspectorPanel, layer: int, sample: Sample | None, on_slide: bool
) -> None:
    panel._session.select(Selection("neuron", layer, 1))
    panel.page.sample_chosen.emit(sample)
    look = look_for(own_design().body, LIGHT) if on_slide else Look((1920, 1080), LIGHT)
    snapshot = panel._session.snapshot
    assert snapshot is not None
    assert panel.figure is not None
    with hidden_view(panel.figure, look) as view:
        (proxy,) = (item for item in view.scene().items() if isinstance(item, QGraphicsProxyWidget))
        (curve,) = proxy.widget().findChildren(ActivationCurve)
        bottom = curve.mapTo(proxy.widget(), QPoint(0, curve.height())).y()
        assert bottom > 0.93 * view.height()
        share = 0.4 if layer or on_slide else 0.9  # below both columns, or below one of them
        assert share < curve.width() / view.width() < share + 0.1
        assert curve.height() >= look.style.px(LOW)
        shown = curve._shown
        assert shown is not None
        z = snapshot.trace.pre_activations[layer][:, 1]
        np.testing.assert_array_equal(shown.marked, z[:1] if sample is not None else z[:: -(-len(z) // 200)])
        np.testing.assert_allclose(shown.images, 1.0 / (1.0 + np.exp(-shown.marked)))
        if sample is not None:
            assert shown.slope == pytest.approx(float(shown.images[0] * (1.0 - shown.images[0])))
    assert panel.page.findChild(ActivationCurve) is None, "the page on screen is as before"


def test_a_softmax_is_drawn_over_its_own_z() -> None:
    row = np.array([0.5, -1.0, 2.0])
    shown = shown_softmax(row, 1)
    share = np.exp(-1.0) / np.exp(row).sum()
    assert (float(shown.marked[0]), float(shown.images[0])) == pytest.approx((-1.0, share))
    assert float(np.interp(-1.0, shown.z, shown.values)) == pytest.approx(share, rel=1e-3)
    slope = np.interp(-1.0, shown.z, np.gradient(shown.values, shown.z))
    assert shown.slope == pytest.approx(float(slope), rel=1e-2)


def test_a_curve_contains_its_samples_and_the_bend() -> None:
    far = shown_activation(OUTPUT_ACTIVATIONS["relu"], 0.0, np.array([-40.0, np.nan, 2.0]))
    assert far.z[0] <= -40.0
    assert far.z[-1] >= 40.0
    assert far.images.tolist() == [0.0, 2.0]
    near = shown_activation(OUTPUT_ACTIVATIONS["threshold"], 0.0, np.array([0.01]))
    assert near.z[-1] >= 3.0
    step = near.z[np.flatnonzero(np.diff(near.values))]
    assert step.tolist() == pytest.approx([0.0], abs=1e-6)


def test_all_digits_of_a_curves_axis_are_within_its_picture(qtbot: QtBot, fonts: None) -> None:
    curve = ActivationCurve(Style(LIGHT))
    qtbot.addWidget(curve)
    curve.resize(500, 200)

    def ink(largest: float) -> int:
        curve.show_activation(shown_activation(OUTPUT_ACTIVATIONS["relu"], 0.0, np.array([0.5, largest])))
        image = curve.grab().toImage()
        dark = [x for y in range(10, 160) for x in range(60) if image.pixelColor(x, y).lightness() < 200]
        return min(dark)

    assert ink(2.0) > 1
    assert ink(1.58e37) > 1


def test_a_chip_with_a_long_name_is_not_wider_than_its_line(qtbot: QtBot, fonts: None) -> None:
    chips, style = FactorChips(), Style(LIGHT)
    font = application_font(style.px(11))
    chips.arrange(("length of the sepals (measured in millimetres)", "φ′(z₁)", "W₂"), 200.0, font, style)
    assert chips.lines == 2
    assert max(chips._widths) <= 200.0
