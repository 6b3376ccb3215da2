"""The noise card shows the core's numbers: the dots lie on the 1/K line, and the batch is the trainer's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from core.analysis.gradient_noise import BatchComparison, compare_batch, gradient_noise
from core.engine.evaluation import NumpyEvaluator
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.snapshot import Snapshot
from playground.plots import NoisePlot
from playground.plots.noise import picture as drawing
from playground.plots.noise.arrows import arrows_of, named
from playground.plots.noise.data import BATCHES, MAX_SAMPLES, NoiseData, noise_data, noise_sentences
from playground.plotting.canvas.canvas import Area
from playground.plotting.drawing.pencil import text_width, write
from playground.style.theme import LIGHT, Style
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import make, picture
from tests.playground.window.text_items import texts_of

pytestmark = pytest.mark.usefixtures("fonts")


def data_of(snapshot: Snapshot) -> NoiseData:
    data = noise_data(snapshot, lambda _done, _every: True)
    assert data is not None
    return data


def test_row17_the_dots_lie_on_the_1_over_k_line() -> None:
    data = data_of(snapshot_of(steps=30))
    assert data.sizes.tolist() == [1, 2, 4, 8, 16, 32, 64, 128, 250]
    expected = data.noise_scale / data.sizes
    np.testing.assert_allclose(data.measured, expected, rtol=0.5)
    slope = np.polyfit(np.log(data.sizes), np.log(data.measured), 1)[0]
    assert slope == pytest.approx(-1.0, abs=0.1)
    assert np.all(data.low <= data.high)


def test_the_numbers_agree_with_the_core() -> None:
    snapshot = snapshot_of(steps=30)
    data = data_of(snapshot)
    noise = gradient_noise(snapshot.trace, snapshot.gradients)
    assert data.samples == len(snapshot.data.x_train) <= MAX_SAMPLES
    assert data.noise_scale == pytest.approx(noise.noise_scale, rel=1e-12)
    X, Y = snapshot.data.x_train, snapshot.data.y_train
    assert data.batch == compare_batch(snapshot.network, X, Y, snapshot.last_batch, snapshot.gradients)
    assert (data.batch.size, data.is_last) == (10, True)
    assert BATCHES >= 50


def test_a_full_batch_has_the_full_gradient() -> None:
    whole = snapshot_of(Experiment(training=TrainingSettings(batch_size=0)), steps=5)
    data = data_of(whole)
    assert data.batch.size == len(whole.data.x_train)
    assert data.batch.cosine == pytest.approx(1.0)
    assert data.batch.ratio == pytest.approx(1.0)


def test_before_any_step_the_first_batch_is_used() -> None:
    data = data_of(snapshot_of(steps=0))
    assert (data.batch.size, data.is_last) == (10, False)
    assert noise_sentences(data)[0].startswith("first 10 samples: cosine ")


def test_many_samples_are_subsampled() -> None:
    many = snapshot_of(Experiment(data=DataSettings(samples=1000, test_fraction=0.2)), steps=20)
    data = data_of(many)
    assert data.samples == MAX_SAMPLES
    noise = gradient_noise(many.trace, many.gradients)
    assert data.noise_scale == pytest.approx(noise.noise_scale, rel=0.5)


def given(cosine: float, ratio: float, *, scale: float = 40.0, size: int = 10) -> NoiseData:
    ones = np.ones(1)
    return NoiseData(np.array([1]), ones, ones, ones, scale, BatchComparison(size, cosine, ratio), True, 100, 1200)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            given(0.83, 1.21),
            "last batch of 10: cosine 0.83, 1.2 × as long as the full gradient; noise equals gradient at K = 40",
        ),
        (
            given(0.83, 1.21, scale=1150.2),
            "last batch of 10: cosine 0.83, 1.2 × as long as the full gradient; noise equals gradient at K = 1\u2009150",
        ),
        (
            given(0.83, 1.21, scale=2_217_278.0),
            (
                "last batch of 10: cosine 0.83, 1.2 × as long as the full gradient; noise exceeds the gradient at every K "
                "up to all 1\u2009200 samples, whose gradients nearly cancel"
            ),
        ),
        (
            given(1.0, 1.0, scale=2_217_278.0, size=1200),
            (
                "last batch of 1\u2009200: cosine 1.0, 1.0 × as long as the full gradient; "
                "noise would exceed the gradient at every smaller K"
            ),
        ),
        (
            given(0.99, 1.0, scale=0.37),
            "last batch of 10: cosine 0.99, 1.0 × as long as the full gradient; noise is below the gradient at every K",
        ),
        (given(0.83, 1.21, scale=math.inf), "last batch of 10: cosine 0.83, 1.2 × as long as the full gradient"),
        (
            given(1.0, 1.0, scale=0.0),
            "last batch of 10: cosine 1.0, 1.0 × as long as the full gradient; all samples have the same gradient",
        ),
        (given(math.nan, math.inf), "the full gradient is 0: the batch gradient is pure noise"),
        (given(math.nan, 0.0), "last batch of 10: gradient 0"),
        (given(math.nan, math.nan), "the gradient is 0 or has overflowed"),
    ],
)
def test_the_sentence(data: NoiseData, expected: str) -> None:
    sentences = noise_sentences(data)
    assert sentences[0] == expected
    assert [len(each) for each in sentences] == sorted(map(len, sentences), reverse=True)


@pytest.mark.parametrize("steps", [0, 20, 3000])
@pytest.mark.parametrize("dataset", ["circle", "gauss", "iris", "sine"])
def test_the_crossing_in_the_sentence_is_that_of_the_line(dataset: str, steps: int) -> None:
    data = data_of(snapshot_of(Experiment(data=DataSettings(dataset=dataset)), steps=steps))
    line, sentence = data.noise_scale / data.sizes, noise_sentences(data)[0]
    if " at every " in sentence:
        assert (line > 1.0).all() if "exceed" in sentence else (line < 1.0).all()
    else:
        crossing = float(sentence.rsplit(" = ", 1)[1].replace("\u2009", ""))
        assert 1.0 <= crossing <= data.total
        assert (
            line[data.sizes < 0.95 * crossing].min(initial=1.0)
            >= 1.0
            >= line[data.sizes > 1.05 * crossing].max(initial=0.0)
        )


def test_equal_gradients_have_no_noise_and_no_negative_one(qtbot: QtBot) -> None:
    # The output is a constant, far from all targets: the samples' gradients differ by rounding errors only.
    snapshot = snapshot_of(Experiment(network=NetworkSettings(hidden=(), output_activation="identity")))
    data = replace(snapshot.data, x_train=np.zeros_like(snapshot.data.x_train), y_train=snapshot.data.y_train + 1e9)
    network = snapshot.network
    trace, gradients = NumpyEvaluator().differentiate(network, data.x_train, data.y_train)
    moved = replace(snapshot, data=data, trace=trace, gradients=gradients)
    assert gradient_noise(trace, gradients).variance == 0.0
    assert noise_sentences(data_of(moved))[0].endswith("; all samples have the same gradient")
    card = make(qtbot, NoisePlot)
    card.show_snapshot(moved)
    picture(card)


def test_the_table_contains_the_dots_and_the_line(qtbot: QtBot) -> None:
    card = make(qtbot, NoisePlot)
    card.show_snapshot(snapshot_of(steps=10))
    table = card.figure_table()
    data = card.shown()
    assert [row[0] for row in table.rows] == data.sizes.tolist()
    assert [row[1] for row in table.rows] == data.measured.tolist()
    assert [row[4] for row in table.rows] == (data.noise_scale / data.sizes).tolist()


def test_a_batch_gradient_that_points_backwards_is_drawn(qtbot: QtBot) -> None:
    card = make(qtbot, NoisePlot, size=(420, 320))
    card.show_snapshot(snapshot_of(steps=10))
    before = picture(card)
    card._data = replace(card.shown(), batch=BatchComparison(10, -0.9, 5.0))
    card.redraw()
    assert picture(card) != before


@pytest.mark.parametrize("cosine", [1.0, 0.9, 0.3, -0.9])
def test_the_names_of_the_arrows_stay_in_the_plot(qapp: object, cosine: float) -> None:
    data = replace(data_of(snapshot_of(steps=10)), batch=BatchComparison(10, cosine, 5.0))
    area = Area(QRectF(40.0, 20.0, 200.0, 200.0), (0.0, 1.0), (0.0, 1.0), still=True)
    arrows = arrows_of(area, data, Style(LIGHT))
    assert all(area.rect.contains(each.tip) for each in arrows)
    found = named(arrows, area, Style(LIGHT), ())
    assert set(found) == {"full", "batch"}
    assert all(area.rect.contains(box) for box in found.values())
    assert not found["full"].intersects(found["batch"])


def test_fifty_layers_are_supported() -> None:
    hidden = (HiddenLayer(units=16, activation="relu", initializer="he_normal"),) * 50
    data = data_of(snapshot_of(Experiment(network=NetworkSettings(hidden=hidden))))
    assert np.isfinite(data.measured).all()
    assert noise_data(snapshot_of(), lambda _done, _every: False) is None


@pytest.mark.parametrize(("width", "named"), [(900, "10–90 % of 256 batches"), (330, "10–90 %"), (200, None)])
def test_the_band_is_named_where_there_is_room(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, width: int, named: str | None
) -> None:
    texts: list[tuple[float, str]] = []

    def noting(p: QPainter, style: Style, at: QPointF, text: str, **looks: Any) -> None:
        texts.append((at.x() + text_width(style, text), text))
        write(p, style, at, text, **looks)

    monkeypatch.setattr(drawing, "write", noting)
    card = make(qtbot, NoisePlot, size=(width, 300))
    card.show_snapshot(snapshot_of(steps=10))
    picture(card)
    band = [(end, text) for end, text in texts if text.startswith("10–90")]
    assert {text for _, text in band} == ({named} if named else set())
    assert all(end <= card.canvas.width() for end, _ in band)


@pytest.mark.parametrize("size", [(210, 260), (300, 300), (420, 300)])
@pytest.mark.parametrize("factor", [0.001, 0.01, 0.03, 0.1, 1.0])
def test_the_words_in_the_plot_lie_on_no_line(
    qtbot: QtBot, snapshots: dict[str, Snapshot], factor: float, size: tuple[int, int]
) -> None:
    card = make(qtbot, NoisePlot, size=size)
    card.show_snapshot(snapshots["default"])
    qtbot.waitUntil(lambda: card.shown() is not None)
    card.settle()
    data = card.shown()
    parts = {name: getattr(data, name) * factor for name in ("noise_scale", "measured", "low", "high")}
    card._picture.draw(replace(data, **parts), Style(LIGHT))
    area, origin = card.canvas.area(), card.canvas.pos()
    words = [each for each in texts_of(card) if each.text in {"noise = gradient", "in use"}]
    assert {word.text for word in words} >= (
        {"in use"} if factor < 1.0 or size[0] < 300 else {"in use", "noise = gradient"}
    )
    xs = np.linspace(0.0, math.log10(float(data.sizes[-1])), 400)
    ys = area.ys(math.log10(parts["noise_scale"]) - xs)
    for word in words:
        box = word.box.translated(-origin.x(), -origin.y())
        lies_on = [box.contains(x, y) for x, y in zip(area.xs(xs).tolist(), ys.tolist(), strict=True)]
        assert not any(lies_on), word.text


@pytest.mark.parametrize("size", [(220, 230), (250, 260), (300, 260), (420, 300)])
@pytest.mark.parametrize("cosine", [1.0, 0.99, 0.6, 0.0, -0.9])
@pytest.mark.parametrize("factor", [0.001, 0.01, 0.1, 1.0])
def test_the_names_of_the_arrows_lie_on_no_dashed_line(
    qtbot: QtBot, snapshots: dict[str, Snapshot], factor: float, cosine: float, size: tuple[int, int]
) -> None:
    card = make(qtbot, NoisePlot, size=size)
    card.show_snapshot(snapshots["default"])
    qtbot.waitUntil(lambda: card.shown() is not None)
    card.settle()
    data = card.shown()
    parts = {name: getattr(data, name) * factor for name in ("noise_scale", "measured", "low", "high")}
    shown = replace(data, **parts, batch=BatchComparison(data.batch.size, cosine, 1.3))
    card._picture.draw(shown, Style(LIGHT))
    area, origin = card.canvas.area(), card.canvas.pos()
    words = [each for each in texts_of(card) if each.text in {"full", "batch"}]
    assert len(words) == 2
    for word in words:
        box = word.box.translated(-origin.x(), -origin.y())
        assert not box.top() <= area.y(0.0) <= box.bottom() or not area.y_range[0] <= 0.0 <= area.y_range[1]
        assert not box.left() <= area.x(math.log10(data.batch.size)) <= box.right()
        assert word.is_readable
