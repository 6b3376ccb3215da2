"""As TensorFlow Playground does: to the last bit what its nodes and links do one by one, with both of its habits.

``Node`` and ``Link`` below are written from that program's ``src/nn.ts`` (Apache 2.0), one object for each node and weight
and one number at a time; nothing of them is shared with the code under test but tanh and the exponential function.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from core.experiment import Experiment
from core.experiment.tf_playground_link import parse_link
from core.training.trainer import Trainer
from tests.core.support import new_trainer


@dataclass
class Link:
    source: Node
    weight: float
    is_dead: bool = False
    total: float = 0.0
    count: int = 0


@dataclass
class Node:
    activation: str = "linear"
    bias: float = 0.0
    links: list[Link] = field(default_factory=list)
    outputs: list[tuple[Link, Node]] = field(default_factory=list)
    output: float = 0.0
    input_derivative: float = 0.0
    output_derivative: float = 0.0
    total: float = 0.0
    count: int = 0

    def run(self) -> None:
        z = self.bias
        for link in self.links:
            z += link.weight * link.source.output
        self.output = {
            "tanh": lambda: float(np.tanh(z)),
            "sigmoid": lambda: 1.0 / (1.0 + float(np.exp(-z))),
            "relu": lambda: max(0.0, z),
            "linear": lambda: z,
        }[self.activation]()
        self.z = z

    @property
    def slope(self) -> float:
        if self.activation == "tanh":
            return 1.0 - self.output * self.output
        if self.activation == "sigmoid":
            return self.output * (1.0 - self.output)
        return (0.0 if self.z <= 0.0 else 1.0) if self.activation == "relu" else 1.0


class Original:
    """That program's network and training loop, started from the parameters of ``trainer``."""

    def __init__(self, trainer: Trainer) -> None:
        names = {"identity": "linear"}
        self.data, self.settings = trainer.data, trainer.experiment.training
        network = trainer.network
        self.layers = [[Node() for _ in range(network.architecture.inputs)]]
        for index, layer in enumerate(network.architecture.layers):
            W, b = network.weights(index), network.bias(index)
            nodes = []
            for target in range(layer.fan_out):
                node = Node(names.get(layer.activation, layer.activation), float(b[target]))
                for source, before in enumerate(self.layers[-1]):
                    link = Link(before, float(W[source, target]))
                    node.links.append(link)
                    before.outputs.append((link, node))
                nodes.append(node)
            self.layers.append(nodes)

    def epoch(self) -> None:
        for i, (x, y) in enumerate(zip(self.data.x_train.tolist(), self.data.y_train[:, 0].tolist(), strict=True)):
            for node, value in zip(self.layers[0], x, strict=True):
                node.output = value
            for nodes in self.layers[1:]:
                for node in nodes:
                    node.run()
            self.back(y)
            if (i + 1) % self.settings.batch_size == 0:
                self.update()

    def back(self, target: float) -> None:
        self.layers[-1][0].output_derivative = self.layers[-1][0].output - target
        for index in range(len(self.layers) - 1, 0, -1):
            for node in self.layers[index]:
                node.input_derivative = node.output_derivative * node.slope
                node.total += node.input_derivative
                node.count += 1
                for link in node.links:
                    if not link.is_dead:
                        link.total += node.input_derivative * link.source.output
                        link.count += 1
            if index > 1:
                for node in self.layers[index - 1]:
                    node.output_derivative = 0.0
                    for link, towards in node.outputs:
                        node.output_derivative += link.weight * towards.input_derivative

    def update(self) -> None:
        rate, l1, l2 = self.settings.learning_rate, self.settings.l1, self.settings.l2
        for node in (node for nodes in self.layers[1:] for node in nodes):
            node.bias -= rate * node.total / node.count
            node.total, node.count = 0.0, 0
            for link in node.links:
                if link.is_dead:
                    continue
                slope = float(np.sign(link.weight)) if l1 else link.weight if l2 else 0.0
                link.weight -= (rate / link.count) * link.total
                shrunk = link.weight - (rate * (l1 or l2)) * slope
                if l1 and link.weight * shrunk < 0.0:
                    link.weight, link.is_dead = 0.0, True
                else:
                    link.weight = shrunk
                link.total, link.count = 0.0, 0

    @property
    def parameters(self) -> list[float]:
        flat: list[float] = []
        for nodes in self.layers[1:]:
            flat += [node.links[source].weight for source in range(len(nodes[0].links)) for node in nodes]
            flat += [*(node.bias for node in nodes), 0.0]
        return flat

    @property
    def dead(self) -> int:
        return sum(link.is_dead for nodes in self.layers[1:] for node in nodes for link in node.links)


def imitating(link: str, **training: Any) -> Experiment:
    experiment = parse_link(link).experiment
    return replace(experiment, training=replace(experiment.training, as_tf_playground=True, **training))


LINKS = {
    "default": "#seed=0.1",
    "L1 that divides": "#seed=0.2&regularization=L1&regularizationRate=0.01&learningRate=0.1&networkShape=6,4&batchSize=25",
    "L1 with a rest": "#seed=0.3&regularization=L1&regularizationRate=0.03&batchSize=30&dataset=xor&activation=relu",
    "L2 with a rest": "#seed=0.4&regularization=L2&regularizationRate=0.01&batchSize=7&activation=sigmoid&noise=20",
    "a regression": "#seed=0.5&problem=regression&regDataset=reg-gauss&batchSize=29&activation=relu&networkShape=5",
    "no hidden layer": "#seed=0.6&networkShape=&dataset=gauss&xTimesY=true&sinX=true&batchSize=17",
    "a batch larger than the set": "#seed=0.7&batchSize=300",
}


