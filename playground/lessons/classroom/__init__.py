"""The window that shows the answers of a whole class."""
