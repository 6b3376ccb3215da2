"""Small experiments that between them use every activation, loss, optimizer, initializer and kind of dropout."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import numpy as np
from msgspec.structs import replace

from core.arrays import Floats
from core.code_export.frameworks import FRAMEWORKS
from core.code_export.plan import Plan, Script
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.formulas.activations import ACTIVATIONS
from core.formulas.dropout_scalings import DROPOUT_SCALINGS
from core.formulas.initializers import INITIALIZERS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS
from core.network import Network
from core.training.trainer import Trainer
from tests.core.support import DATASET_FOR, new_trainer

EPOCHS = 4
DATA = DataSettings(dataset="circle", samples=50)
HIDDEN = (HiddenLayer(units=4), HiddenLayer(units=3))


def _case(
    *hidden: HiddenLayer, data: DataSettings = DATA, network: dict[str, Any] | None = None, **training: Any
) -> Experiment:
    settings = NetworkSettings(hidden=hidden or HIDDEN, **(network or {}))
    return Experiment(data=data, network=settings, training=TrainingSettings(**training))


def _by_activation(key: str) -> Experiment:
    layer = HiddenLayer(units=4, activation=key)
    return _case(layer, replace(layer, units=3), network={"output_activation": key})


def _by_loss(key: str) -> Experiment:
    return _case(data=DataSettings(dataset=DATASET_FOR[key], samples=50), loss=key)


def _by_optimizer(key: str) -> Experiment:
    momentum = 0.9 if OPTIMIZERS[key].uses_momentum else 0.0
    return _case(optimizer=key, momentum=momentum, learning_rate=0.01)


def _penalized(key: str) -> Experiment:
    return _case(optimizer=key, l1=0.01, l2=0.02, clip_norm=0.05, learning_rate=0.05, batch_size=7)


def _by_initializer(key: str) -> Experiment:
    wide = HiddenLayer(units=4, initializer=key, gain=1.5)
    return _case(wide, HiddenLayer(units=6), network={"output_initializer": key})


def _by_dropout(key: str) -> Experiment:
    hidden = (HiddenLayer(units=8, dropout=0.3), HiddenLayer(units=5, dropout=0.2))
    return _case(*hidden, network={"input_dropout": 0.1}, dropout_scaling=key)


CASES: dict[str, Experiment] = {
    **{f"activation {key}": _by_activation(key) for key in ACTIVATIONS},
    **{f"loss {key}": _by_loss(key) for key in LOSSES},
    **{f"optimizer {key}": _by_optimizer(key) for key in OPTIMIZERS},
    **{f"penalties {key}": _penalized(key) for key in OPTIMIZERS},
    **{f"initializer {key}": _by_initializer(key) for key in INITIALIZERS},
    **{f"dropout {key}": _by_dropout(key) for key in DROPOUT_SCALINGS},
    "decay without clipping": _case(
        HiddenLayer(units=4, activation="prelu"), optimizer="momentum", momentum=0.5, l2=0.05
    ),
    "several alphas": _case(
        HiddenLayer(units=4, activation="elu"),
        HiddenLayer(units=3, activation="leaky_relu", activation_alpha=0.2),
        HiddenLayer(units=3, activation="leaky_relu", activation_alpha=0.1),
        HiddenLayer(units=3, activation="swish", activation_alpha=2.0),
    ),
    "learned and fixed alphas": _case(
        HiddenLayer(units=4, activation="prelu"),
        HiddenLayer(units=3, activation="leaky_relu", activation_alpha=0.2),
        HiddenLayer(units=3, activation="prelu", activation_alpha=0.1),
    ),
    "softmax and squared error": _case(
        data=DataSettings(dataset="iris"), network={"output_activation": "softmax"}, loss="squared_error"
    ),
    "several sigmoid outputs": _case(data=DataSettings(dataset="iris"), loss="binary_cross_entropy"),
    "two-class cross-entropy": _case(loss="binary_cross_entropy"),
    "regression": _case(data=DataSettings(dataset="plane", samples=50, standardize=True)),
    "whole set in order": _case(shuffle=False, batch_size=0),
    "three seeds and no test set": _case(
        data=replace(DATA, seed=3, test_fraction=0.0), network={"seed": 5}, batch_size=8, seed=7
    ),
    "deep": _case(*[HiddenLayer(units=3)] * 7),
    "data in a file": _case(data=replace(DATA, samples=4000), batch_size=200),
}


def trainer_of(name: str) -> Trainer:
    """Return a trainer at step 0 of the case ``name``."""
    return new_trainer(CASES[name])


def plan_of(trainer: Trainer, **changes: Any) -> Plan:
    """Return the plan of a script for the experiment of ``trainer``."""
    given = {"epochs": EPOCHS, "stem": "case", **changes}
    return Plan(experiment=trainer.experiment, data=trainer.data, architecture=trainer.architecture, **given)


def script_of(name: str, framework: str) -> Script:
    """Return the script of the case ``name``."""
    return FRAMEWORKS[framework].script(plan_of(trainer_of(name)))


def fingerprint(script: Script) -> str:
    """Return a digest of the statements of ``script`` alone: without comments, docstrings, settings' names and samples."""
    _, _, body = script.text.partition('"""\n')[2].partition('"""\n')
    kept = []
    for line in body.split("\n"):
        code = re.sub(r"(^|  )# .*", "", line).rstrip()
        if code and not code.startswith("SAMPLES =") and not re.fullmatch(r' +""".*"""', code):
            kept.append(code)
    return hashlib.sha256("\n".join(kept).encode()).hexdigest()


def fixed_network(trainer: Trainer) -> Network:
    """Return a network of the trainer's architecture whose parameters are the same fractions on every machine."""
    architecture = trainer.architecture
    parameters = (np.arange(architecture.size) * 37 % 101) / 60.0 - 0.8
    for layer in architecture.layers:
        parameters[layer.alpha_index] = layer.alpha
    return Network(architecture, parameters)


def fixed_features(trainer: Trainer) -> Floats:
    """Return five samples that are the same on every machine."""
    inputs = trainer.architecture.inputs
    return ((np.arange(5 * inputs) * 29 % 53) / 20.0 - 1.3).reshape(5, inputs)
