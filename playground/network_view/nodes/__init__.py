"""The nodes: the pictures inside them, their biases and names."""
