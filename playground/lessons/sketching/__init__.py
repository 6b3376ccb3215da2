"""Sketch a curve as a prediction, and see the measured one over it."""
