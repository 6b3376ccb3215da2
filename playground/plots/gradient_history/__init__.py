"""Each layer's gradient over time."""
