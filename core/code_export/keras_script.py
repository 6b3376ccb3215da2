"""Write an experiment as a script for Keras 3, with any backend."""

from __future__ import annotations

from typing import Final

from core.code_export.packed_data import data_lines
from core.code_export.parts import (
    LINE,
    batches,
    first_weights,
    header,
    imports,
    random_stream,
    report,
    section,
    settings,
    shuffler,
    tf_playground_note,
    tidy,
)
from core.code_export.plan import Plan, Script, activation_code, loss_code, number, optimizer_code, plain
from core.formulas.dropout_scalings import DROPOUT_SCALINGS

PRECISION_NOTE: Final = "Keras rounds some of its constants to float32, so the losses agree to about six digits"
DROPOUT_NOTE: Final = "dropout draws random masks of Keras' own, so the losses agree on average only"


def keras_script(plan: Plan) -> Script:
    """Return the experiment of ``plan`` as a script for Keras.

    Raises:
        PlaygroundError: an entry has no source code, or samples are missing.
    """
    plan.check()
    samples, data_file, table = data_lines(plan)
    body = [
        *settings(plan),
        "",
        *samples,
        *random_stream(),
        *first_weights(plan),
        *_helpers(plan),
        *_network(plan),
        *_losses(plan),
        *_optimizer(plan),
        *_training(plan),
    ]
    text = "\n".join(body)
    top = [
        *header(plan, "Keras", "keras tensorflow numpy", _notes(plan)),
        *imports(text, data_file, "os"),
        "",
        "# With torch or jax instead, Keras multiplies matrices in float32, and the losses agree to about 1e-6 only.",
        'os.environ.setdefault("KERAS_BACKEND", "tensorflow")',
        "import keras",
        "import numpy as np",
        "from keras import layers",
        "",
        'keras.config.set_floatx("float64")  # as in the app; the default is float32',
    ]
    return Script(tidy(top) + "\n" + tidy(body).lstrip(), data_file, table)


def _notes(plan: Plan) -> list[str]:
    notes = [PRECISION_NOTE, *([DROPOUT_NOTE] if plan.architecture.drops else [])]
    if note := optimizer_code(plan.optimizer).keras_note:
        notes.append(note)
    return notes + tf_playground_note(plan)


def _helpers(plan: Plan) -> list[str]:
    """Return the definitions of classes that Keras does not have."""
    lines: list[str] = []
    if plan.architecture.drops and not DROPOUT_SCALINGS[plan.architecture.dropout_scaling].in_training:
        scaling = DROPOUT_SCALINGS[plan.architecture.dropout_scaling]
        test = "a * (1 - self.p)" if scaling.at_test_time else "a"
        lines += [
            "",
            "class Dropout(layers.Layer):",
            f'    """{plain(scaling.explanation)}"""',
            "    # layers.Dropout divides by 1 - p in training instead.",
            "",
            "    def __init__(self, p):",
            "        super().__init__()",
            "        self.p, self.seeds = p, keras.random.SeedGenerator(1)",
            "",
            "    def call(self, a, training=False):",
            "        keep = keras.random.uniform(keras.ops.shape(a), seed=self.seeds) >= self.p",
            f"        return a * keras.ops.cast(keep, a.dtype) if training else {test}",
        ]
    if plan.experiment.training.l1:
        lines += [
            "",
            "class SoftThreshold(keras.constraints.Constraint):",
            '    """L1 as a proximal step after each update, which makes small weights exactly 0."""',
            "",
            "    def __call__(self, W):",
            "        return keras.ops.sign(W) * keras.ops.maximum(keras.ops.abs(W) - LEARNING_RATE * L1, 0)",
        ]
    return lines


def _penalties(plan: Plan) -> list[str]:
    """Return the arguments of a dense layer that penalize its weights."""
    training = plan.experiment.training
    l2 = ["kernel_regularizer=keras.regularizers.L2(L2 / 2)"]
    return (l2 if training.l2 and not plan.optimizer.decoupled_decay else []) + (
        ["kernel_constraint=SoftThreshold()"] if training.l1 else []
    )


def _network(plan: Plan) -> list[str]:
    penalties = _penalties(plan)
    extras = ", **PENALTIES" if penalties else ""
    own = DROPOUT_SCALINGS[plan.architecture.dropout_scaling].in_training
    lines = [
        *section("Network"),
        *([f"PENALTIES = dict({', '.join(penalties)})"] if penalties else []),
        "network = keras.Sequential([",
        "    keras.Input((WIDTHS[0],)),",
    ]
    for index, layer in enumerate(plan.layers):
        if plan.architecture.dropout_rates[index]:
            lines.append(f"    {'layers.' if own else ''}Dropout(DROPOUT[{index}]),")
        code, alpha = activation_code(layer.activation_entry), number(layer.alpha)
        is_in_loss = index == len(plan.layers) - 1 and plan.loss_takes_z
        activation = "" if is_in_loss else f", activation={code.keras.format(alpha=alpha)}"
        note = f"  # the {layer.activation_entry.label} of the output is part of the loss" if is_in_loss else ""
        lines.append(f"    layers.Dense({layer.fan_out}{activation}{extras}),{note}")
        if code.keras_layer and not is_in_loss:
            lines.append(f"    {code.keras_layer.format(alpha=alpha)},")
    return [
        *lines,
        "])",
        "dense = [layer for layer in network.layers if isinstance(layer, layers.Dense)]",
        "for layer, W in zip(dense, first_weights):",
        f"    layer.set_weights([W, np.full(W.shape[1], {number(plan.architecture.initial_bias)})])",
    ]


def _losses(plan: Plan) -> list[str]:
    return [
        *section("Loss"),
        "def loss_of(y, out):",
        f'    """{plain(plan.loss.explanation)}"""',
        f"    return {loss_code(plan.loss).keras}",
        "",
        "def mean_loss(x, y):",
        "    out = network(keras.ops.convert_to_tensor(x), training=False)",
        "    return float(keras.ops.mean(loss_of(keras.ops.convert_to_tensor(y), out)))",
    ]


def _optimizer(plan: Plan) -> list[str]:
    training, rule = plan.experiment.training, plan.optimizer
    code = optimizer_code(rule)
    arguments = ["learning_rate=LEARNING_RATE", *code.keras_arguments]
    if rule.decoupled_decay:
        arguments.append(f"weight_decay={'L2' if training.l2 else '0.0'}")
    if training.clip_norm is not None:
        arguments.append("global_clipnorm=CLIP_NORM")
    call = f"optimizer = {code.keras}({', '.join(arguments)})"
    broken = [f"optimizer = {code.keras}(", *(f"    {argument}," for argument in arguments), ")"]
    lines = [*section(f"Optimizer: {rule.label}"), *([call] if len(call) <= LINE else broken)]
    if rule.decoupled_decay and training.l2:
        lines.append('optimizer.exclude_from_weight_decay(var_names=["bias", "alpha"])')
    return [*lines, "network.compile(optimizer=optimizer, loss=loss_of)"]


def _training(plan: Plan) -> list[str]:
    return [
        *section("Training"),
        *report(plan),
        *shuffler(plan),
        "for epoch in range(1, EPOCHS + 1):",
        *batches(plan),
        "    for start in range(0, len(order), BATCH_SIZE):",
        "        rows = order[start : start + BATCH_SIZE]  # the last batch may be smaller",
        "        network.train_on_batch(x_train[rows], y_train[rows])",
        "    report(epoch)",
    ]
