"""Predictions by sketching a curve: the curves, their axes, and the distance of a sketch from the truth."""
