"""Minima found by restarts of the network, or basins of attraction on a surface."""
