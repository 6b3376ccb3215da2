"""Controls of the export dialog."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton

from playground.style.theme_names import THEME_TITLES
from playground.widgets.quiet import QuietCombo


def combo(name: str, choices: Sequence[tuple[str, object]]) -> QuietCombo:
    """Return a combo box called ``name`` with ``choices`` as (label, value)."""
    box = QuietCombo()
    box.setAccessibleName(name)
    for label, value in choices:
        box.addItem(label, value)
    return box


def theme_combo() -> QuietCombo:
    """Return the choice of the colours of pictures, whose values are the names of themes."""
    return combo("Colours", [(title, name) for name, title in THEME_TITLES.items()])


def plain_button(text: str, name: str, tip: str = "") -> QPushButton:
    """Return a button with the object name ``name``, which Return presses only while it has the focus."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button


def title_field(name: str) -> QLineEdit:
    """Return a field for the title or subtitle of a picture; empty stands for the usual one."""
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setObjectName(f"export{name}Field")
    field.setMaxLength(300)
    field.setClearButtonEnabled(True)
    field.setToolTip(f"{name} of the picture; leave it empty for the one shown in grey.")
    return field


def caption_box(name: str) -> QCheckBox:
    """Return the option to write the recipe below the picture, with the object name ``name``."""
    box = QCheckBox("Caption")
    box.setObjectName(name)
    box.setToolTip("Write data, network and training settings below the picture.")
    return box


def origin_box() -> QCheckBox:
    """Return the option to put the experiment into the file."""
    box = QCheckBox("Include the experiment")
    box.setObjectName("exportOriginBox")
    box.setToolTip(
        "Keep settings, weights and training state in the picture's metadata, so that opening the picture here restores "
        "the experiment; a table is included as its path only."
    )
    return box
