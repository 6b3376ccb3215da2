"""A lesson's text: formulas, pictures, live numbers."""
