"""Pinned runs in plots: their curves behind those of the current run, and their rows in tables."""
