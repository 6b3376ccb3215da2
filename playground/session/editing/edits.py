"""Edits of a network's layers as pure functions from Experiment to Experiment."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from core.experiment import Experiment, HiddenLayer


def with_layer(experiment: Experiment, index: int, changes: Mapping[str, object]) -> Experiment:
    """Return ``experiment`` with changed fields of hidden layer ``index``."""
    hidden = list(experiment.network.hidden)
    hidden[index] = replace(hidden[index], **changes)
    return _with_hidden(experiment, tuple(hidden))


def with_all_layers(experiment: Experiment, changes: Mapping[str, object]) -> Experiment:
    """Return ``experiment`` with the same changes of every hidden layer; ``initializer`` and ``gain`` also of the output."""
    hidden = tuple(replace(layer, **changes) for layer in experiment.network.hidden)
    output = {f"output_{key}": changes[key] for key in ("initializer", "gain") if key in changes}
    return replace(experiment, network=replace(experiment.network, hidden=hidden, **output))


def with_depth(experiment: Experiment, depth: int) -> Experiment:
    """Return ``experiment`` with ``depth`` hidden layers; new ones are copies of the last one."""
    hidden = experiment.network.hidden
    extra = hidden[-1] if hidden else HiddenLayer()
    return _with_hidden(experiment, (*hidden, *([extra] * depth))[:depth])


def with_layer_inserted(experiment: Experiment, index: int) -> Experiment:
    """Return ``experiment`` with a hidden layer inserted before position ``index``, a copy of its predecessor."""
    hidden = experiment.network.hidden
    like = hidden[max(index - 1, 0)] if hidden else HiddenLayer()
    return _with_hidden(experiment, (*hidden[:index], like, *hidden[index:]))


def without_layer(experiment: Experiment, index: int) -> Experiment:
    """Return ``experiment`` without hidden layer ``index``."""
    hidden = experiment.network.hidden
    return _with_hidden(experiment, (*hidden[:index], *hidden[index + 1 :]))


def is_same_shape(a: Experiment, b: Experiment) -> bool:
    """Return whether the parameters of both networks certainly have the same meaning."""
    return _shape(a) == _shape(b)


def _shape(experiment: Experiment) -> tuple[object, ...]:
    data = experiment.data
    return data.dataset, data.features, tuple(layer.units for layer in experiment.network.hidden)


def _with_hidden(experiment: Experiment, hidden: tuple[HiddenLayer, ...]) -> Experiment:
    return replace(experiment, network=replace(experiment.network, hidden=hidden))
