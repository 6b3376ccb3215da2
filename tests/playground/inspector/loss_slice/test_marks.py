"""Each mark of a limit in the loss along a weight is named in the plot, or below it where there is no room."""

from __future__ import annotations

import itertools

import pytest
from msgspec.structs import replace

from core.training.snapshot import Snapshot
from playground.inspector import InspectorPanel
from playground.inspector.loss_slice.limit_label import limit_marks
from playground.inspector.loss_slice.pinned_slice import with_notes
from playground.inspector.loss_slice.plot import LossSlice
from playground.session import Session
from playground.style.theme import LIGHT, Style
from tests.playground.factory import snapshot_of
from tests.playground.inspector.support import WEIGHT, experiment_of
from tests.playground.window.text_items import texts_of


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(experiment_of(4, 3), 200)


@pytest.mark.parametrize("width", [130, 150, 170, 200, 300, 500])
@pytest.mark.parametrize("share", [-0.9, -0.3, 0.02, 0.3, 0.9])
def test_each_mark_is_named_in_the_plot_or_below_it(
    panel: InspectorPanel, session: Session, snapshot: Snapshot, width: int, share: float
) -> None:
    session.select(WEIGHT)
    shown = panel.page_of("weight").slice.shown
    assert shown is not None
    at = shown.slice.here + share * shown.range.half_width
    rate = (shown.slice.here - at) / shown.slice.slope
    plot = LossSlice(Style(LIGHT))
    plot.set_stable(abs(rate))
    plot.show_slice(shown)
    plot.resize(width, plot.LOW_HEIGHT)
    marks = limit_marks(plot.shown)
    said = " ".join(each.text for each in texts_of(plot))
    for mark in marks:
        number = mark.texts[-1].rpartition(" ")[2]
        assert number in said, (mark.texts[-1], said)
    assert len(texts_of(plot)) >= 4 or not marks


def test_the_sentence_names_the_marks_where_it_has_no_room_for_itself(
    panel: InspectorPanel, session: Session, snapshot: Snapshot
) -> None:
    session.select(WEIGHT)
    plot = panel.page_of("weight").slice
    plot.set_stable(abs(0.5 * plot.shown.range.half_width / plot.shown.slice.slope))
    marks = [each for each in limit_marks(plot.shown) if not each.is_own]
    forms = with_notes(("Slope 0.1: the weight decreases", "Slope 0.1"), marks)
    assert [len(each) for each in forms[:2]] == sorted((len(each) for each in forms[:2]), reverse=True)
    assert all("all" in each for each in forms)
    assert not any("Slope" in each for each in forms[-3:])
    assert with_notes(("a", "b"), ()) == ("a", "b")


@pytest.mark.parametrize("scale", [1.0, 1.4])
@pytest.mark.parametrize(
    "height", [LossSlice.BARE_HEIGHT, LossSlice.LEAST_HEIGHT, LossSlice.LOW_HEIGHT, LossSlice.HEIGHT]
)
def test_the_numbers_of_a_low_plot_do_not_overlap(
    panel: InspectorPanel, session: Session, snapshot: Snapshot, height: int, scale: float
) -> None:
    session.select(WEIGHT)
    shown = panel.page_of("weight").slice.shown
    plot = LossSlice(Style(LIGHT, scale))
    plot.set_height(height)
    for losses in (shown.slice.losses, shown.slice.losses * 0.1, shown.slice.losses + 7.0):
        here = float(losses[len(losses) // 2])
        plot.show_slice(replace(shown, slice=replace(shown.slice, losses=losses, loss=here)))
        plot.resize(round(220 * scale), round(height * scale))
        texts = texts_of(plot)
        for one, other in itertools.combinations(texts, 2):
            common = one.box.intersected(other.box)
            assert common.width() <= 2.0 or common.height() <= 2.0, (one.text, other.text)
        assert len([each for each in texts if each.box.right() < 50 * scale]) >= 2
        assert any("Slope" in each.text for each in texts) is (height >= LossSlice.LEAST_HEIGHT)
