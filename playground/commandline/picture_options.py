"""The options of ``render`` on what is written, and how pictures look."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, cast

import typer
from msgspec import Struct

from core.code_export.frameworks import FRAMEWORKS
from core.code_export.model_formats import MODEL_FORMATS
from core.errors import PlaygroundError
from playground.commandline.arguments import one_of, several
from playground.export.animation.formats import ANIMATION_FORMATS
from playground.export.formats import FORMATS
from playground.export.sizes import SIZE_PRESETS
from playground.style.theme_names import THEME_TITLES, ThemeName

if TYPE_CHECKING:
    from playground.export.formats import Format
    from playground.export.svg.writer import TextAs

PICTURE_SIZE: Final = "16:9"
TEXT_SCALES: Final = (0.3, 3.0)
"""Minimum and maximum factor on all text."""

_ALIASES: Final = {entry.alias: key for key, entry in FORMATS.items() if entry.alias}

Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Folder for everything that is written; created if necessary."),
]
Formats = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="LIST",
        help=f"Of {', '.join(FORMATS)}; {', '.join(MODEL_FORMATS)} for the trained network. By default png,svg; with "
        "--code or --animate alone, no pictures.",
    ),
]
What = Annotated[
    str | None,
    typer.Option(
        "--what",
        metavar="LIST",
        help="Pictures to write or animate, such as network,loss; --list names them. By default all; output for animations.",
    ),
]
Listing = Annotated[
    bool,
    typer.Option("--list", help="List the names for --what, with what each shows and its formats, and write nothing."),
]
Compare = Annotated[
    str | None,
    typer.Option(
        "--compare",
        metavar="FILE",
        help="Also train FILE, and draw it as a pinned run into each picture and beside it.",
    ),
]
Size = Annotated[
    str | None,
    typer.Option(
        "--size",
        metavar="SIZE",
        help=f"In pixels, such as 1920x1080, or one of {', '.join(SIZE_PRESETS)} ({PICTURE_SIZE} by default).",
    ),
]
Theme = Annotated[
    str | None,
    typer.Option(
        "--theme", help=f"Colours of the pictures: {', '.join(THEME_TITLES)}; by default light, or as --template."
    ),
]
Code = Annotated[
    str | None,
    typer.Option("--code", metavar="LIST", help=f"Also write the run as a script: {', '.join(FRAMEWORKS)}."),
]
Deck = Annotated[
    str | None,
    typer.Option(
        "--deck",
        metavar="NAME.pptx",
        help="Also write all pictures into one PowerPoint deck. A bare NAME is in DIR; one with a folder, such as ./talk.pptx, "
        "is not.",
    ),
]
Template = Annotated[
    Path | None,
    typer.Option("--template", metavar="FILE.pptx", help="Design of the deck: your own deck or template."),
]
Caption = Annotated[bool, typer.Option("--caption", help="Write the run in one line below each picture.")]
NoTitle = Annotated[bool, typer.Option("--no-title", help="Write no title above the pictures.")]
NoExperiment = Annotated[
    bool, typer.Option("--no-experiment", help="Do not keep the experiment in the files' metadata.")
]
Transparent = Annotated[bool, typer.Option("--transparent", help="Make the background transparent.")]
TextScale = Annotated[
    float,
    typer.Option(
        "--text-scale",
        metavar="FACTOR",
        help="Enlarge text and lines as far as there is room, or reduce them; 1 is for slides.",
    ),
]
Text = Annotated[str, typer.Option("--text", help="Text in SVG: text, or outlines, which look alike in every program.")]


class Wanted(Struct, frozen=True, kw_only=True):
    """What ``render`` writes besides animations.

    Attributes:
        kinds: formats of the pictures; empty for none.
        models: formats of the trained network.
        frameworks: for which a script is written.
        deck: name of a PowerPoint file for all pictures; ``None`` for none.
        template: its design; ``None`` for the app's own.
    """

    kinds: tuple[Format, ...] = ()
    models: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    deck: str | None = None
    template: Path | None = None

    @property
    def draws(self) -> bool:
        """Whether a picture is written, for which Qt is needed."""
        return bool(self.kinds) or self.deck is not None


class PictureLook(Struct, frozen=True, kw_only=True):
    """How pictures look.

    Attributes:
        size: width and height in pixels.
        theme: name of the theme.
        is_theme_chosen: whether the user chose it, so that it does not depend on the template of a deck.
        captioned: whether the run is written in one line below each.
        titled: whether the finding or the name is written above each.
        transparent: whether the background is transparent.
        text: how an SVG contains text.
        text_scale: factor on all text and lines.
        keeps: whether files keep the experiment in their metadata.
    """

    size: tuple[int, int] = SIZE_PRESETS[PICTURE_SIZE].size
    theme: ThemeName = "light"
    is_theme_chosen: bool = False
    captioned: bool = False
    titled: bool = True
    transparent: bool = False
    text: TextAs = "text"
    text_scale: float = 1.0
    keeps: bool = True


def wanted(
    formats: str | None, code: str | None, deck: str | None, template: Path | None = None, *, animates: bool
) -> Wanted:
    """Return what to write.

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
    usual = "" if frameworks or animates else "png,svg"
    text = formats or usual
    chosen = _formats(text) if text else ()
    if deck is not None and Path(deck).suffix.lower() != ".pptx":
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


