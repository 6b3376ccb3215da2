"""The chosen sample in the inspector: its answer, the class probabilities, and each input's signed bar."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSpinBox

from core.data.sample import Sample
from core.experiment.presets import preset
from core.training.snapshot import Snapshot
from playground.inspector import InspectorPanel
from playground.inspector.pages.neuron_page import NeuronPage
from playground.session import Session
from playground.session.selection import Selection
from playground.style.consistent_digits import confirms, value_of
from playground.style.numbers import percent
from playground.style.theme import LIGHT
from tests.playground.factory import snapshot_of


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(preset("iris"), 60)


def probabilities(snapshot: Snapshot, sample: Sample) -> list[float]:
    values: list[float] = snapshot.network.predict(sample.rows(snapshot.data)[0])[0].tolist()
    return values


@pytest.mark.parametrize("sample", [Sample(4), Sample(6, is_test=True)])
def test_row14_class_bars_are_the_softmax_of_the_sample(
    panel: InspectorPanel, session: Session, snapshot: Snapshot, sample: Sample
) -> None:
    session.select_sample(sample)
    shares = panel.summary.sample.classes.shares
    expected = probabilities(snapshot, sample)
    assert [share.share for share in shares] == pytest.approx(expected, rel=1e-12)
    assert sum(share.share for share in shares) == pytest.approx(1.0, abs=1e-12)
    assert [share.wins for share in shares] == [value == max(expected) for value in expected]
    assert [share.true for share in shares] == [k == int(sample.label(snapshot.data)) for k in range(3)]
    names = snapshot.data.class_names
    assert shares[0].text.startswith(f"{names[0]} {percent(expected[0])}")
    assert panel.summary.sample.classes.isVisible()
    assert panel.summary.sample.heading.text() == ("Test sample 7" if sample.is_test else "Sample 5")


def test_row14_the_winner_of_the_bars_is_the_prediction(
    panel: InspectorPanel, session: Session, snapshot: Snapshot
) -> None:
    session.select_sample(Sample(10))
    best = int(np.argmax(probabilities(snapshot, Sample(10))))
    answer = panel.summary.sample
    assert answer.prediction.text == f"prediction {snapshot.data.class_names[best]}"
    X, Y = Sample(10).rows(snapshot.data)
    loss = float(snapshot.network.loss(snapshot.network.forward(X), Y)[0])
    assert confirms(loss, answer.loss.text.rpartition(" ")[2])
    raw = [value_of(line.text.rpartition(" ")[2]) for line in answer.inputs[:4]]
    assert raw == pytest.approx(snapshot.data.positions_train[10].tolist(), rel=1e-3)
    session.select_sample(None)
    assert answer.isHidden()


def test_row14_the_page_of_an_output_has_the_bars_too(
    panel: InspectorPanel, session: Session, snapshot: Snapshot
) -> None:
    session.select_sample(Sample(4))
    session.select(Selection("neuron", 1, 2))
    page = panel.page
    assert isinstance(page, NeuronPage)
    assert not page.classes.isHidden()
    assert value_of(page.activation.text) == pytest.approx(page.classes.shares[2].share, rel=1e-3)
    session.select(Selection("neuron", 0, 0))
    assert page.classes.isHidden()


def test_row01_each_term_has_a_signed_bar(panel: InspectorPanel, session: Session) -> None:
    session.select_sample(Sample(4))
    session.select(Selection("neuron", 0, 0))
    page = panel.page
    assert isinstance(page, NeuronPage)
    lines = page.terms.lines
    reach = max(abs(line.sign) for line in lines)
    image = page.terms.grab().toImage()
    middle, height = image.width() // 2, image.height() / len(lines)
    for number, line in enumerate(lines):
        y = round((number + 1) * height) - 3
        colour = QColor(LIGHT.positive if line.sign > 0 else LIGHT.negative)
        way = 1 if line.sign > 0 else -1
        reached = round(abs(line.sign) / reach * middle)
        if reached > 8:
            assert image.pixelColor(middle + way * (reached // 2), y) == colour
        if reached < middle - 8:
            assert image.pixelColor(middle + way * (reached + 6), y) == QColor(LIGHT.line)
        assert image.pixelColor(middle - way * 8, y) == QColor(LIGHT.line)


def test_pages_and_session_share_the_sample(panel: InspectorPanel, session: Session) -> None:
    session.select(Selection("weight", 0, 1, 2))
    box = panel.findChild(QSpinBox, "inspectorSampleBox")
    box.setValue(3)
    assert session.sample == Sample(2)
    session.select(Selection("neuron", 1, 0))
    assert panel.sample == Sample(2)
    session.select_sample(Sample(1, is_test=True))
    page = panel.page
    assert isinstance(page, NeuronPage)
    assert page.samples.sample == Sample(1, is_test=True)
    assert page.findChild(QSpinBox, "inspectorSampleBox").text() == "test 2"
    session.edit_data("Noise", seed=5)
    assert session.sample is None
    assert panel.sample == Sample(0)


def test_row01_the_terms_of_a_test_sample_sum_to_its_z(
    panel: InspectorPanel, session: Session, snapshot: Snapshot
) -> None:
    session.select_sample(Sample(3, is_test=True))
    session.select(Selection("neuron", 0, 2))
    page = panel.page
    assert isinstance(page, NeuronPage)
    X, _ = Sample(3, is_test=True).rows(snapshot.data)
    z = float(snapshot.network.forward(X).pre_activations[0][0, 2])
    assert sum(line.sign for line in page.terms.lines) == pytest.approx(z, abs=1e-12)
    assert confirms(z, page.total.text.rpartition(" ")[2])
    a = float(snapshot.network.forward(X).activations[0][0, 2])
    assert page.fires.text == ("yes" if a > 0 else "no")


def test_row01_narrow_lists_have_short_names_for_all_terms(panel: InspectorPanel, session: Session) -> None:
    session.select(Selection("neuron", 1, 0))
    page = panel.page
    assert isinstance(page, NeuronPage)
    assert {line.short for line in page.terms.lines[:-1]} == {f"a₁[{n}]" for n in range(1, 5)}
    fonts = page.terms.font_of(12), page.terms.font_of(11)
    page.terms.resize(600, page.terms.height())
    assert not page.terms._needs_short_names(*fonts)
    for width in range(600, 120, -10):
        page.terms.resize(width, page.terms.height())
        if page.terms._needs_short_names(*fonts):
            break
    assert width > 160
    side_by_side = page.terms.sizeHint().height()
    page.terms.resize(150, page.terms.height())
    assert page.terms.sizeHint().height() > side_by_side  # the products are below the names, which fit again
    assert not page.terms._needs_short_names(*fonts)
