"""Write figures to files and copy them to the clipboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

from msgspec import Struct
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage

from core.errors import PlaygroundError
from core.experiment.experiment_file import write_atomically
from core.files import is_folder
from core.training.origins.origin import Origin
from playground.export.formats import FORMATS, Content
from playground.export.formats import Format as Format
from playground.export.hidden_view import Look
from playground.export.raster import png_of
from playground.export.recorded_figure import record_figure
from playground.style.theme import THEMES
from playground.style.theme_names import ThemeName
from playground.widgets.figure import Figure

T = TypeVar("T")

Size: TypeAlias = tuple[int, int]
Progress: TypeAlias = Callable[[int, int], bool]
"""Called with (written, total) after each file; returning False stops the export."""

SLIDE: Final[Size] = (1920, 1080)


def export_figure(
    figure: Figure,
    path: Path,
    *,
    size: Size = SLIDE,
    theme: ThemeName = "light",
    transparent: bool = False,
    origin: Origin | None = None,
    captioned: bool = False,
) -> None:
    """Write ``figure`` to ``path`` atomically, in the format given by the suffix.

    Args:
        figure: the figure to write.
        path: the file; its suffix must be a key in ``FORMATS``.
        size: width and height of the picture in pixels.
        theme: theme of the picture.
        transparent: make the background transparent.
        origin: what the file keeps in its metadata.
        captioned: write the recipe of ``origin`` below the picture.

    Raises:
        PlaygroundError: the file cannot be written; the message names the path.
    """
    caption = origin.recipe if origin is not None and captioned else ""
    look = Look(size, THEMES[theme], transparent, origin=origin, caption=caption)
    write_atomically(path, prepare(figure, path, look)())


def prepare(figure: Figure, path: Path, look: Look) -> Content:
    """Do the part that needs the GUI thread, and return a function that builds the file's content on any thread.

    Raises:
        PlaygroundError: the file cannot be written; the message names the path. The returned function raises it too.
    """
    kind = format_of(path)
    if is_folder(path):
        raise PlaygroundError(f"{path}: cannot be written (it is a folder)")

    def report_memory_error(make: Callable[[], T]) -> T:
        try:
            return make()
        except MemoryError:
            raise PlaygroundError(f"{path}: cannot be written (not enough memory)") from None

    content = report_memory_error(lambda: FORMATS[kind].prepare(figure, look))
    return lambda: report_memory_error(content)


def prepare_combined(figures: Sequence[Figure], path: Path, look: Look) -> Content:
    """Do the same as :func:`prepare` for several figures in one file, whose format must allow it.

    Raises:
        PlaygroundError: the format allows only one figure in a file, or the file cannot be written.
    """
    combine = FORMATS[format_of(path)].combine
    if combine is None:
        raise PlaygroundError(f"{path}: a file in this format contains one picture")
    if is_folder(path):
        raise PlaygroundError(f"{path}: cannot be written (it is a folder)")
    return combine(figures, look)


def export_all(
    figures: Sequence[Figure],
    folder: Path,
    formats: Sequence[Format] = tuple(FORMATS),
    size: Size = SLIDE,
    theme: ThemeName = "light",
    *,
    transparent: bool = False,
    progress: Progress | None = None,
    origin: Origin | None = None,
    captioned: bool = False,
) -> list[Path]:
    """Write all ``figures`` in all ``formats`` that accept them into ``folder``, and return the files.

    The folder is created if necessary.

    Raises:
        PlaygroundError: a file cannot be written; the message names its path. Files written before it are kept.
    """
    caption = origin.recipe if origin is not None and captioned else ""
    look = Look(size, THEMES[theme], transparent, origin=origin, caption=caption)
    return export_looks(figures, folder, formats, look, progress)


def export_looks(
    figures: Sequence[Figure], folder: Path, formats: Sequence[Format], look: Look, progress: Progress | None = None
) -> list[Path]:
    """Write all ``figures`` with ``look`` in all ``formats`` that accept them into ``folder``, and return the files.

    Raises:
        PlaygroundError: a file cannot be written; the message names its path. Files written before it are kept.
    """
    make_folder(folder)
    paths = [
        (figure, folder / f"{stem}.{kind}")
        for figure, stem in named(figures)
        for kind in formats
        if FORMATS[kind].accepts(figure)
    ]
    for number, (figure, path) in enumerate(paths, start=1):
        write_atomically(path, prepare(figure, path, look)())
        if progress is not None and not progress(number, len(paths)):
            return [path for _, path in paths[:number]]
    return [path for _, path in paths]


def make_folder(folder: Path) -> None:
    """Create ``folder`` and its parents unless it exists.

    Raises:
        PlaygroundError: it cannot be created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PlaygroundError(f"{folder}: cannot be created ({error.strerror or error})") from None


