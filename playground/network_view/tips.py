"""Tooltips of the choices of what edges show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playground.network_view.edges import EdgeValue

TIPS: Final[dict[EdgeValue, str]] = {
    "weight": "Each edge shows its weight w; full width is the largest |w| of the whole network.",
    "gradient": "Each edge shows ∂L/∂w over the training set; full width is the largest of the whole network, "
    "so edges grow thin where gradients vanish.",
    "check": "Each edge shows the relative difference between back-propagation and the central difference: "
    "grey and thin from 10⁻¹², red and wide at 10⁻².",
    "update": "Each edge shows the last update of its weight; full width is the largest change in the network.",
}
MARKS_TIP: Final = (
    "Mark dead neurons (crossed out), saturated ones (hatched), clones (joined, in one colour) and dropped ones (grey)"
)

TOOLS: Final = (
    ("zoom-out", "Zoom out", "Zoom out (Ctrl −, Ctrl + wheel)"),
    ("zoom-in", "Zoom in", "Zoom in (Ctrl +, Ctrl + wheel)"),
    ("fit", "Fit", "Show the whole network, or its natural size (Ctrl 0)"),
)
"""Icon, accessible name and tip of each button beside the title."""
