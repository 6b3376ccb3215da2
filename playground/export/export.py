"""Write figures to files and copy them to the clipboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias, TypeVar

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage

from core.errors import PlaygroundError
from core.experiment.experiment_file import write_atomically
from playground.export.formats import FORMATS, Content
from playground.export.formats import Format as Format
from playground.export.hidden_view import Look, played, recorded
from playground.export.tables import csv_text
from playground.style.theme import THEMES
from playground.widgets.figure import Figure

T = TypeVar("T")

Size: TypeAlias = tuple[int, int]
ThemeName: TypeAlias = Literal["light", "dark"]
Progress: TypeAlias = Callable[[int, int], bool]
"""Called with (written, all) after each file; returning False stops there."""

SLIDE: Final[Size] = (1920, 1080)


def export_figure(
    figure: Figure,
    path: Path,
    *,
    size: Size = SLIDE,
    theme: ThemeName = "light",
    transparent: bool = False,
) -> None:
    """Write ``figure`` to ``path``, whole or not at all, in the format that its suffix names.

    Args:
        figure: what to write.
        path: a name whose suffix is that of one of ``FORMATS``.
        size: width and height of the picture in pixels.
        theme: its colours.
        transparent: leave the background out.

    Raises:
        PlaygroundError: one sentence that names the path, when it cannot be written.
    """
    write_atomically(path, prepared(figure, path, Look(size, THEMES[theme], transparent))())


def prepared(figure: Figure, path: Path, look: Look) -> Content:
    """Take from ``figure`` what only the window's thread may, and return what makes the content of ``path`` in any thread.

    Raises:
        PlaygroundError: one sentence that names the path, when it cannot be written; so does what is returned.
    """
    kind = format_of(path)
    if path.is_dir():
        raise PlaygroundError(f"{path}: cannot be written (it is a folder)")

    def guarded_from_memory(make: Callable[[], T]) -> T:
        try:
            return make()
        except MemoryError:
            raise PlaygroundError(f"{path}: cannot be written (not enough memory)") from None

    content = guarded_from_memory(lambda: FORMATS[kind].prepare(figure, look))
    return lambda: guarded_from_memory(content)


def export_all(
    figures: Sequence[Figure],
    folder: Path,
    formats: Sequence[Format] = tuple(FORMATS),
    size: Size = SLIDE,
    theme: ThemeName = "light",
    *,
    transparent: bool = False,
    progress: Progress | None = None,
) -> list[Path]:
    """Write each of ``figures`` in each of ``formats`` into ``folder`` (made if need be) and return the files.

    Raises:
        PlaygroundError: one sentence that names the path that could not be written; files before it stay.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PlaygroundError(f"{folder}: cannot be made ({error.strerror or error})") from None
    paths = [(figure, folder / f"{stem}.{kind}") for figure, stem in named(figures) for kind in formats]
    for number, (figure, path) in enumerate(paths, start=1):
        export_figure(figure, path, size=size, theme=theme, transparent=transparent)
        if progress is not None and not progress(number, len(paths)):
            return [path for _, path in paths[:number]]
    return [path for _, path in paths]


def named(figures: Sequence[Figure]) -> list[tuple[Figure, str]]:
    """Return each figure with the stem of its file: its key, numbered where two have the same."""
    taken: dict[str, int] = {}
    pairs: list[tuple[Figure, str]] = []
    for figure in figures:
        taken[figure.figure_key] = taken.get(figure.figure_key, 0) + 1
        number = taken[figure.figure_key]
        pairs.append((figure, figure.figure_key if number == 1 else f"{figure.figure_key}-{number}"))
    return pairs


def format_of(path: Path) -> Format:
    """Return the format that the suffix of ``path`` names.

    Raises:
        PlaygroundError: it names none.
    """
    suffix = path.suffix.lower().removeprefix(".")
    for kind in FORMATS:
        if suffix == kind:
            return kind
    *most, last = (f".{kind}" for kind in FORMATS)
    raise PlaygroundError(f"{path}: expected a name that ends in {', '.join(most)} or {last}")


@dataclass(frozen=True, slots=True)
class Copied:
    """What goes to the clipboard.

    Attributes:
        text: the data, or nothing.
        image: the picture, or ``None``.
        kind: MIME type of ``content``, or nothing.
        content: of the file of the chosen format.
    """

    text: str = ""
    image: QImage | None = None
    kind: str = ""
    content: bytes = b""

    def put(self) -> None:
        """Put it on the clipboard."""
        mime = QMimeData()
        if self.text:
            mime.setText(self.text)
        if self.image is not None:
            mime.setImageData(self.image)
        if self.kind:
            mime.setData(self.kind, self.content)
        QGuiApplication.clipboard().setMimeData(mime)


def prepared_copy(figure: Figure, kind: Format, look: Look) -> Callable[[], Copied]:
    """Take from ``figure`` what only the window's thread may; what is returned makes the rest in any thread."""
    entry = FORMATS[kind]
    content = entry.prepare(figure, look) if entry.clipboard_type else None
    if entry.is_table:
        table = figure.figure_table()
        return lambda: Copied(csv_text(table), None, entry.clipboard_type, content() if content else b"")
    picture = recorded(figure, look)
    return lambda: Copied("", played(picture, look), entry.clipboard_type, content() if content else b"")


def copy_figure(
    figure: Figure, kind: Format = "png", *, size: Size = SLIDE, theme: ThemeName = "light", transparent: bool = False
) -> None:
    """Put ``figure`` on the clipboard: its data as text for a table, else its picture, with the file's content beside it."""
    prepared_copy(figure, kind, Look(size, THEMES[theme], transparent))().put()
