"""The file of a lesson: read, write, edit and translate it."""
