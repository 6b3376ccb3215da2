"""The style sheet and palette of the window for a Style: theme colours and scaled lengths."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtGui import QColor, QPalette

from playground.style.stylesheet_images import image_url, register_images
from playground.style.theme import (
    CARD_RADIUS,
    GRID,
    TEXT_CONTROL,
    TEXT_LABEL,
    TEXT_READOUT,
    TEXT_TITLE,
    Style,
    Theme,
)

_LENGTH: Final = re.compile(r"(-?\d+(?:\.\d+)?)px")


def stylesheet(style: Style) -> str:
    """Return the style sheet for the application in ``style``.

    Roles are dynamic properties (``widget.setProperty("role", …)``): frames ``card``, ``toolbar``, ``message``,
    ``separator``; labels ``title``, ``muted``, ``readout``, ``sentence``, ``value``, ``error``; buttons ``primary``, ``play``,
    ``tool``, ``link``, ``segment``, ``badge``, ``step``, ``row``; line edits ``value``; texts ``prose``; frames ``block``.
    """
    register_images()
    parts = (
        _base,
        _labels,
        _buttons,
        _segments,
        _fields,
        _checks,
        _sliders,
        _menus,
        _scrolling,
        _views,
        _frames,
        _lessons,
    )
    sheet = "\n".join(part(style.theme) for part in parts)
    return _LENGTH.sub(lambda match: _scaled(match, style.scale), sheet)


def palette(style: Style) -> QPalette:
    """Return the matching palette, for what style sheets do not cover (links, placeholders, rich text)."""
    theme = style.theme
    result = QPalette()
    roles = {
        QPalette.ColorRole.Window: theme.background,
        QPalette.ColorRole.WindowText: theme.ink,
        QPalette.ColorRole.Base: theme.panel,
        QPalette.ColorRole.AlternateBase: theme.background,
        QPalette.ColorRole.Text: theme.ink,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Button: theme.field,
        QPalette.ColorRole.ButtonText: theme.ink,
        QPalette.ColorRole.BrightText: theme.error,
        QPalette.ColorRole.ToolTipBase: theme.panel,
        QPalette.ColorRole.ToolTipText: theme.ink,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.panel,
        QPalette.ColorRole.Accent: theme.accent,
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.LinkVisited: theme.accent,
        QPalette.ColorRole.Light: theme.panel,
        QPalette.ColorRole.Midlight: theme.field,
        QPalette.ColorRole.Mid: theme.line,
        QPalette.ColorRole.Dark: theme.faint,
        QPalette.ColorRole.Shadow: theme.line,
    }
    for role, colour in roles.items():
        result.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.faint))
    return result


def _scaled(match: re.Match[str], scale: float) -> str:
    length = float(match[1]) * scale
    # Style sheets support only whole pixels; keep hairlines visible.
    whole = round(length) or (1 if length > 0 else 0)
    return f"{whole}px"


def _base(t: Theme) -> str:
    return f"""
QWidget {{ color: {t.ink}; font-size: {TEXT_CONTROL}px; }}
QWidget:disabled {{ color: {t.faint}; }}
QMainWindow, QDialog, QWidget[role="page"] {{ background: {t.background}; }}
QToolTip {{ background: {t.panel}; color: {t.ink}; border: 1px solid {t.line}; padding: 4px 6px; }}
QSplitter::handle {{ background: transparent; }}
QSplitter::handle:horizontal {{ width: {GRID}px; }}
QSplitter::handle:vertical {{ height: {GRID}px; }}
QSplitter::handle:hover {{ background: {t.soft}; }}
QStatusBar, QStatusBar QLabel {{ color: {t.muted}; }}
QStatusBar::item {{ border: none; }}
"""


def _labels(t: Theme) -> str:
    return f"""
