"""All weights and biases as a table, for export."""

from __future__ import annotations

from core.training.snapshot import Snapshot
from playground.network_view.layout.shape import Shape
from playground.session.restrictions import NONE, UNKNOWN, Restrictions
from playground.session.selection import Selection
from playground.style.theme import Theme
from playground.widgets.figure import Column, Diagram, Edge, Table

COLUMNS = ("layer", "from", "to", "value", "gradient", "last update")


def parameter_table(snapshot: Snapshot | None, shape: Shape, restrictions: Restrictions = NONE) -> Table:
    """Return one row per weight and per bias (``from`` is "bias"), layer by layer; hidden numbers are question marks."""
    rows: list[tuple[float | int | str, ...]] = []
    if snapshot is None:
        return Table(COLUMNS, rows)
    network = snapshot.network
    values, gradient, update = (
        flat.tolist() for flat in (network.parameters, snapshot.gradients.flat, snapshot.last_update)
    )
    for index, layer in enumerate(network.architecture.layers):
        targets = [shape.called.of_neuron(index + 1, neuron) for neuron in range(layer.fan_out)]
        sources = [shape.called.of_neuron(index, source) for source in range(layer.fan_in)]
        for source, name in enumerate(sources):
            for neuron, target in enumerate(targets):
                at = layer.weight_index(source, neuron)
                hidden = restrictions.hides(Selection("weight", index, neuron, source))
                numbers = (UNKNOWN,) * 3 if hidden else (values[at], gradient[at], update[at])
                rows.append((layer.name, name, target, *numbers))
        for neuron, target in enumerate(targets):
            at = layer.bias_index(neuron)
            hidden = restrictions.hides(Selection("bias", index, neuron))
            numbers = (UNKNOWN,) * 3 if hidden else (values[at], gradient[at], update[at])
            rows.append((layer.name, "bias", target, *numbers))
    return Table(COLUMNS, rows)


def diagram(snapshot: Snapshot | None, shape: Shape, theme: Theme, restrictions: Restrictions = NONE) -> Diagram | None:
    """Return nodes and weights of the network, hidden ones as 0, or ``None`` without a snapshot."""
    if snapshot is None:
        return None
    network = snapshot.network
    labels = [shape.feature_labels, *((str(n + 1) for n in range(count)) for count in shape.counts[1:-1])]
    outputs = shape.output_labels if any(shape.output_labels) else ("y",)
    columns = tuple(Column(name, tuple(each)) for name, each in zip(shape.names, [*labels, outputs], strict=True))
    edges = tuple(
        Edge(
            index,
            source,
            target,
            0.0
            if restrictions.hides(Selection("weight", index, target, source))
            else float(network.parameters[layer.weight_index(source, target)]),
        )
        for index, layer in enumerate(network.architecture.layers)
        for source in range(layer.fan_in)
        for target in range(layer.fan_out)
    )
    return Diagram(columns, edges, theme.positive, theme.negative)
