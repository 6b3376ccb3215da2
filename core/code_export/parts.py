"""The parts that scripts for all frameworks share: header, settings, random streams and initial weights.

Each function returns lines of source code.
"""

from __future__ import annotations

from textwrap import wrap
from typing import Final

from core.code_export.plan import Plan, number, plain
from core.formulas.initializers import INITIALIZERS, Initializer
from core.network.parameters import initial_parameters

LINE: Final = 110
"""Maximum length of a line of text, or of one that lists layers."""

HEADING: Final = "# -- "


def header(plan: Plan, framework: str, install: str, notes: list[str]) -> list[str]:
    """Return the docstring: what the script does, what it needs, and how its numbers compare with the app's."""
    title = plain(plan.experiment.name) or "Untitled"
    lines = [
        f'"""{title}, in {framework}.',
        "",
        *wrap(f"{plain(plan.recipe)}.", LINE),
        "",
        *wrap(
            "Written by NN Playground with the samples, the initial weights and the order of the batches of the app, so that "
            + ("it trains to the same losses." if not notes else "it trains to the same losses, apart from this:"),
            LINE,
        ),
    ]
    for note in notes:
        lines += wrap(note, LINE, initial_indent="* ", subsequent_indent="  ")
    return [*lines, "", f"Needs: pip install {install}", '"""', ""]


def tidy(lines: list[str]) -> str:
    """Return ``lines`` as text without consecutive blank lines or a blank line after a heading."""
    kept: list[str] = []
    for line in "\n".join(lines).split("\n"):
        if line or (kept and kept[-1] and not kept[-1].startswith(HEADING)):
            kept.append(line)
    return "\n".join(kept).rstrip() + "\n"


def imports(text: str, data_file: str, *others: str) -> list[str]:
    """Return the imports of the standard library's modules that ``text`` uses, and of ``others``."""
    used = [module for module in ("base64", "math", "zlib") if f"{module}." in text]
    lines = [f"import {module}" for module in sorted((*used, *others))]
    return [*lines, "from pathlib import Path"] if data_file else lines


def section(title: str) -> list[str]:
    """Return the heading of a part of the script."""
    return ["", f"{HEADING}{title}"]


def settings(plan: Plan) -> list[str]:
    """Return the constants at the top, which the reader may change."""
    training = plan.experiment.training
    rule = plan.optimizer
    lines = [
        *section("Settings: change them and run the script again"),
        f"EPOCHS = {plan.epochs}",
        f"BATCH_SIZE = {plan.batch_size}",
        f"LEARNING_RATE = {number(training.learning_rate)}",
    ]
    for each, value in zip(rule.hyper_parameters, training.optimizer_arguments(), strict=True):
        lines.append(f"{each.key.upper()} = {number(value)}  # {each.explanation}")
    if training.l2:
        meaning = (
            "weight decay, decoupled from the gradient" if rule.decoupled_decay else "adds L2/2 * w**2 to the loss"
        )
        lines.append(f"L2 = {number(training.l2)}  # {meaning}, for weights only")
    if training.l1:
        lines.append(f"L1 = {number(training.l1)}  # adds L1 * |w| to the loss, for weights only")
    if training.clip_norm is not None:
        lines.append(f"CLIP_NORM = {number(training.clip_norm)}  # maximum norm of the gradient")
    if plan.architecture.drops:
        rates = ", ".join(number(rate) for rate in plan.architecture.dropout_rates)
        lines.append(f"DROPOUT = [{rates}]  # probability of dropping each input of each layer")
    return lines


def random_stream() -> list[str]:
    """Return the function that creates every random number generator of the script."""
    comment = "each purpose has its own random numbers, so that changing one never changes another"
    return [
        *section(f"Random numbers: {comment}"),
        "def random_stream(seed, purpose, layer=0):",
        "    return np.random.default_rng([seed, zlib.crc32(purpose.encode()), layer])",
    ]


def first_weights(plan: Plan) -> list[str]:
    """Return the definition of ``first_weights``: one matrix (inputs, neurons) for each layer.

    They are drawn like the app's; if those come from TensorFlow Playground's generator, they are written out.
    """
    lines = section("Initial weights: W[i, j] leads from input i to neuron j")
    lines.append(f"WIDTHS = {_list([str(width) for width in plan.widths])}  # features, then neurons of each layer")
    if plan.architecture.draws_after is not None:
        return [*lines, *_written_weights(plan)]
    entries = [INITIALIZERS[layer.initializer] for layer in plan.layers]
    if any(not entry.scale_code for entry in entries):
        return [*lines, *_written_weights(plan)]
    used = list({entry.key: entry for entry in entries}.values())
    for entry in used:
        lines += ["", *_initializer(plan, entry)]
    gains = [layer.gain for layer in plan.layers]
    names = [entry.key for entry in entries]
    lines.append("")
    shapes = "zip(WIDTHS, WIDTHS[1:])"
    scaled = any(gain != 1.0 for gain in gains)
    if scaled:
        lines.append(f"GAINS = {repeated([number(gain) for gain in gains])}  # factors on the weights")
    factor = "GAINS[layer] * " if scaled else ""
    if len(used) == 1:
        call = f"{factor}{used[0].key}(layer, n_in, n_out)"
    else:
        lines.append(f"INITIALIZERS = {repeated(names)}")
        call = f"{factor}INITIALIZERS[layer](layer, n_in, n_out)"
    loop = f"    for layer, (n_in, n_out) in enumerate({shapes})"
    return [*lines, "first_weights = [", f"    {call}", loop, "]"]


