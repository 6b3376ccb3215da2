"""A frozen description of the picture with everything needed to paint it, for the screen and for export."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from PySide6.QtGui import QImage

from core.arrays import Booleans, Floats
from core.data.sample import Sample
from playground.network_view.layout.geometry import Layout
from playground.network_view.layout.shape import Shape
from playground.session.restrictions import NONE, UNKNOWN, Restrictions
from playground.session.selection import Selection
from playground.style.numbers import short
from playground.style.theme import Style

Strengths: TypeAlias = npt.NDArray[np.float32]
"""Of a gap's edges, (shown sources, shown targets): signed, between −1 and 1."""


class Strip(Struct, frozen=True):
    """The pictures of a column's nodes within an image.

    Attributes:
        image: square pictures, one below the other.
        first: index of the column's first picture.
        whole: the column's nodes in one picture, the card's colour between them; ``None`` if they would be misplaced.
    """

    image: QImage
    first: int
    whole: QImage | None = None


class ColumnMarks(Struct, frozen=True):
    """The marks of one column.

    Attributes:
        dead: which shown neurons are crossed out, (shown,).
        saturated: which shown neurons are hatched, (shown,).
        clones: rows of the shown members of each group of clones.
        distinct: number of distinct neurons of the whole layer.
        count: number of its neurons.
    """

    dead: Booleans
    saturated: Booleans
    clones: tuple[tuple[int, ...], ...]
    distinct: int
    count: int


class SampleMarks(Struct, frozen=True, eq=False):
    """The activations of one sample.

    Attributes:
        sample: the sample.
        values: features or activations of each column, (count,).
        off: mask of the neurons that do not fire in each column, (count,); features and outputs are never off.
        restrictions: the neurons whose activations are hidden.
    """

    sample: Sample
    values: tuple[Floats, ...]
    off: tuple[Booleans, ...]
    restrictions: Restrictions = NONE

    def texts(self, column: int) -> list[str]:
        """Return the formatted numbers of ``column``."""
        return [
            UNKNOWN if self.restrictions.hides(Selection("neuron", column - 1, neuron)) else short(float(value), 3)
            for neuron, value in enumerate(self.values[column])
        ]


class Picture(Struct, frozen=True):
    """Everything to be painted.

    Attributes:
        layout: positions of everything.
        shape: names and counts.
        style: colours and scale.
        strips: the pictures inside each column's nodes; ``None`` where they are not visible.
        strengths: those of the edges, for each gap.
        bias_signs: for each column the sign of each shown bias (0 where unknown or zero); empty for the features.
        dropped: for each column which shown neurons the last step dropped, or ``None``.
        marks: for each column the marks of its shown neurons, or ``None``.
        selection: accented, with the rest faded.
        hovered: highlighted.
        dots_painted: whether the strips already show the bias dots.
        sample: the chosen sample's activations, or ``None``.
        hidden: weights and neurons drawn without their values.
        signed: whether the edges' colours show signs; otherwise they go from grey to the error colour.
    """

    layout: Layout
    shape: Shape
    style: Style
    strips: tuple[Strip | None, ...]
    strengths: tuple[Strengths, ...]
    bias_signs: tuple[npt.NDArray[np.int8], ...]
    dropped: tuple[Booleans | None, ...]
    marks: tuple[ColumnMarks | None, ...]
    selection: Selection | None = None
    hovered: tuple[Selection, ...] = ()
    dots_painted: bool = False
    signed: bool = True
    sample: SampleMarks | None = None
    hidden: frozenset[Selection] = frozenset()
