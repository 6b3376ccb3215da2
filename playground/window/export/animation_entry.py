"""Open the dialog that exports an animation of what a window shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.window.export.current_card import current_card

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.export.animation.dialog import AnimationDialog, AnimationSource
    from playground.widgets.live_card import LiveCard
    from playground.window.parts import WindowParts


def animation_dialog(parts: WindowParts, card: LiveCard | None = None) -> AnimationDialog | None:
    """Return the dialog with ``card``, by default the current one, chosen; ``None`` before the data are loaded."""
    from playground.export.animation.dialog import AnimationDialog  # imported late: not needed for the first frame

    if parts.session.snapshot is None:
        return None
    card = current_card(parts.workspace) if card is None else card
    key = None if card is None else parts.workspace.key_of(card)
    return AnimationDialog(_source(parts), parts.appearance.style, parts.window, chosen=key or "")


def _source(parts: WindowParts) -> AnimationSource:
    from core.experiment.experiment_file import dump
    from playground.export.animation.dialog import AnimationSource
    from playground.session.saving.table_paths import with_absolute_table
    from playground.window.cards import CARDS
    from playground.window.workspace.tiles import tiles_of
    from playground.window.workspace.view_memory import store_views

    session = parts.session
    snapshot = session.snapshot
    cards = parts.cards()
    offered = [(key, card.title) for key, card in cards.items() if card.has_figures and CARDS[key].applies_to(snapshot)]
    return AnimationSource(
        cards=offered,
        tiles=lambda: tiles_of(parts.workspace),
        experiment=lambda: dump(with_absolute_table(session.experiment, session.folder, None)),
        selection=lambda: session.selection,
        sample=lambda: session.sample,
        axes=lambda: _axes(session.snapshot),
        store_views=lambda settings: store_views(settings, cards),
        subject=session.subject,
        epochs=0 if snapshot is None else int(snapshot.epoch),
    )


def _axes(snapshot: Snapshot | None) -> tuple[int, int] | None:
    """Return the two inputs along which ``snapshot`` shows the input space, if it does."""
    return None if snapshot is None or snapshot.plane is None else snapshot.plane.axes
