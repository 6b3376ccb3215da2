"""Base classes of what plots draw on a canvas, for one run, layer by layer, or two runs side by side."""
