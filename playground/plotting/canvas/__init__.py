"""The canvas of a plot: axes, ticks and ranges, and the lines of text around an exported plot."""
