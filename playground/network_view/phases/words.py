"""One sentence with numbers for each phase of a training step, and the elements that it highlights in the network."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from core.engine.descent import penalized
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS
from playground.session.restrictions import NONE, Restrictions
from playground.session.selection import Names, Selection, index_of, selection_of
from playground.style.consistent_digits import follows, value_of
from playground.style.numbers import MINUS, short, thousands

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.arrays import Floats
    from core.training.phases import Phase, PhaseStep

MAX_HIGHLIGHTED: Final = 300
"""Maximum number of highlighted weights, those with the largest numbers."""

MAX_INPUTS: Final = 4
MAX_DIGITS: Final = 10
_MORE_DECIMALS: Final = 6
"""Maximum number of additional decimals to try until the displayed numbers of an update are consistent."""

_SMALL: Final = 0.01
"""Below this, a weight that stays as it is has its significant digits instead of three decimals."""

_SHOWN_SHARE: Final = 0.05
"""Maximum relative error of a weight's change when computed from the displayed numbers."""


class PhaseWords:
    """The sentences on one step.

    Args:
        step: the step, with its samples and settings.
        selection: whose weight or bias is named; without one, the weight with the largest gradient.
        restrictions: what is hidden, and not named.
    """

    def __init__(
        self,
        step: PhaseStep,
        selection: Selection | None,
        restrictions: Restrictions = NONE,
    ) -> None:
        self._step, self._data, self._settings = step, step.data, step.before.experiment.training
        architecture = step.network.architecture
        self._names = Names.of(architecture, step.data)
        self.index = followed_index(step, selection, restrictions)

    def sentence(self, phase: Phase) -> str:
        """Return the sentence on ``phase``."""
        match phase:
            case "forward":
                return self._forward()
            case "loss":
                return self._loss()
            case "backward":
                return self._backward()
            case "update":
                return self._update()

    @property
    def symbol(self) -> str:
        """The symbol of the parameter described."""
        selection = selection_of(self._step.network.architecture, self.index)
        return "α" if selection is None else self._names.symbol_of(selection)

    def _forward(self) -> str:
        step, data = self._step, self._data
        if len(step.batch) > 1:
            layers = len(step.network.architecture.layers)
            own = ", each with its own neurons dropped" if dropped_by(step) else ""
            return (
                f"Forward: {thousands(len(step.batch))} samples pass through {layers} layers{own}; each neuron computes "
                "z = Σ w·a + b, then a = φ(z)."
            )
        values = data.positions_train[step.batch[0]]
        inputs = [f"{name} {_plain(float(value))}" for name, value in zip(data.input_names, values, strict=True)]
        given = ", ".join(inputs[:MAX_INPUTS]) if len(inputs) <= MAX_INPUTS else f"{len(inputs)} inputs"
        dropped = len(dropped_by(step))
        without = f" with {dropped} {'neuron' if dropped == 1 else 'neurons'} dropped" if dropped else ""
        return f"Forward: {given} give ŷ = {self._prediction(0)}{without}; the target is y = {self._target(0)}."

    def _loss(self) -> str:
        step = self._step
        loss = short(step.loss, 3)
        label = LOSSES[step.network.architecture.loss].noun
        if len(step.batch) > 1:
            worst = int(np.argmax(np.nan_to_num(step.losses, nan=np.inf)))
            return (
                f"Loss: the mean of {thousands(len(step.batch))} losses ({label}) is L = {loss}; the largest is "
                f"{short(float(step.losses[worst]), 3)}, of sample {int(step.batch[worst]) + 1}."
            )
        formula = LOSSES[step.network.architecture.loss].in_numbers
        if formula and step.targets.shape[1] == 1:
            y, y_hat = float(step.targets[0, 0]), float(step.trace.prediction[0, 0])
            numbers = self._loss_in_numbers(formula, y_hat, y, loss)
            return f"Loss: L = {formula.format(a='ŷ', y='y')} = {numbers} = {loss}."
        return f"Loss: L = {loss}, the {label} of ŷ = {self._prediction(0)} and y = {self._target(0)}."

    def _loss_in_numbers(self, formula: str, y_hat: float, y: float, loss: str) -> str:
        """Return ``formula`` with as few digits as possible, at least 4, from which ``loss`` follows."""
        value = LOSSES[self._step.network.architecture.loss].value
        plain = _plain(y)
        for digits in range(4, MAX_DIGITS + 3):
            a, b = short(y_hat, digits), plain if digits == 4 or value_of(plain) == y else short(y, digits)
            if follows(float(value(np.array([[value_of(a)]]), np.array([[value_of(b)]])).sum()), loss):
                return formula.format(a=a, y=_bracketed(b))
        return formula.format(a=short(y_hat), y=_bracketed(plain))

    def _backward(self) -> str:
        slope = float(self._step.gradients.flat[self.index])
        if slope == 0:
            return f"Backward: the slope ∂L/∂{self.symbol} is 0, so the data does not move {self.symbol}."
        way, downhill = ("grows", "down") if slope > 0 else ("falls", "up")
        return (
            f"Backward: the slope ∂L/∂{self.symbol} = {short(slope, 3)}: L {way} as {self.symbol} grows, "
            f"so {self._direction(slope, downhill)}."
        )

    def _direction(self, slope: float, downhill: str) -> str:
        """Return where the step goes: ``downhill``, against the ``slope`` of the data, unless something else outweighs it."""
        step, index, settings = self._step, self.index, self._settings
        move = float(step.update[index])
        if move * slope < 0.0:
            return f"the step goes {downhill}"
        rule, is_weight = OPTIMIZERS[settings.optimizer], step.network.architecture.is_weight[index]
        shrunk = settings.l1 > 0.0 and is_weight and (rule.plain or move == 0.0)
        outweighed = float(step.gradient[index]) * slope <= 0.0
        cause = "L2" if outweighed else "L1" if shrunk else rule.label
        if move == 0.0:
            return f"descent goes {downhill}, but " + (
                f"{cause} holds it" if outweighed or shrunk else "by too little to see"
            )
        return f"descent goes {downhill}, but {cause} moves it {'up' if downhill == 'down' else 'down'}"

    def _update(self) -> str:
        step, index, settings = self._step, self.index, self._settings
        before, after = float(step.network.parameters[index]), float(step.after[index])
        slope, rate = float(step.gradient[index]), settings.learning_rate
        which = "this sample" if len(step.batch) == 1 else "these samples"
        losses = f"L on {which} goes from {short(step.loss)} to {short(step.loss_after)}."
        is_plain = _same(after - before, -rate * slope)
        shown_rate = value_of(_plain(rate))

        def move(digits: int) -> tuple[str, float]:
            text = short(slope if is_plain else after - before, digits)
            return text, -shown_rate * value_of(text) if is_plain else value_of(text)

        first, last, moved_by = written_move(before, after, move)
        given = f"the slope{self._changed_by(slope)} is {moved_by if is_plain else short(slope, 3)}"
        shrinks = settings.l1 > 0.0 and step.network.architecture.is_weight[index]
        if first == last:
            held = ", L1 holds it there" if shrinks and before == after == 0.0 else f", α is {short(rate, 3)}"
            return f"Update: {self.symbol} stays at {first}: {given}{held}. {losses}"
        if is_plain:
            why = f"{given}, α is {_plain(rate)}"
        else:
            optimizer = OPTIMIZERS[settings.optimizer].label + (" with L1" if shrinks else "")
            why = f"{given}, {optimizer} moves it by {moved_by}"
        return f"Update: {self.symbol} goes from {first} to {last}: {why}. {losses}"

    def _changed_by(self, slope: float) -> str:
        """Return what made ``slope``, the optimizer's input, differ from that of the backward phase; empty if nothing did."""
        step, index = self._step, self.index
        data = float(step.gradients.flat[index])
        is_weight = step.network.architecture.is_weight
        whole = float(penalized(step.gradients.flat, step.network.parameters, is_weight, self._settings)[index])
        parts = ["with the L2 penalty"] * (not _same(whole, data)) + ["clipped"] * (not _same(slope, whole))
        return f" {' and '.join(parts)}" if parts else ""

    def _prediction(self, row: int) -> str:
        step, data = self._step, self._data
        prediction = step.trace.prediction[row]
        if len(prediction) > 1:
            best = int(np.argmax(prediction))
            name = data.class_names[best] if best < len(data.class_names) else str(best + 1)
            return f"{name} ({short(float(prediction[best]), 3)})"
        return short(float(prediction[0]))

    def _target(self, row: int) -> str:
        step, data = self._step, self._data
        if step.targets.shape[1] > 1:
            return data.class_names[int(np.argmax(step.targets[row]))]
        return _plain(float(step.targets[row, 0]))