QLabel {{ background: transparent; }}
QLabel[role="title"] {{ font-size: {TEXT_TITLE}px; font-weight: 600; }}
QLabel[role="heading"] {{ font-size: 16px; font-weight: 600; }}
QLabel[role="label"] {{ color: {t.muted}; font-size: {TEXT_CONTROL}px; }}
QLabel[role="label"]:disabled {{ color: {t.faint}; }}
QLabel[role="muted"] {{ color: {t.muted}; font-size: {TEXT_LABEL}px; }}
QLabel[role="sentence"] {{ color: {t.muted}; font-size: {TEXT_LABEL}px; }}
QLabel[role="readout"] {{ font-size: {TEXT_READOUT}px; font-weight: 600; }}
QLabel[role="difference"] {{ color: {t.ink}; font-size: {TEXT_LABEL}px; padding-left: 4px; }}
QLabel[role="value"] {{ font-weight: 500; }}
QLabel[role="badge"] {{
    background: {t.soft}; border: 1px solid {t.accent}; border-radius: 6px; padding: 2px 8px; color: {t.ink};
    font-size: {TEXT_LABEL}px; font-weight: 600;
}}
QLabel[role="error"] {{ color: {t.error}; font-size: {TEXT_LABEL}px; }}
QLabel[role="key"] {{
    background: {t.field}; border: 1px solid {t.line}; border-radius: 4px; padding: 1px 6px; font-size: {TEXT_LABEL}px;
}}
"""


def _buttons(t: Theme) -> str:
    # The round button's radius is slightly less than half its side: Qt draws no rounding if the radius is larger.
    return f"""
QPushButton, QToolButton {{
    background: {t.field}; border: 1px solid {t.line}; border-radius: 6px; padding: 5px 12px; font-weight: 500;
}}
QToolButton {{ padding: 5px; }}
QPushButton:hover, QToolButton:hover {{ border-color: {t.faint}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {t.soft}; border-color: {t.accent}; }}
QPushButton:checked, QToolButton:checked {{ background: {t.soft}; border: 1px solid {t.accent}; color: {t.accent}; }}
QPushButton:focus, QToolButton:focus {{ border: 1px solid {t.accent}; }}
QPushButton:checked:focus, QToolButton:checked:focus {{ border: 1px solid {t.ink}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {t.faint}; background: {t.panel}; border-color: {t.line}; }}
QPushButton::menu-indicator {{ image: {image_url("chevron-down", t.muted)}; width: 12px; height: 12px; right: 6px; }}
QToolButton::menu-indicator {{ image: none; }}
QToolButton::menu-button {{ border: none; width: 12px; }}
QToolButton::menu-arrow {{ image: {image_url("chevron-down", t.muted)}; width: 10px; height: 10px; }}
QPushButton[role="primary"], QPushButton:default {{
    background: {t.accent}; border: 1px solid {t.accent}; color: {t.panel};
}}
QPushButton[role="primary"]:disabled, QPushButton:default:disabled {{
    background: {t.field}; color: {t.faint}; border-color: {t.line};
}}
QPushButton[role="primary"]:focus, QPushButton:default:focus {{ border: 2px solid {t.ink}; padding: 4px 11px; }}
QToolButton[role="play"] {{
    background: {t.accent}; border: 2px solid {t.accent}; border-radius: 17px; padding: 0px;
    min-width: 32px; max-width: 32px; min-height: 32px; max-height: 32px;
}}
QToolButton[role="play"]:hover, QToolButton[role="play"]:pressed {{ border-color: {t.soft}; }}
QToolButton[role="play"]:focus {{ border-color: {t.ink}; }}
QToolButton[role="tool"] {{ background: transparent; border: 1px solid transparent; }}
QToolButton[role="tool"][slim="true"] {{ padding: 4px; }}
QToolButton[role="tool"]:hover {{ background: {t.field}; border-color: {t.line}; }}
QToolButton[role="tool"]:focus {{ border-color: {t.accent}; }}
QToolButton[role="tool"]:checked {{ background: {t.soft}; border-color: {t.accent}; }}
QToolButton[role="tool"]:checked:focus {{ border-color: {t.ink}; }}
QToolButton[role="tool"][popupMode="1"] {{ padding-right: 14px; }}
QToolButton[role="pin"] {{
    background: {t.panel}; border: 1px solid {t.line}; border-radius: 6px; padding: 2px 20px 2px 6px; color: {t.ink};
    font-size: {TEXT_LABEL}px;
}}
QToolButton[role="pin"]:hover {{ background: {t.field}; }}
QToolButton[role="pin"]:checked {{ background: {t.soft}; border-color: {t.accent}; }}
QToolButton[role="pin"]:focus {{ border-color: {t.accent}; }}
QToolButton[role="pin"][faint="true"] {{ color: {t.muted}; }}
QPushButton[role="link"], QToolButton[role="link"] {{
    background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 1px 2px 1px 0px;
    color: {t.muted}; font-size: {TEXT_LABEL}px; font-weight: 400; text-align: left;
}}
QPushButton[role="link"]:hover, QToolButton[role="link"]:hover {{ color: {t.accent}; }}
QPushButton[role="link"]:focus, QToolButton[role="link"]:focus {{ border-color: {t.accent}; color: {t.accent}; }}
QPushButton[role="link"]:checked, QToolButton[role="link"]:checked {{
    background: transparent; border-color: transparent; color: {t.muted};
}}
QPushButton[role="link"]:checked:focus, QToolButton[role="link"]:checked:focus {{ border-color: {t.accent}; }}
QPushButton[role="link"]:disabled, QToolButton[role="link"]:disabled {{ color: {t.faint}; }}
"""


def _segments(t: Theme) -> str:
    return f"""
