"""The widgets inside a widget."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget


def descendants(part: QWidget) -> Iterator[QWidget]:
    """Yield every widget inside ``part``, each before those inside it, as ``findChildren(QWidget)`` does.

    PySide takes what ``findChildren`` returns for children of ``part``: it keeps the Python objects of widgets that Qt has
    built, such as scroll bars, as long as ``part`` exists, although the widgets are deleted.
    """
    for child in part.children():
        if isinstance(child, QWidget):
            yield child
            yield from descendants(child)
