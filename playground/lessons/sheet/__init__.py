"""A lesson as a classroom sheet to print, with its answers."""
