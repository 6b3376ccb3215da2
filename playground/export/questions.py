"""Ask where an export shall go."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def ask_path(parent: QWidget, folder: Path, stem: str | None, suffix: str) -> Path | None:
    """Return the file, named ``stem.suffix`` unless told otherwise, or the folder when ``stem`` is ``None``.

    Returns:
        ``None`` if the user cancels.
    """
    if stem is None:
        text = QFileDialog.getExistingDirectory(parent, "Export into a folder", str(folder))
        return Path(text) if text else None
    proposal = str(folder / f"{stem}.{suffix}")
    text, _ = QFileDialog.getSaveFileName(parent, "Export", proposal, f"{suffix.upper()} (*.{suffix})")
    if not text:
        return None
    path = Path(text)
    # A name typed without its suffix would be refused as a format nobody knows.
    return path if path.suffix.lower() == f".{suffix}" else path.with_name(f"{path.name}.{suffix}")
