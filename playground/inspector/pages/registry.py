"""The registry of the inspector's pages: one entry per kind of selection.

A page's module is imported, and the page built, when an element of its kind is first selected.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from core.data.sample import Sample
from playground.session.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playground.inspector.pages.page import SelectionPage
    from playground.plotting.drawing.formula_store import FormulaStore
    from playground.session.selection import Kind
    from playground.style.theme import Style


class PageEntry(Struct, frozen=True):
    """One page of the inspector.

    Attributes:
        key: stem of an exported file's name.
        make: builds the page, given style and formulas.
        sample: the sample shown initially; ``None`` for the mean over the training set.
        rendered: the selection that ``render`` exports, as there is none without a window; ``None`` for no picture.
        tooltip: one sentence on what that picture shows.
    """

    key: str
    make: Callable[[Style, FormulaStore], SelectionPage]
    sample: Sample | None = None
    rendered: Selection | None = None
    tooltip: str = ""


def _weight_page(style: Style, _formulas: FormulaStore) -> SelectionPage:
    from playground.inspector.pages.weight_page import WeightPage

    return WeightPage(style)


def _neuron_page(style: Style, formulas: FormulaStore) -> SelectionPage:
    from playground.inspector.pages.large_neuron_page import LargeNeuronPage

    return LargeNeuronPage(style, formulas)


def _feature_page(style: Style, formulas: FormulaStore) -> SelectionPage:
    from playground.inspector.pages.feature_page import FeaturePage

    return FeaturePage(style, formulas)


_WEIGHT: Final = PageEntry(
    "ledger",
    _weight_page,
    rendered=Selection("weight", 0, 0, 0),
    tooltip="The gradient of the first weight as a sum over all paths to the loss, for the first sample.",
)

PAGES: Final[Mapping[Kind, PageEntry]] = MappingProxyType(
    {
        "weight": _WEIGHT,
        "bias": _WEIGHT,
        # A neuron's equation holds for one sample only, because φ(mean z) ≠ mean a. The other pages show means.
        "neuron": PageEntry(
            "neuron",
            _neuron_page,
            sample=Sample(0),
            rendered=Selection("neuron", 0, 0),
            tooltip="The equation of the first neuron with its numbers, for the first sample.",
        ),
        "feature": PageEntry("feature", _feature_page),
    }
)
"""The page of each kind of selection."""

SLICE: Final = "loss-slice"
"""Key of the picture of the loss along a weight."""

RENDERED_PAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{entry.key: entry.tooltip for entry in PAGES.values() if entry.rendered is not None},
        SLICE: "The loss along the first weight alone, with its tangent and the next step.",
    }
)
"""Keys of the pictures that ``render`` exports, each with a sentence on what it shows."""
