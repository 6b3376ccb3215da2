"""Write an experiment as a plain NumPy script, with forward pass, backpropagation and update rule written out."""

from __future__ import annotations

from core.code_export.packed_data import data_lines
from core.code_export.parts import (
    batches,
    first_weights,
    header,
    imports,
    random_stream,
    repeated,
    report,
    section,
    settings,
    shuffler,
    tf_playground_note,
    tidy,
)
from core.code_export.plan import Plan, Script, activation_code, loss_code, number, optimizer_code, plain
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.formulas.dropout_scalings import DROPOUT_SCALINGS
from core.network.architecture import Layer


def numpy_script(plan: Plan) -> Script:
    """Return the experiment of ``plan`` as a script that needs nothing but NumPy.

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
        *_parameters(plan),
        *_activations(plan),
        *_forward(plan),
        *_losses(plan),
        *_gradients(plan),
        *_update(plan),
        *_training(plan),
    ]
    text = "\n".join(body)
    top = [
        *header(plan, "NumPy", "numpy", tf_playground_note(plan)),
        *imports(text, data_file),
        "",
        "import numpy as np",
    ]
    return Script(tidy([*top, *body]), data_file, table)


def _parameters(plan: Plan) -> list[str]:
    lines = [
        "weights = [W.copy() for W in first_weights]",
        f"biases = [np.full(n, {number(plan.architecture.initial_bias)}) for n in WIDTHS[1:]]",
    ]
    total = "weights + biases"
    if plan.learns_alpha:
        alphas = repeated([number(layer.alpha) for layer in plan.layers])
        lines.append(f"alphas = [np.array(alpha) for alpha in {alphas}]  # parameters of the activations")
        total += " + alphas"
    return [*lines, f"parameters = {total}"]


def _function_names(plan: Plan) -> dict[tuple[str, float], str]:
    """Return the name of the function for each activation and α; α counts only where the function contains it."""
    names: dict[tuple[str, float], str] = {}
    for layer in plan.layers:
        key = _signature(plan, layer)
        if key not in names:
            number_of = sum(activation == layer.activation for activation, _ in names)
            names[key] = layer.activation if not number_of else f"{layer.activation}_{number_of + 1}"
    return names


def _signature(plan: Plan, layer: Layer) -> tuple[str, float]:
    has_own = layer.activation_entry.alpha is not None and not plan.learns_alpha
    return layer.activation, layer.alpha if has_own else 0.0


def _activations(plan: Plan) -> list[str]:
    """Return a function for each activation and its slope, and the lists of those of each layer."""
    names = _function_names(plan)
    entries = {key: OUTPUT_ACTIVATIONS[key[0]] for key in names}
    helpers = dict.fromkeys(activation_code(entry).numpy_helper for entry in entries.values())
    lines = section("Activations and their slopes")
    lines += [line for helper in helpers if helper for line in helper.rstrip().split("\n")]
    for key, name in names.items():
        code, alpha = activation_code(entries[key]), key[1]
        has_own = entries[key].alpha is not None
        extra = ", alpha" if plan.learns_alpha else f", alpha={number(alpha)}" if has_own else ""
        lines += ["", f"def {name}(z{extra}):"]
        lines += [f'    """{plain(entries[key].explanation)}"""', f"    return {code.numpy}"]
        if code.numpy_slope and (not plan.loss_takes_z or _is_hidden(plan, key)):
            lines += ["", f"def {name}_slope(z{extra}):", f"    return {code.numpy_slope}"]
    layers = [names[_signature(plan, layer)] for layer in plan.layers]
    lines += ["", f"ACTIVATIONS = {repeated(layers)}"]
    if len(plan.layers) > 1:
        lines.append(f"SLOPES = {repeated([f'{name}_slope' for name in layers[:-1]])}  # of the hidden layers")
    return lines


def _is_hidden(plan: Plan, key: tuple[str, float]) -> bool:
    return any(_signature(plan, layer) == key for layer in plan.layers[:-1])


def _forward(plan: Plan) -> list[str]:
    drops, alpha = plan.architecture.drops, ", alphas[layer]" if plan.learns_alpha else ""
    lines = section("Forward pass")
    lines += _dropout(plan) if drops else []
    parameter = ", masks" if drops else ""
    lines += [
        "",
        f"def forward(x{parameter}):",
        '    """Return each layer\'s inputs and pre-activations z = inputs @ W + b, and the prediction."""',
        "    inputs, pre_activations, a = [], [], x",
        "    for layer, (W, b) in enumerate(zip(weights, biases)):",
        f"        inputs.append(a{' * masks[layer]' if drops else ''})",
        "        pre_activations.append(inputs[layer] @ W + b)",
        f"        a = ACTIVATIONS[layer](pre_activations[layer]{alpha})",
        "    return inputs, pre_activations, a",
    ]
    return lines