def _initializer(plan: Plan, entry: Initializer) -> list[str]:
    """Return the function that draws a layer's weights by ``entry``."""
    lines = [f"def {entry.key}(layer, n_in, n_out):", f'    """{plain(entry.explanation)}"""']
    stream = f'random_stream({plan.experiment.network.seed}, "init", layer)'
    if entry.distribution == "none":
        return [*lines, f"    return np.full((n_in, n_out), {entry.scale_code})"]
    if entry.distribution == "uniform":
        return [
            *lines,
            f"    draws = {stream}.uniform(-1, 1, (n_in, n_out))",
            f"    return {entry.scale_code} * draws",
        ]
    if entry.distribution == "normal":
        return [
            *lines,
            f"    draws = {stream}.standard_normal((n_in, n_out))",
            f"    return {entry.scale_code} * draws",
        ]
    return [
        *lines,
        f"    draws = {stream}.standard_normal((max(n_in, n_out), min(n_in, n_out)))",
        "    Q, R = np.linalg.qr(draws)",
        "    Q = Q * np.where(np.diagonal(R) < 0, -1, 1)  # without this the rotation would not be uniformly random",
        "    return Q if n_in >= n_out else Q.T",
    ]


def _written_weights(plan: Plan) -> list[str]:
    """Return the initial weights as literals."""
    flat = initial_parameters(plan.architecture, plan.experiment.network.seed)
    lines = ["first_weights = [  # drawn by TensorFlow Playground's generator"]
    for index in range(len(plan.layers)):
        rows = plan.architecture.weights(flat, index)
        written = ", ".join("[" + ", ".join(number(value) for value in row) + "]" for row in rows)
        lines.append(f"    np.array([{written}]),")
    return [*lines, "]"]


def batches(plan: Plan) -> list[str]:
    """Return the lines inside the loop over epochs that define ``order``."""
    if plan.experiment.training.shuffle:
        return ["    order = shuffler.permutation(len(x_train))  # a new order in every epoch"]
    return ["    order = np.arange(len(x_train))"]


def shuffler(plan: Plan) -> list[str]:
    """Return the definition of the generator that shuffles the samples, if they are shuffled."""
    if not plan.experiment.training.shuffle:
        return []
    return [f'shuffler = random_stream({plan.experiment.training.seed}, "batches")']


def report(plan: Plan) -> list[str]:
    """Return the function that computes and prints the losses; ``mean_loss(x, y)`` must exist."""
    lines = ["def report(epoch):", '    """Compute the mean losses without dropout and penalties, and print some."""']
    if plan.has_test:
        lines += [
            "    history.append((mean_loss(x_train, y_train), mean_loss(x_test, y_test)))",
            "    if epoch % max(1, EPOCHS // 20) == 0:",
            '        print(f"epoch {epoch:5d}   train loss {history[-1][0]:.10f}   test loss {history[-1][1]:.10f}")',
        ]
    else:
        lines += [
            "    history.append((mean_loss(x_train, y_train),))",
            "    if epoch % max(1, EPOCHS // 20) == 0:",
            '        print(f"epoch {epoch:5d}   train loss {history[-1][0]:.10f}")',
        ]
    return ["", *lines, "", "history = []", "report(0)"]


def tf_playground_note(plan: Plan) -> list[str]:
    """Return a note if the app takes TensorFlow Playground's steps and these differ from the script's."""
    training = plan.experiment.training
    partial = len(plan.data.x_train) % plan.batch_size != 0 or training.batch_size > len(plan.data.x_train)
    if training.steps_like_tf_playground and (partial or training.l1):
        return [
            (
                "the app trains like TF Playground, which carries an incomplete batch over to the next epoch and lets L1 "
                "switch weights off for good; the script does not"
            )
        ]
    return []


def repeated(names: list[str]) -> str:
    """Return ``names`` as a list, with runs of equal ones written as ``[name] * count`` if the list is long."""
    if len(names) <= 4:
        return _list(names)
    runs: list[tuple[str, int]] = []
    for name in names:
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + 1)
        else:
            runs.append((name, 1))
    return " + ".join(f"[{name}]" if count == 1 else f"[{name}] * {count}" for name, count in runs)


def _list(items: list[str]) -> str:
    """Return a list literal, broken into several lines if it is long."""
    line = f"[{', '.join(items)}]"
    if len(line) <= LINE:
        return line
    lines, current = [], "   "
    for item in items:
        if len(current) + len(item) + 2 > LINE:
            lines.append(current)
            current = "   "
        current += f" {item},"
    return "\n".join(["[", *lines, current, "]"])
