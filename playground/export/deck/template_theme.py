"""The theme of pictures that suits the background of a template."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.errors import PlaygroundError
from core.training.origins.deck_origin import checked_package
from playground.export.deck.design import as_deck, layout_of, opened_deck

if TYPE_CHECKING:
    from playground.style.theme_names import ThemeName

DARK: Final = 0.4
"""Luma of a background (0 for black, 1 for white) below which pictures are dark."""

_LUMA: Final = (0.299, 0.587, 0.114)
_WHOLE: Final = 100_000
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_FACTOR, _OFFSET = f"{{{_DRAWING}}}lumMod", f"{{{_DRAWING}}}lumOff"
_COLOURS: Final = tuple(f"{{{_DRAWING}}}{name}" for name in ("srgbClr", "schemeClr", "sysClr"))


def suiting_theme(template: Path, chosen: ThemeName) -> ThemeName:
    """Return ``chosen`` if it suits the background of ``template``, or cannot be compared with it; else the theme that does.

    A light template suits all themes but the dark one.
    """
    try:
        deck = opened_deck(as_deck(checked_package(template)), template)
        luma = _background_luma(layout_of(deck))
    except PlaygroundError:
        return chosen  # reported when the deck is written
    except Exception:  # noqa: BLE001 - the library raises whatever a damaged file makes its parts raise
        return chosen
    if luma is None or (luma < DARK) is (chosen == "dark"):
        return chosen
    return "dark" if luma < DARK else "light"


def _background_luma(layout: Any) -> float | None:  # noqa: ANN401 - untyped library
    """Return the luma of the background of ``layout``, which its master may give; ``None`` if it is a picture or unknown."""
    master = layout.slide_master
    for part in (layout, master):
        fills = part._element.xpath("./p:cSld/p:bg/p:bgPr/a:solidFill | ./p:cSld/p:bg/p:bgPr/a:gradFill/a:gsLst/a:gs")
        fills += part._element.xpath("./p:cSld/p:bg/p:bgRef")
        found = [luma for fill in fills for luma in _lumas(fill, master)]
        if found:
            return sum(found) / len(found)
        if part._element.xpath("./p:cSld/p:bg"):
            return None
    plain = _in_scheme("bg1", master)
    return None if plain is None else _luma(plain)


def _lumas(colours: Iterable[Any], master: Any) -> Iterable[float]:  # noqa: ANN401 - untyped library
    """Yield the luma of each of ``colours`` that is known; other elements are not colours."""
    for colour in colours:
        value = _value_of(colour, master) if colour.tag in _COLOURS else None
        if value is not None:
            changes = {each.tag: int(each.get("val")) / _WHOLE for each in colour if each.tag in (_FACTOR, _OFFSET)}
            factor, offset = changes.get(_FACTOR, 1.0), changes.get(_OFFSET, 0.0)
            yield min(_luma(value) * factor + offset, 1.0)


def _value_of(colour: Any, master: Any) -> str | None:  # noqa: ANN401 - untyped library
    """Return a colour as six hexadecimal digits, looked up in the theme of ``master``; ``None`` if it is unknown."""
    if colour.tag.endswith("}schemeClr"):
        return _in_scheme(colour.get("val"), master)
    return str(colour.get("lastClr" if colour.tag.endswith("}sysClr") else "val"))


def _in_scheme(name: str, master: Any) -> str | None:  # noqa: ANN401 - untyped library
    """Return the colour that the theme of ``master`` calls ``name``."""
    found = master._element.xpath("./p:clrMap")
    known = found[0].get(name, name) if found else name
    return next((_plain(each) for each in _scheme(master) if each.tag.endswith(f"}}{known}")), None)


def _luma(value: str) -> float:
    """Return the luma of a colour of six hexadecimal digits."""
    channels = (int(value[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return sum(share * channel for share, channel in zip(_LUMA, channels, strict=True))


def _scheme(master: Any) -> Iterable[Any]:  # noqa: ANN401 - untyped library
    """Return the colours of the theme of ``master``."""
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.oxml import parse_xml

    root = parse_xml(master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)
    return [colour for scheme in root.iter(f"{{{_DRAWING}}}clrScheme") for colour in scheme]


def _plain(entry: Any) -> str | None:  # noqa: ANN401 - untyped library
    colour = next(iter(entry), None)
    return None if colour is None else colour.get("lastClr") or colour.get("val")