def _dropout(plan: Plan) -> list[str]:
    """Return the random masks of a training pass, and the factors of an evaluation."""
    scaling = DROPOUT_SCALINGS[plan.architecture.dropout_scaling]
    factor = " / (1 - p)" if scaling.in_training else ""
    test = "1 - p" if scaling.at_test_time else "1"
    return [
        f"# {plain(scaling.explanation)}",
        f'masks_of = [random_stream({plan.experiment.training.seed}, "dropout", layer) for layer in range(len(DROPOUT))]',
        f"NO_DROPOUT = [{test} for p in DROPOUT]",
        "",
        "def draw_masks(samples):",
        '    """Return one mask for each layer\'s inputs: 0 for those that are dropped."""',
        "    return [",
        f"        (masks_of[layer].random((samples, WIDTHS[layer])) >= p){factor} if p else 1",
        "        for layer, p in enumerate(DROPOUT)",
        "    ]",
    ]


def _losses(plan: Plan) -> list[str]:
    code = loss_code(plan.loss)
    test = ", NO_DROPOUT" if plan.architecture.drops else ""
    takes = "        _, (*_, z), _ = " if plan.loss_takes_z else "        _, _, a = "
    return [
        *section("Loss"),
        "",
        "def mean_loss(x, y):",
        f'    """{plain(plan.loss.explanation)}"""',
        f"{takes[4:]}forward(x{test})",
        f"    return float(np.mean({code.numpy}))",
    ]


def _gradients(plan: Plan) -> list[str]:
    """Return the backward pass."""
    drops, learns = plan.architecture.drops, plan.learns_alpha
    code, last = loss_code(plan.loss), plan.layers[-1]
    name = _function_names(plan)[_signature(plan, last)]
    final = f", alphas[{len(plan.layers) - 1}]" if learns else ""
    lines = [
        *section("Backward pass: the chain rule, from the output to the first layer"),
        "",
        "def gradients_of(x, y):",
        '    """Return the gradient of the mean loss for every parameter, in the order of `parameters`."""',
    ]
    if drops:
        lines.append("    masks = draw_masks(len(x))")
    lines += [f"    inputs, zs, a = forward(x{', masks' if drops else ''})"]
    if plan.loss_takes_z:
        lines.append(f"    delta = ({code.numpy_slope}) / len(x)  # by z: {last.activation} and loss together")
    else:
        lines.append(f"    by_a = ({code.numpy_slope}) / len(x)  # by the prediction a")
        if last.activation_entry.row_wise:
            lines.append(
                "    delta = a * (by_a - (a * by_a).sum(axis=1, keepdims=True))  # by z: every z enters every a"
            )
        else:
            lines.append(f"    delta = by_a * {name}_slope(zs[-1]{final})  # by the pre-activation z")
    count = "[None] * len(weights)"
    lines.append(f"    dW, db = {count}, {count}")
    if learns:
        lines.append("    dalpha = [np.array(0.0) for _ in alphas]")
        lines += _output_alpha(plan)
    lines += [
        "    for layer in reversed(range(len(weights))):",
        "        dW[layer] = inputs[layer].T @ delta",
        "        db[layer] = delta.sum(axis=0)",
    ]
    if len(plan.layers) > 1:
        lines += _back_one_layer(plan)
    return [*lines, f"    return dW + db{' + dalpha' if learns else ''}"]


