"""The strip of pinned runs."""
