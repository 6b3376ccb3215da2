"""The dialog that exports an animation of a run, while training continues."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from core.data.sample import Sample
from core.errors import PlaygroundError
from playground.export.animation.choices import WINDOW, AnimationChoices
from playground.export.animation.formats import ANIMATION_FORMATS, animation_format_of
from playground.export.animation.job import DRAWING, AnimationJob, Tile
from playground.export.animation.process import AnimationProcess
from playground.export.names import free_path, slug, usual_folder
from playground.export.widgets.controls import plain_button
from playground.export.widgets.message_line import MessageLine
from playground.export.widgets.progress_row import ProgressRow
from playground.export.widgets.questions import ask_path
from playground.session.selection import Selection
from playground.style.theme import CARD_PADDING, Style
from playground.widgets.guard import guarded
from playground.widgets.plain_text import PlainLabel, plain_tip

_FOLDER: Final = "export/folder"
_INTRODUCTION: Final = (
    "The network is trained again from the start with the current settings, in the background; "
    "training in the window continues."
)


class AnimationSource(Struct, frozen=True, kw_only=True):
    """What a window can animate.

    Attributes:
        cards: (key, title) of every card that has a picture.
        tiles: returns the visible cards and their places.
        experiment: returns the content of an Experiment file, whose paths are absolute.
        selection: returns the selected neuron or weight.
        sample: returns the selected sample.
        axes: returns the two inputs along which the input space is shown.
        store_views: saves the view options of the cards.
        subject: name of the experiment, used in file names.
        epochs: the present epoch; 0 before training.
    """

    cards: Sequence[tuple[str, str]]
    tiles: Callable[[], tuple[Tile, ...]]
    experiment: Callable[[], str]
    selection: Callable[[], Selection | None]
    sample: Callable[[], Sample | None]
    axes: Callable[[], tuple[int, int] | None]
    store_views: Callable[[QSettings], object]
    subject: str
    epochs: int


class AnimationDialog(QDialog):
    """Exports one animation after another; closing it cancels the current one.

    Attributes:
        written: files written so far.
        choices: the options.
    """

    def __init__(
        self,
        source: AnimationSource,
        style: Style,
        parent: QWidget | None = None,
        *,
        settings: QSettings | None = None,
        chosen: str = "",
    ) -> None:
        """Build the dialog with the card ``chosen``; ``settings`` are by default those of the application."""
        super().__init__(parent)
        self.setWindowTitle("Export animation")
        self.setObjectName("animationDialog")
        self.written: list[Path] = []
        self._source, self._style = source, style
        self._settings = QSettings() if settings is None else settings
        self._process = AnimationProcess(self)
        self._build()
        self.choices.recall(self._settings, source.epochs or 500)
        self.choices.choose(chosen)
        self._connect()
        self._refresh()

    @property
    def is_busy(self) -> bool:
        """Whether an animation is being made."""
        return self._process.is_busy

    def save(self) -> None:
        """Export into the folder last used, under a name that is free."""
        self.save_to(self._free)

    def save_as(self) -> None:
        """Ask for a path and export."""
        path = ask_path(self, self._folder, self._free.stem, self.choices.format)
        if path is not None:
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Export to ``path`` in the background; show errors."""
        choices = self.choices
        tiles = self._tiles()
        if not tiles:
            self._message.say("No visible card has a picture to animate.", failed=True)
            return
        try:
            animation_format_of(path, choices.size_in_pixels)
        except PlaygroundError as error:
            self._message.say(str(error), failed=True)
            return
        choices.store(self._settings)
        self._settings.setValue(_FOLDER, str(path.parent))

        def job(views: str) -> AnimationJob:
            return AnimationJob(
                experiment=self._source.experiment(),
                path=str(path),
                tiles=tiles,
                moments=choices.moments,
                rate=choices.rate,
                size=choices.size_in_pixels,
                theme=choices.theme,
                captioned=choices.is_captioned,
                keeps=choices.keeps,
                views=views,
                selection=self._source.selection(),
                sample=self._source.sample(),
                axes=self._source.axes(),
            )

        self._progress.begin(1, lambda: self.is_busy)
        self._message.say(f"Training for {path.name} …")
        self._process.start(job, self._source.store_views)
        self._enable()

    def stop(self) -> None:
        """Cancel, and wait until nothing is left behind: the window closes."""
        self._process.stop()
        self.close()

    @override
    @guarded
    def done(self, result: int) -> None:
        """Cancel the animation when the dialog is closed."""
        if self.is_busy:
            self._cancel()
        super().done(result)

    # -- building ----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.choices = AnimationChoices(self._source.cards, self._style.theme.name)
        introduction = PlainLabel(_INTRODUCTION)
        introduction.setProperty("role", "muted")
        introduction.setWordWrap(True)
        self._estimate = PlainLabel()
        self._estimate.setObjectName("animationEstimate")
        self._progress = ProgressRow("Frames")
        self._message = MessageLine("animationMessage", self._style)
        self._save_as = plain_button("Save as…", "animationSaveAsButton", "Choose the name and the folder")
        self._save = plain_button("Save", "animationSaveButton")
        self._save.setDefault(True)
        self._close = plain_button("Close", "animationCloseButton", "Close, and cancel an animation in progress")
        buttons = QHBoxLayout()
        buttons.addWidget(self._estimate, 1)
        for button in (self._close, self._save_as, self._save):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(CARD_PADDING, CARD_PADDING, CARD_PADDING, CARD_PADDING)
        layout.setSpacing(CARD_PADDING)
        layout.addWidget(introduction)
        layout.addWidget(self.choices)
        layout.addStretch(1)
        layout.addWidget(self._progress)
        layout.addWidget(self._message)
        layout.addLayout(buttons)
        self.resize(560, 560)

    def _connect(self) -> None:
        self.choices.changed.connect(self._refresh)
        self._close.clicked.connect(self.reject)
        self._save_as.clicked.connect(self.save_as)
        self._save.clicked.connect(self.save)
        self._progress.cancelled.connect(self._cancel)
        self._process.progressed.connect(self._advance)
        self._process.finished.connect(self._show_written)
        self._process.failed.connect(self._show_failure)

    # -- updating ----------------------------------------------------------------------------------------------------

    def _tiles(self) -> tuple[Tile, ...]:
        key = self.choices.what
        return self._source.tiles() if key == WINDOW else (Tile(key, 0.0, 0.0, 1.0, 1.0),)

    @property
    def _folder(self) -> Path:
        return Path(str(self._settings.value(_FOLDER, str(usual_folder()))))

    @property
    def _free(self) -> Path:
        """A path that is not used yet."""
        parts = (slug(self._source.subject), self.choices.what or "window")
        return free_path(self._folder / f"{'-'.join(filter(None, parts))}.{self.choices.format}")

    def _refresh(self) -> None:
        self._estimate.setText(self.choices.estimate)
        missing = ANIMATION_FORMATS[self.choices.format].missing()
        if missing:
            self._message.say(missing, failed=True)
        elif not self.is_busy:
            self._message.say(" ")
        self._enable()

    def _enable(self) -> None:
        ready = not self.is_busy and not ANIMATION_FORMATS[self.choices.format].missing()
        for button in (self._save_as, self._save):
            button.setEnabled(ready)
        self._save.setToolTip(plain_tip(f"Save to {self._folder}, under a new name (Return)"))

    def _advance(self, stage: str, done: int, every: int) -> None:
        self._progress.advance(done, every)
        self._message.say(
            f"Training: frame {done} of {every}" if stage == DRAWING else f"Writing: frame {done} of {every}"
        )

    def _cancel(self) -> None:
        self._process.cancel()
        self._end("Cancelled; no file was written.")

    def _show_written(self, path: Path) -> None:
        self.written.append(path)
        size = path.stat().st_size if path.is_file() else 0
        self._end(f"Saved {path} ({size / 1e6:.2f} MB)")

    def _show_failure(self, sentence: str) -> None:
        self._end(sentence, failed=True)

    def _end(self, sentence: str, *, failed: bool = False) -> None:
        self._progress.end()
        self._message.say(sentence, failed=failed)
        self._enable()