def named(figures: Sequence[Figure]) -> list[tuple[Figure, str]]:
    """Return each figure with a unique file name stem: its key, followed by a number if necessary."""
    taken: dict[str, int] = {}
    pairs: list[tuple[Figure, str]] = []
    for figure in figures:
        taken[figure.figure_key] = taken.get(figure.figure_key, 0) + 1
        number = taken[figure.figure_key]
        pairs.append((figure, figure.figure_key if number == 1 else f"{figure.figure_key}-{number}"))
    return pairs


def format_of(path: Path) -> Format:
    """Return the format given by the suffix of ``path``.

    Raises:
        PlaygroundError: the suffix is not that of a format.
    """
    suffix = path.suffix.lower().removeprefix(".")
    for kind in FORMATS:
        if suffix == kind:
            return kind
    *most, last = (f".{kind}" for kind in FORMATS)
    raise PlaygroundError(f"{path}: expected a name that ends in {', '.join(most)} or {last}")


class ClipboardContent(Struct, frozen=True):
    """Content for the clipboard.

    Attributes:
        text: the data as text; empty for none.
        image: the picture; ``None`` for none.
        files: MIME types and contents of files.
    """

    text: str = ""
    image: QImage | None = None
    files: tuple[tuple[str, bytes], ...] = ()

    def put(self) -> None:
        """Put the content on the clipboard."""
        mime = QMimeData()
        if self.text:
            mime.setText(self.text)
        if self.image is not None:
            mime.setImageData(self.image)
        for kind, content in self.files:
            mime.setData(kind, content)
        QGuiApplication.clipboard().setMimeData(mime)


def prepare_copy(figure: Figure, kind: Format, look: Look) -> Callable[[], ClipboardContent]:
    """Do the part that needs the GUI thread, and return a function that builds the content on any thread.

    A table becomes tab-separated text, which spreadsheets divide into cells, and a file of the format ``kind``. Everything
    else becomes an image with exactly the pixels of ``look``, a PNG file, and an SVG file; its text becomes outlines, because
    PowerPoint shifts text, unless the format is SVG, for which ``look`` decides.
    """
    entry = FORMATS[kind]
    if entry.text is not None:
        text, made = entry.text(figure), entry.prepare(figure, look)
        return lambda: ClipboardContent(text, None, ((entry.clipboard_type, made()),))
    recorded = record_figure(figure, look if kind == "svg" else replace(look, text="outlines"))

    def content() -> ClipboardContent:
        image = recorded.image()
        png = png_of(image, recorded.title, look.origin)
        return ClipboardContent("", image, (("image/png", png), (FORMATS["svg"].clipboard_type, recorded.svg())))

    return content


def copy_figure(
    figure: Figure, kind: Format = "png", *, size: Size = SLIDE, theme: ThemeName = "light", transparent: bool = False
) -> None:
    """Copy ``figure`` to the clipboard: a table as text, everything else as picture and SVG."""
    prepare_copy(figure, kind, Look(size, THEMES[theme], transparent))().put()
