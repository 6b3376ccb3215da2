"""A layer's activation function and its live pre-activations."""
