"""The activation card as a plot that LaTeX can typeset."""

from __future__ import annotations

from typing import Final

import numpy as np

from playground.plots.activation.data import ActivationData
from playground.plots.typeset_parts import thinned
from playground.style.theme import Style
from playground.widgets.plot import Axis, Band, Curve, Pane, Plot

HISTOGRAM: Final = 0.3
"""Height of the histogram of pre-activations relative to the range of the curves."""


def activation_plot(data: ActivationData, style: Style) -> Plot:
    """Return φ and φ′ above the histogram of the pre-activations."""
    colour = style.theme.layer_colour(data.index, data.layers).name()
    both = np.concatenate([data.phi, data.slope])
    low, high = min(float(both.min()), 0.0), max(float(both.max()), 1.0)
    base, height = low - 1.2 * HISTOGRAM * (high - low), HISTOGRAM * (high - low)
    edges = np.repeat(np.linspace(data.z[0], data.z[-1], len(data.counts) + 1), 2)[1:-1]
    shares = np.repeat(data.counts / max(float(data.counts.max(initial=0.0)), 1e-300), 2)
    x = thinned(data.z)
    flat = tuple(base for _ in edges)
    ends = (float(data.z[0]), float(data.z[-1]))
    zones = tuple(
        Band(x=(max(zone.left, ends[0]), min(zone.right, ends[1])), low=(base, base), high=(high, high),
             colour=style.theme.muted, opacity=0.13)
        for zone in data.zones
        if zone.left < ends[1] and zone.right > ends[0]
    )  # fmt: skip
    histogram = Band(x=tuple(edges.tolist()), low=flat, high=tuple((base + height * shares).tolist()), colour=colour,
                     name="inputs z", hatch=data.index, opacity=0.6)  # fmt: skip
    slope = Curve(x=x, y=thinned(data.slope), colour=style.theme.muted, name="φ′", dash=1, thick=False)
    phi = Curve(x=x, y=thinned(data.phi), colour=colour, name="φ")
    pane = Pane(x=Axis("pre-activation z", ends), y=Axis("", (base, high)), layers=(*zones, histogram, slope, phi))
    return Plot((pane,))