def moved_texts(before: float, after: float) -> tuple[str, str]:
    """Format both numbers with enough decimals (at least 3) to show their difference; equal if that takes too many."""
    change = after - before
    if not change and abs(before) < _SMALL:
        return short(before), short(before)
    for decimals in range(3, MAX_DIGITS + 3):
        unit = 10.0**-decimals
        a, b = round(before / unit) * unit, round(after / unit) * unit
        if abs((b - a) - change) <= _SHOWN_SHARE * abs(change) and math.isfinite(change):
            return _fixed(before, decimals), _fixed(after, decimals)
    return short(before), short(before)


def written_move(before: float, after: float, move: Callable[[int], tuple[str, float]]) -> tuple[str, str, str]:
    """Format both numbers and what moves the first to the last, so that the last follows from the other two.

    Args:
        before: the first number.
        after: the last number.
        move: returns, for a number of digits, the text of what moves it, and the difference that follows from this text.
    """
    first, last = moved_texts(before, after)
    if first != last and "e" not in first + last:
        decimals = len(first.partition(".")[2])
        for more in range(_MORE_DECIMALS):
            start, end = _fixed(before, decimals + more), _fixed(after, decimals + more)
            for digits in range(3, MAX_DIGITS + 1):
                text, change = move(digits)
                if follows(value_of(start) + change, end):
                    return start, end, text
    return first, last, move(3)[0]


