"""Pictures and data of what the window shows, in forms that slides, documents and spreadsheets take."""

from playground.export.dialog import ExportDialog
from playground.export.export import FORMATS, Format, copy_figure, export_all, export_figure

__all__ = ["FORMATS", "ExportDialog", "Format", "copy_figure", "export_all", "export_figure"]
