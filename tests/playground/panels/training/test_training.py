from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QSlider, QToolTip
from pytestqt.qtbot import QtBot

from core.analysis.step_limit import Curvature
from core.experiment import HyperParameters
from core.formulas.losses import LOSSES
from core.formulas.optimizers import HYPER_PARAMETERS, OPTIMIZERS
from playground.panels.controls.labelled_slider import LabelledSlider
from playground.panels.training.training_panel import TrainingPanel
from playground.session import Session
from playground.style.theme import DARK, Style
from tests.playground.panels.support import STYLE, choose, combo, slider
from tests.playground.recorder import Recorder


@pytest.fixture
def panel(session: Session, qtbot: QtBot) -> TrainingPanel:
    """The section Training."""
    made = TrainingPanel(session, STYLE)
    made.complete()
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("learningRateSlider", "learning_rate", 10.0),
        ("l1Slider", "l1", 1.0),
        ("l2Slider", "l2", 1.0),
        ("clipNormSlider", "clip_norm", 1000.0),
    ],
)
def test_a_slider_moves_its_field(panel: TrainingPanel, session: Session, name: str, field: str, value: float) -> None:
    before = getattr(session.experiment.training, field)
    slider(panel, name).setValue(slider(panel, name).maximum() // 2)
    slider(panel, name).setValue(slider(panel, name).maximum())
    assert getattr(session.experiment.training, field) == value
    session.undo()
    assert getattr(session.experiment.training, field) == before, "a drag is one undo step"


@pytest.mark.parametrize(
    ("changes", "name", "value", "written"),
    [
        ({"learning_rate": 3.0}, "learningRateSlider", 3.0, "3"),
        ({"momentum": 0.5, "optimizer": "momentum"}, "momentumSlider", 0.5, "0.5"),
        ({"l1": 0.1}, "l1Slider", 0.1, "0.1"),
        ({"l2": 0.1}, "l2Slider", 0.1, "0.1"),
        ({"clip_norm": 1.0}, "clipNormSlider", 1.0, "1"),
    ],
)
def test_a_slider_follows_its_field(
    panel: TrainingPanel, session: Session, changes: dict[str, Any], name: str, value: float, written: str
) -> None:
    seen = Recorder(session)
    handle = slider(panel, name)
    labelled = handle.parentWidget()
    assert isinstance(labelled, LabelledSlider)
    before = handle.value()
    session.edit_training("test", **changes)
    assert labelled.value == value
    assert handle.value() > before
    assert labelled.value_edit.text() == written
    assert len(seen.changes) == 1


def test_clip_norm_off_is_none(panel: TrainingPanel, session: Session) -> None:
    clip = slider(panel, "clipNormSlider")
    clip.setValue(clip.maximum())
    clip.setValue(0)
    assert session.experiment.training.clip_norm is None


@pytest.mark.parametrize("key", ["momentum", "nesterov"])
def test_an_optimizer_with_momentum_starts_with_the_default(panel: TrainingPanel, session: Session, key: str) -> None:
    choose(combo(panel, "optimizerCombo"), key)
    training = session.experiment.training
    assert (training.optimizer, training.momentum) == (key, 0.9)
    assert slider(panel, "momentumSlider").value() == 90
    session.undo()
    assert (session.experiment.training.optimizer, session.experiment.training.momentum) == ("sgd", 0.0)
    assert combo(panel, "optimizerCombo").currentText() == "SGD"


def test_switching_to_sgd_resets_the_momentum(panel: TrainingPanel, session: Session) -> None:
    session.edit_training("test", optimizer="nesterov", momentum=0.5)
    choose(combo(panel, "optimizerCombo"), "momentum")
    assert session.experiment.training.momentum == 0.5, "switching between optimizers with momentum keeps it"
    choose(combo(panel, "optimizerCombo"), "sgd")
    assert session.experiment.training.momentum == 0.0


def test_dragging_the_momentum_switches_from_sgd_to_momentum(panel: TrainingPanel, session: Session) -> None:
    for position in (20, 50, 80):
        slider(panel, "momentumSlider").setValue(position)
    training = session.experiment.training
    assert (training.optimizer, training.momentum) == ("momentum", 0.8)
    session.undo()
    assert session.experiment.training.optimizer == "sgd"


@pytest.mark.parametrize("key", [key for key, entry in OPTIMIZERS.items() if not entry.offers_momentum])
def test_momentum_is_disabled_if_it_has_no_effect(panel: TrainingPanel, key: str) -> None:
    choose(combo(panel, "optimizerCombo"), key)
    momentum = slider(panel, "momentumSlider")
    assert not momentum.isEnabled()
    assert f"{OPTIMIZERS[key].label} does not use momentum; SGD, Momentum and Nesterov do." in momentum.toolTip()


def test_the_hyper_parameters_of_the_optimizer_are_under_more(panel: TrainingPanel, session: Session) -> None:
    for key, entry in OPTIMIZERS.items():
        session.edit_training("test", optimizer=key)
        own = [each for each in entry.hyper_parameters if each.key != "momentum"]
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        shown = [each for each in HYPER_PARAMETERS if panel.findChild(QSlider, f"{each}Slider") and each != "momentum"]
        assert sorted(shown) == sorted(each.key for each in own)
        for each in own:
            labelled = slider(panel, f"{each.key}Slider").parentWidget()
            assert isinstance(labelled, LabelledSlider)
            assert labelled.value == each.default
            assert each.explanation in labelled.slider.toolTip()


def test_a_hyper_parameter_is_edited_and_follows_the_model(panel: TrainingPanel, session: Session) -> None:
    session.edit_training("test", optimizer="adam")
    handle = slider(panel, "beta_1Slider")
    handle.setValue(handle.minimum())
    assert session.experiment.training.hyper_parameters == HyperParameters(beta_1=0.0)
    assert session.experiment.training.optimizer_arguments()[0] == 0.0
    session.undo()
    labelled = handle.parentWidget()
    assert isinstance(labelled, LabelledSlider)
    assert labelled.value == 0.9
    session.edit_training("test", hyper_parameters=HyperParameters(beta_1=0.25))
    assert labelled.value == 0.25
    handle.setValue(handle.maximum())
    handle.setValue(list(HYPER_PARAMETERS["beta_1"].stops).index(0.9))
    assert session.experiment.training.hyper_parameters == HyperParameters(), "the default is stored as None"


def test_only_losses_that_fit_are_offered(panel: TrainingPanel, session: Session) -> None:
    def offered() -> list[str]:
        menu = combo(panel, "lossCombo")
        return [menu.itemData(row, Qt.ItemDataRole.UserRole) for row in range(menu.count())]

    assert set(offered()) == {"auto", *LOSSES}, "two classes allow any loss"
    session.edit_data("test", dataset="plane")
    assert offered() == ["auto", "squared_error", "huber"]
    session.edit_data("test", dataset="iris")
    assert "cross_entropy" in offered()
    choose(combo(panel, "lossCombo"), "cross_entropy")
    assert session.experiment.training.loss == "cross_entropy"
    session.undo()
    assert combo(panel, "lossCombo").currentText() == "Auto"


def test_scaling_and_shuffling_are_edited_and_undone(panel: TrainingPanel, session: Session) -> None:
    choose(combo(panel, "dropoutScalingCombo"), "none")
    assert session.experiment.training.dropout_scaling == "none"
    check = panel.findChild(QCheckBox, "shuffleCheck")
    assert check is not None
    check.click()
    assert session.experiment.training.shuffle is False
    seen = Recorder(session)
    session.undo()
    session.undo()
    assert combo(panel, "dropoutScalingCombo").currentData() == "inverted"
    assert check.isChecked()
    assert len(seen.changes) == 2


def test_the_tooltip_has_formula_and_explanation(panel: TrainingPanel, qtbot: QtBot) -> None:
    menu = combo(panel, "optimizerCombo")
    tip = menu.itemData(menu.findData("adam"), Qt.ItemDataRole.ToolTipRole)
    assert OPTIMIZERS["adam"].explanation.split("(", maxsplit=1)[0] in tip
    assert "data:image/png;base64," in tip
    panel.set_style(Style(DARK))
    assert menu.itemData(menu.findData("adam"), Qt.ItemDataRole.ToolTipRole) != tip, (
        "formulas are drawn in the theme's ink"
    )
    with qtbot.waitExposed(panel):
        panel.show()
    QApplication.sendEvent(menu, QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), menu.mapToGlobal(QPoint(5, 5))))
    assert "<b>SGD</b>" in QToolTip.text()
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_clipping_describes_what_is_clipped_and_by_which_norm(panel: TrainingPanel) -> None:
    tip = slider(panel, "clipNormSlider").toolTip() or slider(panel, "clipNormSlider").parentWidget().toolTip()
    for part in (
        "including L2's λw",
        "g · c / ‖g‖",
        "PyTorch divides by ‖g‖ + 10⁻⁶",
        "applies weight_decay after clipping",
    ):
        assert part in tip


