"""Write the Markdown of a lesson into a text document: only text and pictures, never HTML or anything from the network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextImageFormat,
    QTextLength,
    QTextList,
    QTextListFormat,
    QTextTable,
    QTextTableFormat,
)

from core.lessons.file_format.markdown import LIVE_NUMBER
from playground.style.formula_words import formula_in_words
from playground.style.resources import application_font
from playground.style.theme import Style

if TYPE_CHECKING:
    from markdown_it.token import Token

BODY: Final = 13
"""Size of the text in pixels at scale 1."""

HEADINGS: Final = {"h1": 18, "h2": 16, "h3": 14}
GAP: Final = 7
DESCENT: Final = 0.2411
"""Descent of Inter as a fraction of its size."""

_LISTS: Final = {
    "bullet_list_open": QTextListFormat.Style.ListDisc,
    "ordered_list_open": QTextListFormat.Style.ListDecimal,
}


class Picture(Struct, frozen=True):
    """A picture in the text.

    Attributes:
        image: its pixels.
        width: width in pixels of the text.
        height: height in pixels of the text.
        depth: how far it reaches below the baseline.
    """

    image: QImage
    width: float
    height: float
    depth: float = 0.0


class Sources(Struct, frozen=True):
    """The sources of formulas, images and live numbers in a text.

    Attributes:
        formula: returns a formula as a picture, or ``None`` while it is being typeset.
        image: returns the image with this address, or ``None`` if there is none.
        number: returns the current text of a live number.
    """

    formula: Callable[[str], Picture | None]
    image: Callable[[str], Picture | None]
    number: Callable[[str], str]


class LiveNumber(Struct):
    """A live number in a document.

    Attributes:
        source: the measurement, as written in the lesson.
        cursor: selects its text.
        form: the format of its text.
    """

    source: str
    cursor: QTextCursor
    form: QTextCharFormat

    @property
    def text(self) -> str:
        """The text shown."""
        return self.cursor.selectedText()

    def show(self, text: str) -> None:
        """Replace the text; everything else stays."""
        if text == self.text:
            return
        start = self.cursor.selectionStart()
        self.cursor.insertText(text, self.form)
        self.cursor.setPosition(start)
        self.cursor.setPosition(start + len(text), QTextCursor.MoveMode.KeepAnchor)


class _List(Struct):
    """A list that is being written.

    Attributes:
        form: its format.
        items: the list in the document, from its first item on.
        starts_item: whether the next paragraph starts an item.
    """

    form: QTextListFormat
    items: QTextList | None = None
    starts_item: bool = False


class Writer:
    """Writes Markdown, already parsed, into ``document`` in ``style``.

    Attributes:
        numbers: the live numbers written so far.
    """

    def __init__(self, document: QTextDocument, style: Style, sources: Sources) -> None:
        self._document, self._style, self._sources = document, style, sources
        self._cursor = QTextCursor(document)
        self._is_first = True
        self._lists: list[_List] = []
        self._quotes = 0
        self._table: QTextTable | None = None
        self._cell = (0, 0)
        self._heading = ""
        self.numbers: list[LiveNumber] = []

    def write(self, tokens: Sequence[Token]) -> None:
        """Append ``tokens``."""
        for token in tokens:
            self._block(token)

    def write_inline(self, children: Sequence[Token]) -> None:
        """Append the words of a paragraph, ``children``, to the last paragraph."""
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        self._is_first = False
        self._inline(children)

    # -- blocks ------------------------------------------------------------------------------------------------------

    def _block(self, token: Token) -> None:
        match token.type:
            case "paragraph_open":
                self._begin_paragraph()
            case "heading_open":
                self._heading = token.tag
                self._begin_paragraph()
            case "heading_close":
                self._heading = ""
            case "inline":
                self._inline(token.children or ())
            case "bullet_list_open" | "ordered_list_open":
                form = QTextListFormat()
                form.setStyle(_LISTS[token.type])
                form.setIndent(len(self._lists) + 1)
                self._lists.append(_List(form))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._lists[-1].starts_item = True
            case "blockquote_open":
                self._quotes += 1
            case "blockquote_close":
                self._quotes -= 1
            case "fence" | "code_block":
                self._begin_paragraph()
                self._cursor.insertText(token.content.rstrip("\n").replace("\n", "\u2028"), self._code())
            case "math_block":
                self._begin_paragraph(centred=True)
                self._formula(token.content.strip())
            case "hr":
                self._rule()
            case _:
                self._table_part(token)

    def _table_part(self, token: Token) -> None:
        match token.type:
            case "table_open":
                form = QTextTableFormat()
                form.setCellPadding(self._style.px(3))
                form.setCellSpacing(0)
                form.setBorder(1)
                form.setBorderBrush(QColor(self._style.theme.line))
                form.setBorderCollapse(True)
                form.setTopMargin(self._style.px(GAP))
                self._cell = (-1, 0)
                self._table = self._cursor.insertTable(1, 1, form)
            case "tr_open":
                self._cell = (self._cell[0] + 1, -1)
            case "th_open" | "td_open" if self._table is not None:
                row, column = self._cell[0], self._cell[1] + 1
                self._cell = (row, column)
                self._table.resize(max(self._table.rows(), row + 1), max(self._table.columns(), column + 1))
                self._cursor = self._table.cellAt(row, column).firstCursorPosition()
            case "table_close":
                self._table = None
                self._cursor = QTextCursor(self._document)
                self._cursor.movePosition(QTextCursor.MoveOperation.End)
                self._is_first = True  # the empty paragraph after the table is used

    def _begin_paragraph(self, *, centred: bool = False) -> None:
        form = QTextBlockFormat()
        px = self._style.px
        items = self._lists[-1] if self._lists else None
        form.setTopMargin(0 if self._is_first else px(3 if self._lists else GAP))
        form.setLineHeight(px(2), QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value)
        if self._quotes:
            form.setLeftMargin(px(12) * self._quotes)
            form.setRightMargin(px(6))
        if items is not None and not items.starts_item:
            form.setIndent(len(self._lists))
        if self._heading:
            form.setTopMargin(0 if self._is_first else px(2 * GAP))
            form.setHeadingLevel(int(self._heading[1:]))
        if centred:
            form.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        if self._is_first:
            self._cursor.setBlockFormat(form)
        else:
            self._cursor.insertBlock(form, self._plain())
        self._is_first = False
        if items is not None and items.starts_item:
            items.starts_item = False
            if items.items is None:
                items.items = self._cursor.createList(items.form)
            else:
                items.items.add(self._cursor.block())

    def _rule(self) -> None:
        self._begin_paragraph()
        form = self._cursor.blockFormat()
        form.setProperty(
            QTextFormat.Property.BlockTrailingHorizontalRulerWidth.value,
            QTextLength(QTextLength.Type.PercentageLength, 100),
        )
        self._cursor.setBlockFormat(form)

    # -- characters --------------------------------------------------------------------------------------------------

    def _plain(self) -> QTextCharFormat:
        form = QTextCharFormat()
        font = application_font(self._style.px(HEADINGS.get(self._heading, BODY)), family=self._style.family)
        if self._heading:
            font.setWeight(QFont.Weight.DemiBold)
        form.setFont(font)
        form.setForeground(QColor(self._style.theme.muted if self._quotes else self._style.theme.ink))
        return form

    def _code(self) -> QTextCharFormat:
        form = self._plain()
        font = QFont("monospace")
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPixelSize(round(self._style.px(BODY - 1)))
        form.setFont(font)
        form.setBackground(QColor(self._style.theme.field))
        return form

    def _inline(self, children: Sequence[Token]) -> None:
        form = self._plain()
        stack: list[QTextCharFormat] = []
        for child in children:
            match child.type:
                case "text":
                    self._words(child.content, form)
                case "softbreak":
                    self._cursor.insertText(" ", form)
                case "hardbreak":
                    self._cursor.insertText("\u2028", form)
                case "code_inline":
                    self._cursor.insertText(child.content, self._code())
                case "math_inline":
                    self._formula(child.content)
                case "math_inline_double":
                    self._begin_paragraph(centred=True)
                    self._formula(child.content)
                case "image":
                    self._image(str(child.attrGet("src") or ""), child.content)
                case "em_open" | "strong_open" | "link_open":
                    stack.append(form)
                    form = self._changed(form, child)
                case "em_close" | "strong_close" | "link_close":
                    form = stack.pop()

    def _changed(self, form: QTextCharFormat, token: Token) -> QTextCharFormat:
        changed = QTextCharFormat(form)
        if token.type == "em_open":
            changed.setFontItalic(True)
        elif token.type == "strong_open":
            changed.setFontWeight(QFont.Weight.DemiBold)
        else:
            changed.setAnchor(True)
            changed.setAnchorHref(str(token.attrGet("href") or ""))
            changed.setForeground(QColor(self._style.theme.accent))
            changed.setFontUnderline(True)
        return changed

    def _words(self, text: str, form: QTextCharFormat) -> None:
        """Write ``text``, and the live numbers in it; lines do not break before a percent sign."""
        text = text.replace(" %", "\u00a0%")
        place = 0
        for found in LIVE_NUMBER.finditer(text):
            self._cursor.insertText(text[place : found.start()], form)
            place = found.end()
            source = found[1].strip()
            strong = QTextCharFormat(form)
            strong.setFontWeight(QFont.Weight.DemiBold)
            start = self._cursor.position()
            self._cursor.insertText(self._sources.number(source), strong)
            number = QTextCursor(self._document)
            number.setPosition(start)
            number.setPosition(self._cursor.position(), QTextCursor.MoveMode.KeepAnchor)
            number.setKeepPositionOnInsert(True)  # of the words that follow
            self.numbers.append(LiveNumber(source, number, strong))
        self._cursor.insertText(text[place:], form)

    def _formula(self, latex: str) -> None:
        picture = self._sources.formula(latex)
        if picture is None:
            self._cursor.insertText(latex, self._code())
        else:
            self._insert(f"formula:{latex}", picture, formula_in_words(latex))

    def _image(self, address: str, words: str) -> None:
        picture = self._sources.image(address)
        if picture is None:
            self._cursor.insertText(f"[{words}]", self._plain())
        else:
            self._insert(f"image:{address}", picture, words)

    def _insert(self, name: str, picture: Picture, words: str) -> None:
        """Insert ``picture`` on the baseline; the format's font tells Qt how far it reaches below that."""
        self._document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), picture.image)
        form = QTextImageFormat()
        form.setName(name)
        form.setWidth(picture.width)
        form.setHeight(picture.height)
        form.setToolTip("")
        form.setProperty(QTextFormat.Property.ImageAltText.value, words)
        font = application_font(max(1.0, picture.depth / DESCENT), family=self._style.family)
        form.setFont(font)
        form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
        self._cursor.insertImage(form)
        self._cursor.setCharFormat(self._plain())
