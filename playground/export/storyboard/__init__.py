"""Storyboards: moments of training side by side."""