def _alpha_slopes(plan: Plan) -> dict[str, str]:
    """Return ∂φ/∂α of each activation that learns its α, by key."""
    return {
        layer.activation: activation_code(layer.activation_entry).numpy_alpha_slope
        for layer in plan.layers
        if layer.learns_alpha
    }


def _output_alpha(plan: Plan) -> list[str]:
    last = plan.layers[-1]
    if not last.learns_alpha or plan.loss_takes_z:
        return []
    slope = _alpha_slopes(plan)[last.activation].replace("z,", "zs[-1],")
    return [f"    dalpha[-1] = np.sum(by_a * {slope})"]


def _back_one_layer(plan: Plan) -> list[str]:
    mask = " * masks[layer]" if plan.architecture.drops else ""
    by_a = f"delta @ weights[layer].T{mask}"
    lines = ["        if layer > 0:", f"            by_a = {by_a}"]
    if plan.learns_alpha:
        learning = [index for index, layer in enumerate(plan.layers[:-1]) if layer.learns_alpha]
        for slope in dict.fromkeys(_alpha_slopes(plan).values()):
            lines += [
                f"            if layer - 1 in {learning}:  # the layers that learn alpha",
                f"                dalpha[layer - 1] = np.sum(by_a * {slope.replace('z,', 'zs[layer - 1],')})",
            ]
    alpha = ", alphas[layer - 1]" if plan.learns_alpha else ""
    return [*lines, f"            delta = by_a * SLOPES[layer - 1](zs[layer - 1]{alpha})"]


def _update(plan: Plan) -> list[str]:
    """Return the function that changes the parameters by their gradients."""
    training, rule = plan.experiment.training, plan.optimizer
    code = optimizer_code(rule)
    lines = [*section(f"Update: {rule.label}")]
    lines += [f"{state} = [np.zeros_like(p) for p in parameters]" for state in rule.state]
    counts = rule.corrects_start
    lines += ["", f"def update(gradients{', t' if counts else ''}):", f'    """{plain(rule.explanation)}"""']
    if training.l2 and not rule.decoupled_decay:
        lines += [
            "    # L2 adds its derivative to the gradients of the weights, which come first.",
            "    gradients = [g + L2 * p if i < len(weights) else g for i, (p, g) in enumerate(zip(parameters, gradients))]",
        ]
    if training.clip_norm is not None:
        lines += [
            "    length = np.sqrt(sum(np.sum(g * g) for g in gradients))",
            "    if length > CLIP_NORM:",
            "        gradients = [g * (CLIP_NORM / length) for g in gradients]",
        ]
    if training.l2 and rule.decoupled_decay:
        lines += ["    for W in weights:", f"        W *= {code.numpy_decay}  # weight decay"]
    lines.append(f"    for {'i, ' if rule.state else ''}" + ("(p, g)" if rule.state else "p, g") + " in ")
    pairs = "zip(parameters, gradients)"
    lines[-1] += f"enumerate({pairs}):" if rule.state else f"{pairs}:"
    lines += [f"        {statement}" for statement in code.numpy]
    if training.l1:
        lines += [
            "    for W in weights:  # L1 as a proximal step, which makes small weights exactly 0",
            "        W[:] = np.sign(W) * np.maximum(np.abs(W) - LEARNING_RATE * L1, 0)",
        ]
    return lines


def _training(plan: Plan) -> list[str]:
    counts = plan.optimizer.corrects_start
    return [
        *section("Training"),
        *report(plan),
        *shuffler(plan),
        *(["t = 0  # updates so far"] if counts else []),
        "for epoch in range(1, EPOCHS + 1):",
        *batches(plan),
        "    for start in range(0, len(order), BATCH_SIZE):",
        "        rows = order[start : start + BATCH_SIZE]  # the last batch may be smaller",
        *(["        t += 1"] if counts else []),
        f"        update(gradients_of(x_train[rows], y_train[rows]){', t' if counts else ''})",
        "    report(epoch)",
    ]
