"""Pinned runs: frozen at one moment, packed for files, and compared with another run at their start."""
