"""Presentation mode: the controls that stay, the sizes of the cards, larger type."""
