"""The table of the inspector's pages: one entry for each kind of selection.

A page is built, and its file read, when something of its kind is selected for the first time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playground.inspector.formulas import FormulaStore
    from playground.inspector.page import SelectionPage
    from playground.session.selection import Kind
    from playground.style.theme import Style


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page.

    Attributes:
        make: builds it, given style and formulas.
        sample: index of the training sample whose numbers it shows at first; ``None`` for the mean over all.
    """

    make: Callable[[Style, FormulaStore], SelectionPage]
    sample: int | None = None


def _weight_page(style: Style, _formulas: FormulaStore) -> SelectionPage:
    from playground.inspector.weight_page import WeightPage

    return WeightPage(style)


def _neuron_page(style: Style, formulas: FormulaStore) -> SelectionPage:
    from playground.inspector.neuron_page import NeuronPage

    return NeuronPage(style, formulas)


def _feature_page(style: Style, formulas: FormulaStore) -> SelectionPage:
    from playground.inspector.feature_page import FeaturePage

    return FeaturePage(style, formulas)


_WEIGHT: Final = PageEntry(_weight_page)

PAGES: Final[Mapping[Kind, PageEntry]] = MappingProxyType(
    {
        "weight": _WEIGHT,
        "bias": _WEIGHT,
        # An equation is of one sample: φ(mean z) is not mean a. A gradient is the mean's, as training takes it.
        "neuron": PageEntry(_neuron_page, sample=0),
        "feature": PageEntry(_feature_page),
    }
)
"""The page of each kind of selection."""
