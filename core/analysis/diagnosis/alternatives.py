"""Other changes to try if a rule's own cure does not help, the least intrusive first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from core.analysis.diagnosis.case import Case
from core.analysis.diagnosis.changes import activated, initialized, suited_initializer, trained, with_rate
from core.analysis.diagnosis.finding import Change, Cure, Finding
from core.analysis.diagnosis.inputs import LARGE, root_mean_squares
from core.analysis.diagnosis.overflow import SAFE
from core.analysis.diagnosis.starts import all_equal, too_wide
from core.analysis.diagnosis.words import number, one_digit
from core.analysis.step_limit import step_limit
from core.experiment import Experiment
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.formulas.initializers import INITIALIZERS
from core.formulas.optimizers import OPTIMIZERS

BOUNDED: Final = "tanh"
"""Activation of hidden layers that is tried, with an initializer that suits it, because its values stay bounded."""

NEVER_DEAD: Final = "leaky_relu"
"""Activation that is tried because it has no dead zone."""

ADAM_RATES: Final = (0.001, 0.01)
"""Learning rates of Adam that are tried."""

SLOWER: Final = 0.1
"""Factor by which an alternative lowers the learning rate of the rule's own cure."""

DECAYS: Final = (0.003, 0.01, 0.03, 0.1, 0.3)
"""L2 strengths that are tried against overfitting."""


def alternatives(finding: Finding, case: Case) -> Iterator[Cure]:
    """Yield cures for ``finding`` beside its own, each one undoable edit of one or more settings."""
    own = finding.cure
    seen = {case.experiment} if own is None else {case.experiment, own.change(case.experiment)}
    for change in _changes(finding, case):
        cured = change(case.experiment)
        if cured not in seen:
            seen.add(cured)
            yield Cure(change_in_words(case.experiment, cured), change, rewinds=True)


def _changes(finding: Finding, case: Case) -> Iterator[Change]:
    if finding.key == "overfitting":
        yield from (trained(l2=strength) for strength in DECAYS if strength > case.experiment.training.l2)
        return
    if finding.key == "penalty":
        yield trained(l1=0.0, l2=0.0)
    base = finding.cure.change if finding.cure is not None else _same
    output = case.layers[-1].activation
    wide = too_wide(case)
    if wide:
        yield _fitted(initialized(wide, output), case)
    yield from _slower(base, case)
    if _has_large_features(case):
        base = _after(base, _standardized)
        yield base
    hidden = list(case.hidden)
    ends = [len(hidden)] if all_equal(case.layers[-1]) or len(hidden) in wide else []
    starts = [
        _after(base, initialized(ends, output), activated(hidden, key, suited_initializer(key)))
        for key in (BOUNDED, NEVER_DEAD)
        if hidden
    ] or [base]
    yield from (_fitted(start, case) for start in starts)
    for start in starts:
        yield from _slower(start, case)
    for rate in ADAM_RATES:
        yield from (_after(start, trained(optimizer="adam", learning_rate=rate, momentum=0.0)) for start in starts)


def _same(experiment: Experiment) -> Experiment:
    return experiment


def _standardized(experiment: Experiment) -> Experiment:
    return replace(experiment, data=replace(experiment.data, standardize=True))


def _has_large_features(case: Case) -> bool:
    return not case.experiment.data.standardize and root_mean_squares(case).max(initial=0.0) > LARGE


def _after(*changes: Change) -> Change:
    """Return the change that makes all ``changes``, the first one first."""

    def change(experiment: Experiment) -> Experiment:
        for each in changes:
            experiment = each(experiment)
        return experiment

    return change


def _slower(base: Change, case: Case) -> Iterator[Change]:
    """Yield ``base`` with the optimizer's usual learning rate, if that is lower, and with a tenth of its own."""
    training = base(case.experiment).training
    usual = OPTIMIZERS[training.optimizer].usual_rate
    if usual < training.learning_rate:
        yield _after(base, with_rate(usual))
    yield _after(base, with_rate(one_digit(SLOWER * min(usual, training.learning_rate))))


def _fitted(change: Change, case: Case) -> Change:
    """Return ``change`` with a learning rate of at most half the limit at the initial weights."""
    cured = change(case.experiment)
    if cured.data != case.experiment.data:
        return change  # the curvature on these data is not known
    eigenvalue = case.initial_eigenvalue_of(cured)
    limit = None if eigenvalue is None else step_limit(eigenvalue, cured.training)
    if limit is None or not 0.0 < SAFE * limit < cured.training.learning_rate:
        return change
    return _after(change, with_rate(one_digit(SAFE * limit)))


def change_in_words(before: Experiment, after: Experiment) -> str:
    """Return the text of a button that makes ``after`` from ``before`` and rewinds: ``Rewind with tanh and α = 0.5``."""
    parts = [*_network_parts(before, after)]
    if after.data.standardize != before.data.standardize:
        parts.append("standardized features")
    was, now = before.training, after.training
    if now.optimizer != was.optimizer:
        parts.append(OPTIMIZERS[now.optimizer].label)
    if now.learning_rate != was.learning_rate:
        parts.append(f"α = {number(now.learning_rate)}")
    parts += [
        f"{label} = {number(value)}"
        for label, value, old in (("L1 λ", now.l1, was.l1), ("L2 λ", now.l2, was.l2))
        if value != old
    ]
    if now.clip_norm is not None and now.clip_norm != was.clip_norm:
        parts.append(f"gradient norm ≤ {number(now.clip_norm)}")
    listed = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
    return f"Rewind with {listed}"


def _network_parts(before: Experiment, after: Experiment) -> Iterator[str]:
    """Yield the changed activations and initializers, each once."""
    pairs = list(zip(before.network.hidden, after.network.hidden, strict=True))
    activations = [new.activation for old, new in pairs if new.activation != old.activation]
    where = "" if len(activations) == len(pairs) else f" in {len(activations)} of {len(pairs)} layers"
    yield from dict.fromkeys(f"{OUTPUT_ACTIVATIONS[each].label}{where}" for each in activations)
    was, now = before.network, after.network
    if now.output_activation != was.output_activation:
        yield f"{OUTPUT_ACTIVATIONS[now.output_activation].label} output"
    starts = [new.initializer for old, new in pairs if (new.initializer, new.gain) != (old.initializer, old.gain)]
    if (now.output_initializer, now.output_gain) != (was.output_initializer, was.output_gain):
        starts.append(now.output_initializer)
    yield from dict.fromkeys(INITIALIZERS[each].label for each in starts)
