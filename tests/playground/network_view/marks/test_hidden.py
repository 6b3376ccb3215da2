"""A hidden weight or neuron shows a question mark, and its value neither as colour nor as text; a locked one opens no editor."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from core.data.sample import Sample
from core.experiment import Experiment
from core.training.phases import PhaseStep, phase_step
from core.training.training_run import new_trainer
from playground.network_view.canvas.editor import ValueEditor
from playground.network_view.finding import finding
from playground.network_view.marks.hidden import _point
from playground.network_view.phases.words import followed_index
from playground.session.restrictions import Restrictions
from playground.session.selection import Selection, selection_of
from tests.playground.network_view.support import Show

WEIGHT = Selection("weight", 0, 1, 0)
NEURON = Selection("neuron", 0, 2)
HIDDEN = Restrictions(hidden=frozenset({WEIGHT, NEURON}))


@pytest.mark.parametrize("shows", ["weight", "gradient", "update"])
def test_a_hidden_edge_has_no_strength(show: Show, shows: str) -> None:
    session, view, _ = show(Experiment(), 5)
    view.show_edges(shows)
    before = view.canvas._picture().strengths[0]
    assert before[0, 1] != 0.0
    session.restrict(HIDDEN)
    after = view.canvas._picture().strengths[0]
    assert after[0, 1] == 0.0
    assert np.array_equal(np.delete(after.ravel(), 1), np.delete(before.ravel(), 1))
    session.restrict(Restrictions())
    assert np.array_equal(view.canvas._picture().strengths[0], before)


def test_a_hidden_neuron_is_painted_over(show: Show) -> None:
    session, view, _ = show(Experiment(), 5)
    layout = view.canvas.builder.layout
    column = layout.columns[1]
    at = view.canvas.viewport.to_view(column.left + column.node / 5, float(column.ys[2]) - column.node / 5)
    place = (round(at[0]), round(at[1]))
    coloured = view.canvas.grab().toImage().pixelColor(*place)
    session.restrict(HIDDEN)
    covered = view.canvas.grab().toImage().pixelColor(*place)
    assert covered.name() == view.canvas.builder.style.theme.zero.lower()
    assert covered != coloured


def test_the_mark_lies_on_its_edge(show: Show) -> None:
    _, view, _ = show(Experiment(), 5)
    point = _point(view.canvas.builder.layout, 0, 0, 1)
    at = view.canvas.viewport.to_view(point.x(), point.y())
    assert view.canvas.element_at(QPointF(*at)) == WEIGHT


def test_no_text_has_the_hidden_numbers(show: Show) -> None:
    session, view, snapshot = show(Experiment(), 5)
    session.restrict(HIDDEN)
    session.select_sample(Sample(0))
    canvas = view.canvas
    assert canvas._hover_lines(WEIGHT)[0] == "?"
    assert canvas._hover_lines(WEIGHT)[-1] == "The lesson hides the numbers of this weight."
    assert canvas._hover_lines(NEURON)[0] == "?"
    marks = canvas._picture().sample
    assert marks is not None
    assert [text == "?" for text in marks.texts(1)] == [False, False, True, False]
    rows = view.figure_table().rows
    secret = [row for row in rows if "?" in row]
    assert [row[:3] for row in secret] == [("Hidden 1", "x₁", "hidden 1 · 2"), ("Hidden 1", "bias", "hidden 1 · 3")]
    assert all(row[3:] == ("?", "?", "?") for row in secret)
    shown = view.figure_diagram(canvas.builder.style)
    assert shown is not None
    assert next(e.value for e in shown.edges if (e.column, e.source, e.target) == (0, 0, 1)) == 0.0
    assert snapshot.network.weights(0)[0, 1] != 0.0


def test_the_title_of_a_picture_names_another_weight(show: Show) -> None:
    _, view, snapshot = show(Experiment(), 5)
    shape, architecture = view.canvas.builder.shape, snapshot.network.architecture
    largest = selection_of(architecture, int(np.argmax(np.abs(snapshot.network.parameters) * architecture.is_weight)))
    assert largest is not None
    open_title = finding(snapshot, shape, "weight", ())
    title = finding(snapshot, shape, "weight", (), Restrictions(hidden=frozenset({largest})))
    assert title.startswith("Largest weight: ")
    assert title != open_title


def test_a_hidden_weight_is_not_followed_through_a_step() -> None:
    trainer = new_trainer(Experiment(), engine="numpy")
    step = phase_step(trainer, "sample", 0)
    assert isinstance(step, PhaseStep)
    largest = selection_of(trainer.architecture, followed_index(step, None))
    assert largest is not None
    hidden = Restrictions(hidden=frozenset({largest}))
    for selection in (None, largest):
        assert selection_of(trainer.architecture, followed_index(step, selection, hidden)) != largest
    assert followed_index(step, WEIGHT, hidden) == trainer.architecture.layers[0].weight_index(0, 1)


def test_a_locked_weight_opens_no_editor_and_says_why(show: Show) -> None:
    session, view, _ = show(Experiment(), 5)
    editor = view.canvas.findChild(ValueEditor)
    assert editor is not None
    said: list[str] = []
    session.message.connect(lambda text, _kind: said.append(text))
    session.restrict(Restrictions(locked=frozenset({WEIGHT})))
    assert view.canvas.edit(WEIGHT)
    assert not editor.isVisible()
    assert said == ["The lesson has locked this weight."]
    assert view.canvas._hover_lines(WEIGHT)[-1] == "The lesson has locked this weight."
    assert view.canvas.edit(Selection("weight", 0, 1, 1))
    assert editor.isVisible()
