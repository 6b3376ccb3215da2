"""The menu bar with all shortcuts, and what Return and Escape do."""
