"""Convert the lists ``lock`` and ``hide`` of a lesson to names of controls and to elements of the network."""

from __future__ import annotations

from collections.abc import Iterable

from core.lessons.blocks import Element, FrontMatter
from playground.session.restrictions import Restrictions
from playground.session.selection import Selection


def names_in(entries: Iterable[str | Element]) -> tuple[str, ...]:
    """Return the names of controls, cards and sections among ``entries``."""
    return tuple(each for each in entries if isinstance(each, str))


def restrictions_of(front: FrontMatter) -> Restrictions:
    """Return the restrictions of neurons and weights in ``hide`` and ``lock`` of ``front``."""
    lists = front.hide, front.lock
    hidden, locked = ((selection_of_element(e) for e in part if isinstance(e, Element)) for part in lists)
    return Restrictions(locked=frozenset(locked), hidden=frozenset(hidden))


def selection_of_element(element: Element) -> Selection:
    """Return the selection of ``element``, which counts from 0."""
    if element.weight is not None:
        layer, source, target = element.weight
        return Selection("weight", layer - 1, target - 1, source - 1)
    layer, neuron = element.neuron or (0, 0)
    return Selection("neuron", layer - 1, neuron - 1)


def element_of(selection: Selection) -> Element | None:
    """Return the element that ``selection`` names, a neuron for a bias; ``None`` for a feature."""
    if selection.kind == "weight":
        return Element(weight=(selection.layer + 1, selection.source + 1, selection.neuron + 1))
    if selection.kind == "feature":
        return None
    return Element(neuron=(selection.layer + 1, selection.neuron + 1))
