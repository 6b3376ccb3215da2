"""The layout of a widget, whatever else had its address before."""

from __future__ import annotations

from typing import Any

import shiboken6
from PySide6.QtWidgets import QLayout, QWidget


def layout_of(widget: QWidget) -> QLayout | None:
    """Return the layout of ``widget``, or ``None``.

    PySide finds Python objects by their address in C++, and may return that of a layout's item which Qt deleted before it
    created the layout at the same address. Such an object is given up.
    """
    layout: Any = widget.layout()
    if layout is not None and not isinstance(layout, QLayout):
        shiboken6.invalidate(layout)
        layout = widget.layout()
    return layout if isinstance(layout, QLayout) else None
