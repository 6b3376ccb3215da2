"""Describe an Experiment in one line, as a caption from which the run can be repeated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from core.data.datasets import DATASETS
from core.data.settings import DrawnSource, TableSource
from core.experiment.epoch_text import epoch_text
from core.experiment.experiment import AUTO, Experiment
from core.experiment.resolution import Resolution
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.formulas.hyper_parameters import MOMENTUM
from core.formulas.initializers import INITIALIZERS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS


def recipe(experiment: Experiment, inputs: int, resolution: Resolution, epoch: float | None = None) -> str:
    """Return ``circle, 2-4-2-1 tanh, Xavier uniform, SGD α = 0.03, B = 10, epoch 500, seed 1``.

    Settings that are off or automatic by default are named only if changed, and the seeds separately only if they differ.

    Args:
        experiment: the settings.
        inputs: number of features.
        resolution: the output and loss that ``auto`` stands for.
        epoch: passes through the training set; ``None`` leaves it out.
    """
    hidden, training = experiment.network.hidden, experiment.training
    widths = "-".join(str(width) for width in (inputs, *(layer.units for layer in hidden), resolution.outputs))
    activations = [OUTPUT_ACTIVATIONS[layer.activation].label for layer in hidden]
    initializers = [layer.initializer for layer in hidden] or [experiment.network.output_initializer]
    parts = [
        data_words(experiment),
        f"{widths} {_joined(activations)}".rstrip(),
        _joined([INITIALIZERS[key].label for key in initializers]),
        *_network_extras(experiment, resolution),
        f"{OPTIMIZERS[training.optimizer].label} α = {training.learning_rate:g}",
        *_training_extras(experiment),
        f"B = {training.batch_size}" if training.batch_size else "full batch",
    ]
    if epoch is not None:
        parts.append(f"epoch {epoch_text(epoch)}")
    parts.append(_seeds(experiment))
    return ", ".join(parts)


def data_words(experiment: Experiment) -> str:
    """Return the name of the data, such as ``circle`` or ``circle noise 0.2``."""
    data = experiment.data
    match data.dataset:
        case TableSource():
            return PurePath(data.dataset.csv).name
        case DrawnSource():
            return f"{len(data.dataset.points)} drawn points"
    entry = DATASETS[data.dataset]
    name = entry.label[:1].lower() + entry.label[1:] if entry.label[1:].islower() else entry.label
    return f"{name} noise {data.noise:g}" if entry.generated and data.noise else name


def _network_extras(experiment: Experiment, resolution: Resolution) -> Iterator[str]:
    gains = [layer.gain for layer in experiment.network.hidden]
    if any(gain != 1.0 for gain in gains):
        yield f"weight scale {_joined([f'{gain:g}' for gain in gains])}"
    rates = [experiment.network.input_dropout, *(layer.dropout for layer in experiment.network.hidden)]
    if any(rates):
        yield f"dropout p = {_joined([f'{rate:g}' for rate in rates if rate])}"
    if experiment.network.output_activation != AUTO or experiment.training.loss != AUTO:
        yield f"{OUTPUT_ACTIVATIONS[resolution.output_activation].label} output"
        yield LOSSES[resolution.loss].label


def _training_extras(experiment: Experiment) -> Iterator[str]:
    training = experiment.training
    rule = OPTIMIZERS[training.optimizer]
    for each, value in zip(rule.hyper_parameters, training.optimizer_arguments(), strict=True):
        if each.key == MOMENTUM.key or value != each.default:
            yield f"{each.label.split()[-1]} = {value:g}"
    for symbol, strength in (("L1", training.l1), ("L2", training.l2)):
        if strength:
            yield f"{symbol} {strength:g}"
    if training.clip_norm is not None:
        yield f"clip {training.clip_norm:g}"


def _seeds(experiment: Experiment) -> str:
    seeds = (experiment.data.seed, experiment.network.seed, experiment.training.seed)
    if len(set(seeds)) == 1:
        return f"seed {seeds[0]}"
    return "seeds {} (data), {} (weights), {} (batches)".format(*seeds)


def _joined(words: Sequence[str]) -> str:
    """Return the different ``words`` in order, joined by slashes."""
    return "/".join(dict.fromkeys(words))
