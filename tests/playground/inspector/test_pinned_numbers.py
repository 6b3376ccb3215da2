"""The inspector's readouts show how far they are from those of the compared pinned run."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.data.sample import Sample
from core.experiment import DataSettings
from core.training.pins.pinned_run import PinnedRun
from core.training.snapshot import Snapshot
from playground.inspector import InspectorPanel
from playground.inspector.snapshot_numbers import neuron_numbers, next_step
from playground.inspector.widgets.read_out import Pinned
from playground.session import Session
from playground.session.selection import Selection
from playground.style.numbers import short, signed
from tests.playground.factory import pinned_run, snapshot_of
from tests.playground.inspector.support import WEIGHT, experiment_of

EXPERIMENT = experiment_of(6, 5, 3)
NEURON = Selection("neuron", 1, 1)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(EXPERIMENT, 200)


@pytest.fixture(scope="module")
def earlier() -> PinnedRun:
    return pinned_run(EXPERIMENT, 40)


def test_of_a_weight(panel: InspectorPanel, session: Session, snapshot: Snapshot, earlier: PinnedRun) -> None:
    session.select(WEIGHT)
    page = panel.page_of("weight")
    shown = (page.value, page.gradient, page.step)  # type: ignore[attr-defined]
    assert [each.difference for each in shown] == ["", "", ""]
    pin = session.pins.add(earlier)
    assert pin is not None
    index = snapshot.network.architecture.layers[1].weight_index(2, 1)
    now, then = snapshot, earlier.snapshot
    pairs = (
        (now.network.parameters[index], then.network.parameters[index]),
        (now.gradients.flat[index], then.gradients.flat[index]),
        (next_step(now, index)[1], next_step(then, index)[1]),
    )
    assert [each.difference for each in shown] == [f"Δ {signed(a - b, 2)}" for a, b in pairs]
    name = session.pins.name(pin)
    assert f"{name}: {short(float(pairs[0][1]))} ({shown[0].difference})" in shown[0].toolTip()
    assert shown[0].accessibleName().endswith(shown[0].difference)
    session.pins.remove(pin.key)
    assert [each.difference for each in shown] == ["", "", ""]
    assert name not in shown[0].toolTip()


@pytest.mark.parametrize("sample", [None, Sample(3)], ids=["first sample", "another sample"])
def test_of_a_neuron(
    panel: InspectorPanel, session: Session, snapshot: Snapshot, earlier: PinnedRun, sample: Sample | None
) -> None:
    session.pins.add(earlier)
    session.select(NEURON)
    session.select_sample(sample)
    page = panel.page_of("neuron")
    now, then = (neuron_numbers(each, 1, 1, panel.sample) for each in (snapshot, earlier.snapshot))
    for name in ("z", "activation", "slope", "bias", "delta"):
        shown = getattr(page, name)
        assert shown.difference == f"Δ {signed(getattr(now, name) - getattr(then, name), 2)}", name


def test_the_difference_has_a_line_of_its_own_only_beside_a_pin(
    panel: InspectorPanel, qtbot: QtBot, session: Session, earlier: PinnedRun
) -> None:
    session.select(WEIGHT)
    value = panel.page_of("weight").value  # type: ignore[attr-defined]
    low, before = value.sizeHint().height(), value.grab().toImage()
    pin = session.pins.add(earlier)
    assert pin is not None
    assert value.sizeHint().height() > low
    qtbot.waitUntil(lambda: value.height() > low)
    assert value.grab().toImage().copy(0, 0, value.width(), low) == before
    session.pins.remove(pin.key)
    assert value.sizeHint().height() == low


def test_shares_differ_in_percentage_points() -> None:
    assert Pinned("before", 0.25, is_share=True).difference(0.6) == "Δ +35 pp"
    assert Pinned("before", 0.6, is_share=True).difference(0.25) == "Δ −35 pp"
    assert Pinned("before", float("nan")).difference(0.25) == ""


def test_a_run_without_the_element_or_the_sample_has_no_difference(
    panel: InspectorPanel, session: Session, earlier: PinnedRun
) -> None:
    session.select(WEIGHT)
    value = panel.page_of("weight").value  # type: ignore[attr-defined]
    session.pins.add(pinned_run(experiment_of(6), 2))
    assert value.difference == "", "no second hidden layer"
    session.pins.add(pinned_run(replace(EXPERIMENT, data=DataSettings(dataset="xor")), 2))
    assert value.difference != ""
    session.select_sample(Sample(3))
    assert value.difference == "", "its sample 4 is another one"
