"""Low-level drawing: pens, text, outlines, caches, typeset formulas, and names that fit their room."""
