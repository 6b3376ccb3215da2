"""The options of ``render`` on what is written, and how pictures look."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, cast

import typer

from core.code_export.frameworks import FRAMEWORKS
from core.code_export.model_formats import MODEL_FORMATS
from core.errors import PlaygroundError
from playground.commandline.arguments import one_of, several
from playground.export.formats import FORMATS
from playground.style.theme_names import THEME_TITLES, ThemeName

if TYPE_CHECKING:
    from playground.export.formats import Format

PICTURE_SIZE: Final = "1920x1080"

Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the pictures; created if necessary.")]
Formats = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="LIST",
        help=f"Of {', '.join(FORMATS)}; {', '.join(MODEL_FORMATS)} for the trained network. By default png,svg; with "
        "--code or --animate alone, no pictures.",
    ),
]
Size = Annotated[
    str | None,
    typer.Option("--size", metavar="WxH", help=f"Size of the pictures in pixels; by default {PICTURE_SIZE}."),
]
Theme = Annotated[str, typer.Option("--theme", help=f"Colours of the pictures: {', '.join(THEME_TITLES)}.")]
Code = Annotated[
    str | None,
    typer.Option("--code", metavar="LIST", help=f"Also write the run as a script: {', '.join(FRAMEWORKS)}."),
]
Deck = Annotated[
    Path | None, typer.Option("--deck", metavar="FILE.pptx", help="Also write all pictures into one PowerPoint deck.")
]
Template = Annotated[
    Path | None,
    typer.Option("--template", metavar="FILE.pptx", help="Design of the deck: a deck or template of yours."),
]
Caption = Annotated[bool, typer.Option("--caption", help="Write the run in one line below each picture.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What ``render`` writes besides animations.

    Attributes:
        kinds: formats of the pictures; empty for none.
        models: formats of the trained network.
        frameworks: for which a script is written.
        deck: a PowerPoint file for all pictures; ``None`` for none.
        template: its design; ``None`` for the app's own.
    """

    kinds: tuple[Format, ...] = ()
    models: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    deck: Path | None = None
    template: Path | None = None

    @property
    def draws(self) -> bool:
        """Whether a picture is written, for which Qt is needed."""
        return bool(self.kinds) or self.deck is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureLook:
    """How pictures look.

    Attributes:
        size: width and height in pixels.
        theme: name of the theme.
        captioned: whether the run is written in one line below each.
    """

    size: tuple[int, int] = (1920, 1080)
    theme: ThemeName = "light"
    captioned: bool = False


def wanted(
    formats: str | None, code: str | None, deck: Path | None, template: Path | None = None, *, animates: bool
) -> Wanted:
    """Return what is to be written.

    Args:
        formats: as given; without it, pictures are written unless something else is.
        code: frameworks as given.
        deck: the file of the deck.
        template: its design.
        animates: whether an animation is written.

    Raises:
        PlaygroundError: a format or framework does not exist, the deck has another suffix, or the template cannot be used.
    """
    frameworks = several("--code", code, tuple(FRAMEWORKS)) if code is not None else ()
    usual = None if frameworks or animates else "png,svg"
    chosen = several("--format", formats or usual, (*FORMATS, *MODEL_FORMATS)) if formats or usual else ()
    if deck is not None and deck.suffix.lower() != ".pptx":
        raise PlaygroundError(f"--deck: {deck}: expected a name that ends in .pptx")
    if template is not None:
        _check_template(template, deck)
    return Wanted(
        kinds=tuple(kind for kind in chosen if kind in FORMATS),
        models=tuple(kind for kind in chosen if kind in MODEL_FORMATS),
        frameworks=frameworks,
        deck=deck,
        template=template,
    )


def _check_template(template: Path, deck: Path | None) -> None:
    """Raise an error before training, not after it."""
    if deck is None:
        raise PlaygroundError("--template: there is no --deck that could have this design")
    from playground.export.deck_design import template_design

    template_design(template)


def picture_look(size: str | None, theme: str, *, captioned: bool) -> PictureLook:
    """Return the look of pictures.

    Raises:
        PlaygroundError: an option is out of bounds.
    """
    pixels = parse_size(size or PICTURE_SIZE)
    colours = cast("ThemeName", one_of("--theme", theme, tuple(THEME_TITLES)))
    return PictureLook(size=pixels, theme=colours, captioned=captioned)


def parse_size(text: str) -> tuple[int, int]:
    """Return (width, height) in pixels from ``1920x1080``.

    Raises:
        PlaygroundError: the text is not two numbers, or a side is out of bounds.
    """
    match = re.fullmatch(r"([0-9]{1,6})[xX×]([0-9]{1,6})", text.strip())
    if match is None:
        raise PlaygroundError(f'--size: expected WIDTHxHEIGHT such as 1920x1080, got "{text}"')
    from playground.export.hidden_view import SIDES

    low, high = SIDES
    size = (int(match[1]), int(match[2]))
    if not all(low <= side <= high for side in size):
        raise PlaygroundError(f'--size: expected {low} to {high} pixels per side, got "{text}"')
    return size
