"""What colours or dashes and widths of the edges mean, in one line below an exported network."""

from __future__ import annotations

from typing import Final

from playground.network_view.edges.values import EdgeValue
from playground.style.theme import Theme

LEGENDS: Final[dict[EdgeValue, tuple[str, str]]] = {
    "weight": ("Edges: weight w", "Width: size, relative to the largest weight."),
    "gradient": ("Edges: gradient ∂L/∂w", "Width: size, relative to the largest gradient."),
    "check": ("Edges: relative error of the gradient", "Thin and faint: not checked or at a kink."),
    "update": ("Edges: change of w in the last step", "Width: size, relative to the largest."),
}
"""What the edges show, and what their width means."""


def edge_legend(shows: EdgeValue, theme: Theme, *, both: bool = False) -> str:
    """Return the legend of edges that show ``shows`` in the colours of ``theme``; ``both``: of two networks."""
    name, width = LEGENDS[shows]
    if shows == "check":
        colours = "Thin: 10⁻¹², thick: 10⁻²." if theme.printed else "Colour: grey 10⁻¹² to red 10⁻²."
    else:
        colours = "Solid: positive, dashed: negative." if theme.printed else "Colour: sign (orange −, blue +)."
    if shows != "check":
        width += " Tiles and bias dots: dark −, light +." if theme.printed else " Dot: bias."
    if not both:
        return f"{name}. {colours} {width}"
    for sign in "−+":  # a line ends between the colours
        colours = colours.replace(f" {sign}", f"\N{NO-BREAK SPACE}{sign}")
    return f"{name}, both on one scale. {colours}"
