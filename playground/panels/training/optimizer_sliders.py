"""Sliders for the hyper-parameters of the current optimizer, such as β₁, β₂ and ε."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.experiment import TrainingSettings
from core.experiment.optimizer_settings import given
from core.formulas.hyper_parameters import MOMENTUM, HyperParameter
from core.formulas.optimizers import OPTIMIZERS
from playground.panels.controls import wording
from playground.panels.controls.field_meta import FieldMeta
from playground.panels.controls.labelled_slider import LabelledSlider
from playground.panels.controls.slider_scale import Stops
from playground.style.theme import Style

if TYPE_CHECKING:
    from playground.session import Session


class HyperParameterSliders(QWidget):
    """One slider for each hyper-parameter of the current optimizer, except momentum, which has its own slider."""

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._style = style
        self._optimizer = ""
        self._sliders: dict[str, LabelledSlider] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def show_settings(self, settings: TrainingSettings) -> None:
        """Show the hyper-parameters of the optimizer in ``settings``."""
        if settings.optimizer != self._optimizer:
            self._offer(settings.optimizer)
        values = given(settings.hyper_parameters)
        for each in OPTIMIZERS[settings.optimizer].hyper_parameters:
            if each.key in self._sliders:
                self._sliders[each.key].set_value(values.get(each.key, each.default))

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self._layout.setSpacing(round(style.px(4)))
        for slider in self._sliders.values():
            slider.set_style(style)

    def _offer(self, optimizer: str) -> None:
        for slider in self._sliders.values():
            self._layout.removeWidget(slider)
            slider.hide()
            slider.deleteLater()
        self._optimizer = optimizer
        own = [each for each in OPTIMIZERS[optimizer].hyper_parameters if each.key != MOMENTUM.key]
        self._sliders = {each.key: self._slider(each) for each in own}
        for slider in self._sliders.values():
            self._layout.addWidget(slider)
        self.setVisible(bool(own))

    def _slider(self, each: HyperParameter) -> LabelledSlider:
        description = f"{each.explanation} Default: {wording.plain(each.default)}."
        meta = FieldMeta(
            *(each.key, each.label, description, each.default, each.low, each.high),
            low_allowed=each.low_allowed,
            high_allowed=False,
        )
        slider = LabelledSlider(meta, Stops(each.stops), f"{each.key}Slider", write=wording.plain)
        slider.held.connect(self._session.hold_edits)
        slider.moved.connect(lambda value: self._edit(each, value))
        slider.set_style(self._style)
        return slider

    def _edit(self, each: HyperParameter, value: float) -> None:
        """Set the value; the Experiment stores ``None`` for the default."""
        settings = self._session.experiment.training
        changed = replace(settings.hyper_parameters, **{each.key: None if value == each.default else value})
        if not self._session.edit_training(each.label, each.key, hyper_parameters=changed):
            self.show_settings(settings)
