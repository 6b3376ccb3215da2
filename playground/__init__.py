"""NN Playground: a desktop app in which a neural network trains while its settings are changed."""

__version__ = "0.1.0"
