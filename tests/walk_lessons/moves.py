"""Convert changes of an experiment to moves of controls, in the order in which a user makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from core.data.datasets import DATASETS
from core.experiment import Experiment, HiddenLayer
from core.formulas.activations import ACTIVATIONS
from core.formulas.dropout_scalings import DROPOUT_SCALINGS
from core.formulas.initializers import INITIALIZERS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS

MORE: Final = "moreTrainingLink"
EACH: Final = "eachLayerLink"


@dataclass(frozen=True)
class Move:
    """One control to be moved.

    Attributes:
        kind: what the user does with it.
        control: its object name.
        value: the number of a slider, the text of a choice, or the key of a feature to add or remove.
        inside: the object name of the link that shows it, if it is collapsed.
        layer: the hidden layer whose own controls are meant, from 0, or ``None``.
    """

    kind: Literal["slide", "choose", "feature"]
    control: str
    value: float | str
    inside: str = ""
    layer: int | None = None


class NoControlError(Exception):
    """A setting has no control in the window."""


_TRAINING: Final[dict[str, tuple[str, str]]] = {
    "learning_rate": ("learningRateSlider", ""),
    "momentum": ("momentumSlider", ""),
    "l2": ("l2Slider", ""),
    "l1": ("l1Slider", MORE),
    "clip_norm": ("clipNormSlider", MORE),
    "batch_size": ("batchSizeSlider", ""),
}
_ALL_LAYERS: Final = {
    "units": "widthSlider",
    "activation": "activationCombo",
    "activation_alpha": "alphaSlider",
    "initializer": "initializerCombo",
    "gain": "gainSlider",
    "dropout": "dropoutSlider",
}
_ONE_LAYER: Final = {
    "units": "layerUnitsSlider",
    "activation": "layerActivationCombo",
    "activation_alpha": "layerAlphaSlider",
    "initializer": "layerInitializerCombo",
    "gain": "layerGainSlider",
    "dropout": "layerDropoutSlider",
}
_LABELS: Final = {"activation": ACTIVATIONS, "initializer": INITIALIZERS}
_WITH_OUTPUT: Final = ("initializer", "gain")


def moves(now: Experiment, wanted: Experiment) -> list[Move]:
    """Return the moves that turn ``now`` into ``wanted``; seeds are left out, as *New seed* draws them at random.

    Raises:
        NoControlError: a setting that differs has no control.
    """
    return [*_of_data(now, wanted), *_of_layers(now, wanted), *_of_training(now, wanted)]


def _of_data(now: Experiment, wanted: Experiment) -> list[Move]:
    found = []
    for field in now.data.__struct_fields__:
        value = getattr(wanted.data, field)
        if value == getattr(now.data, field) or field == "seed":
            continue
        if field == "dataset" and isinstance(value, str):
            found.append(Move("choose", "datasetCombo", DATASETS[value].label))
        elif field == "features":
            found += [Move("feature", "networkCanvas", key) for key in _differing(now.data.features, value)]
        elif field in ("noise", "test_fraction"):
            name = {"noise": "noiseSlider", "test_fraction": "testShareSlider"}[field]
            found.append(Move("slide", name, value))
        else:
            raise NoControlError(f"data.{field}")
    return found


def _differing(now: tuple[str, ...] | None, wanted: tuple[str, ...] | None) -> list[str]:
    """Return the features in one of both; ``None`` stands for the inputs alone."""
    inputs = ("x1", "x2")
    return sorted(set(now or inputs) ^ set(wanted or inputs))


def _of_training(now: Experiment, wanted: Experiment) -> list[Move]:
    found = []
    for field in now.training.__struct_fields__:
        value = getattr(wanted.training, field)
        if value == getattr(now.training, field) or field == "seed":
            continue
        if field == "optimizer":
            found.insert(0, Move("choose", "optimizerCombo", OPTIMIZERS[value].label))
        elif field == "loss":
            found.append(Move("choose", "lossCombo", LOSSES[value].label, MORE))
        elif field == "dropout_scaling":
            found.append(Move("choose", "dropoutScalingCombo", DROPOUT_SCALINGS[value].label, MORE))
        elif field in _TRAINING:
            name, inside = _TRAINING[field]
            found.append(Move("slide", name, float(value or 0.0), inside))
        else:
            raise NoControlError(f"training.{field}")
    return found


def _of_layers(now: Experiment, wanted: Experiment) -> list[Move]:
    """Return moves of depth, then of all layers at once where one control does it, then of single layers."""
    old, new = now.network, wanted.network
    found, depth = [], len(new.hidden)
    layers = list(old.hidden[:depth])
    if depth != len(old.hidden):
        found.append(Move("slide", "depthSlider", depth))
        layers += [layers[-1] if layers else HiddenLayer()] * (depth - len(layers))
    for field in HiddenLayer.__struct_fields__:
        have = [getattr(layer, field) for layer in layers]
        want = [getattr(layer, field) for layer in new.hidden]
        if field in _WITH_OUTPUT:
            have.append(getattr(old, f"output_{field}"))
            want.append(getattr(new, f"output_{field}"))
        if have == want:
            continue
        if field in _ALL_LAYERS and len(set(want)) == 1:
            found.append(_move(field, want[0], _ALL_LAYERS))
        elif field in _ONE_LAYER and have[len(layers) :] == want[len(layers) :]:
            single = [index for index in range(len(layers)) if have[index] != want[index]]
            found += [_move(field, want[index], _ONE_LAYER, index) for index in single]
        else:
            raise NoControlError(f"network.{field} of the output alone")
    for field in set(old.__struct_fields__) - {"hidden", "seed", "output_initializer", "output_gain"}:
        if getattr(old, field) != getattr(new, field):
            raise NoControlError(f"network.{field}")
    return found


def _move(field: str, value: float | str, names: dict[str, str], layer: int | None = None) -> Move:
    inside = "" if layer is None else EACH
    if field in _LABELS:
        return Move("choose", names[field], _LABELS[field][str(value)].label, inside, layer)
    return Move("slide", names[field], float(value), inside, layer)
