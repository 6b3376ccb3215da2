"""Steps that ask for an action other than changing settings, or for a particular way to change them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint, Qt

from tests.walk_lessons.user_input import UnreachableError

if TYPE_CHECKING:
    from tests.walk_lessons.walker import Walk

MAX_SEEDS: Final = 25
PATIENCE: Final = 180.0
"""Maximum time for the computation of a card, in seconds."""


def _phases(walk: Walk) -> None:
    for _ in range(12):
        walk.user.key(Qt.Key.Key_N)
        walk.user.rest(0.4)
        if walk.snapshot.step > 0:
            return
    raise UnreachableError("twelve times N, and no update was made")


def _one_epoch(walk: Walk) -> None:
    button = walk.user.find("stepButton")
    walk.user.pick(button, "One epoch", QPoint(button.width() - 4, button.height() // 2))
    walk.user.wait(lambda: walk.snapshot.epoch >= 1, 10, "an epoch")


def _new_seeds(walk: Walk) -> None:
    """Click New seed and train, until the goal is reached."""
    goal: Any = walk.page.page.goal
    for _ in range(MAX_SEEDS):
        walk.user.click("seedButton")
        walk.user.wait(lambda: walk.settled() and walk.snapshot.step == 0, 10, "new weights")
        walk.user.click("playButton")
        walk.user.wait(lambda: walk.page.run.is_reached or walk.snapshot.epoch > 200, 60, "200 epochs")
        walk.user.click("playButton")
        walk.user.wait(lambda: not walk.snapshot.playing, 10, "training to pause")
        if walk.page.run.is_reached:
            return
    raise UnreachableError(f"{MAX_SEEDS} seeds did not reach “{goal.heading}”")


def _from_menu(card: str, menu: str, text: str) -> Callable[[Walk], None]:
    def act(walk: Walk) -> None:
        found = walk.window.lessons.pointing.card(card)
        button = next((each for each in found.findChildren(_tool_button()) if each.accessibleName() == menu), None)
        if button is None:
            raise UnreachableError(f"the card {card} has no menu {menu}")
        walk.user.pick(button, text)
        walk.user.rest(3.0)
        walk.user.wait(lambda: bool(found._sentence.text().strip()), PATIENCE, f"the card {card} to be computed")

    return act


def _tool_button() -> type[Any]:
    from PySide6.QtWidgets import QToolButton

    return QToolButton


SPECIAL_STEPS: Final[Mapping[tuple[str, int], Callable[[Any], None]]] = MappingProxyType(
    {
        ("03-training-step", 1): _phases,
        ("03-training-step", 2): _one_epoch,
        ("18b-zig-zag", 3): _from_menu("race", "Objective", "Ravine (Rosenbrock)"),
        ("19-minima", 2): _new_seeds,
        ("19-minima", 4): _from_menu("minima", "Objective", "Good and bad minima (camel)"),
    }
)
