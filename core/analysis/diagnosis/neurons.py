"""Rules about layers whose neurons cannot learn: clones, saturated and dead neurons, threshold activations."""

from __future__ import annotations

from typing import Final

from core.analysis.diagnosis.case import Case
from core.analysis.diagnosis.changes import activated, standardized, with_output
from core.analysis.diagnosis.finding import Cure, Finding
from core.analysis.diagnosis.fit import penalty_dominates
from core.analysis.diagnosis.inputs import LARGE, root_mean_squares
from core.analysis.diagnosis.overflow import rate_in_words, slower_start, starts_too_fast
from core.analysis.diagnosis.starts import all_equal, new_start, too_wide
from core.analysis.diagnosis.words import layers_named, share, weights_of
from core.analysis.gradient_flow import lasting_clones
from core.formulas.initializers import INITIALIZERS
from core.formulas.losses import LOSSES

SATURATED: Final = 0.75
"""Minimum share of a layer's pre-activations in the saturated zone for a finding."""

DEAD: Final = 0.5
"""Minimum share of dead neurons in a layer for a finding."""

LASTING: Final = 200
"""Steps before which only a layer of dead neurons is reported: with others in the layer, the weights before it still change.

In deep ReLU networks, half of the neurons of many layers are off for all samples at the start, and training revives them.
"""


def clones(case: Case) -> Finding | None:
    """Detect layers in which neurons are equal and stay equal, because they get equal gradients."""
    distinct = {
        index: lasting_clones(case.network, case.gradients, index)
        for index in case.hidden
        if case.layers[index].fan_out > 1 and all_equal(case.layers[index])
    }
    found = [index for index, kinds in distinct.items() if 2 * kinds <= case.layers[index].fan_out]
    if case.has_learned or not found:
        return None
    first = found[0]
    layer = case.layers[first]
    # Redraw the output too if its weights are equal, because neurons with equal outgoing weights get equal gradients.
    cured = [index for index, each in enumerate(case.layers) if all_equal(each)]
    start = "weight scale 0" if layer.gain == 0.0 else f"initializer {INITIALIZERS[layer.initializer].label}"
    return Finding(
        key="clones",
        title="Neurons are clones",
        severity="error",
        evidence=(
            f"In {layers_named(case.layers, found)}, neurons have equal weights and equal gradients, so they stay equal: "
            f"{distinct[first]} of {layer.fan_out} neurons of {layer.name.lower()} "
            f"{'is' if distinct[first] == 1 else 'are'} distinct ({start})."
        ),
        view="activation",
        numbers=tuple(
            (f"distinct neurons of {case.layers[index].name.lower()}", float(distinct[index])) for index in found
        ),
        layer=first,
        cure=new_start(case, cured),
    )


def saturated(case: Case) -> Finding | None:
    """Detect layers in which φ′ is nearly 0 for most pre-activations."""
    zones = [
        index
        for index, layer in enumerate(case.layers)
        if layer.activation_entry.zone == "saturated" and not layer.activation_entry.row_wise
    ]
    if LOSSES[case.network.architecture.loss].takes == "pre_activation":
        zones = [index for index in zones if index in case.hidden]  # the loss cancels φ′ of the output
    found = [index for index in zones if case.saturated[index] >= SATURATED]
    if case.does_well or not found:
        return None
    worst = max(found, key=lambda index: case.saturated[index])
    layer, most = case.layers[worst], share(float(case.saturated[worst]))
    where, how_much = layers_named(case.layers, found), f"up to {most} of z ({layers_named(case.layers, [worst])})"
    if len(found) == 1:
        how_much = f"{most} of z"
    return Finding(
        key="saturated",
        title="φ′ ≈ 0: saturated layers",
        severity="warning",
        evidence=(
            f"In {where}, {layer.activation_entry.label} is saturated for {how_much}, so hardly any gradient passes"
            f"{_and_the_rate(case)}."
        ),
        view="activation",
        numbers=tuple(
            (f"saturated share of {case.layers[index].name.lower()}", float(case.saturated[index])) for index in found
        ),
        layer=worst,
        cure=_cure_of_saturation(case, found),
    )


def _cure_of_saturation(case: Case, found: list[int]) -> Cure:
    if found[0] == 0 and not case.experiment.data.standardize and root_mean_squares(case).max(initial=0.0) > LARGE:
        return Cure("Standardize the features", standardized, rewinds=True)
    wide = [index for index in too_wide(case) if index <= found[-1]]  # earlier layers enlarge what saturates later ones
    if wide:
        return new_start(case, wide)
    return slower_start(case)


def dead(case: Case) -> Finding | None:
    """Detect hidden layers in which many neurons have φ′ = 0 on every sample."""
    silent = {
        index: int(case.dead[index].sum())
        for index in case.hidden
        if case.layers[index].activation_entry.zone == "dead" and case.layers[index].activation_entry.passes_gradient
    }
    least = DEAD if case.step >= LASTING else 1.0
    found = [index for index, number_dead in silent.items() if number_dead >= least * case.layers[index].fan_out]
    if case.does_well or not found or penalty_dominates(case) is not None:
        return None
    worst = max(found, key=lambda index: silent[index] / case.layers[index].fan_out)
    layer = case.layers[worst]
    stops = silent[worst] == layer.fan_out
    return Finding(
        key="dead",
        title="Dead neurons",
        severity="error" if stops else "warning",
        evidence=(
            f"{silent[worst]} of {layer.fan_out} neurons of {layer.name.lower()} have φ′ = 0 for every sample and get "
            f"no gradient{', so none passes the layer' if stops else ''}"
            f"{f'; also affected: {layers_named(case.layers, [i for i in found if i != worst])}' if len(found) > 1 else ''}"
            f"{_and_the_rate(case)}."
        ),
        view="activation",
        numbers=tuple((f"dead neurons of {case.layers[index].name.lower()}", float(silent[index])) for index in found),
        layer=worst,
        cure=slower_start(case) if starts_too_fast(case) else Cure("Use Leaky ReLU", activated(found, "leaky_relu")),
    )


def _and_the_rate(case: Case) -> str:
    """Return the end of a sentence on a learning rate that is too large; empty before training or if it is not."""
    words = rate_in_words(case) if case.step else ""
    return f"; {words}" if words else ""


def threshold(case: Case) -> Finding | None:
    """Detect a threshold activation, whose slope is 0, so that its layer and all earlier ones get no gradient."""
    found = [index for index, layer in enumerate(case.layers) if not layer.activation_entry.passes_gradient]
    if case.has_learned or not found:
        return None
    last = found[-1]
    at_output = last == len(case.layers) - 1
    hidden = [index for index in found if index < len(case.layers) - 1]
    smooth = activated(hidden, "sigmoid")
    output = with_output("sigmoid")
    without = weights_of(0) if last == 0 else f"{weights_of(0)} {'and' if last == 1 else 'to'} {weights_of(last)}"
    return Finding(
        key="threshold",
        title="Threshold activation",
        severity="error",
        evidence=(
            f"The slope of the threshold function in {layers_named(case.layers, found)} is 0, so {without} "
            f"{'gets' if last == 0 else 'get'} no gradient."
        ),
        view="waterfall",
        numbers=(("layers without a gradient", float(last + 1)),),
        layer=last,
        cure=Cure("Use sigmoid", (lambda experiment: output(smooth(experiment))) if at_output else smooth),
    )
