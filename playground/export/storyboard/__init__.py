"""Storyboards: moments of training beside each other."""
