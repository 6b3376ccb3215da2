"""Ask the user for the path of an export."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from playground.export.names import free_path


def ask_path(parent: QWidget, folder: Path, stem: str | None, suffix: str) -> Path | None:
    """Ask for a file, by default ``stem.suffix``, or for a folder if ``stem`` is ``None``.

    Returns:
        ``None`` if the user cancels.
    """
    if stem is None:
        text = QFileDialog.getExistingDirectory(parent, "Export into a folder", str(folder))
        return Path(text) if text else None
    dialog = QFileDialog(parent, "Export", str(folder), f"{suffix.upper()} (*.{suffix})")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    # With a default suffix, the dialog checks whether the complete name exists.
    dialog.setDefaultSuffix(suffix)
    dialog.selectFile(f"{stem}.{suffix}")
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return suffixed(Path(chosen[0]), suffix) if chosen else None


def suffixed(path: Path, suffix: str) -> Path:
    """Return ``path`` with ``suffix``; if it was missing, under an unused name, as no dialog confirmed overwriting."""
    return path if path.suffix.lower() == f".{suffix}" else free_path(path.with_name(f"{path.name}.{suffix}"))
