"""Optimizers that descend from the same start, on the network's loss or on a surface."""
