"""Write an experiment as a PyTorch script: a Sequential of modules, and the same optimizer from ``torch.optim``."""

from __future__ import annotations

from core.code_export.packed_data import data_lines
from core.code_export.parts import (
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
from core.network.architecture import Layer


def torch_script(plan: Plan) -> Script:
    """Return the experiment of ``plan`` as a script for PyTorch.

    Raises:
        PlaygroundError: an entry has no source code, or samples are missing.
    """
    plan.check()
    samples, data_file, table = data_lines(plan)
    body = [
        *settings(plan),
        "",
        *samples,
        "x_train, y_train, x_test, y_test = (torch.tensor(part) for part in (x_train, y_train, x_test, y_test))",
        *random_stream(),
        *first_weights(plan),
        *_modules(plan),
        *_network(plan),
        *_losses(plan),
        *_optimizer(plan),
        *_training(plan),
    ]
    text = "\n".join(body)
    top = [
        *header(plan, "PyTorch", "torch numpy", tf_playground_note(plan)),
        *imports(text, data_file),
        "",
        "import numpy as np",
        "import torch",
        *(["import torch.nn.functional as F"] if "F." in text else []),
        "from torch import nn",
        "",
        "torch.set_default_dtype(torch.float64)  # as in the app; PyTorch's default is float32",
    ]
    return Script(tidy(top) + "\n" + tidy(body).lstrip(), data_file, table)


def module_calls(plan: Plan) -> list[tuple[str, ...]]:
    """Return the constructor calls of each layer's modules: dropout of its inputs, linear map, activation."""
    calls: list[tuple[str, ...]] = []
    for index, layer in enumerate(plan.layers):
        drop = (f"Dropout({index}),",) if plan.architecture.dropout_rates[index] else ()
        linear = f"nn.Linear({layer.fan_in}, {layer.fan_out}),"
        is_in_loss = index == len(plan.layers) - 1 and plan.loss_takes_z
        calls.append((*drop, linear, *(() if is_in_loss else (f"{_activation(layer)},",))))
    return calls


def _activation(layer: Layer) -> str:
    return activation_code(layer.activation_entry).torch.format(alpha=number(layer.alpha))


def _modules(plan: Plan) -> list[str]:
    """Return the definitions of modules that PyTorch does not have."""
    helpers = dict.fromkeys(
        activation_code(layer.activation_entry).torch_helper
        for layer in plan.layers[: len(plan.layers) - plan.loss_takes_z]
    )
    lines = [line for helper in helpers if helper for line in ["", *helper.rstrip().split("\n")]]
    return [*lines, *(_dropout(plan) if plan.architecture.drops else [])]


def _dropout(plan: Plan) -> list[str]:
    scaling = DROPOUT_SCALINGS[plan.architecture.dropout_scaling]
    seed = plan.experiment.training.seed
    factor = " / (1 - self.p)" if scaling.in_training else ""
    test = "a * (1 - self.p)" if scaling.at_test_time else "a"
    same = ["    # nn.Dropout(p) does the same with random masks of its own."] if scaling.in_training else []
    return [
        "",
        "class Dropout(nn.Module):",
        f'    """{plain(scaling.explanation)}"""',
        *same,
        "",
        "    def __init__(self, layer):",
        "        super().__init__()",
        f'        self.p, self.masks = DROPOUT[layer], random_stream({seed}, "dropout", layer)',
        "",
        "    def forward(self, a):",
        "        if not self.training:",
        f"            return {test}",
        "        keep = torch.tensor(self.masks.random(a.shape) >= self.p)",
        f"        return a * (keep{factor})" if factor else "        return a * keep",
    ]


def _network(plan: Plan) -> list[str]:
    lines = section("Network")
    lines.append("network = nn.Sequential(")
    lines += [f"    {' '.join(calls)}" for calls in module_calls(plan)]
    if plan.loss_takes_z:
        lines[-1] += f"  # the {plan.layers[-1].activation_entry.label} of the output is part of the loss"
    lines += [
        ")",
        "with torch.no_grad():  # the app's initial weights; PyTorch stores W transposed: (neurons, inputs)",
        "    linear = [module for module in network if isinstance(module, nn.Linear)]",
        "    for module, W in zip(linear, first_weights):",
        "        module.weight.copy_(torch.tensor(W.T))",
        f"        module.bias.fill_({number(plan.architecture.initial_bias)})",
    ]
    if plan.loss_takes_z:
        result = activation_code(plan.layers[-1].activation_entry).torch_result.replace("z", "network(x)", 1)
        lines += ["", "def predict(x):", f"    return {result}"]
    return lines


def _losses(plan: Plan) -> list[str]:
    return [
        *section("Loss"),
        "def loss_of(out, y):",
        f'    """{plain(plan.loss.explanation)}"""',
        f"    return {loss_code(plan.loss).torch}.mean()",
        "",
        "def mean_loss(x, y):",
        "    network.eval()",
        "    with torch.no_grad():",
        "        return loss_of(network(x), y).item()",
    ]


def _optimizer(plan: Plan) -> list[str]:
    """Return the optimizer, with L2 on the weights only."""
    training, rule = plan.experiment.training, plan.optimizer
    code = optimizer_code(rule)
    arguments = ", ".join(("lr=LEARNING_RATE", *code.torch_arguments))
    lines = section(f"Optimizer: {rule.label}")
    if not training.l2 or _adds_l2_itself(plan):
        decay = ", weight_decay=0.0" if rule.decoupled_decay else ""
        return [*lines, f"optimizer = {code.torch}(network.parameters(), {arguments}{decay})"]
    return [
        *lines,
        "others = [p for p in network.parameters() if p.ndim < 2]  # biases and alphas have no penalty",
        f"optimizer = {code.torch}(",
        '    [{"params": [m.weight for m in linear], "weight_decay": L2}, {"params": others, "weight_decay": 0.0}],',
        f"    {arguments},",
        ")",
    ]


def _adds_l2_itself(plan: Plan) -> bool:
    """Whether the script adds L2 to the gradient itself: the app clips the sum, PyTorch adds weight_decay after clipping."""
    training = plan.experiment.training
    return bool(training.l2) and training.clip_norm is not None and not plan.optimizer.decoupled_decay


def _training(plan: Plan) -> list[str]:
    training = plan.experiment.training
    lines = [
        *section("Training"),
        *report(plan),
        *shuffler(plan),
        "for epoch in range(1, EPOCHS + 1):",
        *batches(plan),
        "    network.train()",
        "    for start in range(0, len(order), BATCH_SIZE):",
        "        rows = order[start : start + BATCH_SIZE]  # the last batch may be smaller",
        "        optimizer.zero_grad()",
        "        loss_of(network(x_train[rows]), y_train[rows]).backward()",
    ]
    if _adds_l2_itself(plan):
        lines += [
            "        for module in linear:  # L2 here, because weight_decay would be added after clipping",
            "            module.weight.grad += L2 * module.weight.detach()",
        ]
    if training.clip_norm is not None:
        lines += [
            "        length = torch.sqrt(sum((p.grad**2).sum() for p in network.parameters()))",
            "        if length > CLIP_NORM:  # clip_grad_norm_ does the same with length + 1e-6",
            "            for p in network.parameters():",
            "                p.grad *= CLIP_NORM / length",
        ]
    lines.append("        optimizer.step()")
    if training.l1:
        lines += [
            "        with torch.no_grad():  # L1 as a proximal step, which makes small weights exactly 0",
            "            for module in linear:",
            "                module.weight.copy_(F.softshrink(module.weight, LEARNING_RATE * L1))",
        ]
    return [*lines, "    report(epoch)"]
