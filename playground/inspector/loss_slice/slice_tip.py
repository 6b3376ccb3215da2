"""The tooltip of the loss along a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.style.numbers import short

if TYPE_CHECKING:
    from playground.inspector.loss_slice.slice_numbers import ShownSlice


def slice_tip(shown: ShownSlice, locked: str) -> str:
    """Return the tooltip of the plot of ``shown``; ``locked`` is why its dot cannot be dragged, or empty."""
    noun = "weight" if shown.name == "w" else "bias"
    tip = (
        f"Mean loss over {shown.samples} training samples when only this {noun} changes, with its tangent and "
        f"the step −α·∂L/∂{shown.name}.\n" + (locked or f"Drag the dot, or press ← and →, to change the {noun}.")
    )
    if shown.pinned is not None:
        tip += f"\nDashed: {shown.pinned.name}, with a ring at its {noun}, as far as it is within the axes."
    if shown.limit is not None:
        tip += (
            f"\nCurvature {short(shown.curvature, 2)}: along this {noun} alone, descent overshoots above "
            f"α = 2/curvature = {short(shown.limit, 2)}; the dashed mark is where that step lands."
        )
    if shown.stable is not None:
        tip += (
            f"\nAll parameters at once: full-batch descent diverges above α = {short(shown.stable, 2)}, "
            "which the largest curvature λ of the loss permits; the dotted mark is where that step lands."
        )
    return tip
