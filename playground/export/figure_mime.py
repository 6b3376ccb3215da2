"""What a dragged figure offers to other programs: a file, an image, and SVG."""

from __future__ import annotations

from pathlib import Path
from typing import Final, cast

from PySide6.QtCore import QByteArray, QMetaType, QMimeData, QUrl
from PySide6.QtGui import QImage
from typing_extensions import override

from core.errors import PlaygroundError
from core.experiment.experiment_file import write_atomically
from playground.export.formats import FORMATS
from playground.export.raster import png_of
from playground.export.recorded_figure import RecordedFigure
from playground.widgets.guard import guarded_or
from playground.worker.background import JobThread

_FILES: Final = "text/uri-list"
_IMAGE: Final = "application/x-qt-image"
_PNG: Final = "image/png"
_FORMATS: Final = [_FILES, _IMAGE, _PNG, FORMATS["svg"].clipboard_type]


class FigureMime(QMimeData):
    """A figure whose pictures and files are built on another thread, from now on; the drop waits for them if necessary.

    Only one of the two files is offered, because programs insert each file that is dropped, which would put the same
    picture on a slide twice.
    """

    def __init__(self, recorded: RecordedFigure, folder: Path, stem: str, *, as_svg: bool = False) -> None:
        """Begin to build.

        Args:
            recorded: the figure.
            folder: an empty folder, which will contain a PNG and an SVG.
            stem: their names without the suffix.
            as_svg: offer the SVG file instead of the PNG.
        """
        super().__init__()
        self._recorded = recorded
        self._png_path, self._svg_path = folder / f"{stem}.png", folder / f"{stem}.svg"
        self._as_svg = as_svg
        self._image: QImage | None = None
        self._png = self._svg = b""
        self._error: Exception | None = None
        self._thread = JobThread(self._build, "dragged figure")
        self._thread.start()

    @property
    def error(self) -> Exception | None:
        """Why something could not be built, such as a full disk; waits until everything is built."""
        self.wait()
        return self._error

    def wait(self) -> None:
        """Block until everything is built, or has failed."""
        self._thread.join()

    def _build(self) -> None:
        try:
            self._image = self._recorded.image()
            self._png = png_of(self._image, self._recorded.title, self._recorded.look.origin)
            self._svg = self._recorded.svg()
            write_atomically(self._png_path, self._png)
            write_atomically(self._svg_path, self._svg)
        except MemoryError:
            self._error = PlaygroundError(f"{self._png_path}: cannot be written (not enough memory)")
        except Exception as error:  # noqa: BLE001 - reported after the drag
            self._error = error

    @override
    @guarded_or(list[str]())
    def formats(self) -> list[str]:
        return list(_FORMATS)

    @override
    @guarded_or(cast("object", None))
    def retrieveData(self, mimetype: str, preferredType: QMetaType | QMetaType.Type) -> object:
        if mimetype not in _FORMATS:
            return None
        self.wait()
        if mimetype == _FILES:
            path = self._svg_path if self._as_svg else self._png_path
            return [QUrl.fromLocalFile(str(path))] if path.is_file() else []
        if mimetype == _IMAGE:
            return self._image
        return QByteArray(self._png if mimetype == _PNG else self._svg)
