"""Edits of the Experiment, each one undoable, and the undo history."""
