"""The pictures in the nodes have the colours of the computed values."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.data.settings import TableSource
from core.experiment import DataSettings, Experiment, TrainingSettings
from playground.network_view import NetworkView
from playground.style.theme import LIGHT
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
