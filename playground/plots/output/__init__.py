"""The network's output: a map, a fit, or predictions for single samples."""
