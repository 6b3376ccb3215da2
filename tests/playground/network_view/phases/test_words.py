"""The sentence on each phase has the step's own numbers, written so that they can be checked by hand."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.experiment.presets import preset
from core.training.phases import PHASES, PhaseStep, Portion, phase_step
from core.training.trainer import Trainer
from core.training.training_run import new_trainer
from playground.network_view.phases.words import MAX_HIGHLIGHTED, PhaseWords, highlighted_by, moved_texts
from playground.session.selection import Selection
from playground.style.consistent_digits import confirms, value_of
from playground.style.numbers import short
from tests.playground.network_view.support import Show

W80 = Selection("weight", 2, 0, 0)


def trained(experiment: Experiment) -> Trainer:
    trainer = new_trainer(experiment, engine="numpy")
    trainer.run(20)
    return trainer


def words_on(trainer: Trainer, portion: Portion, selection: Selection | None = None) -> tuple[PhaseStep, PhaseWords]:
    step = phase_step(trainer, portion, 4)
    assert isinstance(step, PhaseStep)
    return step, PhaseWords(step, selection)


def numbers(text: str) -> list[float]:
    return [value_of(found) for found in re.findall(r"−?\d+(?:\.\d+)?(?:e−?\d+)?", text)]


def test_row03_each_phase_of_a_row_in_one_sentence() -> None:
    trainer = trained(preset("chain-rule"))
    step, words = words_on(trainer, "row", W80)
    y_hat, y = float(step.trace.prediction[0, 0]), float(step.targets[0, 0])
    play, study, sleep = trainer.data.positions_train[4]
    assert words.sentence("forward") == (
        f"Forward: play {play:g}, study {study:g}, sleep {sleep:g} give ŷ = {short(y_hat)}; the target is y = {y:g}."
    )
    assert words.sentence("loss") == f"Loss: L = ½(ŷ − y)² = ½({short(y_hat)} − {y:g})² = {short(step.loss, 3)}."
    written = 0.5 * (value_of(short(y_hat)) - y) ** 2
    assert written == pytest.approx(step.loss, rel=1e-3)
    layer = trainer.architecture.layers[2]
    slope = float(step.gradients.flat[layer.weight_index(0, 0)])
    assert f"∂L/∂w₈₀ = {short(slope, 3)}: " in words.sentence("backward")
    assert words.sentence("backward").endswith("goes down." if slope > 0 else "goes up.")


def test_row05_the_numbers_of_an_update_fit_together() -> None:
    trainer = trained(preset("chain-rule"))
    step, words = words_on(trainer, "sample", W80)
    sentence = words.sentence("update")
    match = re.fullmatch(
        r"Update: w₈₀ goes from (\S+) to (\S+): the slope is (\S+), α is (\S+)\. L on this sample goes from (\S+) to (\S+)\.",
        sentence,
    )
    assert match is not None, sentence
    before, after, slope, rate, loss, loss_after = map(value_of, match.groups())
    index = trainer.architecture.layers[2].weight_index(0, 0)
    assert after - before == pytest.approx(-rate * slope, rel=0.06)
    assert (after > before) == (slope < 0)
    assert rate == trainer.experiment.training.learning_rate
    assert confirms(float(step.network.parameters[index]), match[1])
    assert confirms(float(step.after[index]), match[2])
    assert confirms(step.loss, match[5])
    assert confirms(step.loss_after, match[6])
    assert loss_after < loss


def with_dropout(batch_size: int) -> Experiment:
    layer = HiddenLayer(units=5, dropout=0.5)
    network = NetworkSettings(hidden=(layer, layer), input_dropout=0.2)
    return Experiment(network=network, training=TrainingSettings(batch_size=batch_size))


def test_row09_the_neurons_dropped_in_a_step_are_counted_and_not_lit() -> None:
    trainer = trained(with_dropout(1))
    step, words = words_on(trainer, "sample")
    dropped = [
        Selection("feature" if layer < 0 else "neuron", layer, neuron)
        for layer, mask in enumerate(step.trace.masks, start=-1)
        for neuron in np.flatnonzero(np.asarray(mask)[0] == 0.0).tolist()
    ]
    assert dropped
    forward = words.sentence("forward")
    assert f"give ŷ = {short(float(step.trace.prediction[0, 0]))} with {len(dropped)} neurons dropped; " in forward
    highlighted = set(highlighted_by(step, "forward", words.index))
    assert highlighted == {each for each in everything(step) if each not in dropped}


def test_row09_each_sample_of_a_batch_has_its_own_neurons_dropped() -> None:
    step, words = words_on(trained(with_dropout(10)), "batch")
    assert "3 layers, each with its own neurons dropped; " in words.sentence("forward")
    assert set(highlighted_by(step, "forward", words.index)) == set(everything(step))


def everything(step: PhaseStep) -> list[Selection]:
    architecture = step.network.architecture
    features = [Selection("feature", -1, number) for number in range(architecture.inputs)]
    layers = enumerate(architecture.layers)
    return [*features, *(Selection("neuron", index, n) for index, layer in layers for n in range(layer.fan_out))]


@pytest.mark.parametrize(("loss", "noun"), [("huber", "Huber loss"), ("binary_cross_entropy", "binary cross-entropy")])
def test_the_loss_is_named_as_in_a_sentence(loss: str, noun: str) -> None:
    trainer = trained(Experiment(training=TrainingSettings(loss=loss)))
    for portion, text in (("sample", f", the {noun} of ŷ = "), ("batch", f" losses ({noun}) is L = ")):
        assert text in words_on(trainer, portion)[1].sentence("loss")


def test_a_batch_is_described_by_its_mean() -> None:
    trainer = trained(Experiment())
    step, words = words_on(trainer, "batch")
    assert words.sentence("forward").startswith("Forward: 10 samples pass through 3 layers")
    loss = words.sentence("loss")
    assert f"the mean of 10 losses (squared error) is L = {short(step.loss, 3)}" in loss
    worst = int(step.losses.argmax())
    assert loss.endswith(f"the largest is {short(float(step.losses[worst]), 3)}, of sample {step.batch[worst] + 1}.")
    # Without a selection it is the weight with the largest slope.
    sizes = abs(step.gradients.flat * trainer.architecture.is_weight)
    assert words.index == int(sizes.argmax())
    assert words.symbol in words.sentence("update")


@pytest.mark.parametrize("name", ["iris", "sine", "default", "digits"])
@pytest.mark.parametrize("portion", ["row", "sample", "batch"])
def test_every_kind_of_data_and_loss_has_its_sentences(name: str, portion: Portion) -> None:
    trainer = trained(preset(name))
    step, words = words_on(trainer, portion)
    for phase in PHASES:
        sentence = words.sentence(phase)
        assert sentence.startswith(f"{phase.capitalize()}: ")
        assert sentence.endswith(".")
        assert len(highlighted_by(step, phase, words.index)) <= MAX_HIGHLIGHTED


def test_other_optimizers_and_resting_weights() -> None:
    experiment = preset("chain-rule")
    trainer = trained(replace(experiment, training=TrainingSettings(optimizer="adam", batch_size=1)))
    _, words = words_on(trainer, "sample", W80)
    assert "Adam moves it by " in words.sentence("update")
    step, words = words_on(trained(experiment), "sample", W80)
    still = type(step)(**{**{n: getattr(step, n) for n in step.__struct_fields__}, "after": step.network.parameters})
    assert "w₈₀ stays at" in PhaseWords(still, W80).sentence("update")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"l2": 0.5}, "the slope with the L2 penalty is "),
        ({"clip_norm": 1e-3}, "the slope clipped is "),
        ({"l2": 0.5, "clip_norm": 1e-3}, "the slope with the L2 penalty and clipped is "),
        ({"l2": 0.5, "clip_norm": 1e9}, "the slope with the L2 penalty is "),
        ({"l1": 1e-3}, "SGD with L1 moves it by "),
        ({"l1": 0.1}, ", L1 holds it there. "),
    ],
)
def test_row10_the_update_says_what_changed_the_slope_of_the_backward_phase(settings: Any, said: str) -> None:
    trainer = trained(replace(preset("chain-rule"), training=TrainingSettings(batch_size=1, **settings)))
    step, words = words_on(trainer, "sample", W80)
    assert said in words.sentence("update")
    slope = float(step.gradient[trainer.architecture.layers[2].weight_index(0, 0)])
    assert f" is {short(slope, 3)}, " in words.sentence("update")
    # A bias is not penalized.
    _, words = words_on(trainer, "sample", Selection("bias", 2, 0))
    assert "penalty" not in words.sentence("update")
    assert "L1" not in words.sentence("update")


@pytest.mark.parametrize(
    ("settings", "causes"),
    [
        ({}, set()),
        ({"optimizer": "momentum", "momentum": 0.9}, {"Momentum"}),
        ({"optimizer": "adam"}, {"Adam"}),
        ({"optimizer": "adamw", "l2": 0.5}, {"AdamW"}),
        ({"l2": 0.5}, {"L2"}),
        ({"l1": 0.01}, {"L1"}),
    ],
)
def test_row05_the_backward_phase_foretells_the_direction_of_the_update(settings: Any, causes: set[str]) -> None:
    trainer = trained(replace(preset("chain-rule"), training=TrainingSettings(batch_size=1, **settings)))
    step, _ = words_on(trainer, "sample")
    architecture, found = trainer.architecture, set()
    for layer, each in enumerate(architecture.layers):
        for source in range(each.fan_in):
            words = PhaseWords(step, Selection("weight", layer, 0, source))
            slope, move = float(step.gradients.flat[words.index]), float(step.update[words.index])
            sentence = words.sentence("backward")
            downhill, uphill = ("down", "up") if slope > 0.0 else ("up", "down")
            if slope * move < 0.0:
                assert sentence.endswith(f", so the step goes {downhill}.")
            elif slope and move:
                against = re.search(rf", so descent goes {downhill}, but (.+) moves it {uphill}\.$", sentence)
                assert against, sentence
                found.add(against[1])
    assert found == causes


def test_a_step_that_changes_nothing_goes_nowhere() -> None:
    experiment = replace(preset("chain-rule"), training=TrainingSettings(batch_size=1, learning_rate=1e-30))
    _, words = words_on(trained(experiment), "sample", W80)
    assert words.sentence("backward").endswith(", but by too little to see.")
    _, words = words_on(trained(replace(experiment, training=TrainingSettings(batch_size=1, l1=0.1))), "sample", W80)
    assert words.sentence("backward").endswith(", but L1 holds it.")


def test_each_phase_highlights_its_elements() -> None:
    step, words = words_on(trained(preset("chain-rule")), "sample", W80)
    assert [each.kind for each in highlighted_by(step, "forward", words.index)] == ["feature"] * 3 + ["neuron"] * 6
    assert highlighted_by(step, "loss", words.index) == (Selection("neuron", 2, 0),)
    assert highlighted_by(step, "backward", words.index) == highlighted_by(step, "update", words.index) == (W80,)


def test_the_edges_show_the_step_s_slopes_and_then_its_changes(show: Show) -> None:
    session, view, snapshot = show(preset("chain-rule"), 20)
    view.canvas.builder.set_marked(on=False)
    step, _ = words_on(trained(preset("chain-rule")), "sample", W80)
    session._walk.begin(step)
    for phase, values in (("forward", snapshot.network.parameters), ("backward", step.gradients.flat)):
        session._walk.phase = phase  # type: ignore[assignment]
        session.phases_changed.emit()
        picture = view.canvas.builder.picture(1.0, None, None)
        full = abs(values[step.network.architecture.is_weight]).max()
        for gap, strengths in enumerate(picture.strengths):
            shown = step.network.architecture.weights(values, gap) / full
            np.testing.assert_allclose(strengths, shown, atol=0.35 if phase == "forward" else 1e-6)
    assert view._sentence.text().startswith("Edges: ∂L/∂w of this step.")
    session.leave_phases()
    assert not view._sentence.text().startswith("Edges: ∂L/∂w of this step.")


@pytest.mark.parametrize(
    ("before", "after", "texts"),
    [
        (0.412, 0.409, ("0.412", "0.409")),
        (-0.07485, -0.05418, ("−0.075", "−0.054")),
        (1.0, 1.00001234, ("1.000000", "1.000012")),
        (0.412, 0.412 + 1e-15, ("0.4120", "0.4120")),
        (0.5, 0.5, ("0.500", "0.500")),
        (-0.0, -0.0, ("0", "0")),
        (-4e-5, -4e-5, ("−4.00e−5", "−4.00e−5")),
    ],
)
def test_as_few_digits_as_show_the_change(before: float, after: float, texts: tuple[str, str]) -> None:
    assert moved_texts(before, after) == texts


@pytest.mark.parametrize("name", ["circle", "sine", "plane", "xor"])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("rate", [0.03, 0.0123456, 0.2, 0.000164505])
def test_a_calculator_confirms_the_loss_and_the_update_to_the_last_digit(
    name: str, optimizer: str, rate: float
) -> None:
    data = preset(name).data
    trainer = new_trainer(
        Experiment(data=data, training=TrainingSettings(optimizer=optimizer, learning_rate=rate)), engine="numpy"
    )
    for steps in (1, 7, 300):
        trainer.run(steps)
        for portion in ("row", "sample", "batch"):
            words = words_on(trainer, portion)[1]
            loss, update = words.sentence("loss"), words.sentence("update")
            if squared := re.search(r"½\((\S+) − \(?([^)]+)\)?\)² = (\S+)\.$", loss):
                y_hat, y = value_of(squared[1]), value_of(squared[2])
                assert confirms(0.5 * (y_hat - y) ** 2, squared[3]), loss
            if slope := re.search(r"goes from (\S+) to (\S+): the slope is (\S+), α is (\S+)\. L", update):
                first, given, alpha = (value_of(slope[group]) for group in (1, 3, 4))
                assert confirms(first - alpha * given, slope[2]), update
            if moved := re.search(r"goes from (\S+) to (\S+): .* moves it by (\S+)\. L", update):
                assert confirms(value_of(moved[1]) + value_of(moved[3]), moved[2]), update
