"""Workspaces as data: the arrangement of cards in each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal, TypeAlias

from msgspec import Struct

CONTROLS: Final = "controls"
"""The key of the control panel, which is arranged like a card but is not one."""

ROOMY: Final = 740
"""Width beside the controls, in pixels at scale 1, below which an arrangement has fewer and larger places."""

ROOMY_PAIRS: Final = 785
"""The same where every row has two plots and the inspector, which are too small for titles and numbers below it."""


class Place(Struct, frozen=True):
    """The place of one card, or of several with a switch between them.

    Attributes:
        keys: keys in the table of cards; the first one is shown initially.
    """

    keys: tuple[str, ...]


class Split(Struct, frozen=True, kw_only=True):
    """Parts side by side, with handles between them.

    Attributes:
        name: unique name under which its sizes are saved.
        direction: horizontal or vertical.
        parts: from left to right, or from top to bottom.
        sizes: initial sizes of the parts, in pixels.
        stretch: stretch factors of the parts.
    """

    name: str
    direction: Literal["across", "down"]
    parts: tuple[Part, ...]
    sizes: tuple[int, ...]
    stretch: tuple[int, ...]


Part: TypeAlias = Place | Split


class Arrangement(Struct, frozen=True, kw_only=True):
    """One workspace.

    Attributes:
        key: key in the saved state.
        title: title in the menu.
        explanation: one sentence on its purpose.
        root: the outermost split.
        narrow: the outermost split where the window has less room than ``roomy`` beside the controls; it has the same cards.
        roomy: that width, in pixels at scale 1.
    """

    key: str
    title: str
    explanation: str
    root: Split
    narrow: Split
    roomy: int = ROOMY

    def contents(self) -> frozenset[str]:
        """Return the keys of all its cards."""
        return frozenset(self.in_order())

    def in_order(self) -> tuple[str, ...]:
        """Return the keys of all its cards, place by place."""
        return _keys(self.root)

    def shown_first(self, applying: Collection[str]) -> frozenset[str]:
        """Return the key shown first at each place: the first one among ``applying``."""
        return frozenset(
            next((key for key in place.keys if key in applying), place.keys[0]) for place in _places(self.root)
        )


def _places(part: Part) -> tuple[Place, ...]:
    return (part,) if isinstance(part, Place) else tuple(place for each in part.parts for place in _places(each))


def _keys(part: Part) -> tuple[str, ...]:
    return tuple(key for place in _places(part) for key in place.keys)


def _pairs(
    name: str,
    *rows: tuple[str, tuple[str, ...], tuple[str, ...]],
    width: int,
    heights: tuple[int, int],
    stretch: tuple[int, int],
) -> Split:
    """Return ``rows`` of two equally wide places, one row below the other; a row is its name and the keys of both places."""
    halves = tuple(
        Split(name=row, direction="across", sizes=(width, width), stretch=(1, 1), parts=(Place(left), Place(right)))
        for row, left, right in rows
    )
    return Split(name=name, direction="down", sizes=heights, stretch=stretch, parts=halves)


def _quarters(name: str, *rows: tuple[tuple[str, ...], tuple[str, ...]]) -> Split:
    """Return two rows of two equally large places beside the controls."""
    named = [(f"{name}-row{number}", left, right) for number, (left, right) in enumerate(rows, start=1)]
    grid = _pairs(f"{name}-rows", *named, width=350, heights=(300, 300), stretch=(1, 1))
    return Split(
        name=f"{name}-root", direction="across", sizes=(250, 700), stretch=(0, 1), parts=(Place((CONTROLS,)), grid)
    )


def _three_columns(name: str, centre: Part, right: Part) -> Split:
    """Return the controls, ``centre`` and ``right`` side by side."""
    return Split(
        name=name,
        direction="across",
        sizes=(250, 850, 314),
        stretch=(0, 5, 1),
        parts=(Place((CONTROLS,)), centre, right),
    )


def _playground(
    prefix: str, *plots: tuple[str, ...], sizes: tuple[int, int, int], stretch: tuple[int, int, int], plot_width: int
) -> Split:
    """Return the controls, the network above a row of ``plots``, and the output above the inspector.

    The names of the splits start with ``prefix``.
    """
    row = Split(
        name=f"{prefix}plots",
        direction="across",
        sizes=(plot_width,) * len(plots),
        stretch=(1,) * len(plots),
        parts=tuple(Place(keys) for keys in plots),
    )
    centre = Split(
        name=f"{prefix}centre", direction="down", sizes=(500, 320), stretch=(3, 2), parts=(Place(("network",)), row)
    )
    right = Split(
        name=f"{prefix}right",
        direction="down",
        sizes=(350, 470),
        stretch=(3, 4),
        parts=(Place(("output", "confusion", "samples")), Place(("inspector", "code"))),
    )
    return Split(
        name=f"{prefix}root",
        direction="across",
        sizes=sizes,
        stretch=stretch,
        parts=(Place((CONTROLS,)), centre, right),
    )


_PLAYGROUND: Final = Arrangement(
    key="playground",
    title="Playground",
    explanation="Everything at a glance: network, output, loss, gradients, weights.",
    root=_playground(
        "",
        ("loss",),
        ("gradient",),
        ("weights", "activation"),
        sizes=(250, 850, 314),
        stretch=(0, 5, 1),
        plot_width=280,
    ),
    narrow=_playground(
        "narrow-",
        ("loss",),
        ("gradient", "weights", "activation"),
        sizes=(250, 430, 270),
        stretch=(0, 3, 2),
        plot_width=210,
    ),
)

_GRADIENTS: Final = Arrangement(
    key="gradients",
    title="Gradients",
    explanation="Why gradients vanish: their size in each layer, the causes, and what theory predicts.",
    roomy=ROOMY_PAIRS,
    root=_three_columns(
        "gradients-root",
        _pairs(
            "gradients-rows",
            ("gradients-large", ("gradient", "gradient_history"), ("waterfall", "ranges")),
            ("gradients-plots", ("forecast", "network"), ("activation", "weights")),
            width=420,
            heights=(420, 370),
            stretch=(8, 7),
        ),
        Split(
            name="gradients-right",
            direction="down",
            sizes=(420, 370),
            stretch=(8, 7),
            parts=(Place(("inspector",)), Place(("doctor", "noise", "dropout_truth"))),
        ),
    ),
    narrow=_quarters(
        "gradients-narrow",
        (("gradient", "gradient_history"), ("waterfall", "ranges")),
        (("forecast", "network", "activation", "weights"), ("inspector", "doctor", "noise", "dropout_truth")),
    ),
)

_LANDSCAPE: Final = Arrangement(
    key="landscape",
    title="Landscape",
    explanation="The loss over the weights of this network: valleys, walls, and the path of training.",
    roomy=ROOMY_PAIRS,
    root=_three_columns(
        "landscape-root",
        _pairs(
            "landscape-centre",
            ("landscape-large", ("landscape",), ("landscape_3d", "race", "minima")),
            ("landscape-plots", ("network",), ("sharpness", "loss")),
            width=420,
            heights=(500, 320),
            stretch=(3, 2),
        ),
        Place(("inspector",)),
    ),
    narrow=_quarters(
        "landscape-narrow",
        (("landscape",), ("landscape_3d", "race", "minima")),
        (("network", "sharpness", "loss"), ("inspector",)),
    ),
)

ARRANGEMENTS: Final[tuple[Arrangement, ...]] = (_PLAYGROUND, _GRADIENTS, _LANDSCAPE)
"""Every workspace, in the order of the menu and of Ctrl+1, Ctrl+2, …"""
