"""The three dropout scalings, and which one preserves the mean."""