def _check_template(template: Path, deck: str | None) -> None:
    """Raise an error before training, not after it."""
    if deck is None:
        raise PlaygroundError("--template requires a deck; add --deck NAME.pptx")
    from playground.export.deck.design import template_design

    template_design(template)


def _formats(text: str) -> tuple[str, ...]:
    """Return the formats in the comma-separated ``text``, each once."""
    words = [word.strip().lower() for word in text.split(",")]
    known = (*FORMATS, *MODEL_FORMATS)
    moving = next((word for word in words if word in ANIMATION_FORMATS), None)
    if moving is not None:
        raise PlaygroundError(
            f'--format: expected {", ".join(known[:-1])} or {known[-1]}, got "{moving}"; for an animation, add --animate '
            f"NAME.{moving}"
        )
    return several("--format", ",".join(_ALIASES.get(word, word) for word in words), known)


def picture_look(
    size: str | None,
    theme: str | None,
    *,
    captioned: bool,
    titled: bool,
    transparent: bool,
    text: str,
    text_scale: float,
    keeps: bool,
) -> PictureLook:
    """Return the look of pictures.

    Raises:
        PlaygroundError: an option is out of bounds.
    """
    low, high = TEXT_SCALES
    if not low <= text_scale <= high:
        raise PlaygroundError(f"--text-scale: expected a number from {low:g} to {high:g}, got {text_scale:g}")
    return PictureLook(
        size=parse_size(size or PICTURE_SIZE),
        theme=theme_of(theme, None),
        is_theme_chosen=theme is not None,
        captioned=captioned,
        titled=titled,
        transparent=transparent,
        text=cast("TextAs", one_of("--text", text, ("text", "outlines"))),
        text_scale=text_scale,
        keeps=keeps,
    )


def theme_of(theme: str | None, template: Path | None) -> ThemeName:
    """Return the theme as given; without it, the light one, or that which suits the background of ``template``.

    Raises:
        PlaygroundError: there is no such theme.
    """
    if theme is not None:
        return cast("ThemeName", one_of("--theme", theme, tuple(THEME_TITLES)))
    if template is None:
        return "light"
    from playground.export.deck.template_theme import suiting_theme

    return suiting_theme(template, "light")


def parse_size(text: str) -> tuple[int, int]:
    """Return (width, height) in pixels from ``1920x1080``, or from the name of a preset.

    Raises:
        PlaygroundError: the text is neither, or a side is out of bounds.
    """
    preset = SIZE_PRESETS.get(text.strip().lower())
    if preset is not None:
        return preset.size
    match = re.fullmatch(r"([0-9]{1,6})[xX×]([0-9]{1,6})", text.strip())
    if match is None:
        raise PlaygroundError(
            f'--size: expected WIDTHxHEIGHT such as 1920x1080, or one of {", ".join(SIZE_PRESETS)}, got "{text}"'
        )
    from playground.export.hidden_view import SIDES, checked_size

    low, high = SIDES
    size = (int(match[1]), int(match[2]))
    if not all(low <= side <= high for side in size):
        raise PlaygroundError(f'--size: expected {low} to {high} pixels per side, got "{text}"')
    return checked_size(size)
