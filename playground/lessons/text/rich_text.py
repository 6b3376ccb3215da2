"""Write the Markdown of a lesson into a text document, which never contains HTML or anything from the network."""

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
        depth: how far it extends below the baseline.
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
        char_format: the format of its text.
    """

    source: str
    cursor: QTextCursor
    char_format: QTextCharFormat

    @property
    def text(self) -> str:
        """The text shown."""
        return self.cursor.selectedText()

    def show(self, text: str) -> None:
        """Replace the text of the number."""
        if text == self.text:
            return
        start = self.cursor.selectionStart()
        self.cursor.insertText(text, self.char_format)
        self.cursor.setPosition(start)
        self.cursor.setPosition(start + len(text), QTextCursor.MoveMode.KeepAnchor)


class _List(Struct):
    """A list that is being written.

    Attributes:
        list_format: its format.
        items: the list in the document; ``None`` before its first item.
        starts_item: whether the next paragraph starts an item.
    """

    list_format: QTextListFormat
    items: QTextList | None = None
    starts_item: bool = False


class MarkdownWriter:
    """Writes parsed Markdown into ``document`` in ``style``.

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
        """Append the blocks in ``tokens``."""
        for token in tokens:
            self._block(token)

    def write_inline(self, children: Sequence[Token]) -> None:
        """Append the inline tokens ``children`` to the last paragraph."""
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
                list_format = QTextListFormat()
                list_format.setStyle(_LISTS[token.type])
                list_format.setIndent(len(self._lists) + 1)
                self._lists.append(_List(list_format))
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
                table_format = QTextTableFormat()
                table_format.setCellPadding(self._style.px(3))
                table_format.setCellSpacing(0)
                table_format.setBorder(1)
                table_format.setBorderBrush(QColor(self._style.theme.line))
                table_format.setBorderCollapse(True)
                table_format.setTopMargin(self._style.px(GAP))
                self._cell = (-1, 0)
                self._table = self._cursor.insertTable(1, 1, table_format)
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
                self._is_first = True  # reuse the empty paragraph after the table

    def _begin_paragraph(self, *, centred: bool = False) -> None:
        block_format = QTextBlockFormat()
        px = self._style.px
        items = self._lists[-1] if self._lists else None
        block_format.setTopMargin(0 if self._is_first else px(3 if self._lists else GAP))
        block_format.setLineHeight(px(2), QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value)
        if self._quotes:
            block_format.setLeftMargin(px(12) * self._quotes)
            block_format.setRightMargin(px(6))
        if items is not None and not items.starts_item:
            block_format.setIndent(len(self._lists))
        if self._heading:
            block_format.setTopMargin(0 if self._is_first else px(2 * GAP))
            block_format.setHeadingLevel(int(self._heading[1:]))
        if centred:
            block_format.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        if self._is_first:
            self._cursor.setBlockFormat(block_format)
        else:
            self._cursor.insertBlock(block_format, self._plain())
        self._is_first = False
        if items is not None and items.starts_item:
            items.starts_item = False
            if items.items is None:
                items.items = self._cursor.createList(items.list_format)
            else:
                items.items.add(self._cursor.block())

    def _rule(self) -> None:
        self._begin_paragraph()
        block_format = self._cursor.blockFormat()
        block_format.setProperty(
            QTextFormat.Property.BlockTrailingHorizontalRulerWidth.value,
            QTextLength(QTextLength.Type.PercentageLength, 100),
        )
        self._cursor.setBlockFormat(block_format)

    # -- characters --------------------------------------------------------------------------------------------------

    def _plain(self) -> QTextCharFormat:
        char_format = QTextCharFormat()
        font = application_font(self._style.px(HEADINGS.get(self._heading, BODY)), family=self._style.family)
        if self._heading:
            font.setWeight(QFont.Weight.DemiBold)
        char_format.setFont(font)
        char_format.setForeground(QColor(self._style.theme.muted if self._quotes else self._style.theme.ink))
        return char_format

    def _code(self) -> QTextCharFormat:
        char_format = self._plain()
        font = QFont("monospace")
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPixelSize(round(self._style.px(BODY - 1)))
        char_format.setFont(font)
        char_format.setBackground(QColor(self._style.theme.field))
        return char_format

    def _inline(self, children: Sequence[Token]) -> None:
        char_format = self._plain()
        stack: list[QTextCharFormat] = []
        for child in children:
            match child.type:
                case "text":
                    self._insert_text(child.content, char_format)
                case "softbreak":
                    self._cursor.insertText(" ", char_format)
                case "hardbreak":
                    self._cursor.insertText("\u2028", char_format)
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
                    stack.append(char_format)
                    char_format = self._with_emphasis(char_format, child)
                case "em_close" | "strong_close" | "link_close":
                    char_format = stack.pop()

    def _with_emphasis(self, char_format: QTextCharFormat, token: Token) -> QTextCharFormat:
        emphasized = QTextCharFormat(char_format)
        if token.type == "em_open":
            emphasized.setFontItalic(True)
        elif token.type == "strong_open":
            emphasized.setFontWeight(QFont.Weight.DemiBold)
        else:
            emphasized.setAnchor(True)
            emphasized.setAnchorHref(str(token.attrGet("href") or ""))
            emphasized.setForeground(QColor(self._style.theme.accent))
            emphasized.setFontUnderline(True)
        return emphasized

    def _insert_text(self, text: str, char_format: QTextCharFormat) -> None:
        """Insert ``text`` with its live numbers; lines do not break before a percent sign."""
        text = text.replace(" %", "\u00a0%")
        end = 0
        for found in LIVE_NUMBER.finditer(text):
            self._cursor.insertText(text[end : found.start()], char_format)
            end = found.end()
            source = found[1].strip()
            strong = QTextCharFormat(char_format)
            strong.setFontWeight(QFont.Weight.DemiBold)
            start = self._cursor.position()
            self._cursor.insertText(self._sources.number(source), strong)
            number = QTextCursor(self._document)
            number.setPosition(start)
            number.setPosition(self._cursor.position(), QTextCursor.MoveMode.KeepAnchor)
            number.setKeepPositionOnInsert(True)  # keep the selection when text is inserted after it
            self.numbers.append(LiveNumber(source, number, strong))
        self._cursor.insertText(text[end:], char_format)

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
        """Insert ``picture`` on the baseline; Qt takes its depth from the descent of the format's font."""
        self._document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), picture.image)
        image_format = QTextImageFormat()
        image_format.setName(name)
        image_format.setWidth(picture.width)
        image_format.setHeight(picture.height)
        image_format.setToolTip("")
        image_format.setProperty(QTextFormat.Property.ImageAltText.value, words)
        font = application_font(max(1.0, picture.depth / DESCENT), family=self._style.family)
        image_format.setFont(font)
        image_format.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
        self._cursor.insertImage(image_format)
        self._cursor.setCharFormat(self._plain())
