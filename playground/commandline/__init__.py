"""The commands that need no window: train, render and schema, and what their FILE argument can name.

Start at ``cli``.
"""
