"""The text of a lesson: Markdown with formulas, pictures and live numbers."""
