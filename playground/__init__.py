"""NN Playground: a window in which a neural network trains while its settings are dragged."""

__version__ = "0.1.0"
