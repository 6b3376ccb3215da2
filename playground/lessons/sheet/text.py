"""The text of a classroom sheet: a lesson's text, pictures and questions, with space to write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct, field
from PySide6.QtCore import QEventLoop, QPointF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPainter,
    QPen,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextImageFormat,
)

from core.lessons.blocks import Ask, Goal, Lesson, Predict
from core.lessons.classroom.questions import PredictionPosition
from core.lessons.file_format.markdown import parser
from playground.lessons.text.pictures import formula_picture, image_picture
from playground.lessons.text.rich_text import BODY, MarkdownWriter, Picture, Sources
from playground.style.resources import application_font
from playground.style.theme import Style

WIDTH: Final = 674.0
"""Width of the text on a page in pixels at 96 dots per inch: A4 without margins."""

DRAWING_RATIO: Final = 4.0
"""Pixels of a drawing per pixel of the page, for sharp prints."""

AXES: Final = 170.0
"""Height of the empty axes of a sketch in pixels."""

MAX_INLINE_LETTERS: Final = 80.0
"""Choices with fewer letters in total are printed side by side."""

BLANK: Final = "_________"
"""The blank for a number that the learner writes down."""

_NOTES_PROMPT: Final = "What did you find out? Explain it in your own words."


class SheetPictures(Struct, frozen=True):
    """The pictures of a sheet.

    Attributes:
        before: picture of each card at the start.
        after: picture of each card after the step ``step``.
        step: number of that step.
        axes: for each prediction of a curve, its empty axes.
    """

    before: Sequence[QImage]
    after: Sequence[QImage]
    step: int
    axes: Mapping[PredictionPosition, QImage]


class SheetContent(Struct, frozen=True):
    """The content of a sheet.

    Attributes:
        lesson: the lesson.
        folder: folder of its file, for images; ``None`` for none.
        pictures: the pictures.
        formula: returns a formula as SVG.
        number: returns the value of a live number in a step, from 0 (the introduction).
    """

    lesson: Lesson
    folder: Path | None
    pictures: SheetPictures
    formula: Callable[[str], bytes]
    number: Callable[[int, str], str]


class SheetSizes(Struct, frozen=True):
    """Sizes of type, pictures and writing space.

    Attributes:
        style: colours and scale of the type.
        lines: number of lines to write on after each question.
        picture: height of the pictures in pixels.
        notes: number of lines at the end.
    """

    style: Style
    lines: int
    picture: float
    notes: int = 0


class _ImageNames(Struct):
    """Resource names of the pictures in a document, by cache key."""

    count: int = 0
    known: dict[int, str] = field(default_factory=dict)


class SheetText:
    """Writes a sheet into a text document; may run on any thread.

    Attributes:
        document: the result.
    """

    def __init__(self, content: SheetContent, sizes: SheetSizes) -> None:
        self._content, self._sizes, self._style = content, sizes, sizes.style
        self._step, self._is_done = 0, False
        self._names = _ImageNames()
        # Qt lays out long documents with timers, which need an event dispatcher; this creates one on plain threads.
        QEventLoop()
        self.document = QTextDocument()
        self.document.setDocumentMargin(0.0)
        self.document.setUseDesignMetrics(True)
        self.document.setDefaultFont(application_font(self._style.px(BODY), tabular=False))
        self.document.setTextWidth(WIDTH)
        sources = Sources(self._formula, self._image, self._number)
        self._writer = MarkdownWriter(self.document, self._style, sources)
        self._cursor = QTextCursor(self.document)
        self._groups: list[tuple[int, int]] = []
        self._write()
        # The writer refers to this object; the cycle would be collected on another thread, which cannot stop the timers.
        del self._writer
        self._use_plain_glyphs()

    # -- content ---------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        lesson, pictures = self._content.lesson, self._content.pictures
        front = lesson.front
        self._paragraph(front.title, size=20, bold=True, above=0.0)
        self._begin_paragraph(above=2.0)
        self._inline(front.summary)
        self._blanks("Name", "Date")
        self._markdown(lesson.introduction)
        self._pictures(pictures.before, "At the start:")
        for number, step in enumerate(lesson.steps, start=1):
            self._step, self._is_done = number, False
            self._paragraph(f"{number}  {step.title}", size=15, bold=True, above=12.0)
            self._keep_with_next(1)
            predictions = 0
            for part in step.content:
                if isinstance(part, str):
                    self._markdown(part)
                elif isinstance(part, Goal):
                    self._check_box_item(part.text.goal, "Do: ")
                    self._is_done = True
                elif isinstance(part, Predict):
                    predictions += 1
                    self._predict(part, (number, predictions))
                elif isinstance(part, Ask):
                    self._question(part.text.question, part.text.choices, "")
                    self._writing_lines(self._sizes.lines)
            if number == pictures.step:
                self._pictures(pictures.after, f"After step {number}:")
        if self._sizes.notes:
            self._paragraph(_NOTES_PROMPT, bold=True, above=12.0)
            self._keep_with_next(1)
            self._writing_lines(self._sizes.notes)

    def _markdown(self, text: str) -> None:
        if text.strip():
            first = self._cursor.blockNumber()
            self._writer.write(parser().parse(text))
            self._end()
            for number in range(first, self._cursor.blockNumber()):
                if self.document.findBlockByNumber(number).text().rstrip().endswith(":"):
                    self._keep_introduction(number)

    def _keep_introduction(self, number: int) -> None:
        """Keep the paragraph ``number`` on one page with the formula or list that it announces, and with its heading."""
        if self._groups and self._groups[-1][1] == number:
            self._groups[-1] = (self._groups[-1][0], number + 1)
        else:
            self._groups.append((number, number + 1))

    def _predict(self, predict: Predict, position: PredictionPosition) -> None:
        axes = self._content.pictures.axes.get(position)
        self._question(predict.text.question, predict.text.choices, "Before you try: ")
        if axes is not None:
            self._keep_with_next(1)
            self._begin_paragraph(above=4.0)
            height = AXES * self._style.scale
            self._insert(axes, height * axes.width() / axes.height(), height)
        elif predict.kind == "number":
            self._blanks("My number", predict.unit)
        self._writing_lines(max(self._sizes.lines - 1, 0))

    def _question(self, question: str, choices: Sequence[str], lead: str) -> None:
        """Write a question with its choices, side by side if they are short."""
        self._begin_paragraph(above=8.0)
        self._insert_text(lead, bold=True)
        self._inline(question)
        beside = sum(map(len, choices)) + 8 * len(choices) < MAX_INLINE_LETTERS / self._style.scale
        self._keep_with_next(1 if beside else len(choices))
        for index, choice in enumerate(choices):
            if beside and index:
                self._insert_text("\u2003\u2003")
                self._check_box()
                self._inline(choice)
            else:
                self._check_box_item(choice, "", above=3.0)

    def _keep_with_next(self, following: int) -> None:
        """Keep the last paragraph on one page with the ``following`` ones."""
        first = self._cursor.blockNumber()
        self._groups.append((first, first + following))

    def paginate(self, height: float) -> int:
        """Break the text into pages of ``height`` pixels without splitting groups of paragraphs; return the number of pages."""
        self.document.setPageSize(QSizeF(WIDTH, height))
        for first, last in self._groups:
            blocks = [self.document.findBlockByNumber(min(n, self.document.blockCount() - 1)) for n in (first, last)]
            layout = self.document.documentLayout()
            top = layout.blockBoundingRect(blocks[0]).top()
            bottom = layout.blockBoundingRect(blocks[1]).bottom()
            if int(top / height) != int((bottom - 0.01) / height) and bottom - top < height:
                block_format = QTextBlockFormat()
                block_format.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
                QTextCursor(blocks[0]).mergeBlockFormat(block_format)
        return self.document.pageCount()

    def _use_plain_glyphs(self) -> None:
        """Use the font's plain glyphs, because PDF readers cannot copy text set in tabular and contextual ones."""
        block = self.document.begin()
        while block.isValid():
            ranges, fragment = [], block.begin()
            while not fragment.atEnd():
                ranges.append((fragment.fragment().position(), fragment.fragment().length()))
                fragment += 1
            for start, length in ranges:
                cursor = QTextCursor(self.document)
                cursor.setPosition(start)
                cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
                char_format = cursor.charFormat()
                if not char_format.isImageFormat():
                    font = plain_glyphs(char_format.font())
                    char_format.setFont(font)
                    cursor.setCharFormat(char_format)
            block = block.next()

    # -- paragraphs --------------------------------------------------------------------------------------------------

    def _begin_paragraph(self, *, above: float = 6.0, indent: float = 0.0) -> None:
        """Start a paragraph at the end."""
        self._end()
        block_format = QTextBlockFormat()
        block_format.setTopMargin(self._style.px(above))
        block_format.setLeftMargin(self._style.px(indent))
        block_format.setLineHeight(self._style.px(2), QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value)
        if self.document.isEmpty():
            self._cursor.setBlockFormat(block_format)
        else:
            self._cursor.insertBlock(block_format)

    def _end(self) -> None:
        self._cursor.movePosition(QTextCursor.MoveOperation.End)

    def _paragraph(self, text: str, *, size: float = BODY, bold: bool = False, above: float = 6.0) -> None:
        self._begin_paragraph(above=above)
        self._insert_text(text, size=size, bold=bold)

    def _insert_text(self, text: str, *, size: float = BODY, bold: bool = False, colour: str = "") -> None:
        char_format = QTextCharFormat()
        font = application_font(self._style.px(size), family=self._style.family)
        font.setBold(bold)
        char_format.setFont(font)
        char_format.setForeground(QColor(colour or self._style.theme.ink))
        self._cursor.insertText(text, char_format)

    def _inline(self, text: str) -> None:
        """Write one line of Markdown into the current paragraph."""
        self._writer.write_inline(parser().parseInline(text)[0].children or ())
        self._end()

    def _check_box_item(self, text: str, lead: str, *, above: float = 6.0) -> None:
        """Write a paragraph after an empty check box."""
        self._begin_paragraph(above=above, indent=6.0)
        self._check_box()
        self._insert_text(lead, bold=bool(lead))
        self._inline(text)
        self._keep_with_next(0)

    def _check_box(self) -> None:
        side = self._style.px(10)
        self._insert(self._drawing(side, side, _paint_box), side, side)
        self._insert_text(" \u2009")

    def _writing_lines(self, count: int) -> None:
        """Draw ``count`` lines to write on."""
        height = 25.0
        for _ in range(count):
            self._begin_paragraph(above=0.0)
            self._insert(self._drawing(WIDTH - 2, height, _paint_line), WIDTH - 2, height)

    def _blanks(self, *names: str) -> None:
        """Write names, each followed by a line to write on."""
        self._begin_paragraph(above=8.0)
        for name in names:
            self._insert_text(f"{name} ", colour=self._style.theme.muted)
            self._insert(self._drawing(200.0, 18.0, _paint_line), 200.0, 18.0)
            self._insert_text("     ")

    # -- pictures ----------------------------------------------------------------------------------------------------

    def _pictures(self, pictures: Sequence[QImage], caption: str) -> None:
        """Place the pictures side by side, below ``caption``."""
        if not pictures:
            return
        self._begin_paragraph(above=8.0)
        self._insert_text(caption, size=BODY - 1, colour=self._style.theme.muted)
        self._keep_with_next(1)
        self._begin_paragraph(above=2.0)
        room = WIDTH / len(pictures) - 8.0
        for image in pictures:
            height = min(self._sizes.picture, room * image.height() / image.width())
            self._insert(image, height * image.width() / image.height(), height)
            self._insert_text("  ")

    def _insert(self, image: QImage, width: float, height: float) -> None:
        name = self._names.known.get(image.cacheKey())
        if name is None:
            self._names.count += 1
            name = self._names.known[image.cacheKey()] = f"sheet:{self._names.count}"
            self.document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), image)
        image_format = QTextImageFormat()
        image_format.setName(name)
        image_format.setWidth(width)
        image_format.setHeight(height)
        self._cursor.insertImage(image_format)

    def _drawing(self, width: float, height: float, paint: Callable[[QPainter, QRectF, Style], None]) -> QImage:
        image = QImage(
            round(width * DRAWING_RATIO), round(height * DRAWING_RATIO), QImage.Format.Format_ARGB32_Premultiplied
        )
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(DRAWING_RATIO, DRAWING_RATIO)
        paint(painter, QRectF(0, 0, width, height), self._style)
        painter.end()
        return image

    def _number(self, source: str) -> str:
        """Return a live number, or a blank to fill in after the goal, where the number is its result."""
        return BLANK if self._is_done else self._content.number(self._step, source)

    def _formula(self, latex: str) -> Picture | None:
        return formula_picture(self._content.formula(latex), self._style.theme.ink, self._style.scale, DRAWING_RATIO)

    def _image(self, address: str) -> Picture | None:
        return image_picture(self._content.folder, address, self._style, 0.6 * WIDTH)


def plain_glyphs(font: QFont) -> QFont:
    """Return ``font`` without tabular and contextual glyphs, even if the application's font has them."""
    for feature in ("tnum", "calt"):
        font.setFeature(QFont.Tag(feature), 0)
    return font


def _paint_box(p: QPainter, rect: QRectF, style: Style) -> None:
    p.setPen(QPen(QColor(style.theme.muted), 1.0))
    p.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))


def _paint_line(p: QPainter, rect: QRectF, style: Style) -> None:
    p.setPen(QPen(QColor(style.theme.faint), 0.7))
    y = rect.bottom() - 1.0
    p.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