def test_row05_the_largest_stable_rate_is_marked_on_the_slider(panel: TrainingPanel, session: Session) -> None:
    handle = slider(panel, "learningRateSlider")
    assert handle.mark is None
    session.stability.show(Curvature(0, 10, 2.0 / 0.34))
    labelled = handle.parentWidget()
    assert isinstance(labelled, LabelledSlider)
    assert handle.mark == labelled._scale.position_of(0.34)
    told = "2/λ = 0.34: above this, full-batch gradient descent diverges along the sharpest direction."
    assert handle.toolTip().startswith(told)
    assert handle.accessibleDescription().startswith(told)
    panel.resize(260, 500)
    panel.show()
    pixel = handle.grab().toImage().pixelColor(round(handle.mark_x()), 1)
    assert pixel.name().lower() == STYLE.theme.error.lower()
    session.edit_training("test", optimizer="momentum", momentum=0.5)
    assert handle.mark == labelled._scale.position_of(0.51), "(1 + μ) times as large"
    assert "2(1 + μ)/λ = 0.51" in handle.toolTip()
    session.edit_training("test", optimizer="adam", momentum=0.0)
    assert handle.mark is None, "the curvature alone bounds no adaptive rule"
    assert handle.toolTip().startswith("Step size")
    session.edit_training("test", optimizer="sgd")
    for curvature in (Curvature(0, 10, -1.0), Curvature(0, 10, float("nan")), None):
        session.stability.show(curvature)
        assert handle.mark is None
        assert handle.toolTip().startswith("Step size")
    session.stability.show(Curvature(0, 10, 0.02))
    assert handle.mark is None, "100 is beyond the slider"
    assert "2/λ = 100" in handle.toolTip()