@pytest.mark.parametrize("name", LINKS)
def test_every_parameter_is_the_originals_to_the_last_bit(name: str) -> None:
    trainer = new_trainer(imitating(LINKS[name]))
    original = Original(trainer)
    for _ in range(12):
        original.epoch()
        assert trainer.run_epoch() is None
        assert trainer.parameters.tolist() == original.parameters
    assert int(np.sum(trainer._optimizer_state[1] < 0.0)) == original.dead
    if name.startswith("L1"):
        assert original.dead > 0
    if name == "a batch larger than the set":
        np.testing.assert_array_equal(trainer.parameters, new_trainer(trainer.experiment).parameters)


GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "tf_playground.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", GOLDEN)
def test_weights_and_biases_are_those_of_a_javascript_engine(name: str) -> None:
    trainer = new_trainer(imitating(GOLDEN[name]["link"]))
    for _ in range(GOLDEN[name]["epochs"]):
        trainer.run_epoch()
    network = trainer.network
    layers = range(len(network.architecture.layers))
    flat = np.concatenate([part for index in layers for part in (network.weights(index).ravel(), network.bias(index))])
    # Data and activations may differ in the last bit, as between two browsers.
    np.testing.assert_allclose(flat, GOLDEN[name]["parameters"], rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("name", "after"), [("L1 that divides", 1e-9), ("L2 with a rest", 1e-9)])
def test_ordinary_steps_differ(name: str, after: float) -> None:
    mine, theirs = new_trainer(parse_link(LINKS[name]).experiment), new_trainer(imitating(LINKS[name]))
    for trainer in (mine, theirs):
        trainer.run_epoch()
        trainer.run_epoch()
    assert np.abs(mine.parameters - theirs.parameters).max() > after


def test_without_penalty_and_leftover_batch_ordinary_steps_are_equal_up_to_rounding() -> None:
    mine, theirs = new_trainer(parse_link(LINKS["default"]).experiment), new_trainer(imitating(LINKS["default"]))
    for trainer in (mine, theirs):
        trainer.run(200)
    np.testing.assert_allclose(mine.parameters, theirs.parameters, rtol=1e-11, atol=1e-12)


def test_a_state_saved_in_the_middle_of_a_sum_resumes_exactly() -> None:
    experiment = imitating(LINKS["L1 with a rest"])
    whole, first = new_trainer(experiment), new_trainer(experiment)
    whole.run(40)
    first.run(9)  # 250 samples in batches of 30: the ninth batch is incomplete
    second = new_trainer(experiment)
    second.restore(first.state())
    second.run(31)
    np.testing.assert_array_equal(second.parameters, whole.parameters)


def test_switching_it_off_resets_the_sum_and_the_dead_weights() -> None:
    experiment = imitating(LINKS["L1 with a rest"])
    trainer = new_trainer(experiment)
    trainer.run(9)
    assert any(np.any(vector) for vector in trainer._optimizer_state)
    trainer.apply(replace(experiment, training=replace(experiment.training, as_tf_playground=False)), trainer.data)
    assert not any(np.any(vector) for vector in trainer._optimizer_state)


def test_tf_playground_steps_do_not_apply_to_other_optimizers() -> None:
    adam = imitating(LINKS["default"], optimizer="adam")
    plain = replace(adam, training=replace(adam.training, as_tf_playground=False))
    mine, theirs = new_trainer(adam), new_trainer(plain)
    mine.run(30)
    theirs.run(30)
    np.testing.assert_array_equal(mine.parameters, theirs.parameters)


@pytest.mark.parametrize("engine", ["auto", "compiled"])
def test_numpy_computes_the_steps_and_a_note_is_shown(engine: Any) -> None:
    pytest.importorskip("numba")
    experiment = imitating(LINKS["L1 with a rest"])
    trainer, reference = new_trainer(experiment, engine=engine), new_trainer(experiment)
    assert trainer.engine == "numpy"
    assert trainer.engine_note == "Training runs on NumPy and reproduces TensorFlow Playground exactly."
    assert not reference.engine_note
    trainer.run(40)
    reference.run(40)
    np.testing.assert_array_equal(trainer.parameters, reference.parameters)
    trainer.apply(replace(experiment, training=replace(experiment.training, as_tf_playground=False)), trainer.data)
    assert trainer.engine == "compiled"
    assert not trainer.engine_note


@pytest.mark.parametrize("loss", ["squared_error", "binary_cross_entropy"])
def test_tf_playground_steps_support_settings_that_the_original_lacks(loss: str) -> None:
    experiment = imitating(LINKS["default"], loss=loss, batch_size=10)
    hidden = tuple(replace(layer, activation="prelu", dropout=0.2) for layer in experiment.network.hidden)
    experiment = replace(experiment, network=replace(experiment.network, hidden=hidden))
    plain = replace(experiment, training=replace(experiment.training, as_tf_playground=False))
    mine, theirs = new_trainer(plain), new_trainer(experiment)
    for trainer in (mine, theirs):
        assert trainer.run(60) is None
    np.testing.assert_allclose(mine.parameters, theirs.parameters, rtol=1e-9, atol=1e-11)


def test_divergence_is_named() -> None:
    trainer = new_trainer(imitating("#seed=0.1&problem=regression&activation=linear&learningRate=1000&xSquared=true"))
    found = trainer.run(5000)
    assert found is not None
    assert np.isfinite(trainer.parameters).all()
