"""The pictures in the nodes have the colours of the computed values."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtGui import QColor, QImage, QPainter

from core.data.settings import TableSource
from core.experiment import DataSettings, Experiment, TrainingSettings
from core.training.snapshot import Snapshot
from playground.network_view import NetworkView
from playground.network_view.nodes.painter import paint_nodes
from playground.network_view.nodes.pictures import MANY_NODES
from playground.network_view.picture import Picture
from playground.style.theme import LIGHT
from tests.playground.factory import network, snapshot_of
from tests.playground.network_view.support import Show


def middle_colours(view: NetworkView, column: int) -> list[int]:
    """Return the colour in the middle of each node's picture."""
    strip = view.canvas.builder.picture(1.0, None, None).strips[column]
    assert strip is not None
    side = strip.image.width()
    shown = view.canvas.builder.layout.columns[column].shown
    return [strip.image.pixel(side // 2, (strip.first + number) * side + side // 2) for number in range(shown)]


def test_an_indicator_column_has_the_colour_of_its_share(show: Show, tmp_path: Path) -> None:
    rows = [f"{0.1 * number},{('red', 'green', 'blue')[number % 3]},{'ab'[number % 2]}" for number in range(40)]
    (tmp_path / "t.csv").write_text("\n".join(["size,colour,y", *rows]), encoding="utf-8")
    source = TableSource(csv=str(tmp_path / "t.csv"), target="y")
    _, view, snapshot = show(Experiment(data=DataSettings(dataset=source, standardize=False)))
    plane, table = snapshot.plane, LIGHT.sign_table()
    assert plane is not None
    names, middle = snapshot.data.input_names, plane.features[len(plane.y) // 2, len(plane.x) // 2]
    seen = middle_colours(view, 0)
    others = [index for index, name in enumerate(names) if index not in plane.axes and "colour" in name]
    assert others
    for index in others:
        share = float(middle[index])  # other inputs are held at their mean
        assert 0.0 < share < 1.0
        assert seen[index] == table[round(127.5 + 127.5 * share)]


def test_a_sigmoid_output_has_the_colours_of_its_map(show: Show) -> None:
    setting = Experiment(training=TrainingSettings(loss="binary_cross_entropy"))
    _, view, snapshot = show(setting, 300)
    assert snapshot.plane is not None
    A = snapshot.plane.activations[-1][:, :, 0]
    row, column = (length // 2 for length in A.shape)
    (colour,) = middle_colours(view, 3)
    near = 2.0 * A[row - 1 : row + 2, column - 1 : column + 2] - 1.0
    places = np.clip(np.round(127.5 + 127.5 * near), 0, 255).astype(int)
    assert colour in LIGHT.sign_table()[places.min() : places.max() + 1].tolist()


@pytest.mark.parametrize(("depth", "turns"), [(10, 2), (25, 3)])
def test_many_pictures_take_turns_while_training_and_are_all_new_when_paused(
    show: Show, depth: int, turns: int
) -> None:
    deep = network(*(16,) * depth)
    _, view, first = show(deep, 1)
    builder = view.canvas.builder
    columns = range(len(builder.layout.columns))

    def images(snapshot: Snapshot) -> list[QImage]:
        view.show_snapshot(snapshot)
        strips = view.canvas._picture().strips
        found = []
        for strip, column in zip(strips, builder.layout.columns, strict=True):
            assert strip is not None
            side = strip.image.width()
            found.append(strip.image.copy(0, strip.first * side, side, column.shown * side))
        return found

    assert (turns - 1) * MANY_NODES < sum(column.shown for column in builder.layout.columns) <= turns * MANY_NODES
    later = replace(snapshot_of(deep, 60), playing=True)
    before = images(replace(first, playing=True))
    rounds = [before, *(images(replace(later, step=61 + turn)) for turn in range(turns))]
    for previous, drawn in pairwise(rounds):
        changed = {index % turns for index in columns if previous[index] != drawn[index]}
        assert len(changed) == 1
        assert sum(a != b for a, b in zip(previous, drawn, strict=True)) >= len(columns) // (turns + 1)
    assert sum(a != b for a, b in zip(before, rounds[-1], strict=True)) >= 2 * len(columns) // 3
    paused = images(replace(first, playing=False))
    assert sum(a != b for a, b in zip(rounds[-1], paused, strict=True)) >= 2 * len(columns) // 3


def test_a_column_painted_at_once_looks_like_its_nodes_one_by_one(show: Show) -> None:
    _, view, _ = show(network(5, 3, 4), 20)
    picture = view.canvas.builder.picture(1.0, None, None)
    apart = replace(picture, strips=tuple(strip and replace(strip, whole=None) for strip in picture.strips))
    assert all(strip is not None and strip.whole is not None for strip in picture.strips[:-1])

    def painted(shown: Picture) -> QImage:
        image = QImage(view.canvas.size(), QImage.Format.Format_RGB32)
        image.fill(QColor(LIGHT.panel))
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            paint_nodes(painter, shown)
        return image

    assert painted(picture) == painted(apart)


def test_a_column_that_is_zoomed_out_is_painted_pixel_by_pixel(show: Show) -> None:
    _, view, _ = show(network(5, 3, 4), 20)
    picture = view.canvas.builder.picture(0.61, None, None)
    image = QImage(view.canvas.size(), QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        painter.translate(3.3, 1.2)
        painter.scale(0.61, 0.61)
        paint_nodes(painter, picture)
    for strip, column in zip(picture.strips[:-1], picture.layout.columns[:-1], strict=True):
        assert strip is not None
        assert strip.whole is not None
        left, top = 0.61 * column.left + 3.3, 0.61 * (float(column.ys[0]) - column.node / 2) + 1.2
        found = image.copy(round(left), round(top), strip.whole.width(), strip.whole.height())
        assert found == strip.whole.convertToFormat(QImage.Format.Format_RGB32)


def test_nodes_between_pixels_are_painted_one_by_one_unless_zoomed_out(show: Show) -> None:
    _, view, _ = show(network(5, 3, 4), 20)
    builder = view.canvas.builder
    larger, smaller = (builder.picture(ratio, None, None).strips[1] for ratio in (1.37, 0.61))
    assert larger is not None
    assert smaller is not None
    assert larger.whole is None
    assert smaller.whole is not None
    column = builder.layout.columns[1]
    span = float(column.ys[-1] - column.ys[0]) + column.node
    assert abs(smaller.whole.height() - span * 0.61) <= 1.0  # rounded twice: the node, and its place


def test_the_picture_is_computed_before_it_is_painted(show: Show) -> None:
    """Otherwise an event would wait for both."""
    _, view, snapshot = show(network(5, 3, 4), 20)
    view.show_snapshot(replace(snapshot, step=21))
    computed = view.canvas.builder._values
    assert computed is not None
    view.canvas.repaint()
    assert view.canvas.builder._values is computed


def test_a_long_table_of_many_inputs_has_the_histograms_of_the_evaluated_samples(show: Show, tmp_path: Path) -> None:
    """Features and neurons of one size are drawn together, so they must be of the same samples."""
    values = np.random.default_rng(1).normal(size=(9000, 16)).round(3)
    rows = "\n".join(",".join(map(str, row)) + f",{'ab'[int(row[0] > 0)]}" for row in values.tolist())
    names = ",".join(f"v{number}" for number in range(16))
    (tmp_path / "t.csv").write_text(f"{names},y\n{rows}\n", encoding="utf-8")
    data = DataSettings(dataset=TableSource(csv=str(tmp_path / "t.csv"), target="y"))
    _, view, snapshot = show(replace(network(16, 16), data=data))
    assert snapshot.plane is None
    assert len(snapshot.trace.activations[0]) < len(snapshot.data.x_train)
    strips = view.canvas.builder.picture(1.0, None, None).strips
    assert all(strip is not None for strip in strips)
