"""Sentences about a loss curve that name the cause if there is evidence for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from msgspec import Struct

from core.analysis.gradient_flow import first_to_last, saturated_share, weight_gradient_norms
from core.analysis.gradient_stop import gradient_stop
from core.analysis.step_limit import momentum_of
from core.experiment.epoch_text import epoch_text
from core.formulas.metrics import r_squared
from core.training.recorders.curve_state import CurveState, curve_state, level, recent_change, since_last_mark
from core.training.recorders.loss_curve import LossCurve
from core.training.snapshot import Snapshot
from playground.plots.gradient.sentence import stop_in_words, times_text
from playground.style.numbers import percent, short, thousands

LEARNED: Final = 0.99
"""Accuracy at or above which the training set counts as learned."""

FITTED: Final = 0.98
"""R² at or above which the training set counts as learned."""

LOW: Final = 0.5
"""Share of the initial loss below which descent works, so that an oscillation is noise and not overshooting."""

STUCK: Final = 0.01
"""Relative change of the loss over the last quarter of a run up to which training is stuck; slow if the loss falls faster."""

FLAT: Final = 5e-4
"""Relative change over the last quarter that is shown as 0."""

VANISHED: Final = 1e-3
SATURATED: Final = 0.95


class Evidence(Struct, frozen=True):
    """Evidence from outside the curve.

    Attributes:
        learned: how well the training set is learned, in words; empty if it is not.
        stuck: sentences on why the weights do not change, longest first; empty if unknown, or if the loss falls or is
            learned.
        cause: what is too large if descent overshoots: ``α``, ``μ``, or their effective rate such as ``α/(1 − μ) = 0.3``.
        noise: what makes a loss oscillate that has fallen far, such as ``batches of 10``; empty if it is not the noise of steps.
    """

    learned: str = ""
    stuck: tuple[str, ...] = ()
    cause: str = "α"
    noise: str = ""


Hold: TypeAlias = Callable[[float], float]
"""Returns the number to state for one that fluctuates, so that it can be read while training."""


def as_it_is(number: float) -> float:
    """Return ``number``, which does not fluctuate."""
    return number


def evidence_of(snapshot: Snapshot, hold: Hold = as_it_is) -> Evidence:
    """Return the evidence in ``snapshot`` on a loss that does not decrease."""
    state = curve_state(since_last_mark(snapshot.curve))
    noise = _noise(snapshot) if state == "oscillating" else ""
    if noise:
        return Evidence(_learned(snapshot), noise=noise)
    if state in _TOO_FAST:
        return Evidence(cause=_cause(snapshot))
    learned = _learned(snapshot)
    return Evidence(learned) if learned or state == "falling" else Evidence(stuck=_stuck(snapshot, hold))


def loss_sentences(
    curve: LossCurve, *, has_test: bool, evidence: Callable[[], Evidence] = Evidence, hold: Hold = as_it_is
) -> tuple[str, ...]:
    """Return sentences about ``curve``, longest first; an empty sentence if nothing can be concluded.

    Only the part recorded under the current settings counts. In addition to :func:`curve_state`:

    * overfitting: the final test loss is over 3 × the training loss and no longer decreases;
    * learned: 99 % of the training set is correct, or R² is 0.98;
    * stuck: the loss hardly changes above half of its initial value, and the gradient shows why; slow: it falls a little;
    * noisy: the loss oscillates far below its initial value because of the noise of steps, which no limit of α explains.

    Args:
        curve: the losses.
        has_test: whether a test set exists.
        evidence: returns the evidence; called only if needed.
        hold: returns the number to state for one that fluctuates.
    """
    nothing = ("",) if has_test else ("no test set",)
    part = since_last_mark(curve)
    state = curve_state(part)
    if state in ("short", "jumped"):
        return nothing
    known = evidence() if state in _TOO_FAST else None
    if known is not None and not known.noise:
        return tuple(sentence.format(cause=known.cause) for sentence in _TOO_FAST[state])
    overfitting = _overfitting(part, hold) if has_test else ()
    if overfitting:
        return overfitting
    known = known or evidence()
    if known.learned:
        return (f"learned: {known.learned}", "learned")
    if known.noise:
        return (f"oscillating: {known.noise} at this α", "oscillating: noisy steps", "oscillating")
    if state == "falling":
        return ("still falling",)
    change = recent_change(part)
    if not known.stuck or change > STUCK or level(part, part.train, 0.9, 1.0) <= LOW * part.train[0]:
        return nothing
    return known.stuck if change >= -STUCK else tuple(each.replace("stuck", "slow", 1) for each in known.stuck)


_TOO_FAST: Final[dict[CurveState, tuple[str, ...]]] = {
    "rising": ("rising: {cause} too large", "rising"),
    "oscillating": ("oscillating: {cause} too large", "oscillating"),
    "high": ("{cause} too large: the loss stays above its initial value", "{cause} too large"),
}


_PLAIN: Final[dict[CurveState, str]] = {
    "short": "too few updates to judge",
    "jumped": "jumped with the last change",
}


def plain_sentence(curve: LossCurve, hold: Hold = as_it_is) -> str:
    """Return a description of ``curve`` where :func:`loss_sentences` concludes nothing."""
    if not len(curve.step) or curve.step[-1] == 0:
        return "not trained yet"
    state = curve_state(since_last_mark(curve))
    if state == "short" and curve.step[0] > 0:  # an opened picture has its training state, but not its past
        return f"the curve begins at epoch {epoch_text(float(curve.epoch[0]))}"
    return _change_in_words(hold(recent_change(since_last_mark(curve)))) if state == "flat" else _PLAIN.get(state, "")


def _change_in_words(change: float) -> str:
    """Return what the loss does over the last quarter: ``fell by 1.2 % over the last quarter``."""
    if abs(change) < FLAT:
        return "flat over the last quarter"
    return f"{'fell' if change < 0.0 else 'rose'} by {percent(abs(change))} over the last quarter"


def _noise(snapshot: Snapshot) -> str:
    """Return what makes the steps of an oscillating descent noisy, in words; empty without noise, or if the loss is not low."""
    part, settings = since_last_mark(snapshot.curve), snapshot.experiment.training
    if level(part, part.train, 0.9, 1.0) > LOW * part.train[0]:
        return ""
    batches = 0 < settings.batch_size < len(snapshot.data.x_train)
    drops = snapshot.network.architecture.drops
    size = "single samples" if settings.batch_size == 1 else f"batches of {thousands(settings.batch_size)}"
    if batches and drops:
        return f"dropout and {size} are noisy"
    return f"{size} are noisy" if batches else "dropout is noisy" if drops else ""


def _cause(snapshot: Snapshot) -> str:
    """Return what is too large: α or μ where the curvature distinguishes them, else their effective rate.

    With small batches, and on the plateau of a loss that stays high, the current curvature does not say what happened.
    """
    settings, rows = snapshot.experiment.training, len(snapshot.data.x_train)
    momentum = momentum_of(settings)
    if not 0.0 < momentum < 1.0:
        return "α"
    state = curve_state(since_last_mark(snapshot.curve))
    if state != "high" and (settings.batch_size == 0 or settings.batch_size >= rows):
        from core.analysis.momentum_overshoot import momentum_overshoots  # imported late: rarely needed

        data = snapshot.data
        overshoots = momentum_overshoots(snapshot.network, data.x_train, data.y_train, snapshot.last_update, settings)
        return "μ" if overshoots else "α"
    rate = float(f"{settings.learning_rate / (1.0 - momentum):.2g}")
    return f"α/(1 − μ) = {rate:g}"


def _overfitting(curve: LossCurve, hold: Hold) -> tuple[str, ...]:
    end = level(curve, curve.train, 0.9, 1.0)
    test_end, test_before = level(curve, curve.test, 0.9, 1.0), level(curve, curve.test, 0.65, 0.75)
    if not (test_end > 3.0 * end > 0.0 and test_end > 0.98 * test_before):
        return ()
    times = _times(hold(test_end / end))
    return (
        "test loss far above training loss: overfitting",
        f"test loss is {times} × the training loss",
        f"test is {times} × train",
    )


def _learned(snapshot: Snapshot) -> str:
    if snapshot.data.coding == "value":
        prediction = snapshot.trace.prediction
        score = r_squared(prediction, snapshot.data.y_train[: len(prediction)])
        return f"R² is {short(score, 3)} on the training set" if score >= FITTED else ""
    share = snapshot.scores.train_accuracy
    return f"{percent(share)} of the training set correct" if share >= LEARNED else ""


def _stuck(snapshot: Snapshot, hold: Hold) -> tuple[str, ...]:
    network, layers = snapshot.network, snapshot.network.architecture.layers
    if snapshot.scores.penalty > 0.0:
        from core.analysis.diagnosis.fit import penalty_dominates  # imported late: not needed for the first frame
        from core.training.diagnosis_case import case_of

        if penalty_dominates(case_of(snapshot)) is not None:
            return ("stuck: the penalty dominates", "stuck")
    norms = weight_gradient_norms(network, snapshot.gradients)
    if not norms.all():
        stop = gradient_stop(network, snapshot.trace, snapshot.gradients)
        if stop is not None:
            words = stop_in_words(stop, [layer.name for layer in layers])
            return (f"stuck: {words.long}", f"stuck: {words.short}", "stuck")
    ratio = first_to_last(norms)
    if 0.0 < ratio < VANISHED:
        times = times_text(hold(1.0 / ratio))
        return (f"stuck: the first layer's gradient is {times} × smaller", f"stuck: W₁ gets {times} × less", "stuck")
    for index, layer in enumerate(layers):
        share = saturated_share(network, snapshot.trace.pre_activations[index], index)
        if share >= SATURATED:
            sign, name = "≈" if layer.activation_entry.zone == "saturated" else "=", layer.name.lower()
            many = percent(share, 0)
            where = "the output" if index == len(layers) - 1 else name
            return (
                f"stuck: φ′ {sign} 0 for {many} of the inputs of {where}",
                f"stuck: φ′ {sign} 0 in {where}",
                "stuck",
            )
    return ()


def _times(ratio: float) -> str:
    """Format ``ratio`` with at most two significant digits."""
    if ratio < 10.0:
        return f"{ratio:.1f}"
    if not ratio < 1e9:
        return "over 10⁹"
    power = 10 ** max(len(str(int(ratio))) - 2, 0)
    return thousands(int(round(ratio / power) * power))