def followed_index(step: PhaseStep, selection: Selection | None, restrictions: Restrictions = NONE) -> int:
    """Return the flat index of the parameter to follow: the selected one, else the weight with the largest gradient.

    Parameters whose numbers are hidden are not followed.
    """
    architecture = step.network.architecture
    chosen = index_of(architecture, selection)
    if chosen is not None and not restrictions.hides(selection):
        return chosen
    sizes = np.abs(np.nan_to_num(step.gradients.flat)) * architecture.is_weight
    hidden = [index_of(architecture, each) for each in restrictions.hidden]
    sizes[[index for index in hidden if index is not None]] = -1.0
    return int(np.argmax(sizes))


def highlighted_by(step: PhaseStep, phase: Phase, followed: int) -> tuple[Selection, ...]:
    """Return the elements that ``phase`` highlights: all neurons in use, the outputs, then the ``followed`` parameter."""
    architecture = step.network.architecture
    last = len(architecture.layers) - 1
    if phase == "forward":
        features = [Selection("feature", -1, n) for n in range(architecture.inputs)]
        layers = enumerate(architecture.layers)
        neurons = [Selection("neuron", index, n) for index, layer in layers for n in range(layer.fan_out)]
        dropped = dropped_by(step) if len(step.batch) == 1 else ()
        return tuple(each for each in (*features, *neurons) if each not in dropped)[:MAX_HIGHLIGHTED]
    if phase == "loss":
        return tuple(Selection("neuron", last, n) for n in range(architecture.outputs))[:MAX_HIGHLIGHTED]
    selection = selection_of(architecture, followed)
    return () if selection is None else (selection,)


def dropped_by(step: PhaseStep) -> frozenset[Selection]:
    """Return the features and neurons that ``step`` drops, those that any of its samples is without."""
    found = []
    for layer, mask in enumerate(step.trace.masks, start=-1):
        lacking = [] if isinstance(mask, float) else np.flatnonzero((np.asarray(mask) == 0.0).any(axis=0)).tolist()
        found += [Selection("feature" if layer < 0 else "neuron", layer, each) for each in lacking]
    return frozenset(found)


def edges_of(step: PhaseStep, phase: Phase) -> Floats | None:
    """Return what the edges show in ``phase``, (P,): the step's gradients or updates; ``None`` for the view's own choice."""
    if phase == "backward":
        return step.gradients.flat
    return step.update if phase == "update" else None


def _same(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-15)


def _fixed(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace("-", "−")


def _plain(value: float) -> str:
    text = f"{value:g}"
    return text.replace("-", "−") if "e" not in text else short(value, 3)


def _bracketed(number: str) -> str:
    return f"({number})" if number.startswith(MINUS) else number