QFrame[role="segments"] {{ background: {t.field}; border: 1px solid {t.line}; border-radius: 6px; }}
QPushButton[role="segment"], QToolButton[role="segment"] {{
    background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 2px 10px; color: {t.muted};
}}
QPushButton[role="segment"][tight="true"] {{ padding: 2px 4px; }}
QPushButton[role="segment"]:hover, QToolButton[role="segment"]:hover {{ color: {t.ink}; }}
QPushButton[role="segment"]:checked, QToolButton[role="segment"]:checked {{
    background: {t.soft}; border: 1px solid {t.accent}; color: {t.accent}; font-weight: 600;
}}
QPushButton[role="segment"]:focus, QToolButton[role="segment"]:focus {{ border: 1px solid {t.accent}; }}
QPushButton[role="segment"]:checked:focus, QToolButton[role="segment"]:checked:focus {{ border: 1px solid {t.ink}; }}
"""


def _fields(t: Theme) -> str:
    down, up = image_url("chevron-down", t.muted), image_url("chevron-up", t.muted)
    return f"""
QComboBox, QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit {{
    background: {t.field}; border: 1px solid {t.line}; border-radius: 6px; padding: 3px 7px;
    selection-background-color: {t.accent}; selection-color: {t.panel};
}}
QComboBox:hover, QLineEdit:hover, QAbstractSpinBox:hover {{ border-color: {t.faint}; }}
QComboBox:focus, QComboBox:on, QLineEdit:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus {{
    border-color: {t.accent};
}}
QComboBox:disabled, QLineEdit:disabled, QAbstractSpinBox:disabled {{ background: {t.panel}; color: {t.faint}; }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QComboBox::down-arrow {{ image: {down}; width: 14px; height: 14px; }}
QComboBox::down-arrow:disabled {{ image: {image_url("chevron-down", t.faint)}; }}
QComboBox {{ combobox-popup: 0; }}
QComboBox QAbstractItemView, QComboBox QAbstractItemView:focus {{
    background: {t.panel}; border: 1px solid {t.line}; border-radius: 0px; padding: 4px; outline: none;
    selection-background-color: {t.soft}; selection-color: {t.ink};
}}
QComboBox QAbstractItemView::item {{ min-height: 22px; padding: 0px 6px; border-radius: 4px; }}
QComboBox QAbstractItemView::item:selected {{ background: {t.soft}; color: {t.ink}; }}
QAbstractSpinBox {{ padding-right: 2px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; background: transparent; width: 14px; }}
QAbstractSpinBox::up-arrow {{ image: {up}; width: 10px; height: 10px; }}
QAbstractSpinBox::down-arrow {{ image: {down}; width: 10px; height: 10px; }}
QAbstractSpinBox::up-arrow:off {{ image: {image_url("chevron-up", t.faint)}; }}
QAbstractSpinBox::down-arrow:off {{ image: {image_url("chevron-down", t.faint)}; }}
QLineEdit[wrong="true"], QLineEdit[wrong="true"]:focus {{ border-color: {t.error}; color: {t.error}; }}
QLineEdit[role="value"] {{
    background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 0px; font-weight: 500;
}}
QLineEdit[role="value"]:hover {{ border-color: {t.line}; }}
QLineEdit[role="value"]:focus {{ background: {t.field}; border-color: {t.accent}; }}
QLineEdit[role="value"]:disabled {{ background: transparent; border-color: transparent; color: {t.faint}; }}
QLineEdit[role="value"][wrong="true"], QLineEdit[role="value"][wrong="true"]:focus {{ border-color: {t.error}; }}
"""


def _checks(t: Theme) -> str:
    return f"""
QCheckBox, QRadioButton {{ background: transparent; spacing: 7px; border: 1px solid transparent; padding: 1px; }}
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator {{
    width: 13px; height: 13px; border: 1px solid {t.muted}; border-radius: 4px; background: {t.panel};
}}
QRadioButton::indicator {{ border-radius: 7px; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover {{ border-color: {t.accent}; }}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{
    background: {t.accent}; border-color: {t.accent}; image: {image_url("check", t.panel)};
}}
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {{
    background: {t.accent}; border-color: {t.accent}; image: {image_url("remove", t.panel)};
}}
QRadioButton::indicator:checked {{ border: 4px solid {t.accent}; width: 7px; height: 7px; }}
QCheckBox:focus, QRadioButton:focus {{ border: 1px solid {t.accent}; border-radius: 4px; }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled, QAbstractItemView::indicator:disabled {{
    border-color: {t.faint}; background: {t.field};
}}
QCheckBox::indicator:checked:disabled, QAbstractItemView::indicator:checked:disabled,
QCheckBox::indicator:indeterminate:disabled, QAbstractItemView::indicator:indeterminate:disabled {{
    border-color: {t.muted}; background: {t.muted};
}}
QRadioButton::indicator:checked:disabled {{ border-color: {t.muted}; background: {t.panel}; }}
"""


def _sliders(t: Theme) -> str:
    return f"""
QSlider {{ background: transparent; }}
QSlider:horizontal {{ min-height: 16px; }}
QSlider::groove:horizontal {{ height: 3px; background: {t.line}; border-radius: 1px; }}
QSlider::sub-page:horizontal {{ background: {t.accent}; border-radius: 1px; }}
QSlider::handle:horizontal {{
    width: 10px; height: 10px; margin: -6px 0px; border: 2px solid {t.accent}; border-radius: 6.7px; background: {t.panel};
}}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:pressed {{ background: {t.soft}; }}
QSlider::handle:horizontal:focus {{ background: {t.accent}; }}
QSlider::sub-page:horizontal:disabled {{ background: {t.faint}; }}
QSlider::handle:horizontal:disabled {{ border-color: {t.faint}; background: {t.panel}; }}
QSlider:vertical {{ min-width: 16px; }}
QSlider::groove:vertical {{ width: 3px; background: {t.line}; border-radius: 1px; }}
QSlider::add-page:vertical {{ background: {t.accent}; border-radius: 1px; }}
QSlider::handle:vertical {{
    width: 10px; height: 10px; margin: 0px -6px; border: 2px solid {t.accent}; border-radius: 6.7px; background: {t.panel};
}}
QSlider::handle:vertical:focus {{ background: {t.accent}; }}
QProgressBar {{
    background: {t.line}; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; color: transparent;
}}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
"""


def _menus(t: Theme) -> str:
    return f"""
QMenuBar {{ background: {t.panel}; border-bottom: 1px solid {t.line}; padding: 1px 6px; }}
QMenuBar::item {{ background: transparent; padding: 4px 8px; border-radius: 4px; }}
QMenuBar::item:selected, QMenuBar::item:pressed {{ background: {t.soft}; color: {t.ink}; }}
QMenu {{ background: {t.panel}; border: 1px solid {t.line}; padding: 5px; }}
QMenu::item {{ padding: 5px 22px 5px 24px; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.soft}; color: {t.ink}; }}
QMenu::item:disabled {{ color: {t.faint}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 5px 8px; }}
QMenu::icon {{ left: 5px; }}
QMenu::indicator {{ width: 13px; height: 13px; left: 6px; }}
QMenu::indicator:checked {{ image: {image_url("check", t.accent)}; }}
QMenu::right-arrow {{ image: {image_url("chevron-right", t.muted)}; width: 12px; height: 12px; right: 5px; }}
"""


def _scrolling(t: Theme) -> str:
    return f"""
QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget[role="clear"] {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 8px; margin: 2px 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 8px; margin: 2px 2px; }}
QScrollBar::handle {{ background: {t.faint}; border-radius: 2px; }}
QScrollBar::handle:vertical {{ min-height: 28px; }}
QScrollBar::handle:horizontal {{ min-width: 28px; }}
QScrollBar::handle:hover, QScrollBar::handle:pressed {{ background: {t.muted}; }}
QScrollBar[focused="true"]::handle {{ background: {t.accent}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0px; height: 0px; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _views(t: Theme) -> str:
    return f"""
QTableView, QListView, QTreeView {{
    background: {t.panel}; alternate-background-color: {t.background}; border: 1px solid {t.line}; border-radius: 6px;
    gridline-color: {t.line}; selection-background-color: {t.soft}; selection-color: {t.ink}; outline: none;
}}
QTableView:focus, QListView:focus, QTreeView:focus {{ border-color: {t.accent}; }}
QTableView::item, QListView::item, QTreeView::item {{ padding: 2px 6px; }}
QTableView::item:selected, QListView::item:selected, QTreeView::item:selected {{ background: {t.soft}; color: {t.ink}; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{
    background: {t.panel}; color: {t.muted}; font-size: {TEXT_LABEL}px; border: none;
    border-bottom: 1px solid {t.line}; padding: 4px 9px;
}}
QHeaderView::section:first {{ border-top-left-radius: 5px; }}
QHeaderView::section:last {{ border-top-right-radius: 5px; }}
QTableCornerButton::section {{ background: {t.panel}; border: none; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {t.line}; }}
QTabBar {{ background: transparent; qproperty-drawBase: 0; }}
QTabBar::tab {{ background: transparent; color: {t.muted}; padding: 6px 10px; border-bottom: 2px solid transparent; }}
QTabBar::tab:hover {{ color: {t.ink}; }}
QTabBar::tab:selected {{ color: {t.ink}; font-weight: 600; border-bottom: 2px solid {t.accent}; }}
QTabBar::tab:focus {{ color: {t.accent}; }}
"""


def _frames(t: Theme) -> str:
    return f"""
QFrame[role="card"] {{ background: {t.panel}; border: 1px solid {t.line}; border-radius: {CARD_RADIUS}px; }}
QFrame[role="toolbar"] {{ background: {t.panel}; border: none; border-bottom: 1px solid {t.line}; }}
QFrame[role="separator"] {{ background: {t.line}; border: none; min-height: 1px; max-height: 1px; }}
QFrame[role="message"] {{ background: {t.soft}; border: 1px solid {t.accent}; border-radius: {CARD_RADIUS}px; }}
QGroupBox {{ border: none; margin-top: 20px; font-weight: 600; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 0px; top: 2px; }}
"""


def _lessons(t: Theme) -> str:
    return f"""
QTextBrowser[role="prose"], QTextBrowser[role="prose"]:focus {{
    background: transparent; border: none; border-radius: 0px; padding: 0px;
}}
QLabel[role="stepTitle"] {{ font-size: 14px; font-weight: 600; }}
QFrame[role="block"] {{ background: {t.field}; border: 1px solid {t.line}; border-radius: 8px; }}
QFrame[role="block"][reached="true"] {{ background: {t.soft}; border-color: {t.soft}; }}
QToolButton[role="step"] {{ padding: 0px; }}
QPushButton[role="row"] {{
    background: transparent; border: 1px solid transparent; border-radius: 8px; padding: 0px; font-weight: 400;
}}
QPushButton[role="row"]:hover {{ background: {t.field}; border-color: {t.line}; }}
QPushButton[role="row"]:pressed {{ background: {t.soft}; }}
QPushButton[role="row"]:focus {{ border-color: {t.accent}; }}
"""
