"""The distribution of each layer's weights."""
