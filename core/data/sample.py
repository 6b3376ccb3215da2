"""One sample of a data set: its row in the training or the test set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from core.arrays import Floats
    from core.data.prepared_data import PreparedData


class Sample(Struct, frozen=True):
    """A row of the training or the test set.

    Attributes:
        index: the row, from 0.
        is_test: whether it is a row of the test set.
    """

    index: int
    is_test: bool = False

    def exists_in(self, data: PreparedData) -> bool:
        """Return whether ``data`` has this row."""
        return 0 <= self.index < len(data.x_test if self.is_test else data.x_train)

    def rows(self, data: PreparedData) -> tuple[Floats, Floats]:
        """Return its features (1, D_in) and its coded target (1, K)."""
        here = slice(self.index, self.index + 1)
        return (data.x_test[here], data.y_test[here]) if self.is_test else (data.x_train[here], data.y_train[here])

    def label(self, data: PreparedData) -> float:
        """Return its class index, or the value to predict in its original units."""
        return float((data.labels_test if self.is_test else data.labels_train)[self.index])

    def position(self, data: PreparedData) -> Floats:
        """Return its raw inputs (D,)."""
        position: Floats = (data.positions_test if self.is_test else data.positions_train)[self.index]
        return position

    @property
    def name(self) -> str:
        """The name in the window: ``sample 3`` or ``test sample 3``, from 1."""
        return f"{'test ' if self.is_test else ''}sample {self.index + 1}"
