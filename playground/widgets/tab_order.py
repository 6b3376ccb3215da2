"""The order of the Tab key through parts that are built later than those around them."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from playground.widgets.descendants import descendants


def order_around(before: QWidget, content: QWidget, *behind: QWidget) -> None:
    """Let the Tab key reach everything in ``content`` after ``before``, and then ``behind``.

    Qt puts whatever is built later at the end of the window's order.
    """
    for first, second in pairwise((before, *tab_stops(content), *behind)):
        QWidget.setTabOrder(first, second)


def tab_stops(content: QWidget) -> list[QWidget]:
    """Return the widgets in ``content`` that the Tab key reaches, in the order in which they were added.

    ``nextInFocusChain`` would return them, too, but PySide takes what that returns for children of the widget: once it is
    deleted, Python objects all over the window are unusable.
    """
    stops = (each for each in descendants(content) if each.focusPolicy() & Qt.FocusPolicy.TabFocus)
    # Parts that are windows of their own, such as the list of a combo box, are not in this window's order.
    return [each for each in stops if each.window() is content.window()]
