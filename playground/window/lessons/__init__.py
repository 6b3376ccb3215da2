"""Lessons in the window: opening, writing and printing them, and what they restrict and point at."""
